//! The bench: days on which parcels are packed.

use super::table::{Book, Told, catalogue, play, sentence, shown, told, word};
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::fact::{Evidence, Fact, Goods};
use liangcang_domain::gate::WeightGate;
use liangcang_domain::task::pack::{Group, Pack, PackJob, PackScreen, PackStep, PackagingReason, Part};
use liangcang_domain::task::{Context, Effect, Gesture, Outcome};
use liangcang_domain::unit::{Grams, Qty};

/// An order on the bench, and what was recorded of it.
#[derive(Clone)]
pub struct BenchDay {
    pub job: PackJob,
    pub pack: Pack,
    pub book: Book,
    pub effects: Vec<Effect>,
    pub catalogue: Catalogue,
}

fn goods(sku: &str, lot: &str, qty: i64) -> Goods {
    Goods { sku: sku.into(), lot: lot.into(), qty: Qty(qty) }
}

impl BenchDay {
    /// Order 101: a bundle of two rice (of two lots) and one oil; millet of another order lies in the same tote.
    pub fn new() -> Self {
        let parts = [goods("RICE5", "L2311", 1), goods("RICE5", "L2312", 1), goods("OIL5", "L0907", 1)];
        Self::of(&parts, 14_880, 4_780)
    }

    /// Order 101 with these parts, which weigh so much with nothing around them.
    pub fn of(parts: &[Goods], goods_g: i64, lightest_g: i64) -> Self {
        let job = PackJob {
            order: "101".into(),
            carrier: "ZTO".into(),
            waybill: "73100196611386".into(),
            tote: "TOTE-0001".into(),
            groups: vec![Group { title: "米油礼盒".to_owned(), qty: Qty(1), bundle: true }],
            parts: parts.iter().map(|goods| Part { goods: goods.clone(), group: 0 }).collect(),
            neighbours: ["MILLET1".into()].into(),
            packaging: "BOX-M".into(),
            packaging_reason: PackagingReason::SmallestFit,
            gate: WeightGate::new(Grams(goods_g), Grams(350), Grams(lightest_g)),
        };
        let mut book = Book::with_goods(&[
            ("A-01-01-1", "RICE5", "L2311", 9),
            ("A-01-01-1", "RICE5", "L2312", 9),
            ("A-01-01-1", "OIL5", "L0907", 9),
        ]);
        let walked = book.gesture("press NEXT");
        let picked = parts.iter().map(|goods| Fact::Picked {
            walk: "W1-01".into(),
            line: 0,
            goods: goods.clone(),
            bin: "A-01-01-1".into(),
            tote: job.tote.clone(),
            evidence: Evidence::Scanned,
        });
        book.record(&walked, &picked.collect::<Vec<_>>());
        Self { pack: Pack::new(job.clone()), job, book, effects: vec![], catalogue: catalogue() }
    }

    /// Lets a gesture happen: facts are stored, then move the state.
    pub fn take(&mut self, gesture: &Gesture) -> Outcome {
        let outcome = self.pack.take(gesture, Context { catalogue: &self.catalogue });
        self.store(gesture, &outcome);
        outcome
    }

    pub fn store(&mut self, gesture: &Gesture, outcome: &Outcome) {
        self.book.record(gesture, &outcome.facts);
        for fact in &outcome.facts {
            self.pack.evolve(fact, &gesture.id, &gesture.by);
        }
        self.effects.extend(outcome.effects.iter().cloned());
    }

    /// The order as a station that died comes back to it.
    pub fn rebuilt(&self) -> Pack {
        let mut pack = Pack::new(self.job.clone());
        for recorded in &self.book.facts {
            pack.evolve(&recorded.fact, &recorded.gesture, &recorded.by);
        }
        pack
    }

    fn screen(&self) -> PackScreen {
        self.pack.screen(Context { catalogue: &self.catalogue })
    }

    /// The row of one event. `restart` is the PC dying and coming back; `chen lets pass 20000` a lead's badge.
    fn happen(&mut self, words: &str) -> Told {
        let outcome = if words == "restart" {
            self.pack = self.rebuilt();
            Outcome::quiet()
        } else if let Some((lead, gross)) = words.split_once(" lets pass ") {
            let gesture = self.book.gesture("press CONFIRM");
            let outcome = self.pack.let_pass(Grams(gross.parse().expect("grams")), &lead.into());
            self.store(&gesture, &outcome);
            outcome
        } else {
            let gesture = self.book.gesture(words);
            self.take(&gesture)
        };
        Told {
            prompt: sentence(&outcome.feedback, None, &self.pack.prompt()),
            screen: shown(&outcome.feedback, step(&self.screen())),
            records: told(&outcome.facts),
        }
    }
}

fn step(screen: &PackScreen) -> String {
    match (screen.step, screen.current, screen.prints.last()) {
        (PackStep::Parts, Some(at), _) => {
            let part = &screen.parts[at];
            format!("{} of {} {} {}", part.done, part.want, part.item.sku, part.lot)
        }
        (PackStep::ScanBack | PackStep::Print, _, Some(print)) => {
            format!("{} {} {}", word(&screen.step), print.id, word(&print.state))
        }
        _ => word(&screen.step),
    }
}

fn day(table: &str) -> BenchDay {
    let mut day = BenchDay::new();
    play(table, |words| day.happen(words));
    day
}

#[test]
fn a_bundle_is_packed_part_by_part_to_a_label_that_is_scanned_back() {
    let day = day("
        event                        | prompt                       | screen                      | records
        weigh 0                      | 五公斤大米，1袋              | 0 of 1 RICE5 L2311          | -
        scan SKU-RICE5               | 五公斤大米，1袋              | 0 of 1 RICE5 L2312          | pack started TOTE-0001, part 1 RICE5 L2311 by scan
        scan SKU-MILLET1             | 这是别的订单的，要五公斤大米 | other orders item MILLET1   | -
        scan 73100196611386          | 这是面单，请扫商品           | waybill here 73100196611386 | -
        scan 010690123456789210L2309 | 批次不对，要2311             | wrong lot L2309             | -
        scan 010690123456789210L2311 | 多了，只要1袋                | over scan 1                 | -
        scan SKU-OIL5                | 五公斤大米，1袋              | 0 of 1 RICE5 L2312          | part 1 OIL5 L0907 by scan
        scan 6901234567892           | 用3号纸箱                    | packaging                   | part 1 RICE5 L2312 by scan
        scan SKU-RICE5               | 多了，只要2袋                | over scan 2                 | -
        scan SKU-OIL5                | 多了，只要1瓶                | over scan 1                 | -
        scan PKG-BAG-50              | 包装不对，要3号纸箱          | wrong packaging BAG-50      | -
        weigh 15230                  | 用3号纸箱                    | packaging                   | -
        scan PKG-BOX-M               | 放到秤上                     | weigh                       | BOX-M by scan
        scan 73100196611386          | 先称重                       | not now weight              | -
        weigh 15230                  | 正在打印面单                 | print 101-1 requested       | weighed 15230, label 101-1
        label 101-1 stored           | 贴面单，扫一下               | scan_back 101-1 stored      | 101-1 stored
        label 101-1 sent             | 贴面单，扫一下               | scan_back 101-1 sent        | 101-1 sent
        scan SF1300000000017         | 面单不是这个包裹的           | wrong label SF1300000000017 | -
        label 101-1 printed          | 贴面单，扫一下               | scan_back 101-1 printed     | 101-1 printed
        scan SKU-RICE5               | 先扫面单                     | not now label               | -
        scan 73100196611386          | 好了                         | packed                      | 101-1 scanned_back, packed 73100196611386 15230 1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907
        scan 73100196611386          | 先开始下一个任务             | not now nothing             | -
    ");
    assert_eq!(day.effects, [Effect::Print("101-1".into())]);
}

#[test]
fn an_unreadable_part_and_packaging_are_confirmed_by_hand() {
    day("
        event            | prompt          | screen             | records
        press UNREADABLE | 五公斤大米，1袋 | 0 of 1 RICE5 L2312 | pack started TOTE-0001, part 1 RICE5 L2311 by hand
        press UNREADABLE | 五升菜籽油，1瓶 | 0 of 1 OIL5 L0907  | part 1 RICE5 L2312 by hand
        press CONFIRM    | 先扫商品        | not now items      | -
        press UNREADABLE | 用3号纸箱       | packaging          | part 1 OIL5 L0907 by hand
        press CONFIRM    | 放到秤上        | weigh              | BOX-M by hand
    ");
}

#[test]
fn a_unit_scanned_twice_for_a_two_unit_line_passes_the_scan_and_is_caught_by_the_scale() {
    let mut day = BenchDay::of(&[goods("RICE5", "L2311", 2)], 10_100, 5_050);
    play("
        event          | prompt          | screen                | records
        scan SKU-RICE5 | 五公斤大米，1袋 | 1 of 2 RICE5 L2311    | pack started TOTE-0001, part 1 RICE5 L2311 by scan
        scan SKU-RICE5 | 用3号纸箱       | packaging             | part 1 RICE5 L2311 by scan
        scan PKG-BOX-M | 放到秤上        | weigh                 | BOX-M by scan
        weigh 5400     | 轻了，少5050克  | too light 5400        | -
        weigh 15500    | 重了，多5050克  | too heavy 15500       | -
        weigh 10450    | 正在打印面单    | print 101-1 requested | weighed 10450, label 101-1
    ", |words| day.happen(words));
}

#[test]
fn a_parcel_outside_the_gate_is_let_pass_by_a_lead_alone() {
    day("
        event                | prompt          | screen                | records
        press UNREADABLE     | 五公斤大米，1袋 | 0 of 1 RICE5 L2312    | pack started TOTE-0001, part 1 RICE5 L2311 by hand
        chen lets pass 20000 | 先称重          | not now weight        | -
        press UNREADABLE     | 五升菜籽油，1瓶 | 0 of 1 OIL5 L0907     | part 1 RICE5 L2312 by hand
        press UNREADABLE     | 用3号纸箱       | packaging             | part 1 OIL5 L0907 by hand
        press CONFIRM        | 放到秤上        | weigh                 | BOX-M by hand
        weigh 20000          | 重了，多4770克  | too heavy 20000       | -
        press CONFIRM        | 先称重          | not now weight        | -
        chen lets pass 0     | 先称重          | not now weight        | -
        chen lets pass 20000 | 正在打印面单    | print 101-1 requested | weighed 20000 allowed by chen, label 101-1
        chen lets pass 20000 | 先称重          | not now weight        | -
    ");
}

#[test]
fn the_last_scan_is_taken_back_by_who_did_it_until_the_label_is_asked_for() {
    day("
        event                | prompt          | screen                                 | records
        press UNDO           | 五公斤大米，1袋 | nothing to undo, 0 of 1 RICE5 L2311    | -
        scan SKU-OIL5        | 五公斤大米，1袋 | 0 of 1 RICE5 L2311                     | pack started TOTE-0001, part 1 OIL5 L0907 by scan
        wang: press UNDO     | 五公斤大米，1袋 | nothing to undo, 0 of 1 RICE5 L2311    | -
        press UNDO           | 五公斤大米，1袋 | undone, 0 of 1 RICE5 L2311             | part undone 1 OIL5 L0907
        scan SKU-OIL5        | 五公斤大米，1袋 | 0 of 1 RICE5 L2311                     | part 1 OIL5 L0907 by scan
        scan SKU-RICE5       | 五公斤大米，1袋 | 0 of 1 RICE5 L2312                     | part 1 RICE5 L2311 by scan
        scan SKU-RICE5       | 用3号纸箱       | packaging                              | part 1 RICE5 L2312 by scan
        wang: scan PKG-BOX-M | 放到秤上        | weigh                                  | BOX-M by scan
        press UNDO           | 放到秤上        | nothing to undo, weigh                 | -
        wang: press UNDO     | 用3号纸箱       | undone, packaging                      | packaging undone
        wang: press UNDO     | 用3号纸箱       | nothing to undo, packaging             | -
        restart              | 用3号纸箱       | packaging                              | -
        press UNDO           | 五公斤大米，1袋 | undone, 0 of 1 RICE5 L2312             | part undone 1 RICE5 L2312
        scan SKU-RICE5       | 用3号纸箱       | packaging                              | part 1 RICE5 L2312 by scan
        again                | 用3号纸箱       | packaging                              | -
        scan PKG-BOX-M       | 放到秤上        | weigh                                  | BOX-M by scan
        weigh 15230          | 正在打印面单    | print 101-1 requested                  | weighed 15230, label 101-1
        press UNDO           | 正在打印面单    | nothing to undo, print 101-1 requested | -
    ");
}

/// A parcel on the scale, its label just asked for.
fn label_asked_for() -> BenchDay {
    let mut day = BenchDay::new();
    for words in ["scan SKU-RICE5", "scan SKU-RICE5", "scan SKU-OIL5", "scan PKG-BOX-M", "weigh 15230"] {
        day.happen(words);
    }
    assert_eq!(day.pack.step(), PackStep::Print);
    day
}

#[test]
fn a_label_nobody_knows_about_is_proved_by_scanning_it_back() {
    let mut day = label_asked_for();
    play("
        event                                        | prompt                   | screen                                 | records
        scan 73100196611386                          | 先扫面单                 | not now label                          | -
        label 101-1 stored                           | 贴面单，扫一下           | scan_back 101-1 stored                 | 101-1 stored
        label 101-1 sent                             | 贴面单，扫一下           | scan_back 101-1 sent                   | 101-1 sent
        label 101-1 unknown the printer says nothing | 看看打印机，面单出来了吗 | label unknown, scan_back 101-1 unknown | 101-1 unknown
        press PRINT                                  | 先扫面单                 | not now label                          | -
        restart                                      | 看看打印机，面单出来了吗 | scan_back 101-1 unknown                | -
        scan 73100196611386                          | 好了                     | packed                                 | 101-1 scanned_back, packed 73100196611386 15230 1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907
        label 101-1 printed                          | 好了                     | packed                                 | -
    ", |words| day.happen(words));
}

#[test]
fn a_label_that_failed_is_printed_again_under_its_own_id() {
    let mut day = label_asked_for();
    play("
        event                           | prompt         | screen                                        | records
        label 101-1 stored              | 贴面单，扫一下 | scan_back 101-1 stored                        | 101-1 stored
        label 101-1 failed out of paper | 看看打印机，面单出来了吗 | label failed out of paper, print 101-1 failed | 101-1 failed
        scan 73100196611386             | 先扫面单       | not now label                                 | -
        press PRINT                     | 贴面单，扫一下 | scan_back 101-1 stored                        | 101-1 stored
        label 101-1 sent                | 贴面单，扫一下 | scan_back 101-1 sent                          | 101-1 sent
        label 101-1 printed             | 贴面单，扫一下 | scan_back 101-1 printed                       | 101-1 printed
        press PRINT                     | 先扫面单       | not now label                                 | -
        scan 73100196611386             | 好了           | packed                                        | 101-1 scanned_back, packed 73100196611386 15230 1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907
    ", |words| day.happen(words));
    assert_eq!(day.effects, [Effect::Print("101-1".into()), Effect::Print("101-1".into())]);
}

#[test]
fn a_reprint_wants_a_reason_and_voids_the_label_before_it() {
    let mut day = label_asked_for();
    play("
        event               | prompt         | screen                          | records
        label 101-1 stored  | 贴面单，扫一下 | scan_back 101-1 stored          | 101-1 stored
        label 101-1 printed | 贴面单，扫一下 | scan_back 101-1 stored          | -
        label 101-1 sent    | 贴面单，扫一下 | scan_back 101-1 sent            | 101-1 sent
        label 101-1 printed | 贴面单，扫一下 | scan_back 101-1 printed         | 101-1 printed
        press REPRINT       | 为什么重打？一损坏，二没出来，三重新打包 | reprint_reason                  | -
        press CONFIRM       | 先说原因       | not now reason                  | -
        press LEAVE         | 贴面单，扫一下 | scan_back 101-1 printed         | -
        press REPRINT       | 为什么重打？一损坏，二没出来，三重新打包 | reprint_reason                  | -
        press UNDO          | 贴面单，扫一下 | undone, scan_back 101-1 printed | -
        press REPRINT       | 为什么重打？一损坏，二没出来，三重新打包 | reprint_reason                  | -
        key 1               | 正在打印面单   | print 101-2 requested           | 101-1 voided, label 101-2 again spoilt
        again               | 正在打印面单   | print 101-2 requested           | -
        label 101-1 unknown | 正在打印面单   | print 101-2 requested           | -
        scan 73100196611386 | 先扫面单       | not now label                   | -
        label 101-2 stored  | 贴面单，扫一下 | scan_back 101-2 stored          | 101-2 stored
        label 101-2 sent    | 贴面单，扫一下 | scan_back 101-2 sent            | 101-2 sent
        press REPRINT       | 为什么重打？一损坏，二没出来，三重新打包 | reprint_reason                  | -
        scan 73100196611386 | 好了           | packed                          | 101-2 scanned_back, packed 73100196611386 15230 1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907
    ", |words| day.happen(words));
    assert_eq!(day.effects, [Effect::Print("101-1".into()), Effect::Print("101-2".into())]);
}

#[test]
fn a_printer_cannot_say_that_a_label_was_scanned_or_is_void() {
    let mut day = label_asked_for();
    play("
        event                    | prompt         | screen                 | records
        label 101-1 stored       | 贴面单，扫一下 | scan_back 101-1 stored | 101-1 stored
        label 101-1 scanned_back | 贴面单，扫一下 | scan_back 101-1 stored | -
        label 101-1 voided       | 贴面单，扫一下 | scan_back 101-1 stored | -
        label 101-7 sent         | 贴面单，扫一下 | scan_back 101-1 stored | -
        scan 73100196611386      | 好了           | packed                 | 101-1 scanned_back, packed 73100196611386 15230 1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907
    ", |words| day.happen(words));
}

#[test]
fn an_order_cancelled_on_the_bench_goes_back_to_its_tote() {
    day("
        event          | prompt                 | screen                  | records
        scan SKU-OIL5  | 五公斤大米，1袋        | 0 of 1 RICE5 L2311      | pack started TOTE-0001, part 1 OIL5 L0907 by scan
        recall 102     | 五公斤大米，1袋        | 0 of 1 RICE5 L2311      | -
        recall 101     | 订单取消，货放回周转箱 | recalled 101, return    | pack recalled
        again          | 订单取消，货放回周转箱 | return                  | -
        scan SKU-RICE5 | 先扫周转箱             | not now tote            | -
        press UNDO     | 订单取消，货放回周转箱 | nothing to undo, return | -
        restart        | 订单取消，货放回周转箱 | return                  | -
        scan TOTE-0002 | 不是这个周转箱         | wrong tote TOTE-0002    | -
        scan TOTE-0001 | 好了                   | returned                | returned [1 OIL5 L0907] to TOTE-0001
        scan TOTE-0001 | 先开始下一个任务       | not now nothing         | -
    ");
    let mut day = label_asked_for();
    play("
        event               | prompt                 | screen                 | records
        label 101-1 stored  | 贴面单，扫一下         | scan_back 101-1 stored | 101-1 stored
        label 101-1 sent    | 贴面单，扫一下         | scan_back 101-1 sent   | 101-1 sent
        recall 101          | 订单取消，货放回周转箱 | recalled 101, return   | pack recalled, 101-1 voided
        label 101-1 printed | 订单取消，货放回周转箱 | return                 | -
        scan 73100196611386 | 先扫周转箱             | not now tote           | -
        scan TOTE-0001      | 好了                   | returned               | returned [1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907] to TOTE-0001
    ", |words| day.happen(words));
}

#[test]
fn an_order_cancelled_before_anything_was_scanned_leaves_the_bench_at_once() {
    day("
        event          | prompt           | screen                 | records
        recall 101     | 好了             | recalled 101, returned | pack recalled, returned [] to TOTE-0001
        scan SKU-RICE5 | 先开始下一个任务 | not now nothing        | -
    ");
}

#[test]
fn a_sealed_parcel_is_not_recalled_at_the_bench() {
    let mut day = label_asked_for();
    play("
        event               | prompt         | screen                  | records
        label 101-1 stored  | 贴面单，扫一下 | scan_back 101-1 stored  | 101-1 stored
        scan 73100196611386 | 好了           | packed                  | 101-1 scanned_back, packed 73100196611386 15230 1 RICE5 L2311 + 1 RICE5 L2312 + 1 OIL5 L0907
        recall 101          | 好了           | packed                  | -
        press UNDO          | 好了           | nothing to undo, packed | -
        weigh 0             | 好了           | packed                  | -
    ", |words| day.happen(words));
}
