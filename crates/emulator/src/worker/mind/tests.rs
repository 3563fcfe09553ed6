//! The worker's habits, screen by screen.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use tempfile::TempDir;

use super::*;

/// A worker in an empty hall; the folder must outlive it.
fn worker(orders: Option<usize>) -> (Mind, TempDir) {
    let folder = TempDir::new().unwrap();
    let parcels = Parcels::standing_in(folder.path()).unwrap();
    let mut mind = Mind::new("OP-1001", Goods::default(), parcels, orders, false);
    mind.on_scale = false;
    (mind, folder)
}

fn view(task: Value, today: Value) -> View {
    let mut day = json!({"ready": [], "walks": [], "totes": [], "cages": []});
    for (name, list) in today.as_object().unwrap() {
        day[name] = list.clone();
    }
    serde_json::from_value(json!({
        "operator": {"id": "1001"},
        "answer": {"seq": 1, "feedback": {"kind": "quiet"}},
        "task": task, "today": day, "sticky": [],
    }))
    .unwrap()
}

fn packing(step: &str, print: &str) -> View {
    let screen = json!({
        "order": "1", "step": step, "carrier": "SF", "waybill": "SF1300000000001", "tote": "TOTE-0001",
        "parts": [{"item": {"sku": "RICE5"}, "done": 0}], "current": 0, "packaging": "C3",
        "gate": {"expected_g": 5_200, "tolerance_g": 50}, "prints": [{"state": print}],
    });
    view(json!({"kind": "pack", "screen": screen}), json!({}))
}

const NO_PAPER: Paper = Paper { printed: 7, spoilt: false };

#[test]
fn a_label_is_scanned_only_when_its_paper_has_come_out() {
    let (mut mind, _folder) = worker(None);
    let now = Instant::now();
    assert!(matches!(mind.decide(&packing("weigh", ""), &NO_PAPER, now).unwrap(), Deed::Lay(5_150..=5_250)));
    let sent = packing("scan_back", "sent");
    assert_eq!(mind.decide(&sent, &NO_PAPER, now).unwrap(), Deed::Look);
    let paper = Paper { printed: 8, spoilt: false };
    assert_eq!(mind.decide(&sent, &paper, now).unwrap(), Deed::Scan("SF1300000000001".to_owned()));
    assert_eq!(mind.decide(&packing("parts", ""), &paper, now).unwrap(), Deed::Lift, "the scale is cleared");
}

#[test]
fn a_label_that_never_came_is_asked_for_again_after_a_while() {
    let (mut mind, _folder) = worker(None);
    let now = Instant::now();
    mind.decide(&packing("weigh", ""), &NO_PAPER, now).unwrap();
    let unknown = packing("scan_back", "unknown");
    assert_eq!(mind.decide(&unknown, &NO_PAPER, now).unwrap(), Deed::Look);
    let later = now + HELP_ITSELF_WITHIN;
    assert_eq!(mind.decide(&unknown, &NO_PAPER, later).unwrap(), Deed::Press("reprint"));
    assert_eq!(mind.decide(&packing("reprint_reason", ""), &NO_PAPER, later).unwrap(), Deed::Key("2"));
    assert_eq!(mind.decide(&unknown, &NO_PAPER, later).unwrap(), Deed::Look);
}

#[test]
fn an_unreadable_label_is_reprinted_as_spoilt() {
    let (mut mind, _folder) = worker(None);
    let now = Instant::now();
    mind.decide(&packing("weigh", ""), &NO_PAPER, now).unwrap();
    let spoilt = Paper { printed: 8, spoilt: true };
    let printed = packing("scan_back", "printed");
    assert_eq!(mind.decide(&printed, &spoilt, now).unwrap(), Deed::Press("reprint"));
    assert_eq!(mind.decide(&packing("reprint_reason", ""), &spoilt, now).unwrap(), Deed::Key("1"));
}

#[test]
fn a_parcel_that_does_not_pass_the_gate_is_lifted_before_it_is_laid_down_again() {
    let (mut mind, _folder) = worker(None);
    let weigh = packing("weigh", "");
    let deeds: Vec<Deed> = (0..3).map(|_| mind.decide(&weigh, &NO_PAPER, Instant::now()).unwrap()).collect();
    assert!(matches!(deeds[..], [Deed::Lay(_), Deed::Lift, Deed::Lay(_)]), "{deeds:?}");
}

#[test]
fn a_sealed_parcel_is_remembered_though_the_station_died_over_its_scan() {
    let (mut mind, _folder) = worker(None);
    let now = Instant::now();
    mind.decide(&packing("weigh", ""), &NO_PAPER, now).unwrap();
    let paper = Paper { printed: 8, spoilt: false };
    let printed = packing("scan_back", "printed");
    mind.decide(&printed, &paper, now).unwrap();
    // The same screen again: the scan was not answered.
    mind.decide(&printed, &paper, now).unwrap();
    let idle = view(json!({"kind": "idle"}), json!({}));
    mind.decide(&idle, &paper, now).unwrap();
    assert_eq!((mind.done().packed, mind.parcels.next("SF").unwrap().as_str()), (1, "SF1300000000001"));
}

#[test]
fn totes_come_before_walks_walks_before_waves_and_cages_last() {
    let (mut mind, _folder) = worker(None);
    let totes = json!([{"tote": "TOTE-0002", "orders": 3}]);
    let walks = json!([{"tote": null}]);
    let ready = json!([{"carrier": "ZTO", "orders": 9}]);
    let cages = json!([{"cage": "CAGE-SF-01", "carrier": "SF", "caged": 0, "waiting": 1}]);
    mind.parcels.put_down("SF", "SF1300000000001").unwrap();
    let mut choose = |today: Value| mind.choose(&view(json!({"kind": "idle"}), today).today);
    let all = json!({"totes": totes, "walks": walks, "ready": ready, "cages": cages});
    assert_eq!(choose(all), Deed::Scan("TOTE-0002".to_owned()));
    let no_totes = json!({"walks": walks, "ready": ready, "cages": cages});
    assert_eq!(choose(no_totes), Deed::Call(json!({"command": "begin_walk", "walk": null})));
    let only_ready = json!({"ready": ready, "cages": cages});
    assert_eq!(choose(only_ready), Deed::Call(json!({"command": "release_wave", "carrier": "ZTO"})));
    assert_eq!(choose(json!({"cages": cages})), Deed::Scan("CAGE-SF-01".to_owned()));
    assert_eq!(choose(json!({})), Deed::Nothing);
}

#[test]
fn a_tote_in_use_is_passed_over_and_a_refused_one_not_tried_again() {
    let (mut mind, _folder) = worker(None);
    let today = json!({"totes": [{"tote": "TOTE-0001", "orders": 1}], "walks": [{"tote": "TOTE-0002"}]});
    let screen = json!({"walk": "W1", "step": "tote", "wanted_tote": null, "line": null, "lines_done": 0});
    let mut begin = view(json!({"kind": "walk", "screen": screen}), today);
    let now = Instant::now();
    assert_eq!(mind.decide(&begin, &NO_PAPER, now).unwrap(), Deed::Scan("TOTE-0003".to_owned()));
    begin.answer.feedback = json!({"kind": "wrong", "mistake": {"code": "wrong_tote"}});
    assert_eq!(mind.decide(&begin, &NO_PAPER, now).unwrap(), Deed::Scan("TOTE-0004".to_owned()));
}

#[test]
fn a_shift_of_a_given_number_leaves_the_next_parcel_untouched() {
    let (mut mind, _folder) = worker(Some(1));
    mind.done.packed = 1;
    let deed = mind.decide(&packing("parts", ""), &NO_PAPER, Instant::now()).unwrap();
    assert_eq!(deed, Deed::Call(json!({"command": "leave_task"})));
    assert_eq!(mind.choose(&view(json!({"kind": "idle"}), json!({})).today), Deed::End);
}
