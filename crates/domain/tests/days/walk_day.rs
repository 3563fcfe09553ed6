//! The pick walk: days on the floor.

use super::table::{Book, Told, catalogue, line, play, sentence, shown, told, word};
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::fact::{Evidence, Fact, Goods};
use liangcang_domain::task::walk::{LineKind, Step, Walk, WalkPlan, WalkScreen, WalkStepView};
use liangcang_domain::task::{Context, Effect, Gesture, Outcome};
use liangcang_domain::unit::Qty;

/// A walk under way, and what was recorded of it.
#[derive(Clone)]
pub struct WalkDay {
    pub plan: WalkPlan,
    pub walk: Walk,
    pub book: Book,
    pub effects: Vec<Effect>,
    pub catalogue: Catalogue,
}

/// What lies in the bins of these days, far more than anyone wants.
const GOODS: [(&str, &str, &str, i64); 7] = [
    ("A-03-02-1", "RICE5", "L2311", 99),
    ("A-05-01-1", "OIL5", "L0907", 99),
    ("B-01-04-2", "MILLET1", "L7", 99),
    ("B-02-02-1", "RICE5", "L2312", 99),
    ("A-03-02-1", "MILLET1", "L7", 99),
    ("C-01-01-1", "RICE5", "L2311", 99),
    ("B-01-04-2", "OIL5", "L0907", 99),
];

impl WalkDay {
    /// A walk of these lines that nobody began.
    pub fn new(lines: &str) -> Self {
        let rows = lines.lines().map(str::trim).filter(|row| !row.is_empty());
        let plan =
            WalkPlan { id: "W1-01".into(), wave: "W1".into(), lines: rows.map(line).collect(), tote: None };
        Self {
            walk: Walk::new(plan.clone()),
            plan,
            book: Book::with_goods(&GOODS),
            effects: vec![],
            catalogue: catalogue(),
        }
    }

    /// Lets a gesture happen: facts are stored, then move the state.
    pub fn take(&mut self, gesture: &Gesture) -> Outcome {
        let outcome = self.walk.take(gesture, Context { catalogue: &self.catalogue });
        self.store(gesture, &outcome.facts);
        self.effects.extend(outcome.effects.iter().cloned());
        outcome
    }

    fn store(&mut self, gesture: &Gesture, facts: &[Fact]) {
        self.book.record(gesture, facts);
        for fact in facts {
            self.walk.evolve(fact, &gesture.id, &gesture.by);
        }
    }

    /// The walk as a station that died comes back to it.
    pub fn rebuilt(&self) -> Walk {
        let mut walk = Walk::new(self.plan.clone());
        for recorded in &self.book.facts {
            walk.evolve(&recorded.fact, &recorded.gesture, &recorded.by);
        }
        walk
    }

    pub fn screen(&self) -> WalkScreen {
        self.walk.screen(Context { catalogue: &self.catalogue })
    }

    /// The row of one event. `restart` is the PC dying and coming back.
    pub fn happen(&mut self, words: &str) -> Told {
        if words == "restart" {
            self.walk = self.rebuilt();
            return self.row(&Outcome::quiet());
        }
        let gesture = self.book.gesture(words);
        let bin = self.screen().line.map(|line| line.bin.0);
        let outcome = self.take(&gesture);
        let mut row = self.row(&outcome);
        let after = self.screen().line.map(|line| line.bin.0);
        row.prompt = sentence(&outcome.feedback, bin.or(after).as_deref(), &self.walk.prompt());
        row
    }

    fn row(&self, outcome: &Outcome) -> Told {
        Told {
            prompt: sentence(&outcome.feedback, None, &self.walk.prompt()),
            screen: shown(&outcome.feedback, step(&self.screen())),
            records: told(&outcome.facts),
        }
    }
}

fn step(screen: &WalkScreen) -> String {
    let (bin, item) = screen.line.as_ref().map_or((String::new(), String::new()), |line| {
        let back = if line.kind == LineKind::PutBack { "put back " } else { "" };
        (line.bin.0.clone(), format!("{back}{} of {} {}", line.done, line.want, line.item.sku))
    });
    match screen.step {
        WalkStepView::Tote => "tote".to_owned(),
        WalkStepView::Zone => format!("zone {}", &bin[..1]),
        WalkStepView::Bin => format!("bin {bin}"),
        WalkStepView::Units => item,
        WalkStepView::Reason => "reason".to_owned(),
        WalkStepView::ConfirmShort => format!("confirm {}", word(&screen.reason.expect("a reason"))),
        WalkStepView::ConfirmCount => format!("confirm {}", screen.count.expect("a number")),
        WalkStepView::Finished => "finished".to_owned(),
    }
}

const TWO_LINES: &str = "
    A-03-02-1 41 RICE5 L2311 2 = 101:1 102:1
    A-05-01-1 86 OIL5  L0907 1 = 101:1
";

fn day(lines: &str, table: &str) -> WalkDay {
    let mut day = WalkDay::new(lines);
    play(table, |words| day.happen(words));
    day
}

#[test]
fn a_walk_goes_bin_by_bin_and_names_what_is_wrong() {
    day(TWO_LINES, "
        event                         | prompt                       | screen                       | records
        scan BIN-A-03-02-1            | 先扫周转箱                   | not now tote                 | -
        scan TOTE-0001                | A区                          | zone A                       | walk started TOTE-0001
        hear 好了                     | 3排 2列 1层                  | bin A-03-02-1                | -
        hear 4 7                      | 不对。3排 2列 1层            | wrong check digits 47        | -
        scan BIN-A-05-01-1            | 走错了。3排 2列 1层          | wrong bin A-05-01-1          | -
        scan SF1300000000017          | 这是面单，请扫商品           | waybill here SF1300000000017 | -
        scan SKU-RICE5                | 先确认库位                   | not now bin                  | -
        scan OP-wang                  | 先确认库位                   | not now bin                  | -
        hear 4 1                      | 五公斤大米，2袋              | 0 of 2 RICE5                 | at line 0 by voice
        scan SKU-OIL5                 | 这是五升菜籽油，要五公斤大米 | wrong item OIL5              | -
        scan SF1300000000017          | 这是面单，请扫商品           | waybill here SF1300000000017 | -
        scan 010690123456789217271003 | 1袋，还要1袋                 | 1 of 2 RICE5                 | picked 1 RICE5 L2311 by scan
        scan 010690123456789210L2309  | 批次不对，要2311             | wrong lot L2309              | -
        scan 010690123456789210L2311  | 5排 1列 1层                  | bin A-05-01-1                | picked 1 RICE5 L2311 by scan
        key 0                         | 不对。5排 1列 1层            | wrong check digits 0         | -
        hear 2                        | 不对。5排 1列 1层            | wrong check digits 2         | -
        scan 6901234567892            | 多了，只要2袋                | over scan 2                  | -
        scan SKU-RICE5                | 多了，只要2袋                | over scan 2                  | -
        scan BIN-A-05-01-1            | 五升菜籽油，1瓶              | 0 of 1 OIL5                  | at line 1 by scan
        press UNREADABLE              | 拣完了，送到打包台           | finished                     | picked 1 OIL5 L0907 by hand, walk finished
        scan SKU-OIL5                 | 先开始下一个任务             | not now nothing              | -
    ");
}

#[test]
fn the_same_gesture_delivered_twice_changes_nothing() {
    day(TWO_LINES, "
        event              | prompt                                         | screen        | records
        scan TOTE-0001     | A区                                            | zone A        | walk started TOTE-0001
        again              | A区                                            | zone A        | -
        scan BIN-A-03-02-1 | 五公斤大米，2袋                                | 0 of 2 RICE5  | at line 0 by scan
        again              | 五公斤大米，2袋                                | 0 of 2 RICE5  | -
        scan SKU-RICE5     | 1袋，还要1袋                                   | 1 of 2 RICE5  | picked 1 RICE5 L2311 by scan
        again              | 1袋，还要1袋                                   | 1 of 2 RICE5  | -
        press SHORT        | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason        | -
        key 1              | 确认缺五公斤大米，1袋？                        | confirm empty | -
        again              | 确认缺五公斤大米，1袋？                        | confirm empty | -
        press LEAVE        | 1袋，还要1袋                                   | 1 of 2 RICE5  | -
        again              | 1袋，还要1袋                                   | 1 of 2 RICE5  | -
        press REPEAT       | 1袋，还要1袋                                   | 1 of 2 RICE5  | asked repeat
        again              | 1袋，还要1袋                                   | 1 of 2 RICE5  | -
        scan SKU-RICE5     | 5排 1列 1层                                    | bin A-05-01-1 | picked 1 RICE5 L2311 by scan
    ");
}

#[test]
fn undo_takes_back_the_last_pick_of_who_did_it_and_of_nobody_else() {
    day(TWO_LINES, "
        event                | prompt             | screen                         | records
        press UNDO           | 请扫描周转箱       | nothing to undo, tote          | -
        scan TOTE-0001       | A区                | zone A                         | walk started TOTE-0001
        scan BIN-A-03-02-1   | 五公斤大米，2袋    | 0 of 2 RICE5                   | at line 0 by scan
        scan SKU-RICE5       | 1袋，还要1袋       | 1 of 2 RICE5                   | picked 1 RICE5 L2311 by scan
        wang: scan SKU-RICE5 | 5排 1列 1层        | bin A-05-01-1                  | picked 1 RICE5 L2311 by scan
        press UNDO           | 5排 1列 1层        | nothing to undo, bin A-05-01-1 | -
        wang: press UNDO     | 1袋，还要1袋       | undone, 1 of 2 RICE5           | unpicked 1 RICE5 L2311
        wang: press UNDO     | 1袋，还要1袋       | nothing to undo, 1 of 2 RICE5  | -
        hear 撤销            | 五公斤大米，2袋    | undone, 0 of 2 RICE5           | unpicked 1 RICE5 L2311
        restart              | 五公斤大米，2袋    | 0 of 2 RICE5                   | -
        key 2                | 5排 1列 1层        | bin A-05-01-1                  | picked 2 RICE5 L2311 by key
        press SHORT          | 先确认库位         | not now bin                    | -
        scan BIN-A-05-01-1   | 五升菜籽油，1瓶    | 0 of 1 OIL5                    | at line 1 by scan
        press UNDO           | 五公斤大米，2袋    | undone, 0 of 2 RICE5           | unpicked 2 RICE5 L2311
        key 2                | 5排 1列 1层        | bin A-05-01-1                  | picked 2 RICE5 L2311 by key
        scan BIN-A-05-01-1   | 五升菜籽油，1瓶    | 0 of 1 OIL5                    | at line 1 by scan
        key 1                | 拣完了，送到打包台 | finished                       | picked 1 OIL5 L0907 by key, walk finished
        press UNDO           | 拣完了，送到打包台 | nothing to undo, finished      | -
    ");
}

#[test]
fn a_number_above_five_is_read_back_before_it_counts() {
    day("A-03-02-1 41 RICE5 L2311 9 = 101:9", "
        event                    | prompt             | screen                            | records
        scan TOTE-0001           | A区                | zone A                            | walk started TOTE-0001
        scan BIN-A-03-02-1       | 五公斤大米，9袋    | 0 of 9 RICE5                      | at line 0 by scan
        hear 7                   | 7袋，对吗？        | confirm 7                         | -
        scan BIN-A-03-02-1       | 先回答             | not now answer                    | -
        hear 6                   | 6袋，对吗？        | confirm 6                         | -
        hear 好了                | 6袋，还要3袋       | 6 of 9 RICE5                      | picked 6 RICE5 L2311 by voice
        key 10                   | 多了，只要9袋      | over scan 9                       | -
        key 4                    | 多了，只要9袋      | over scan 9                       | -
        key 99999999999999999999 | 没听清             | not a number 99999999999999999999 | -
        key 3                    | 拣完了，送到打包台 | finished                          | picked 3 RICE5 L2311 by key, walk finished
    ");
    day(
        "A-03-02-1 41 RICE5 L2311 9 = 101:9",
        "
        event              | prompt             | screen       | records
        scan TOTE-0001     | A区                | zone A       | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，9袋    | 0 of 9 RICE5 | at line 0 by scan
        key 8              | 8袋，对吗？        | confirm 8    | -
        scan SKU-RICE5     | 1袋，还要8袋       | 1 of 9 RICE5 | picked 1 RICE5 L2311 by scan
        key 8              | 8袋，对吗？        | confirm 8    | -
        press LEAVE        | 1袋，还要8袋       | 1 of 9 RICE5 | -
        key 8              | 8袋，对吗？        | confirm 8    | -
        restart            | 1袋，还要8袋       | 1 of 9 RICE5 | -
        key 8              | 8袋，对吗？        | confirm 8    | -
        press CONFIRM      | 拣完了，送到打包台 | finished     | picked 8 RICE5 L2311 by key, walk finished
    ",
    );
}

#[test]
fn a_short_asks_for_a_reason_and_twice_and_what_is_found_joins_the_end() {
    let day = day("
        A-03-02-1 41 RICE5   L2311 3 = 101:1 102:2
        B-01-04-2 12 MILLET1 L7    1 = 101:1
    ", "
        event                                     | prompt                                         | screen                       | records
        scan TOTE-0001                            | A区                                            | zone A                       | walk started TOTE-0001
        hear 好了                                 | 3排 2列 1层                                    | bin A-03-02-1                | -
        hear 4 1                                  | 五公斤大米，3袋                                | 0 of 3 RICE5                 | at line 0 by voice
        scan SKU-RICE5                            | 1袋，还要2袋                                   | 1 of 3 RICE5                 | picked 1 RICE5 L2311 by scan
        hear 缺货                                 | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason                       | -
        scan SKU-RICE5                            | 2袋，还要1袋                                   | 2 of 3 RICE5                 | picked 1 RICE5 L2311 by scan
        press SHORT                               | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason                       | -
        hear 7                                    | 没听清                                         | not a number 7               | -
        press CONFIRM                             | 先说原因                                       | not now reason               | -
        hear 1                                    | 确认缺五公斤大米，1袋？                        | confirm empty                | -
        hear 1                                    | 先回答                                         | not now answer               | -
        press SKIP                                | 2袋，还要1袋                                   | 2 of 3 RICE5                 | -
        press SHORT                               | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason                       | -
        key 2                                     | 确认缺五公斤大米，1袋？                        | confirm damaged              | -
        press CONFIRM                             | B区                                            | zone B                       | short 1 damaged, count RICE5 in A-03-02-1
        scan BIN-B-01-04-2                        | 一公斤小米，1包                                | 0 of 1 MILLET1               | at line 1 by scan
        key 1                                     | 拣完了，送到打包台                             | finished                     | picked 1 MILLET1 L7 by key
        replan B-02-02-1 33 RICE5 L2312 1 = 102:1 | 2排 2列 1层                                    | lines added 1, bin B-02-02-1 | 1 lines added
        restart                                   | 2排 2列 1层                                    | bin B-02-02-1                | -
        scan BIN-B-02-02-1                        | 五公斤大米，1袋                                | 0 of 1 RICE5                 | at line 2 by scan
        scan 6901234567892                        | 拣完了，送到打包台                             | finished                     | picked 1 RICE5 L2312 by scan, walk finished
    ");
    let Effect::Replan { sku, qty, orders } = &day.effects[0] else { panic!("{:?}", day.effects) };
    assert_eq!((sku.as_str(), qty.0, orders.len()), ("RICE5", 1, 1));
    assert_eq!((orders[0].0.as_str(), orders[0].1.0), ("102", 1), "the order paid last waits");
}

#[test]
fn what_is_found_nowhere_gives_up_its_orders_and_their_goods_go_back() {
    day("
        A-03-02-1 41 RICE5   L2311 2 = 101:1 102:1
        B-01-04-2 12 MILLET1 L7    2 = 101:1 102:1
    ", "
        event              | prompt                                         | screen                | records
        scan TOTE-0001     | A区                                            | zone A                | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，2袋                                | 0 of 2 RICE5          | at line 0 by scan
        hear 2             | B区                                            | zone B                | picked 2 RICE5 L2311 by voice
        hear 好了          | 1排 4列 2层                                    | bin B-01-04-2         | -
        scan BIN-B-01-04-2 | 一公斤小米，2包                                | 0 of 2 MILLET1        | at line 1 by scan
        scan SKU-MILLET1   | 1包，还要1包                                   | 1 of 2 MILLET1        | picked 1 MILLET1 L7 by scan
        press SHORT        | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason                | -
        hear 3             | 确认缺一公斤小米，1包？                        | confirm wrong_goods    | -
        hear 好了          | 拣完了，送到打包台                             | finished              | short 1 wrong_goods, count MILLET1 in B-01-04-2
        recall 102         | A区                                            | recalled 102, zone A  | recalled 102
        scan BIN-A-03-02-1 | 订单取消，放回五公斤大米，1袋                  | put back 0 of 1 RICE5 | at line 2 by scan
        scan SKU-RICE5     | 拣完了，送到打包台                             | finished              | put back 1 RICE5 L2311, walk finished
    ");
}

#[test]
fn a_walk_waits_for_the_answer_about_every_order_that_was_short() {
    day("A-03-02-1 41 RICE5 L2311 2 = 101:1 102:1", "
        event                                     | prompt                                         | screen                 | records
        scan TOTE-0001                            | A区                                            | zone A                 | walk started TOTE-0001
        scan BIN-A-03-02-1                        | 五公斤大米，2袋                                | 0 of 2 RICE5           | at line 0 by scan
        press SHORT                               | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason                 | -
        key 1                                     | 确认缺五公斤大米，2袋？                        | confirm empty          | -
        press CONFIRM                             | 拣完了，送到打包台                             | finished               | short 2 empty, count RICE5 in A-03-02-1
        recall 102                                | 拣完了，送到打包台                             | recalled 102, finished | recalled 102
        replan B-02-02-1 33 RICE5 L2312 1 = 101:1 | B区                                            | lines added 1, zone B  | 1 lines added
        scan BIN-B-02-02-1                        | 五公斤大米，1袋                                | 0 of 1 RICE5           | at line 1 by scan
        scan SKU-RICE5                            | 拣完了，送到打包台                             | finished               | picked 1 RICE5 L2312 by scan, walk finished
    ");
}

#[test]
fn a_short_of_all_units_puts_nothing_into_the_tote() {
    let day = day("A-03-02-1 41 RICE5 L2311 2 = 101:2", "
        event              | prompt                                         | screen                 | records
        scan TOTE-0001     | A区                                            | zone A                 | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，2袋                                | 0 of 2 RICE5           | at line 0 by scan
        press SHORT        | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason                 | -
        key 1              | 确认缺五公斤大米，2袋？                        | confirm empty          | -
        press CONFIRM      | 拣完了，送到打包台                             | finished               | short 2 empty, count RICE5 in A-03-02-1
        recall 101         | 拣完了，送到打包台                             | recalled 101, finished | recalled 101, walk finished
    ");
    assert!(day.walk.allotted().is_empty());
    assert!(!day.book.facts.iter().any(|recorded| matches!(recorded.fact, Fact::Picked { .. })));
}

#[test]
fn the_last_orders_lose_their_units_one_after_the_other_when_a_bin_is_short_twice() {
    let mut day = day("A-03-02-1 41 RICE5 L2311 3 = 101:1 102:1 103:1", "
        event              | prompt                                         | screen               | records
        scan TOTE-0001     | A区                                            | zone A               | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，3袋                                | 0 of 3 RICE5         | at line 0 by scan
        key 2              | 2袋，还要1袋                                   | 2 of 3 RICE5         | picked 2 RICE5 L2311 by key
        press SHORT        | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason               | -
        key 1              | 确认缺五公斤大米，1袋？                        | confirm empty        | -
        press CONFIRM      | 拣完了，送到打包台                             | finished             | short 1 empty, count RICE5 in A-03-02-1
        press UNDO         | 五公斤大米，2袋                                | undone, 0 of 2 RICE5 | unpicked 2 RICE5 L2311
        key 1              | 1袋，还要1袋                                   | 1 of 2 RICE5         | picked 1 RICE5 L2311 by key
        press SHORT        | 为什么缺货？一空了，二破损，三放错货，四拿不到 | reason               | -
        key 2              | 确认缺五公斤大米，1袋？                        | confirm damaged      | -
        press CONFIRM      | 拣完了，送到打包台                             | finished             | short 1 damaged, count RICE5 in A-03-02-1
    ");
    let lost: Vec<_> = day
        .effects
        .drain(..)
        .map(|effect| match effect {
            Effect::Replan { orders, .. } => {
                orders.into_iter().map(|(order, _)| order.0).collect::<Vec<_>>().join(" ")
            }
            Effect::Print(_) => "a print".to_owned(),
        })
        .collect();
    assert_eq!(lost, ["103", "102"]);
}

#[test]
fn a_recall_with_three_of_five_in_the_tote_brings_three_back_and_leaves_nothing_open() {
    let day = day("
        A-03-02-1 41 RICE5 L2311 5 = 9:5
        A-05-01-1 86 OIL5  L0907 1 = 9:1
    ", "
        event              | prompt                        | screen                                 | records
        scan TOTE-0001     | A区                           | zone A                                 | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，5袋               | 0 of 5 RICE5                           | at line 0 by scan
        hear 3             | 3袋，还要2袋                  | 3 of 5 RICE5                           | picked 3 RICE5 L2311 by voice
        recall 9           | 3排 2列 1层                   | recalled 9, bin A-03-02-1              | recalled 9
        again              | 3排 2列 1层                   | bin A-03-02-1                          | -
        press UNDO         | 3排 2列 1层                   | nothing to undo, bin A-03-02-1         | -
        scan SKU-RICE5     | 先确认库位                    | not now bin                            | -
        scan BIN-A-03-02-1 | 订单取消，放回五公斤大米，3袋 | put back 0 of 3 RICE5                  | at line 2 by scan
        scan SKU-RICE5     | 订单取消，放回五公斤大米，2袋 | put back 1 of 3 RICE5                  | put back 1 RICE5 L2311
        restart            | 订单取消，放回五公斤大米，2袋 | put back 1 of 3 RICE5                  | -
        press UNDO         | 订单取消，放回五公斤大米，2袋 | nothing to undo, put back 1 of 3 RICE5 | -
        scan BIN-A-03-02-1 | 订单取消，放回五公斤大米，2袋 | already, put back 1 of 3 RICE5         | -
        press SHORT        | 先扫商品                      | not now items                          | -
        hear 3             | 多了，只要3袋                 | over scan 3                            | -
        hear 2             | 拣完了，送到打包台            | finished                               | put back 2 RICE5 L2311, walk finished
        scan SKU-RICE5     | 先开始下一个任务              | not now nothing                        | -
    ");
    assert!(day.walk.lines.iter().all(|state| state.open().0 == 0));
    assert!(day.walk.allotted().is_empty());
}

#[test]
fn a_recall_of_an_order_nobody_picked_yet_only_shortens_the_walk() {
    day(
        TWO_LINES,
        "
        event              | prompt          | screen                      | records
        scan TOTE-0001     | A区             | zone A                      | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，2袋 | 0 of 2 RICE5                | at line 0 by scan
        scan SKU-RICE5     | 1袋，还要1袋    | 1 of 2 RICE5                | picked 1 RICE5 L2311 by scan
        recall 102         | 5排 1列 1层     | recalled 102, bin A-05-01-1 | recalled 102
        recall 999         | 5排 1列 1层     | bin A-05-01-1               | -
    ",
    );
    let day = day(
        "A-03-02-1 41 RICE5 L2311 5 = 9:5",
        "
        event          | prompt             | screen               | records
        recall 9       | 拣完了，送到打包台 | recalled 9, finished | recalled 9, walk finished
        scan TOTE-0001 | 先开始下一个任务   | not now nothing      | -
    ",
    );
    assert!(day.walk.finished && day.walk.tote.is_none());
}

#[test]
fn goods_of_a_recalled_order_are_dealt_to_the_others_before_anything_goes_back() {
    let day = day(
        "A-03-02-1 41 RICE5 L2311 4 = 101:2 102:2",
        "
        event              | prompt             | screen                 | records
        scan TOTE-0001     | A区                | zone A                 | walk started TOTE-0001
        scan BIN-A-03-02-1 | 五公斤大米，4袋    | 0 of 4 RICE5           | at line 0 by scan
        hear 2             | 2袋，还要2袋       | 2 of 4 RICE5           | picked 2 RICE5 L2311 by voice
        recall 101         | 拣完了，送到打包台 | recalled 101, finished | recalled 101, walk finished
    ",
    );
    let allotted: Vec<String> = day
        .walk
        .allotted()
        .iter()
        .map(|(order, goods)| format!("{order}: {} {}", goods.qty, goods.sku))
        .collect();
    assert_eq!(allotted, ["102: 2 RICE5"]);
}

#[test]
fn a_put_back_walk_begins_with_the_tote_its_goods_lie_in() {
    let mut day = WalkDay::new("A-03-02-1 41 RICE5 L2311 2");
    day.plan.tote = Some("TOTE-0007".into());
    day.walk = Walk::new(day.plan.clone());
    let tote_0007 = Fact::Picked {
        walk: "W0-09".into(),
        line: 0,
        goods: Goods { sku: "RICE5".into(), lot: "L2311".into(), qty: Qty(2) },
        bin: "C-01-01-1".into(),
        tote: "TOTE-0007".into(),
        evidence: Evidence::Scanned,
    };
    let gesture = day.book.gesture("press NEXT");
    day.book.record(&gesture, &[tote_0007]);
    play("
        event          | prompt                        | screen                | records
        scan TOTE-0001 | 不是这个周转箱                | wrong tote TOTE-0001  | -
        scan TOTE-0007 | A区                           | zone A                | walk started TOTE-0007
        hear 好了      | 3排 2列 1层                   | bin A-03-02-1         | -
        hear 4 1       | 订单取消，放回五公斤大米，2袋 | put back 0 of 2 RICE5 | at line 0 by voice
        hear 2         | 拣完了，送到打包台            | finished              | put back 2 RICE5 L2311, walk finished
    ", |words| day.happen(words));
}

/// The same gesture by another device: what is scanned is heard or keyed instead.
fn by_device(words: &str, device: &str, day: &WalkDay) -> String {
    let line = day.screen().line;
    let at_bin = matches!(day.walk.step(), Step::Zone(_) | Step::Bin(_));
    let digits =
        day.walk.current().map(|at| day.walk.lines[at].line.check_digits.clone()).unwrap_or_default();
    match (device, line) {
        ("scan", _) | (_, None) => words.to_owned(),
        (_, Some(line)) if at_bin && words == format!("scan BIN-{}", line.bin) => {
            format!("{device} {digits}")
        }
        (_, Some(_)) if at_bin && words.starts_with("scan BIN-") => format!("{device} 00"),
        (_, Some(_)) if !at_bin && words.starts_with("scan SKU-") => format!("{device} 1"),
        _ => words.to_owned(),
    }
}

#[test]
fn the_records_of_a_walk_are_the_same_whichever_device_a_step_is_done_by() {
    let gestures = [
        "scan TOTE-0001",
        "press CONFIRM",
        "scan BIN-B-01-04-2",
        "scan BIN-A-03-02-1",
        "scan SKU-RICE5",
        "recall 103",
        "scan SKU-RICE5",
        "press UNDO",
        "scan SKU-RICE5",
        "scan BIN-A-05-01-1",
        "press SHORT",
        "key 1",
        "press CONFIRM",
        "replan B-01-04-2 12 OIL5 L0907 1 = 101:1",
        "scan BIN-B-01-04-2",
        "scan SKU-MILLET1",
        "recall 102",
        "scan BIN-A-03-02-1",
        "scan SKU-RICE5",
        "scan BIN-B-01-04-2",
        "scan SKU-OIL5",
        "press UNDO",
        "scan SKU-OIL5",
    ];
    let records = |device: &str| {
        let mut day = WalkDay::new(
            "
            A-03-02-1 41 RICE5   L2311 3 = 101:1 102:1 103:1
            A-05-01-1 86 OIL5    L0907 1 = 101:1
            B-01-04-2 12 MILLET1 L7    1 = 101:1
        ",
        );
        for words in gestures {
            let words = by_device(words, device, &day);
            day.happen(&words);
        }
        assert!(day.walk.finished, "by {device} the walk ends");
        let facts: Vec<Fact> = day.book.facts.iter().map(|recorded| recorded.fact.clone()).collect();
        told(&facts[GOODS.len()..]).replace(" by scan", "").replace(" by voice", "").replace(" by key", "")
    };
    let scanned = records("scan");
    assert_eq!(records("hear"), scanned);
    assert_eq!(records("key"), scanned);
}
