//! The station's own log: facts, and everything that follows from them, in one transaction.

use super::catch_up::CatchingUp;
use super::{Store, project};
use anyhow::{Context as _, Result, ensure};
use liangcang_domain::fact::{Fact, Recorded};
use liangcang_domain::id::{GestureId, OperatorId};
use liangcang_domain::stock::{Movement, Place};
use sqlx::SqliteConnection;

/// What is kept with a label besides its journal.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The print.
    pub print: liangcang_domain::id::PrintId,
    /// Its bytes for the printer.
    pub zpl: Vec<u8>,
}

impl Store {
    /// Refuses while the replica knows nothing of what it holds.
    fn knows_the_floor(&self) -> Result<()> {
        ensure!(self.catching_up != Some(CatchingUp::Rebuilt), "the replica is being filled from the server");
        Ok(())
    }

    /// Makes the facts of one gesture durable, all together, with stock, order states, journals and tasks.
    /// A gesture whose facts are here already changes nothing and is a success: a retry is harmless.
    ///
    /// # Errors
    /// When the disk refuses, or a movement asks for goods that are not where it says. Nothing is kept then.
    pub async fn record(&mut self, facts: &[Recorded], drawn: Option<&Drawn>) -> Result<()> {
        self.knows_the_floor()?;
        let mut tx = self.begin().await?;
        for (ordinal, recorded) in facts.iter().enumerate() {
            append(&mut tx, recorded, i64::try_from(ordinal)?).await?;
        }
        if let Some(Drawn { print, zpl }) = drawn {
            sqlx::query("UPDATE label SET zpl = $2 WHERE print = $1")
                .bind(print.as_str())
                .bind(zpl)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await.context("storing facts")
    }

    /// Receives opening stock as facts of this warehouse and forgets that it waited.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn receive_opening(&mut self, facts: &[Recorded]) -> Result<()> {
        self.knows_the_floor()?;
        let mut tx = self.begin().await?;
        for recorded in facts {
            append(&mut tx, recorded, 0).await?;
            // The gesture of an opening is the key it waited under.
            sqlx::query("DELETE FROM meta WHERE key = $1")
                .bind(recorded.gesture.as_str())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await.context("storing the opening stock")
    }

    /// Settles a cancelled order that waited for the loop, with the facts that deal with it.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn record_recall(&mut self, order: &str, facts: &[Recorded]) -> Result<()> {
        self.knows_the_floor()?;
        let mut tx = self.begin().await?;
        for (ordinal, recorded) in facts.iter().enumerate() {
            append(&mut tx, recorded, i64::try_from(ordinal)?).await?;
        }
        sqlx::query("DELETE FROM recall WHERE order_no = $1").bind(order).execute(&mut *tx).await?;
        tx.commit().await.context("storing a recall")
    }
}

/// Appends one fact and what follows from it; a fact that is here already is passed over.
pub(super) async fn append(tx: &mut SqliteConnection, recorded: &Recorded, ordinal: i64) -> Result<()> {
    let body = serde_json::to_string(recorded)?;
    let inserted: Option<i64> = sqlx::query_scalar(
        "INSERT INTO fact (gesture, ordinal, at, operator, task, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (gesture, ordinal) DO NOTHING RETURNING seq",
    )
    .bind(recorded.gesture.as_str())
    .bind(ordinal)
    .bind(recorded.at.0)
    .bind(recorded.by.as_str())
    .bind(task_of(&recorded.fact))
    .bind(body)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(seq) = inserted else { return Ok(()) };
    move_stock(tx, recorded, seq).await?;
    project::apply(tx, recorded).await
}

/// The key of the task a fact belongs to: what its state is rebuilt from.
pub(super) fn task_of(fact: &Fact) -> String {
    match fact {
        Fact::WalkStarted { walk, .. }
        | Fact::BinReached { walk, .. }
        | Fact::Picked { walk, .. }
        | Fact::PickUndone { walk, .. }
        | Fact::Shorted { walk, .. }
        | Fact::WalkRecalled { walk, .. }
        | Fact::LinesAdded { walk, .. }
        | Fact::PutBack { walk, .. }
        | Fact::WalkFinished { walk } => format!("walk:{walk}"),
        Fact::PackStarted { order, .. }
        | Fact::PartScanned { order, .. }
        | Fact::PartUndone { order, .. }
        | Fact::PackagingTaken { order, .. }
        | Fact::PackagingUndone { order }
        | Fact::Weighed { order, .. }
        | Fact::LabelRequested { order, .. }
        | Fact::LabelMoved { order, .. }
        | Fact::Packed { order, .. }
        | Fact::PackRecalled { order }
        | Fact::PackReturned { order, .. } => format!("pack:{order}"),
        Fact::ScannedOut { cage, .. } | Fact::HandedOver { cage, .. } => format!("cage:{cage}"),
        _ => String::new(),
    }
}

async fn move_stock(tx: &mut SqliteConnection, recorded: &Recorded, seq: i64) -> Result<()> {
    for movement in recorded.movements() {
        take_from(tx, &movement).await?;
        change(tx, &movement.to, &movement, movement.qty.0).await?;
        sqlx::query(
            "INSERT INTO movement (fact, sku, lot, qty, from_place, to_place, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(seq)
        .bind(movement.sku.as_str())
        .bind(movement.lot.as_str())
        .bind(movement.qty.0)
        .bind(movement.from.to_string())
        .bind(movement.to.to_string())
        .bind(movement.at.0)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Compare and write in one statement: a place that may not owe gives only what it has.
async fn take_from(tx: &mut SqliteConnection, movement: &Movement) -> Result<()> {
    if movement.from.may_owe() {
        return change(tx, &movement.from, movement, -movement.qty.0).await;
    }
    let taken = sqlx::query(
        "UPDATE stock SET qty = qty - $4 WHERE place = $1 AND sku = $2 AND lot = $3 AND qty >= $4",
    )
    .bind(movement.from.to_string())
    .bind(movement.sku.as_str())
    .bind(movement.lot.as_str())
    .bind(movement.qty.0)
    .execute(tx)
    .await?;
    let Movement { from, qty, sku, lot, .. } = movement;
    ensure!(taken.rows_affected() == 1, "{from} does not hold {qty} of {sku} lot {lot}");
    Ok(())
}

async fn change(tx: &mut SqliteConnection, place: &Place, movement: &Movement, by: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO stock VALUES ($1, $2, $3, $4)
         ON CONFLICT (place, sku, lot) DO UPDATE SET qty = qty + excluded.qty",
    )
    .bind(place.to_string())
    .bind(movement.sku.as_str())
    .bind(movement.lot.as_str())
    .bind(by)
    .execute(tx)
    .await?;
    Ok(())
}

/// The facts of one task, in order, with gesture and person: what a state is folded from.
pub(super) async fn of_task<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
    task: &str,
) -> Result<Vec<(Fact, GestureId, OperatorId)>> {
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM fact WHERE task = $1 ORDER BY seq")
        .bind(task)
        .fetch_all(executor)
        .await?;
    bodies
        .iter()
        .map(|body| {
            let recorded: Recorded = serde_json::from_str(body).context("reading a stored fact")?;
            Ok((recorded.fact, recorded.gesture, recorded.by))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::store::audit::audit;
    use crate::trouble::Trouble;
    use liangcang_domain::fact::Goods;
    use liangcang_domain::unit::{EpochMs, Qty};

    /// Goods received, and a sign-on of the same gesture.
    fn gesture(number: usize) -> Vec<Recorded> {
        let goods = Goods { sku: format!("SKU-{number}").into(), lot: "L1".into(), qty: Qty(1) };
        let facts = [Fact::Received { goods, bin: "A-01-01-1".into() }, Fact::SignedOn];
        let recorded = |fact| Recorded {
            gesture: GestureId(format!("gesture-{number}")),
            at: EpochMs(1),
            by: OperatorId::from("wang"),
            station: "SH-1".into(),
            fact,
        };
        facts.map(recorded).into()
    }

    async fn count(store: &mut Store) -> usize {
        let facts: i64 =
            sqlx::query_scalar("SELECT count(*) FROM fact").fetch_one(&mut store.writer).await.unwrap();
        usize::try_from(facts).unwrap()
    }

    #[tokio::test]
    async fn on_a_full_disk_no_gesture_is_stored_by_half_and_the_same_one_is_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).await.unwrap();
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut store.writer).await.unwrap();
        let room = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 3));
        sqlx::query(room).execute(&mut store.writer).await.unwrap();
        let (refused, why) = loop {
            let number = count(&mut store).await / 2;
            if let Err(error) = store.record(&gesture(number), None).await {
                break (number, format!("{error:#}"));
            }
        };
        assert_eq!(Trouble::of(&why), Some(Trouble::DiskFull), "{why}");
        assert_eq!(count(&mut store).await, refused * 2, "both facts of a gesture or none");
        assert_eq!(audit(&store.readers).await.unwrap().differences, Vec::<String>::new());

        sqlx::query("PRAGMA max_page_count = 100000").execute(&mut store.writer).await.unwrap();
        store.record(&gesture(refused), None).await.unwrap();
        assert_eq!(count(&mut store).await, refused * 2 + 2);
        assert_eq!(audit(&store.readers).await.unwrap().differences, Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_transaction_that_the_disk_broke_off_does_not_block_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).await.unwrap();
        let mut broken = store.begin().await.unwrap();
        append(&mut broken, &gesture(1)[0], 0).await.unwrap();
        // What SQLite does by itself when a full disk refuses a commit.
        sqlx::query("ROLLBACK").execute(&mut *broken).await.unwrap();
        broken.commit().await.unwrap_err();
        assert_eq!(count(&mut store).await, 0);
        store.record(&gesture(1), None).await.unwrap();
        assert_eq!(count(&mut store).await, 2);
    }

    #[tokio::test]
    async fn a_file_that_takes_no_writing_is_named_as_such_and_works_again_when_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).await.unwrap();
        sqlx::query("PRAGMA query_only = ON").execute(&mut store.writer).await.unwrap();
        let refused = store.record(&gesture(1), None).await.unwrap_err();
        assert_eq!(Trouble::of(&format!("{refused:#}")), Some(Trouble::ReadOnly), "{refused:#}");
        let tried = store.try_disk(EpochMs(1)).await.unwrap_err();
        assert_eq!(Trouble::of(&format!("{tried:#}")), Some(Trouble::ReadOnly), "{tried:#}");

        sqlx::query("PRAGMA query_only = OFF").execute(&mut store.writer).await.unwrap();
        store.record(&gesture(1), None).await.unwrap();
        assert_eq!(count(&mut store).await, 2);
    }
}
