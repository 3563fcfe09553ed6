//! Every region of the table, written as a buyer may, must be read back as itself.

use liangcang_domain::address::{Level, Reason, Regions, Verdict};

/// Every district with its city's and its province's name.
fn districts() -> Vec<(u32, [&'static str; 3])> {
    let (mut province, mut city) = ("", "");
    let mut found = Vec::new();
    for row in Regions::built_in().all() {
        match row.level {
            Level::Province => province = row.name,
            Level::City => city = row.name,
            Level::District => found.push((row.code, [province, city, row.name])),
        }
    }
    found
}

fn unread(write: impl Fn([&str; 3]) -> String, forgive: impl Fn(&Reason) -> bool) -> Vec<String> {
    let regions = Regions::built_in();
    let is_wrong = |code: u32, text: &String| {
        let reading = regions.read(text);
        let forgiven = reading.reason.as_ref().is_some_and(&forgive);
        !forgiven && (reading.code != code || reading.verdict() != Verdict::Ok)
    };
    let written = districts().into_iter().map(|(code, path)| (code, write(path)));
    written.filter(|(code, text)| is_wrong(*code, text)).map(|(_, text)| text).collect()
}

#[test]
fn every_district_is_read_back_from_its_full_path() {
    assert_eq!(unread(|[p, c, d]| format!("{p}{c}{d}人民路1号"), |_| false), Vec::<String>::new());
    assert_eq!(unread(|[p, c, d]| format!("{p} {c} {d} 南京东路1号"), |_| false), Vec::<String>::new());
}

#[test]
fn every_district_is_read_back_without_its_province_or_said_twice() {
    assert_eq!(unread(|[_, c, d]| format!("{c}{d}人民路1号"), |_| false), Vec::<String>::new());
    let twice = |[p, c, d]: [&str; 3]| format!("{p} {c} {d} {p}{c}{d}人民路1号");
    assert_eq!(unread(twice, |_| false), Vec::<String>::new());
}

#[test]
fn every_district_is_read_back_without_its_city_unless_two_in_the_province_share_its_name() {
    let shared = |reason: &Reason| matches!(reason, Reason::Ambiguous { .. });
    assert_eq!(unread(|[p, _, d]| format!("{p}{d}人民路1号"), shared), Vec::<String>::new());
}

#[test]
fn a_district_of_another_city_is_never_taken_for_good() {
    let regions = Regions::built_in();
    let paths = districts();
    // Each district in the city that stands thousands of rows away, so that they share nothing by neighbourhood.
    let pairs = paths.iter().zip(paths.iter().cycle().skip(paths.len() / 2));
    let mut taken = Vec::new();
    for ((_, [_, _, district]), (_, [province, city, _])) in pairs {
        let text = format!("{province}{city}{district}人民路1号");
        let has_one_too = paths.iter().any(|(_, path)| path[1] == *city && path[2] == *district);
        if !has_one_too && regions.read(&text).verdict() == Verdict::Ok {
            taken.push(text);
        }
    }
    assert_eq!(taken, Vec::<String>::new());
}
