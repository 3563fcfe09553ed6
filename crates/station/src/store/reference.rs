//! Reference records: goods, people, carriers, places. Small, read whole at start and when the feed changes them.

use super::Store;
use anyhow::{Context as _, Result};
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::feed::Operator;
use liangcang_domain::id::{BinId, CageId, CarrierId, LotId, OperatorId, ToteId};
use liangcang_domain::warehouse::{Bin, Carrier, Warehouse};
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeMap;

/// Everything the loop keeps in memory of the reference records.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// Goods, bundles, packaging.
    pub catalogue: Catalogue,
    /// This warehouse, once known.
    pub warehouse: Option<Warehouse>,
    /// Carriers that fetch here.
    pub carriers: BTreeMap<CarrierId, Carrier>,
    /// People.
    pub operators: BTreeMap<OperatorId, Operator>,
    /// Totes.
    pub totes: Vec<ToteId>,
    /// Cages, by their code; whose they are follows from the code (`CAGE-SF-01`).
    pub cages: Vec<CageId>,
    /// Expiry (`YYYY-MM-DD`) by lot.
    pub expiry: BTreeMap<LotId, String>,
}

impl Reference {
    /// Reads all reference records.
    ///
    /// # Errors
    /// When one does not read: a replica that lies about goods must not be worked on.
    pub async fn read<'e>(executor: impl sqlx::Executor<'e, Database = sqlx::Sqlite>) -> Result<Self> {
        let rows =
            sqlx::query("SELECT kind, id, body FROM reference ORDER BY kind, id").fetch_all(executor).await?;
        let mut reference = Self::default();
        for row in rows {
            let (kind, id, body): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            take(&mut reference, &kind, id.clone(), &body).with_context(|| format!("reading {kind} {id}"))?;
        }
        Ok(reference)
    }

    /// The carrier a cage is for: the one whose id stands in its code.
    #[must_use]
    pub fn carrier_of(&self, cage: &CageId) -> Option<&Carrier> {
        let word = cage.as_str().split('-').nth(1)?;
        self.carriers.get(&CarrierId::from(word))
    }
}

/// Keeps one reference record.
pub(super) async fn put(
    tx: &mut SqliteConnection,
    kind: &str,
    id: &str,
    body: &impl serde::Serialize,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO reference VALUES ($1, $2, $3) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
    )
    .bind(kind)
    .bind(id)
    .bind(serde_json::to_string(body)?)
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps one bin.
pub(super) async fn put_bin(tx: &mut SqliteConnection, bin: &Bin) -> Result<()> {
    sqlx::query(
        "INSERT INTO bin VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET
         zone = excluded.zone, aisle = excluded.aisle, bay = excluded.bay, level = excluded.level,
         check_digits = excluded.check_digits",
    )
    .bind(bin.id.as_str())
    .bind(&bin.zone)
    .bind(bin.aisle)
    .bind(bin.bay)
    .bind(bin.level)
    .bind(&bin.check_digits)
    .execute(tx)
    .await?;
    Ok(())
}

impl Store {
    /// Reads all reference records.
    ///
    /// # Errors
    /// When one does not read: a replica that lies about goods must not be worked on.
    pub async fn reference(&mut self) -> Result<Reference> {
        Reference::read(&mut self.writer).await
    }

    /// A bin with its check digits.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn bin(&mut self, id: &BinId) -> Result<Option<Bin>> {
        let row = sqlx::query("SELECT id, zone, aisle, bay, level, check_digits FROM bin WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut self.writer)
            .await?;
        Ok(row.as_ref().map(|row| bin_of(row, 0)))
    }
}

/// A bin from six columns that begin at `at`.
pub(super) fn bin_of(row: &sqlx::sqlite::SqliteRow, at: usize) -> Bin {
    Bin {
        id: BinId(row.get(at)),
        zone: row.get(at + 1),
        aisle: row.get(at + 2),
        bay: row.get(at + 3),
        level: row.get(at + 4),
        check_digits: row.get(at + 5),
    }
}

fn take(reference: &mut Reference, kind: &str, id: String, body: &str) -> Result<()> {
    match kind {
        "sku" => reference.catalogue.put_sku(serde_json::from_str(body)?),
        "bundle" => reference.catalogue.put_bundle(serde_json::from_str(body)?),
        "packaging" => reference.catalogue.put_packaging(serde_json::from_str(body)?),
        "warehouse" => reference.warehouse = Some(serde_json::from_str(body)?),
        "carrier" => {
            reference.carriers.insert(CarrierId(id), serde_json::from_str(body)?);
        }
        "operator" => {
            reference.operators.insert(OperatorId(id), serde_json::from_str(body)?);
        }
        "tote" => reference.totes.push(ToteId(id)),
        "cage" => reference.cages.push(CageId(id)),
        "lot" => {
            let lot: liangcang_domain::feed::Lot = serde_json::from_str(body)?;
            reference.expiry.insert(LotId(id), lot.expiry);
        }
        other => anyhow::bail!("a reference record of the unknown kind {other}"),
    }
    Ok(())
}
