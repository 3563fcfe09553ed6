//! Documents as PDF: labels and hand-over manifests, drawn from the replica when asked for.

use crate::clock;
use crate::printing::{LabelFacts, size_of};
use crate::settings::LabelSize;
use crate::store::orders;
use crate::store::reference::Reference;
use anyhow::{Context as _, Result};
use liangcang_devices::label::{LabelFont, Manifest, ManifestParcel, labels_pdf, manifest_pdf};
use liangcang_domain::id::{CarrierId, ManifestId, OrderNo, PrintId};
use liangcang_domain::seal::SealKey;
use liangcang_domain::unit::Grams;
use sqlx::{Row as _, SqlitePool};

/// What the store keeps of one print.
#[derive(Clone, Debug)]
pub(crate) struct LabelRow {
    pub order: OrderNo,
    pub gross: Grams,
    pub reprint: Option<String>,
    pub requested_at: i64,
}

/// What the store keeps of a print.
pub(crate) async fn label_row<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
    print: &PrintId,
) -> Result<LabelRow> {
    let row = sqlx::query(
        "SELECT label.order_no, coalesce(orders.gross_g, 0), label.reprint, label.requested_at
         FROM label JOIN orders ON orders.no = label.order_no WHERE label.print = $1",
    )
    .bind(print.as_str())
    .fetch_optional(executor)
    .await?
    .with_context(|| format!("no label {print}"))?;
    let reprint: Option<String> = row.get(2);
    Ok(LabelRow {
        order: OrderNo(row.get(0)),
        gross: Grams(row.get(1)),
        reprint: reprint.as_deref().map(reprint_words).map(str::to_owned),
        requested_at: row.get(3),
    })
}

fn reprint_words(stored: &str) -> &'static str {
    match stored {
        "\"spoilt\"" => "面单损坏",
        "\"missing\"" => "面单未出",
        _ => "重新打包",
    }
}

/// One label as PDF, from the same layout as the printer's bitmap.
///
/// # Errors
/// When there is no such print, or the drawing fails.
pub(crate) async fn label(
    readers: &SqlitePool,
    seal: &SealKey,
    reference: &Reference,
    font: &LabelFont,
    print: &PrintId,
    size: LabelSize,
) -> Result<Vec<u8>> {
    let row = label_row(readers, print).await?;
    let order = orders::whole(readers, seal, &row.order).await?;
    let carrier = reference.carriers.get(&order.carrier);
    let facts = LabelFacts {
        carrier_name: carrier.map_or_else(|| order.carrier.to_string(), |known| known.name.clone()),
        service: carrier.map(|known| known.service.clone()).unwrap_or_default(),
        sender: reference.warehouse.as_ref().map(|known| known.sender.clone()).unwrap_or_default(),
        gross: row.gross,
        print: print.clone(),
        reprint: row.reprint,
        printed_at: clock::minute(row.requested_at),
    };
    Ok(labels_pdf(&[facts.content(&order)], size_of(size), font)?)
}

/// A hand-over's manifest as PDF.
///
/// # Errors
/// When there is no such hand-over, or the drawing fails.
pub(crate) async fn manifest(
    readers: &SqlitePool,
    reference: &Reference,
    font: &LabelFont,
    id: &ManifestId,
) -> Result<Vec<u8>> {
    let head =
        sqlx::query("SELECT carrier, cage, coalesce(closed_at, opened_at) FROM manifest WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(readers)
            .await?
            .with_context(|| format!("no hand-over {id}"))?;
    let carrier = CarrierId(head.get(0));
    let rows = sqlx::query(
        "SELECT caged.waybill_no, caged.order_no, coalesce(orders.gross_g, 0) FROM caged
         JOIN orders ON orders.no = caged.order_no WHERE caged.manifest = $1 ORDER BY caged.position",
    )
    .bind(id.as_str())
    .fetch_all(readers)
    .await?;
    let operator: Option<String> =
        sqlx::query_scalar("SELECT operator FROM fact WHERE task = $1 ORDER BY seq DESC LIMIT 1")
            .bind(format!("cage:{}", head.get::<String, _>(1)))
            .fetch_optional(readers)
            .await?;
    let operator = operator.unwrap_or_default();
    let name =
        reference.operators.get(&operator.as_str().into()).map_or(operator, |known| known.name.clone());
    let manifest = Manifest {
        manifest_no: id.0.clone(),
        warehouse: reference.warehouse.as_ref().map(|known| known.name.clone()).unwrap_or_default(),
        carrier: reference.carriers.get(&carrier).map_or(carrier.0, |known| known.name.clone()),
        cage: head.get(1),
        operator: name,
        handed_over_at: clock::minute(head.get(2)),
        parcels: rows
            .iter()
            .map(|row| ManifestParcel { waybill_no: row.get(0), order_no: row.get(1), weight_g: row.get(2) })
            .collect(),
    };
    Ok(manifest_pdf(&manifest, font)?)
}

impl crate::store::Store {
    /// What the store keeps of a print.
    pub(crate) async fn label_row(&mut self, print: &PrintId) -> Result<LabelRow> {
        label_row(&mut self.writer, print).await
    }
}
