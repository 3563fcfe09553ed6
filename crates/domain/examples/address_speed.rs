//! How long reading an address takes, and its key: `cargo run --release -p liangcang-domain --example address_speed`.
//!
//! The addresses are made up from the whole table in spellings that buyers use; each is timed alone, so the clock's
//! own cost (some tens of nanoseconds) is in the figures. Leaves out the risk rules, which take no time beside it.

#![expect(
    clippy::disallowed_methods,
    reason = "a measurement needs a clock; the rules it measures have none"
)]
#![expect(clippy::print_stdout, reason = "its figures are for a person at a terminal")]

use liangcang_domain::address::{Level, Regions, Verdict, key};
use std::time::Instant;

fn main() {
    let corpus = corpus();
    let regions = Regions::built_in();
    let good = corpus.iter().filter(|line| regions.read(line).verdict() == Verdict::Ok).count();
    println!("{} addresses, {good} ok", corpus.len());
    time("read", &corpus, |line| {
        std::hint::black_box(regions.read(line));
    });
    time("read and key", &corpus, |line| {
        let reading = regions.read(line);
        std::hint::black_box(key(&reading, reading.rest));
    });
}

/// Every district in eight spellings, with streets that carry other regions' names.
fn corpus() -> Vec<String> {
    const STREETS: [&str; 6] = [
        "南京东路88号3栋2单元502室",
        "中山南路969号",
        "五常街道文一西路969号阳光花园3号楼502",
        "城关镇人民路12号（放门口）",
        "幸福小区十二栋一单元三零六室",
        "和平路18弄6号501室",
    ];
    let regions = Regions::built_in();
    let mut lines = Vec::new();
    let (mut province, mut city) = ("", "");
    for (at, row) in regions.all().iter().enumerate() {
        match row.level {
            Level::Province => province = row.name,
            Level::City => city = row.name,
            Level::District => {}
        }
        if row.level != Level::District {
            continue;
        }
        let street = STREETS[at % STREETS.len()];
        let district = row.name;
        let bare = |name: &str| name.trim_end_matches(['省', '市', '区', '县']).to_owned();
        lines.push(format!("{province}{city}{district}{street}"));
        lines.push(format!("{province} {city} {district} {street}"));
        lines.push(format!("张三 13800001234 {province}{city}{district}{street}"));
        lines.push(format!("{province} {city} {district} {province}{city}{district}{street}"));
        lines.push(format!("{}{}{district}{street}", bare(province), bare(city)));
        lines.push(format!("{city}{district}{street} 张三 13800001234"));
        lines.push(format!("{province}{district}{street}"));
        lines.push(format!("{city}{street}"));
    }
    lines
}

fn time(what: &str, corpus: &[String], mut work: impl FnMut(&str)) {
    let mut each_ns: Vec<u128> = Vec::with_capacity(corpus.len() * 8);
    let whole = Instant::now();
    for line in corpus.iter().cycle().take(corpus.len() * 8) {
        let start = Instant::now();
        work(line);
        each_ns.push(start.elapsed().as_nanos());
    }
    let mean_ns = whole.elapsed().as_nanos() / each_ns.len() as u128;
    each_ns.sort_unstable();
    let part = |part: usize| each_ns[each_ns.len() * part / 100];
    println!("{what}: mean {mean_ns} ns, p50 {} ns, p99 {} ns", part(50), part(99));
}
