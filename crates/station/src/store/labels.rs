//! The label journal in the store. Which step may follow which is the domain's table; the store keeps the last one.

use anyhow::{Context as _, Result, ensure};
use liangcang_domain::id::{OrderNo, PrintId, WaybillNo};
use liangcang_domain::label::{LabelState, ReprintReason};
use sqlx::SqliteConnection;

pub(super) async fn request(
    tx: &mut SqliteConnection,
    order: &OrderNo,
    waybill: &WaybillNo,
    print: &PrintId,
    reprint: Option<ReprintReason>,
    at: i64,
) -> Result<()> {
    let reprint = reprint.map(|reason| serde_json::to_string(&reason)).transpose()?;
    sqlx::query("INSERT INTO label VALUES ($1, $2, $3, 'requested', NULL, $4, $5, $5, NULL)")
        .bind(print.as_str())
        .bind(order.as_str())
        .bind(waybill.as_str())
        .bind(reprint)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn advance(
    tx: &mut SqliteConnection,
    print: &PrintId,
    to: LabelState,
    why: Option<&str>,
    at: i64,
) -> Result<()> {
    // The bytes are of no more use once the paper is proved or void.
    let done = matches!(to, LabelState::ScannedBack | LabelState::Voided | LabelState::HandedOver);
    let changed = sqlx::query(
        "UPDATE label SET state = $2, why = $3, moved_at = $4, zpl = CASE WHEN $5 THEN NULL ELSE zpl END
         WHERE print = $1",
    )
    .bind(print.as_str())
    .bind(to.as_str())
    .bind(why)
    .bind(at)
    .bind(i64::from(done))
    .execute(tx)
    .await?;
    ensure!(changed.rows_affected() == 1, "no label journal {print}");
    Ok(())
}

/// Labels of a manifest left the building with their parcels.
pub(super) async fn hand_over(tx: &mut SqliteConnection, manifest: &str, at: i64) -> Result<()> {
    sqlx::query(
        "UPDATE label SET state = 'handed_over', moved_at = $2 WHERE state = 'scanned_back'
         AND order_no IN (SELECT order_no FROM caged WHERE manifest = $1)",
    )
    .bind(manifest)
    .bind(at)
    .execute(tx)
    .await
    .context("closing the labels of a manifest")?;
    Ok(())
}
