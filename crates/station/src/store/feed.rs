//! Taking in the feed: entries of the server's log, in one transaction with the cursors.

use super::{Store, orders, reference, set_meta};
use anyhow::{Context as _, Result};
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::seal::SealKey;
use liangcang_sync::{Cursors, Entry, Taken};
use sqlx::SqliteConnection;

/// What a piece of feed touched, so that the loop knows what to read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Reference records.
    pub reference: bool,
    /// Orders.
    pub orders: bool,
    /// Cancelled orders that wait for the loop.
    pub recalls: bool,
    /// Opening stock to be received.
    pub opening: bool,
}

impl Store {
    /// Applies entries that are next in their logs, keeps those of a newer schema, and saves the cursors.
    ///
    /// # Errors
    /// When an entry does not read or the disk refuses; nothing is kept then, and the entries come again.
    pub async fn take_feed(&mut self, taken: &Taken) -> Result<Touched> {
        let mut touched = Touched::default();
        let seal = self.seal.clone();
        let mut tx = self.begin().await?;
        for entry in &taken.apply {
            let read: FeedEntry = serde_json::from_str(entry.body.get())
                .with_context(|| format!("reading entry {} of {}", entry.seq, entry.log.writer))?;
            apply(&mut tx, &seal, &read, &mut touched).await?;
        }
        for entry in &taken.aside {
            keep_aside(&mut tx, entry).await?;
        }
        save_cursors(&mut tx, "taken", &taken.cursors).await?;
        tx.commit().await.context("storing the feed")?;
        Ok(touched)
    }

    /// Applies one piece of a snapshot; the cursors come with the last piece.
    ///
    /// # Errors
    /// As [`Store::take_feed`].
    pub async fn take_snapshot(
        &mut self,
        entries: &[FeedEntry],
        cursors: Option<&Cursors>,
    ) -> Result<Touched> {
        let mut touched = Touched::default();
        let seal = self.seal.clone();
        let mut tx = self.begin().await?;
        for entry in entries {
            apply(&mut tx, &seal, entry, &mut touched).await?;
        }
        if let Some(cursors) = cursors {
            save_cursors(&mut tx, "taken", cursors).await?;
        }
        tx.commit().await.context("storing the snapshot")?;
        Ok(touched)
    }
}

/// Saves cursors of one direction.
pub(super) async fn save_cursors(
    tx: &mut SqliteConnection,
    direction: &str,
    cursors: &Cursors,
) -> Result<()> {
    for (log, seq) in cursors.iter() {
        sqlx::query(
            "INSERT INTO cursor VALUES ($1, $2, $3, $4)
             ON CONFLICT (direction, writer, epoch) DO UPDATE SET seq = max(seq, excluded.seq)",
        )
        .bind(direction)
        .bind(&log.writer)
        .bind(log.epoch)
        .bind(i64::try_from(seq)?)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn keep_aside(tx: &mut SqliteConnection, entry: &Entry) -> Result<()> {
    sqlx::query("INSERT INTO aside VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(&entry.log.writer)
        .bind(entry.log.epoch)
        .bind(i64::try_from(entry.seq)?)
        .bind(entry.schema)
        .bind(entry.body.get())
        .execute(tx)
        .await?;
    Ok(())
}

async fn apply(
    tx: &mut SqliteConnection,
    seal: &SealKey,
    entry: &FeedEntry,
    touched: &mut Touched,
) -> Result<()> {
    match entry {
        FeedEntry::Order { order } => {
            touched.orders = true;
            return orders::put(tx, seal, order).await;
        }
        FeedEntry::Cancelled { order, reason } => {
            touched.recalls = true;
            sqlx::query("INSERT INTO recall VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(order.as_str())
                .bind(reason)
                .execute(tx)
                .await?;
            return Ok(());
        }
        FeedEntry::Opening { goods, bin } => {
            touched.opening = true;
            // Kept as a record until the loop has received it as a fact of its own.
            let key = format!("opening:{bin}:{}:{}", goods.sku, goods.lot);
            set_meta(tx, &key, &goods.qty.to_string()).await?;
            return Ok(());
        }
        _ => touched.reference = true,
    }
    match entry {
        FeedEntry::Warehouse { warehouse } => {
            reference::put(tx, "warehouse", warehouse.id.as_str(), warehouse).await
        }
        FeedEntry::Carrier { carrier } => reference::put(tx, "carrier", carrier.id.as_str(), carrier).await,
        FeedEntry::Sku { sku } => reference::put(tx, "sku", sku.id.as_str(), sku).await,
        FeedEntry::Bundle { bundle } => reference::put(tx, "bundle", bundle.id.as_str(), bundle).await,
        FeedEntry::Packaging { packaging } => {
            reference::put(tx, "packaging", packaging.id.as_str(), packaging).await
        }
        FeedEntry::Operator { operator } => {
            reference::put(tx, "operator", operator.id.as_str(), operator).await
        }
        FeedEntry::Tote { tote } => reference::put(tx, "tote", tote.as_str(), tote).await,
        FeedEntry::Cage { cage } => reference::put(tx, "cage", cage.as_str(), cage).await,
        FeedEntry::Lot { lot } => reference::put(tx, "lot", lot.id.as_str(), lot).await,
        FeedEntry::Bin { bin } => reference::put_bin(tx, bin).await,
        FeedEntry::Order { .. } | FeedEntry::Cancelled { .. } | FeedEntry::Opening { .. } => Ok(()),
    }
}
