//! Rules that hold for every day: whatever happens in whatever order, nobody's goods are lost, no gesture panics,
//! and a station that dies comes back to where it was.

use super::bench_day::BenchDay;
use super::hand_over_day::HandOverDay;
use super::table::event;
use super::walk_day::WalkDay;
use liangcang_domain::id::{LotId, SkuId};
use liangcang_domain::stock::Place;
use liangcang_domain::task::pack::PackStep;
use liangcang_domain::task::walk::{LineKind, Step};
use liangcang_domain::unit::Qty;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeMap;

const LINES: &str = "
    A-03-02-1 41 RICE5   L2311 7 = 101:1 102:2 103:4
    A-05-01-1 86 OIL5    L0907 2 = 101:1 103:1
    B-01-04-2 12 MILLET1 L7    3 = 102:2 103:1
";

/// Whatever may be done on a walk, by whom it may be done, in and out of place.
const ON_A_WALK: [&str; 36] = [
    "scan TOTE-0001",
    "scan TOTE-0002",
    "scan BIN-A-03-02-1",
    "scan BIN-A-05-01-1",
    "scan BIN-B-01-04-2",
    "scan SKU-RICE5",
    "scan SKU-OIL5",
    "scan SKU-MILLET1",
    "scan 6901234567892",
    "scan 010690123456789210L2309",
    "scan 010690123456789210L2311",
    "scan SF1300000000017",
    "scan ORD-101",
    "scan PKG-BOX-M",
    "scan ???",
    "scan CMD-SHORT",
    "hear 41",
    "key 86",
    "hear 12",
    "hear 1",
    "key 2",
    "hear 7",
    "key 0",
    "key -1",
    "press CONFIRM",
    "press SHORT",
    "press UNDO",
    "press LEAVE",
    "press UNREADABLE",
    "press PAUSE",
    "press NEXT",
    "recall 101",
    "recall 102",
    "recall 999",
    "weigh 500",
    "replan B-02-02-1 33 RICE5 L2312 2 = 103:2 & A-03-02-1 41 MILLET1 L7 1 = 102:1",
];

/// The right thing to do next, so that days get far.
fn right_on(day: &WalkDay, turn: usize) -> String {
    let line = |at: usize| &day.walk.lines[at].line;
    match day.walk.step() {
        Step::Tote => "scan TOTE-0001".to_owned(),
        Step::Zone(at) | Step::Bin(at) if turn.is_multiple_of(2) => format!("scan BIN-{}", line(at).bin),
        Step::Zone(at) | Step::Bin(at) => format!("hear {}", line(at).check_digits),
        Step::Units(at) if turn.is_multiple_of(3) => format!("key {}", day.walk.lines[at].open()),
        Step::Units(at) => format!("scan SKU-{}", line(at).sku),
        Step::Reason(_) => "key 3".to_owned(),
        Step::ConfirmShort(..) | Step::ConfirmCount(..) | Step::Finished => "press CONFIRM".to_owned(),
    }
}

/// The step without what is no fact: a question that waits is asked again, a zone is announced again.
fn durable(step: Step) -> Step {
    match step {
        Step::Zone(at) => Step::Bin(at),
        Step::Reason(at) | Step::ConfirmShort(at, _) | Step::ConfirmCount(at, _) => Step::Units(at),
        step => step,
    }
}

/// Units of each lot the walk believes to be in its tote.
fn believed_in_tote(day: &WalkDay) -> BTreeMap<(SkuId, LotId), Qty> {
    let mut there = BTreeMap::<(SkuId, LotId), Qty>::new();
    for state in &day.walk.lines {
        let units = match state.line.kind {
            LineKind::Pick => state.done,
            LineKind::PutBack => state.open(),
        };
        *there.entry((state.line.sku.clone(), state.line.lot.clone())).or_default() += units;
    }
    there.retain(|_, qty| *qty != Qty::ZERO);
    there
}

/// Units of each lot the ledger has in totes.
fn in_totes(day: &WalkDay) -> BTreeMap<(SkuId, LotId), Qty> {
    let tote = |place: &Place| matches!(place, Place::Tote(_));
    let balances = day.book.ledger.balances().filter(|(place, ..)| tote(place));
    balances.map(|(_, sku, lot, qty)| ((sku.clone(), lot.clone()), qty)).collect()
}

/// A day's gestures: half of them right, the rest anything; sometimes by somebody else, sometimes delivered twice.
fn gestures() -> impl Strategy<Value = Vec<(Option<Index>, bool, bool)>> {
    prop::collection::vec((prop::option::of(any::<Index>()), any::<bool>(), any::<bool>()), 0..70)
}

fn somebody(wang: bool) -> &'static str {
    if wang { "wang" } else { "li" }
}

const AT_A_BENCH: [&str; 32] = [
    "scan SKU-RICE5",
    "scan SKU-OIL5",
    "scan SKU-MILLET1",
    "scan 010690123456789210L2309",
    "scan 010690123456789210L2312",
    "scan TOTE-0001",
    "scan TOTE-0002",
    "scan PKG-BOX-M",
    "scan PKG-BAG-50",
    "scan 73100196611386",
    "scan SF1300000000017",
    "scan ???",
    "weigh 0",
    "weigh 15230",
    "weigh 9999",
    "key 1",
    "key 2",
    "hear 9",
    "press CONFIRM",
    "press UNDO",
    "press UNREADABLE",
    "press PRINT",
    "press REPRINT",
    "press LEAVE",
    "recall 101",
    "recall 102",
    "label 101-1 stored",
    "label 101-1 failed no paper",
    "label 101-1 sent",
    "label 101-1 unknown",
    "label 101-2 stored",
    "label 101-2 scanned_back",
];

fn right_at(day: &BenchDay) -> &'static str {
    let print = day.pack.prints.len();
    match day.pack.step() {
        PackStep::Parts if day.pack.scanned[2] == Qty::ZERO => "scan SKU-OIL5",
        PackStep::Parts => "scan SKU-RICE5",
        PackStep::Packaging => "scan PKG-BOX-M",
        PackStep::Weigh => "weigh 15230",
        PackStep::Print if print == 1 => "label 101-1 stored",
        PackStep::Print => "label 101-2 stored",
        PackStep::ReprintReason => "key 2",
        PackStep::ScanBack | PackStep::Packed | PackStep::Returned => "scan 73100196611386",
        PackStep::Return => "scan TOTE-0001",
    }
}

const AT_A_CAGE: [&str; 14] = [
    "scan 73100196611386",
    "scan 73100196611387",
    "scan 73100196611388",
    "scan 73100196611389",
    "scan SF1300000000017",
    "scan CAGE-ZTO-01",
    "scan SKU-RICE5",
    "scan ???",
    "press UNDO",
    "press NEXT",
    "recall 101",
    "recall 103",
    "weigh 100",
    "key 5",
];

proptest! {
    #[test]
    fn a_walk_loses_no_goods_and_comes_back_to_the_same_step_whatever_happens(gestures in gestures()) {
        let mut day = WalkDay::new(LINES);
        for (turn, (index, wang, twice)) in gestures.into_iter().enumerate() {
            let words = index.map_or_else(|| right_on(&day, turn), |index| (*index.get(&ON_A_WALK)).to_owned());
            let gesture = day.book.gesture_of(somebody(wang), event(&words));
            let _ = day.take(&gesture);
            if twice {
                let (before, facts) = (day.walk.clone(), day.book.facts.len());
                let _ = day.take(&gesture);
                prop_assert_eq!(day.book.facts.len(), facts, "{} twice recorded something", words);
                prop_assert_eq!(&day.walk.step(), &before.step(), "{} twice moved the walk", words);
            }
            let rebuilt = day.rebuilt();
            prop_assert_eq!(durable(rebuilt.step()), durable(day.walk.step()), "after {}", words);
            prop_assert_eq!(&rebuilt.lines, &day.walk.lines);
            prop_assert_eq!(rebuilt.finished, day.walk.finished);
            prop_assert_eq!(in_totes(&day), believed_in_tote(&day), "after {}", words);
            let _ = (day.screen(), day.walk.prompt());
            let nothing_open = day.walk.lines.iter().all(|state| state.open() == Qty::ZERO);
            prop_assert!(!day.walk.finished || nothing_open, "a finished walk has nothing open");
        }
        let mut allotted = BTreeMap::<(SkuId, LotId), Qty>::new();
        for (_, goods) in day.walk.allotted() {
            *allotted.entry((goods.sku, goods.lot)).or_default() += goods.qty;
        }
        if day.walk.finished {
            prop_assert_eq!(allotted, in_totes(&day), "all that is in the tote is for somebody");
        }
    }

    #[test]
    fn a_parcel_loses_no_goods_and_comes_back_to_the_same_step_whatever_happens(gestures in gestures()) {
        let mut day = BenchDay::new();
        for (index, wang, twice) in gestures {
            let words = index.map_or_else(|| right_at(&day), |index| *index.get(&AT_A_BENCH));
            let gesture = day.book.gesture_of(somebody(wang), event(words));
            let _ = day.take(&gesture);
            if twice {
                let (facts, step) = (day.book.facts.len(), day.pack.step());
                let _ = day.take(&gesture);
                prop_assert_eq!(day.book.facts.len(), facts, "{} twice recorded something", words);
                prop_assert_eq!(day.pack.step(), step, "{} twice moved the parcel", words);
            }
            let rebuilt = day.rebuilt();
            // Which reason is asked for is no fact; the label that raised the question is.
            if day.pack.step() != PackStep::ReprintReason {
                prop_assert_eq!(rebuilt.step(), day.pack.step(), "after {}", words);
            }
            prop_assert_eq!(&rebuilt.scanned, &day.pack.scanned);
            prop_assert_eq!(&rebuilt.prints, &day.pack.prints);
            let (bench, parcel) = (Place::Bench("101".into()), Place::Parcel("101".into()));
            for (part, scanned) in day.pack.job.parts.iter().zip(&day.pack.scanned) {
                let held = |place| day.book.ledger.balance(place, &part.goods.sku, &part.goods.lot);
                let (on_bench, in_parcel) = match day.pack.step() {
                    PackStep::Packed => (Qty::ZERO, part.goods.qty),
                    PackStep::Returned => (Qty::ZERO, Qty::ZERO),
                    _ => (*scanned, Qty::ZERO),
                };
                prop_assert_eq!((held(&bench), held(&parcel)), (on_bench, in_parcel), "after {}", words);
            }
            let _ = day.pack.prompt();
        }
    }

    #[test]
    fn a_cage_holds_exactly_what_left_the_building_whatever_happens(gestures in gestures()) {
        let mut day = HandOverDay::new();
        for (index, wang, twice) in gestures {
            let words = index.map_or("scan 73100196611386", |index| *index.get(&AT_A_CAGE));
            let gesture = day.book.gesture_of(somebody(wang), event(words));
            let _ = day.take(&gesture);
            if twice {
                let facts = day.book.facts.len();
                let _ = day.take(&gesture);
                prop_assert_eq!(day.book.facts.len(), facts, "{} twice recorded something", words);
            }
            prop_assert_eq!(&day.rebuilt(), &day.hand_over, "after {}", words);
            let left = day.book.ledger.balance(&Place::Carrier, &"RICE5".into(), &"L2311".into());
            prop_assert_eq!(left, Qty(day.hand_over.parcels.len() as i64), "after {}", words);
        }
    }
}
