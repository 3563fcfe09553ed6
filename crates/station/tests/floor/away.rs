//! A server that is away, slow, or loses its answers: the floor works on, and nothing is lost or doubled.

use crate::company::order;
use crate::day::Day;
use liangcang_domain::fact::Fact;

/// Waits until the screen says how much waits for the server's word, and since when. What the server took just before
/// it went away, its answer lost, waits too.
async fn everything_pending_is_shown(day: &Day) {
    let facts = day.facts().await;
    let confirmed = day.confirmed().await;
    assert!(confirmed <= day.server.look(|kept| kept.facts()), "confirmed by nobody");
    let (waiting, oldest) = (i64::try_from(facts.len() - confirmed).expect("few"), facts[confirmed].at);
    day.until("what waits is shown", |view| {
        !view.sync.connected && view.sync.pending == waiting && view.sync.oldest_ms == Some(oldest)
    })
    .await;
}

#[tokio::test]
async fn work_goes_on_while_the_server_is_away_before_during_and_after_a_pack() {
    let mut day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 1)]), order("1002", "SF", &[("RICE5", 1)])];
    day.picked(&orders, "TOTE-0001").await;
    day.server_has_every_fact_once().await;

    // Away before the first pack, back during the second.
    day.server.go_away().await;
    day.scan("TOTE-0001").await;
    day.pack().await;
    everything_pending_is_shown(&day).await;
    assert!(day.view().sync.why.is_some() && day.view().sync.last_success_ms.is_some());
    day.scan("SKU-RICE5").await;
    day.server.come_back().await;
    day.server_has_every_fact_once().await;

    // Away again from here to after its end.
    day.server.go_away().await;
    day.pack().await;
    assert!(day.is_idle());
    everything_pending_is_shown(&day).await;
    day.server.come_back().await;
    day.server_has_every_fact_once().await;
    assert_eq!(day.server.look(|kept| kept.doubled), 0);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_parcel_finished_while_cut_off_is_complete_once_after_a_restart() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day.weigh_in().await;
    day.until_label(&[liangcang_domain::label::LabelState::Printed]).await;
    day.server.go_away().await;
    day.scan(day.parcel().waybill.as_str()).await;
    day.crash_and_restart().await;
    everything_pending_is_shown(&day).await;

    day.server.come_back().await;
    day.server_has_every_fact_once().await;
    let packed = day.server.facts().iter().filter(|one| matches!(one.fact, Fact::Packed { .. })).count();
    assert_eq!(packed, 1);
    day.scan("TOTE-0001").await;
    assert!(day.is_idle(), "nothing is left to pack");
}

#[tokio::test]
async fn an_answer_that_got_lost_doubles_nothing() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.server.behave(|kept| kept.loses_answers = true);
    day.scan("TOTE-0001").await;
    day.pack().await;
    day.server.until("facts come again that it has", |kept| kept.doubled > 0).await;
    day.server.behave(|kept| kept.loses_answers = false);
    day.server_has_every_fact_once().await;
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_slow_server_keeps_nobody_waiting() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.server_has_every_fact_once().await;
    let asked = day.server.look(|kept| kept.asked);
    day.server.behave(|kept| kept.holds = true);
    day.server.until("a question waits for its answer", |kept| kept.asked > asked).await;
    day.scan("TOTE-0001").await;
    day.pack().await;
    assert_eq!(day.state_of("1001").await, "packed");
    assert!(day.view().sync.pending > 0);
    day.server.behave(|kept| kept.holds = false);
    day.server_has_every_fact_once().await;
}
