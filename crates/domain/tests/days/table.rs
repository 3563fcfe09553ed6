//! Rows of a day: `event | prompt | screen | records`, played one after the other and compared as a whole.
//!
//! An event is written as a person would say it (`scan SKU-RICE5`, `hear 4 1`, `weigh 14850`, `press SHORT`,
//! `recall 102`); `wang: ` before it says who did it, else it is Li. Scans go through the real classifier.

use liangcang_domain::catalogue::{Catalogue, Fragility, Packaging, Size, Sku};
use liangcang_domain::code::{Action, Code};
use liangcang_domain::fact::{Evidence, Fact, Goods, Recorded};
use liangcang_domain::id::{GestureId, OperatorId};
use liangcang_domain::label::LabelState;
use liangcang_domain::say::{Language, Say};
use liangcang_domain::stock::Ledger;
use liangcang_domain::task::walk::{Line, LineKind, Share};
use liangcang_domain::task::{Event, Feedback, Gesture};
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use serde::Serialize;

/// What a row shows of one event.
pub struct Told {
    pub prompt: String,
    pub screen: String,
    pub records: String,
}

/// Plays a table against `happen` and compares every cell.
pub fn play(table: &str, mut happen: impl FnMut(&str) -> Told) {
    let written: Vec<Vec<String>> = table
        .lines()
        .map(str::trim)
        .filter(|row| !row.is_empty())
        .map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    let mut played = vec![written[0].clone()];
    for row in &written[1..] {
        let Told { prompt, screen, records } = happen(&row[0]);
        played.push(vec![row[0].clone(), prompt, screen, records]);
    }
    assert!(played == written, "\nwritten:\n{}\nplayed:\n{}", aligned(&written), aligned(&played));
}

/// Cells under each other; a Chinese character is as wide as two letters.
fn aligned(rows: &[Vec<String>]) -> String {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let widths: Vec<usize> = (0..4)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| wide(cell)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - wide(cell))))
            .collect();
        text.push_str(&format!("        {}\n", cells.join(" | ").trim_end()));
    }
    text
}

/// Everything that was recorded, in order, with a ledger that must accept all that follows from it.
#[derive(Clone, Default)]
pub struct Book {
    pub facts: Vec<Recorded>,
    pub ledger: Ledger,
    gestures: usize,
    last: Option<Gesture>,
}

impl Book {
    /// A book that begins with goods in bins.
    pub fn with_goods(goods: &[(&str, &str, &str, i64)]) -> Self {
        let mut book = Self::default();
        for (bin, sku, lot, qty) in goods {
            let goods = Goods { sku: (*sku).into(), lot: (*lot).into(), qty: Qty(*qty) };
            let gesture =
                Gesture { id: "opening".into(), by: "office".into(), event: Event::Weighed(Grams(0)) };
            book.record(&gesture, &[Fact::Received { goods, bin: (*bin).into() }]);
        }
        book
    }

    /// The gesture a row's words stand for; `again` is the last one delivered twice.
    pub fn gesture(&mut self, words: &str) -> Gesture {
        if words == "again" {
            return self.last.clone().expect("something happened before");
        }
        let (by, words) = words.split_once(": ").unwrap_or(("li", words));
        self.gesture_of(by, event(words))
    }

    /// A new gesture of somebody.
    pub fn gesture_of(&mut self, by: &str, event: Event) -> Gesture {
        self.gestures += 1;
        let gesture =
            Gesture { id: GestureId(format!("g{}", self.gestures)), by: OperatorId::from(by), event };
        self.last = Some(gesture.clone());
        gesture
    }

    /// Stores facts and moves the goods, which must be where the facts say.
    pub fn record(&mut self, gesture: &Gesture, facts: &[Fact]) {
        for fact in facts {
            let (gesture, by) = (gesture.id.clone(), gesture.by.clone());
            let recorded =
                Recorded { gesture, at: EpochMs(0), by, station: "ST-1".into(), fact: fact.clone() };
            for movement in recorded.movements() {
                self.ledger.move_goods(&movement).expect("goods are where a fact moves them from");
            }
            self.facts.push(recorded);
        }
    }
}

/// The event a row's words stand for.
pub fn event(words: &str) -> Event {
    let (deed, rest) = words.split_once(' ').expect("a deed and what it is done with");
    match deed {
        "scan" => Event::Scanned(Code::classify(&rest.replace("<GS>", "\u{1d}"))),
        "hear" => match rest {
            "好了" => Event::Pressed(Action::Confirm),
            "缺货" => Event::Pressed(Action::Short),
            "撤销" => Event::Pressed(Action::Undo),
            digits => Event::Heard(digits.replace(' ', "")),
        },
        "key" => Event::Keyed(rest.to_owned()),
        "weigh" => Event::Weighed(Grams(rest.parse().expect("grams"))),
        "press" => match Code::classify(&format!("CMD-{rest}")) {
            Code::Command(action) => Event::Pressed(action),
            _ => panic!("no such action: {rest}"),
        },
        "label" => {
            let mut rest = rest.splitn(3, ' ').map(str::to_owned);
            let print = rest.next().expect("a print").into();
            let to = label_state(&rest.next().expect("a state"));
            Event::Label { print, to, why: rest.next() }
        }
        "recall" => Event::Recalled(rest.into()),
        "replan" => Event::Replanned(rest.split(" & ").map(line).collect()),
        _ => panic!("nobody can do that: {words}"),
    }
}

fn label_state(word: &str) -> LabelState {
    serde_json::from_value(word.into()).expect("a label state")
}

/// `A-03-02-1 41 RICE5 L2311 2 = 101:1 102:1`, a line of a walk.
pub fn line(words: &str) -> Line {
    let (what, shares) = words.split_once('=').unwrap_or((words, ""));
    let cells: Vec<&str> = what.split_whitespace().collect();
    let [bin, check_digits, sku, lot, qty] = cells[..] else { panic!("five cells: {words}") };
    let shares = shares.split_whitespace().map(|share| {
        let (order, qty) = share.split_once(':').expect("order:qty");
        Share { order: order.into(), qty: Qty(qty.parse().expect("a number of units")) }
    });
    let shares: Vec<Share> = shares.collect();
    Line {
        kind: if shares.is_empty() { LineKind::PutBack } else { LineKind::Pick },
        bin: bin.into(),
        check_digits: check_digits.to_owned(),
        sku: sku.into(),
        lot: lot.into(),
        qty: Qty(qty.parse().expect("a number of units")),
        shares,
    }
}

/// The sentence that is said after an answer: a mistake by name, else the prompt.
pub fn sentence(feedback: &Feedback, bin: Option<&str>, prompt: &Say) -> String {
    let catalogue = catalogue();
    match feedback {
        Feedback::Wrong { mistake } => {
            let wrong = Say::Wrong { mistake: mistake.clone(), bin: bin.map(Into::into) };
            wrong.text(Language::Zh, &catalogue)
        }
        _ => prompt.text(Language::Zh, &catalogue),
    }
}

/// What the screen shows of an answer: a mistake or a notice by its code, else the step.
pub fn shown(feedback: &Feedback, step: String) -> String {
    let words = |value: serde_json::Value| {
        let text =
            |key: &str| value.get(key).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        let code = text("code").unwrap_or_default().replace('_', " ");
        let detail =
            ["got", "first", "order", "why", "count", "got_g", "want"].iter().find_map(|key| text(key));
        [code, detail.unwrap_or_default()].join(" ").trim().to_owned()
    };
    match feedback {
        Feedback::Wrong { mistake } => words(serde_json::to_value(mistake).expect("plain data")),
        Feedback::Attention { notice } => {
            format!("{}, {step}", words(serde_json::to_value(notice).expect("plain data")))
        }
        Feedback::Quiet | Feedback::Right | Feedback::Complete => step,
    }
}

/// The word a value of a closed list is stored as.
pub fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).expect("plain data").as_str().expect("one word").to_owned()
}

/// Facts in short.
pub fn told(facts: &[Fact]) -> String {
    let told: Vec<String> = facts.iter().map(fact_in_short).collect();
    if told.is_empty() { "-".to_owned() } else { told.join(", ") }
}

fn fact_in_short(fact: &Fact) -> String {
    let by = |evidence: &Evidence| match evidence {
        Evidence::Scanned => "by scan",
        Evidence::Heard => "by voice",
        Evidence::Keyed => "by key",
        Evidence::ByHand => "by hand",
    };
    let one = |goods: &Goods| format!("{} {} {}", goods.qty, goods.sku, goods.lot);
    let all = |goods: &[Goods]| goods.iter().map(one).collect::<Vec<_>>().join(" + ");
    match fact {
        Fact::WalkStarted { tote, .. } => format!("walk started {tote}"),
        Fact::BinReached { line, evidence, .. } => format!("at line {line} {}", by(evidence)),
        Fact::Picked { goods, evidence, .. } => format!("picked {} {}", one(goods), by(evidence)),
        Fact::PickUndone { goods, .. } => format!("unpicked {}", one(goods)),
        Fact::Shorted { qty, reason, .. } => format!("short {qty} {}", word(reason)),
        Fact::CountOpened { bin, sku } => format!("count {sku} in {bin}"),
        Fact::WalkRecalled { order, .. } => format!("recalled {order}"),
        Fact::LinesAdded { lines, .. } => format!("{} lines added", lines.len()),
        Fact::PutBack { goods, .. } => format!("put back {}", one(goods)),
        Fact::WalkFinished { .. } => "walk finished".to_owned(),
        Fact::PackStarted { tote, .. } => format!("pack started {tote}"),
        Fact::PartScanned { goods, evidence, .. } => format!("part {} {}", one(goods), by(evidence)),
        Fact::PartUndone { goods, .. } => format!("part undone {}", one(goods)),
        Fact::PackagingTaken { packaging, evidence, .. } => format!("{packaging} {}", by(evidence)),
        Fact::PackagingUndone { .. } => "packaging undone".to_owned(),
        Fact::Weighed { gross, allowed_by, .. } => allowed_by
            .as_ref()
            .map_or(format!("weighed {gross}"), |lead| format!("weighed {gross} allowed by {lead}")),
        Fact::LabelRequested { print, reprint, .. } => {
            reprint.map_or(format!("label {print}"), |why| format!("label {print} again {}", word(&why)))
        }
        Fact::LabelMoved { print, to, .. } => format!("{print} {}", to.as_str()),
        Fact::Packed { waybill, gross, goods, .. } => format!("packed {waybill} {gross} {}", all(goods)),
        Fact::PackRecalled { .. } => "pack recalled".to_owned(),
        Fact::PackReturned { goods, tote, .. } => format!("returned [{}] to {tote}", all(goods)),
        Fact::ScannedOut { waybill, cage, .. } => format!("out {waybill} {cage}"),
        Fact::ScanOutUndone { waybill, .. } => format!("back {waybill}"),
        Fact::HandedOver { carrier, waybills, gross, .. } => {
            format!("handed over {} to {carrier} {gross}", waybills.len())
        }
        Fact::Asked { action } => format!("asked {}", word(action)),
        Fact::Received { goods, bin } => format!("received {} {bin}", one(goods)),
        other => panic!("not a fact of these tasks: {other:?}"),
    }
}

fn sku(id: &str, zh: &str, class: &str, gtin: &str, weight_g: i64) -> Sku {
    Sku {
        id: id.into(),
        name: zh.to_owned(),
        short_name: zh.to_owned(),
        spoken_zh: zh.to_owned(),
        spoken_en: id.to_owned(),
        barcodes: vec![gtin.to_owned()],
        gross_weight_g: Grams(weight_g),
        size: Size { length_mm: Mm(300), width_mm: Mm(200), height_mm: Mm(100) },
        shelf_life_days: 540,
        fragility: Fragility::None,
        packaging_class: class.to_owned(),
    }
}

/// Rice, oil and millet, and one carton.
pub fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.put_sku(sku("RICE5", "五公斤大米", "sack", "6901234567892", 5_050));
    catalogue.put_sku(sku("OIL5", "五升菜籽油", "bottle", "6901234500008", 4_780));
    catalogue.put_sku(sku("MILLET1", "一公斤小米", "pouch", "6901234500015", 1_020));
    catalogue.put_packaging(Packaging {
        id: "BOX-M".into(),
        name: "3号纸箱".to_owned(),
        class: "carton".to_owned(),
        tare_g: Grams(350),
        inner: Size { length_mm: Mm(420), width_mm: Mm(300), height_mm: Mm(350) },
        max_weight_g: Grams(25_000),
    });
    catalogue
}
