//! Hand-over: days on which parcels leave the building.

use super::table::{Book, Told, play, sentence, shown, told};
use liangcang_domain::code::Code;
use liangcang_domain::fact::{Evidence, Fact, Goods};
use liangcang_domain::task::handover::{HandOver, Parcel};
use liangcang_domain::task::{Event, Gesture, Outcome};
use liangcang_domain::unit::{Grams, Qty};

/// A cage being filled, and what was recorded of it.
#[derive(Clone)]
pub struct HandOverDay {
    pub hand_over: HandOver,
    pub book: Book,
    parcels: Vec<Parcel>,
}

const CAGE: &str = "CAGE-ZTO-01";

impl HandOverDay {
    /// A cage of ZTO, and five parcels: two ready, one of another carrier, one not sealed, one cancelled.
    pub fn new() -> Self {
        let parcel = |order: &str, waybill: &str, carrier: &str, gross: i64| Parcel {
            order: order.into(),
            waybill: waybill.into(),
            print: format!("{order}-1").into(),
            carrier: carrier.into(),
            gross: Grams(gross),
            goods: vec![Goods { sku: "RICE5".into(), lot: "L2311".into(), qty: Qty(1) }],
            packed: true,
            cancelled: false,
        };
        let parcels = vec![
            parcel("101", "73100196611386", "ZTO", 5_400),
            parcel("102", "73100196611387", "ZTO", 5_410),
            parcel("103", "SF1300000000017", "SF", 5_420),
            Parcel { packed: false, ..parcel("104", "73100196611388", "ZTO", 0) },
            Parcel { cancelled: true, ..parcel("105", "73100196611389", "ZTO", 5_430) },
        ];
        let mut book = Book::with_goods(&[("A-01-01-1", "RICE5", "L2311", 9)]);
        let packed = book.gesture("press NEXT");
        for parcel in parcels.iter().filter(|parcel| parcel.packed) {
            book.record(&packed, &sealed(parcel));
        }
        Self { hand_over: HandOver::new("M-1".into(), "ZTO".into(), CAGE.into()), book, parcels }
    }

    /// Lets a gesture happen: facts are stored, then move the state.
    pub fn take(&mut self, gesture: &Gesture) -> Outcome {
        let parcel = match &gesture.event {
            Event::Scanned(Code::Waybill(no)) => self.parcels.iter().find(|parcel| parcel.waybill == *no),
            _ => None,
        };
        let outcome = self.hand_over.take(gesture, parcel);
        self.book.record(gesture, &outcome.facts);
        for fact in &outcome.facts {
            self.hand_over.evolve(fact, &gesture.id, gross_of(fact, &self.parcels));
        }
        outcome
    }

    /// The hand-over as a station that died comes back to it.
    pub fn rebuilt(&self) -> HandOver {
        let mut hand_over = HandOver::new("M-1".into(), "ZTO".into(), CAGE.into());
        for recorded in &self.book.facts {
            hand_over.evolve(&recorded.fact, &recorded.gesture, gross_of(&recorded.fact, &self.parcels));
        }
        hand_over
    }

    /// The row of one event. `restart` is the PC dying and coming back, `cancel 101` what the store learns.
    fn happen(&mut self, words: &str) -> Told {
        let outcome = if words == "restart" {
            self.hand_over = self.rebuilt();
            Outcome::quiet()
        } else if let Some(order) = words.strip_prefix("cancel ") {
            for parcel in self.parcels.iter_mut().filter(|parcel| parcel.order.as_str() == order) {
                parcel.cancelled = true;
            }
            let gesture = self.book.gesture(&format!("recall {order}"));
            self.take(&gesture)
        } else {
            let gesture = self.book.gesture(words);
            self.take(&gesture)
        };
        let screen = self.hand_over.screen(0);
        let closed = if screen.closed { ", closed" } else { "" };
        Told {
            prompt: sentence(&outcome.feedback, None, &self.hand_over.prompt()),
            screen: shown(
                &outcome.feedback,
                format!("{} in cage {} g{closed}", screen.count, screen.gross_g),
            ),
            records: told(&outcome.facts),
        }
    }
}

/// The way of a parcel's goods from the bin to the sealed parcel.
fn sealed(parcel: &Parcel) -> [Fact; 3] {
    let (order, goods) = (parcel.order.clone(), parcel.goods[0].clone());
    let (bin, tote, evidence) = ("A-01-01-1".into(), "TOTE-0001".into(), Evidence::Scanned);
    [
        Fact::Picked { walk: "W1-01".into(), line: 0, goods: goods.clone(), bin, tote, evidence },
        Fact::PartScanned { order: order.clone(), part: 0, goods, tote: "TOTE-0001".into(), evidence },
        Fact::Packed {
            order,
            waybill: parcel.waybill.clone(),
            gross: parcel.gross,
            goods: parcel.goods.clone(),
        },
    ]
}

fn gross_of(fact: &Fact, parcels: &[Parcel]) -> Grams {
    match fact {
        Fact::ScannedOut { waybill, .. } => {
            parcels.iter().find(|parcel| parcel.waybill == *waybill).map_or(Grams(0), |parcel| parcel.gross)
        }
        _ => Grams(0),
    }
}

fn day(table: &str) -> HandOverDay {
    let mut day = HandOverDay::new();
    play(table, |words| day.happen(words));
    day
}

#[test]
fn only_a_sealed_parcel_of_this_carrier_that_nobody_cancelled_goes_into_the_cage() {
    day("
        event                | prompt               | screen                    | records
        press NEXT           | 先扫面单             | not now label             | -
        scan 73100196611386  | 1件                  | 1 in cage 5400 g          | out 73100196611386 CAGE-ZTO-01
        scan 73100196611386  | 1件                  | already, 1 in cage 5400 g | -
        again                | 1件                  | already, 1 in cage 5400 g | -
        scan SF1300000000017 | 这是SF的包裹         | wrong carrier SF          | -
        scan 73100196611388  | 这个包裹还没打包好   | not packed 73100196611388 | -
        scan 73100196611389  | 订单已取消，请拿出来 | order was cancelled 105   | -
        scan 73100196611999  | 这个包裹还没打包好   | not packed 73100196611999 | -
        scan SKU-RICE5       | 先扫面单             | not now label             | -
        scan ???             | 这个码不认识         | unknown code ???          | -
        scan CAGE-ZTO-01     | 1件                  | already, 1 in cage 5400 g | -
        scan CAGE-SF-01      | 先扫面单             | not now label             | -
        scan 73100196611387  | 2件                  | 2 in cage 10810 g         | out 73100196611387 CAGE-ZTO-01
        restart              | 2件                  | 2 in cage 10810 g         | -
        press CONFIRM        | 2件                  | 2 in cage 10810 g, closed | handed over 2 to ZTO 10810
        scan 73100196611387  | 先开始下一个任务     | not now nothing           | -
        press UNDO           | 先开始下一个任务     | not now nothing           | -
    ");
}

#[test]
fn the_last_parcel_is_taken_out_again_until_the_cage_is_closed() {
    let day = day("
        event               | prompt   | screen                         | records
        press UNDO          | 0件      | nothing to undo, 0 in cage 0 g | -
        scan 73100196611386 | 1件      | 1 in cage 5400 g               | out 73100196611386 CAGE-ZTO-01
        scan 73100196611387 | 2件      | 2 in cage 10810 g              | out 73100196611387 CAGE-ZTO-01
        press UNDO          | 1件      | undone, 1 in cage 5400 g       | back 73100196611387
        press UNDO          | 0件      | undone, 0 in cage 0 g          | back 73100196611386
        press NEXT          | 先扫面单 | not now label                  | -
        scan 73100196611387 | 1件      | 1 in cage 5410 g               | out 73100196611387 CAGE-ZTO-01
        press NEXT          | 1件      | 1 in cage 5410 g, closed       | handed over 1 to ZTO 5410
    ");
    let left: Vec<_> = day.book.ledger.balances().map(|(place, .., qty)| format!("{place} {qty}")).collect();
    let wanted = "supplier -9, bin:A-01-01-1 5, parcel:101 1, parcel:103 1, parcel:105 1, carrier 1";
    assert_eq!(left.join(", "), wanted, "only what the carrier took has left");
}

#[test]
fn a_parcel_cancelled_in_the_open_cage_comes_off_the_manifest_and_is_refused_again() {
    day("
        event               | prompt               | screen                         | records
        scan 73100196611386 | 1件                  | 1 in cage 5400 g               | out 73100196611386 CAGE-ZTO-01
        scan 73100196611387 | 2件                  | 2 in cage 10810 g              | out 73100196611387 CAGE-ZTO-01
        cancel 101          | 1件                  | recalled 101, 1 in cage 5410 g | back 73100196611386
        cancel 103          | 1件                  | 1 in cage 5410 g               | -
        scan 73100196611386 | 订单已取消，请拿出来 | order was cancelled 101        | -
        press NEXT          | 1件                  | 1 in cage 5410 g, closed       | handed over 1 to ZTO 5410
        cancel 102          | 1件                  | 1 in cage 5410 g, closed       | -
    ");
}
