//! The weight gate: what is missing or doubled does not pass, and one parcel is never weighed for two.

use crate::company::order;
use crate::day::Day;
use liangcang_domain::fact::Fact;
use liangcang_domain::label::LabelState;
use liangcang_domain::task::Mistake;
use liangcang_domain::task::pack::PackStep;

/// A day with two like orders in a tote, the first at the scale.
async fn at_the_scale() -> Day {
    let day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 2)]), order("1002", "SF", &[("RICE5", 2)])];
    day.picked(&orders, "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day
}

#[tokio::test]
async fn a_unit_scanned_twice_for_a_two_unit_line_is_caught_by_the_gate() {
    let day = at_the_scale().await;
    let expected = day.parcel().gate.expected_g.0;
    day.lay(expected - 5_050).await;
    assert!(matches!(day.mistake(), Mistake::TooLight { .. }), "{:?}", day.feedback());
    day.lay(expected + 5_050).await;
    assert!(matches!(day.mistake(), Mistake::TooHeavy { .. }), "{:?}", day.feedback());
    assert_eq!(day.parcel().step, PackStep::Weigh);
    assert_eq!(day.count_facts(|fact| matches!(fact, Fact::Weighed { .. })).await, 0);
    day.lay(expected).await;
    assert_ne!(day.parcel().step, PackStep::Weigh);
}

#[tokio::test]
async fn a_leads_badge_lets_a_refused_parcel_pass_and_another_badge_does_not() {
    let day = at_the_scale().await;
    let gross = day.parcel().gate.expected_g.0 + 400;
    day.scan("OP-li").await;
    assert_eq!(day.parcel().step, PackStep::Weigh, "nothing was refused that could pass");
    day.lay(gross).await;
    day.scan("OP-zhao").await;
    assert_eq!(day.parcel().step, PackStep::Weigh, "赵强 is no lead");
    day.scan("OP-li").await;
    day.until_label(&[LabelState::Printed]).await;
    let passed = |fact: &Fact| {
        matches!(fact, Fact::Weighed { gross: weight, allowed_by: Some(lead), .. }
            if weight.0 == gross && lead.as_str() == "li")
    };
    assert_eq!(day.count_facts(passed).await, 1);
    let working = day.view().operator.clone().expect("somebody works");
    assert_eq!(working.id.as_str(), "zhao", "the lead only let it pass");
}

#[tokio::test]
async fn a_lead_lets_pass_what_lies_on_the_scale_and_not_what_lay_there() {
    let day = at_the_scale().await;
    day.lay(day.parcel().gate.expected_g.0 + 400).await;
    assert!(matches!(day.mistake(), Mistake::TooHeavy { .. }));
    day.lay(0).await;
    day.scan("OP-li").await;
    assert_eq!(day.parcel().step, PackStep::Weigh);
    assert_eq!(day.view().operator.as_ref().map(|who| who.id.as_str()), Some("li"), "the badge signs on");
}

#[tokio::test]
async fn one_parcel_is_never_weighed_for_two() {
    let day = at_the_scale().await;
    let expected = day.parcel().gate.expected_g.0;
    day.weigh_in().await;
    day.until_label(&[LabelState::Printed]).await;
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(day.parcel().order.as_str(), "1002");
    day.box_up().await;
    assert_eq!(day.parcel().step, PackStep::Weigh, "the first parcel still lies there");
    day.lay(expected + 5).await;
    assert_eq!(day.parcel().step, PackStep::Weigh, "it was only moved");
    day.lay(0).await;
    day.lay(expected).await;
    assert_ne!(day.parcel().step, PackStep::Weigh);
}

#[tokio::test]
async fn a_parcel_that_lay_on_the_scale_when_the_station_died_is_not_weighed_for_the_next() {
    let mut day = at_the_scale().await;
    day.weigh_in().await;
    day.until_label(&[LabelState::Printed]).await;
    day.crash_and_restart().await;
    day.scan("TOTE-0001").await;
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(day.parcel().order.as_str(), "1002");
    day.box_up().await;
    assert_eq!(day.parcel().step, PackStep::Weigh, "the first parcel still lies there");
    day.lay(0).await;
    day.weigh_in().await;
}
