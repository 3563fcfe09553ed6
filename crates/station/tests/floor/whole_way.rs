//! One order's whole way through the warehouse.

use crate::company::{order, waybill};
use crate::day::Day;
use liangcang_domain::code::Action;
use liangcang_domain::fact::Fact;

#[tokio::test]
async fn an_order_goes_from_the_feed_to_handed_over_and_the_server_has_every_fact_once() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("GIFT-A", 1), ("SALT", 2)])], "TOTE-0001").await;
    assert_eq!(day.state_of("1001").await, "picked");
    day.scan("ORD-1001").await;
    day.pack().await;
    assert_eq!(day.state_of("1001").await, "packed");
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.press(Action::Next).await;

    assert!(day.is_idle());
    assert_eq!(day.state_of("1001").await, "handed_over");
    day.server_has_every_fact_once().await;
    let facts = day.server.facts();
    let handed_over = facts.last().expect("facts");
    let expected = vec![waybill("1001", "SF").into()];
    assert!(matches!(&handed_over.fact, Fact::HandedOver { waybills, .. } if *waybills == expected));
    assert_eq!((day.stock("carrier", "RICE5").await, day.stock("carrier", "SALT").await), (1, 2));
    let findings = day.audit_is_clean().await;
    assert_eq!(findings.labels.get("handed_over"), Some(&1));
}
