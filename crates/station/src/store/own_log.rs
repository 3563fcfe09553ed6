//! Which entry of which of the station's logs a row of `fact` is.
//!
//! A replica that was restored or rebuilt writes a log of a higher epoch, while the facts of its earlier epochs may
//! still come back: rows are in the order they arrived here, spans say whose they are. Knows no message.

use super::sync::Identity;
use anyhow::Result;
use liangcang_sync::{Cursors, LogId};
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeMap;

/// Rows that follow each other in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first row of `fact`.
    pub first_row: i64,
    /// The last row.
    pub last_row: i64,
    /// The epoch of the log they are of.
    pub epoch: u32,
    /// The place of the first in that log.
    pub seq: i64,
}

impl Stretch {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.last_row - self.first_row + 1
    }
}

/// The station's logs, as its rows are spread over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLog {
    station: String,
    epoch: u32,
    stretches: Vec<Stretch>,
}

impl OwnLog {
    /// Reads how rows are spread over logs.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read(connection: &mut SqliteConnection, identity: &Identity) -> Result<Self> {
        let last_row: i64 =
            sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM fact").fetch_one(&mut *connection).await?;
        let rows = sqlx::query("SELECT first_row, epoch, seq FROM log_span ORDER BY first_row")
            .fetch_all(&mut *connection)
            .await?;
        let mut spans: Vec<(i64, u32, i64)> =
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        if spans.is_empty() {
            spans.push((1, identity.epoch, 1));
        }
        let ends = spans.iter().skip(1).map(|(next, ..)| next - 1).chain([last_row]);
        let stretches = spans
            .iter()
            .zip(ends)
            .map(|(&(first_row, epoch, seq), last_row)| Stretch { first_row, last_row, epoch, seq })
            .filter(|stretch| stretch.rows() > 0)
            .collect();
        Ok(Self { station: identity.station.clone(), epoch: identity.epoch, stretches })
    }

    fn log(&self, epoch: u32) -> LogId {
        LogId { writer: self.station.clone(), epoch }
    }

    /// How far each log has come here, by epoch; the current one is always there.
    #[must_use]
    pub fn heads(&self) -> BTreeMap<u32, i64> {
        let mut heads = BTreeMap::from([(self.epoch, 0)]);
        for stretch in &self.stretches {
            heads.insert(stretch.epoch, stretch.seq + stretch.rows() - 1);
        }
        heads
    }

    /// The same as cursors, for a message that says how far this replica has its own logs.
    ///
    /// # Errors
    /// When a stored number is none.
    pub fn cursors(&self) -> Result<Cursors> {
        let mut cursors = Cursors::default();
        for (epoch, head) in self.heads() {
            cursors.advance(&self.log(epoch), u64::try_from(head)?);
        }
        Ok(cursors)
    }

    /// What a reader with these cursors lacks, in the order of rows, so that each log comes in its own order.
    ///
    /// # Errors
    /// When a cursor is past any number a row has.
    pub fn after(&self, confirmed: &Cursors) -> Result<Vec<Stretch>> {
        let mut open = Vec::new();
        for stretch in &self.stretches {
            let has = i64::try_from(confirmed.of(&self.log(stretch.epoch)))?;
            let skip = (has - stretch.seq + 1).clamp(0, stretch.rows());
            if skip < stretch.rows() {
                open.push(Stretch {
                    first_row: stretch.first_row + skip,
                    seq: stretch.seq + skip,
                    ..*stretch
                });
            }
        }
        Ok(open)
    }
}

/// Says that the next row of `fact` is entry `seq` of the log of this epoch; `own` is the epoch of rows that no span
/// names yet.
pub(crate) async fn turn_to(tx: &mut SqliteConnection, own: u32, epoch: u32, seq: i64) -> Result<()> {
    sqlx::query("INSERT INTO log_span SELECT 1, $1, 1 WHERE NOT EXISTS (SELECT 1 FROM log_span)")
        .bind(own)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO log_span SELECT coalesce(max(seq), 0) + 1, $1, $2 FROM fact WHERE true
         ON CONFLICT (first_row) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq",
    )
    .bind(epoch)
    .bind(seq)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn stretch(first_row: i64, last_row: i64, epoch: u32, seq: i64) -> Stretch {
        Stretch { first_row, last_row, epoch, seq }
    }

    /// Ten rows before a restore, two written after it, three that came back, one more written.
    fn spread() -> OwnLog {
        let stretches =
            vec![stretch(1, 10, 1, 1), stretch(11, 12, 2, 1), stretch(13, 15, 1, 11), stretch(16, 16, 2, 3)];
        OwnLog { station: "SH-1".into(), epoch: 2, stretches }
    }

    #[test]
    fn each_log_is_counted_by_itself() {
        assert_eq!(spread().heads(), BTreeMap::from([(1, 13), (2, 3)]));
    }

    #[test]
    fn a_reader_gets_of_each_log_what_follows_its_cursor_in_order() {
        let log = spread();
        let mut confirmed = Cursors::default();
        assert_eq!(log.after(&confirmed).unwrap(), spread().stretches);
        confirmed.advance(&log.log(1), 11);
        confirmed.advance(&log.log(2), 1);
        let open = [stretch(12, 12, 2, 2), stretch(14, 15, 1, 12), stretch(16, 16, 2, 3)];
        assert_eq!(log.after(&confirmed).unwrap(), open);
        confirmed.advance(&log.log(1), 13);
        confirmed.advance(&log.log(2), 3);
        assert_eq!(log.after(&confirmed).unwrap(), []);
    }
}
