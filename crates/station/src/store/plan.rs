//! What plans are made from: free stock, bins, the next wave's id.

use super::Store;
use super::reference::{Reference, bin_of};
use anyhow::Result;
use liangcang_domain::id::{CarrierId, LotId, SkuId, WaveId};
use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::Bin;
use liangcang_planner::short::BinStock;
use sqlx::Row as _;

impl Store {
    /// Units in bins that no unfinished walk claims, by bin, SKU and lot.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn free_stock(&mut self, reference: &Reference) -> Result<Vec<BinStock>> {
        let sql = "SELECT bin.id, bin.zone, bin.aisle, bin.bay, bin.level, bin.check_digits, stock.sku, stock.lot,
                   stock.qty - coalesce(claim.qty, 0) AS free
                   FROM stock JOIN bin ON stock.place = 'bin:' || bin.id
                   LEFT JOIN (SELECT bin, sku, lot, sum(qty) AS qty FROM allocation GROUP BY bin, sku, lot) AS claim
                   ON claim.bin = bin.id AND claim.sku = stock.sku AND claim.lot = stock.lot
                   WHERE stock.qty > 0 ORDER BY bin.id, stock.sku, stock.lot";
        let rows = sqlx::query(sql).fetch_all(&mut self.writer).await?;
        let mut free = Vec::new();
        for row in &rows {
            let (sku, lot, qty) = (SkuId(row.get(6)), LotId(row.get(7)), Qty(row.get(8)));
            if qty > Qty::ZERO {
                // A lot without a date is taken last: nobody can say it expires first.
                let expiry = reference.expiry.get(&lot).cloned().unwrap_or_else(|| "9999-12-31".to_owned());
                free.push(BinStock { bin: bin_of(row, 0), sku, lot, expiry, qty });
            }
        }
        Ok(free)
    }

    /// All bins, by id.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn bins(&mut self) -> Result<Vec<Bin>> {
        let rows = sqlx::query("SELECT id, zone, aisle, bay, level, check_digits FROM bin ORDER BY id")
            .fetch_all(&mut self.writer)
            .await?;
        Ok(rows.iter().map(|row| bin_of(row, 0)).collect())
    }

    /// The id of a carrier's next wave: the carrier and a count.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn next_wave(&mut self, carrier: &CarrierId) -> Result<WaveId> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM wave").fetch_one(&mut self.writer).await?;
        Ok(WaveId(format!("W{:04}-{carrier}", count + 1)))
    }
}
