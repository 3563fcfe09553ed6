//! Tasks from the store: a plan and the facts since, folded into a state.

use super::{Store, facts};
use anyhow::{Context as _, Result};
use liangcang_domain::fact::{Fact, Goods};
use liangcang_domain::id::{
    CageId, CarrierId, GestureId, LotId, ManifestId, OrderNo, PrintId, SkuId, ToteId, WalkId, WaybillNo,
};
use liangcang_domain::label::LabelState;
use liangcang_domain::order::OrderState;
use liangcang_domain::task::handover::{HandOver, Parcel};
use liangcang_domain::task::pack::{Pack, PackJob};
use liangcang_domain::task::walk::{Walk, WalkPlan};
use liangcang_domain::unit::{Grams, Qty};
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeSet;

// What a bench asks of all orders at every parcel. The index on totes and the one on walks leave out orders that have
// none, so each statement says `<> ''` once more: without it SQLite reads all hundred thousand.
const TOTE_QUEUE: &str = "SELECT no FROM orders
    WHERE tote = $1 AND tote <> '' AND state IN ('picked', 'packing', 'cancelled')
    ORDER BY state = 'cancelled' DESC, state = 'packing' DESC, (SELECT group_concat(sku || qty) FROM
    (SELECT sku, qty FROM allotment WHERE order_no = orders.no ORDER BY sku)), no";
const TOTE_TOTAL: &str = "SELECT count(*) FROM orders WHERE state <> 'cancelled' AND walk <> '' AND walk =
    (SELECT walk FROM orders WHERE tote = $1 AND tote <> '' AND state IN ('picked', 'packing') ORDER BY walk LIMIT 1)";
const NEIGHBOURS: &str =
    "SELECT DISTINCT allotment.sku FROM allotment JOIN orders ON orders.no = allotment.order_no
    WHERE orders.tote = $1 AND orders.tote <> '' AND orders.no <> $2";

/// The state of a walk, from its plan and its facts.
///
/// # Errors
/// When there is no such walk, or its records do not read.
pub async fn replay_walk(connection: &mut SqliteConnection, id: &WalkId) -> Result<Walk> {
    let plan: String = sqlx::query_scalar("SELECT plan FROM walk WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut *connection)
        .await?
        .with_context(|| format!("no walk {id}"))?;
    let mut walk = Walk::new(serde_json::from_str::<WalkPlan>(&plan)?);
    for (fact, gesture, by) in facts::of_task(connection, &format!("walk:{id}")).await? {
        walk.evolve(&fact, &gesture, &by);
    }
    Ok(walk)
}

/// The open manifest of a cage.
pub(super) async fn open_manifest(
    connection: &mut SqliteConnection,
    cage: &str,
) -> Result<Option<ManifestId>> {
    let id: Option<String> =
        sqlx::query_scalar("SELECT id FROM manifest WHERE cage = $1 AND closed_at IS NULL")
            .bind(cage)
            .fetch_optional(connection)
            .await?;
    Ok(id.map(ManifestId))
}

/// The id the next manifest of a carrier gets: the carrier, the day (UTC+8), and a count.
pub(super) async fn next_manifest(
    connection: &mut SqliteConnection,
    carrier: &str,
    at: i64,
) -> Result<ManifestId> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM manifest").fetch_one(connection).await?;
    Ok(ManifestId(format!("{carrier}-{}-{:04}", crate::clock::day(at), count + 1)))
}

impl Store {
    /// The state of a walk.
    ///
    /// # Errors
    /// As [`replay_walk`].
    pub async fn walk(&mut self, id: &WalkId) -> Result<Walk> {
        replay_walk(&mut self.writer, id).await
    }

    /// Whether there is such a walk and it is not finished.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_open(&mut self, id: &WalkId) -> Result<bool> {
        let sql = "SELECT count(*) FROM walk WHERE id = $1 AND state <> 'finished'";
        let open: i64 = sqlx::query_scalar(sql).bind(id.as_str()).fetch_one(&mut self.writer).await?;
        Ok(open > 0)
    }

    /// The wave and cut-off a walk belongs to.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn cutoff_of_walk(&mut self, id: &WalkId) -> Result<Option<i64>> {
        let sql = "SELECT wave.cutoff FROM walk JOIN wave ON wave.id = walk.wave WHERE walk.id = $1";
        Ok(sqlx::query_scalar(sql).bind(id.as_str()).fetch_optional(&mut self.writer).await?)
    }

    /// The walk to begin next: one under way first, then put-backs, then by id.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn next_walk(&mut self) -> Result<Option<WalkId>> {
        let sql = "SELECT id FROM walk WHERE state <> 'finished' ORDER BY state = 'walking' DESC, put_back DESC, id LIMIT 1";
        let id: Option<String> = sqlx::query_scalar(sql).fetch_optional(&mut self.writer).await?;
        Ok(id.map(WalkId))
    }

    /// Whether a tote has goods in it or a walk under way.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tote_in_use(&mut self, tote: &ToteId) -> Result<bool> {
        let goods: i64 = sqlx::query_scalar("SELECT count(*) FROM stock WHERE place = $1 AND qty > 0")
            .bind(format!("tote:{tote}"))
            .fetch_one(&mut self.writer)
            .await?;
        let walking: i64 =
            sqlx::query_scalar("SELECT count(*) FROM walk WHERE tote = $1 AND state = 'walking'")
                .bind(tote.as_str())
                .fetch_one(&mut self.writer)
                .await?;
        Ok(goods + walking > 0)
    }

    /// Orders in a tote that a bench can pack, the one under way first, like ones together.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tote_queue(&mut self, tote: &ToteId) -> Result<Vec<OrderNo>> {
        let rows: Vec<String> =
            sqlx::query_scalar(TOTE_QUEUE).bind(tote.as_str()).fetch_all(&mut self.writer).await?;
        Ok(rows.into_iter().map(OrderNo).collect())
    }

    /// Orders that were in a tote since its walk, packed ones included; at least those that still are.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tote_total(&mut self, tote: &ToteId, waiting: usize) -> Result<usize> {
        let total: i64 =
            sqlx::query_scalar(TOTE_TOTAL).bind(tote.as_str()).fetch_one(&mut self.writer).await?;
        Ok(usize::try_from(total)?.max(waiting))
    }

    /// The tote an order's goods lie in.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tote_of(&mut self, order: &OrderNo) -> Result<Option<ToteId>> {
        let tote: Option<String> = sqlx::query_scalar("SELECT tote FROM orders WHERE no = $1 AND tote <> ''")
            .bind(order.as_str())
            .fetch_optional(&mut self.writer)
            .await?;
        Ok(tote.map(ToteId))
    }

    /// SKUs of the other orders in a tote.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn neighbours(&mut self, order: &OrderNo, tote: &ToteId) -> Result<BTreeSet<SkuId>> {
        let skus: Vec<String> = sqlx::query_scalar(NEIGHBOURS)
            .bind(tote.as_str())
            .bind(order.as_str())
            .fetch_all(&mut self.writer)
            .await?;
        Ok(skus.into_iter().map(SkuId).collect())
    }

    /// What a label's journal says last, and of which order it is.
    ///
    /// # Errors
    /// When the store does not answer or a word is not one of the journal's.
    pub async fn label_state(&mut self, print: &PrintId) -> Result<Option<(OrderNo, LabelState)>> {
        let row = sqlx::query("SELECT order_no, state FROM label WHERE print = $1")
            .bind(print.as_str())
            .fetch_optional(&mut self.writer)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let word: String = row.get(1);
        let state = serde_json::from_value(word.into()).context("a label in no known state")?;
        Ok(Some((OrderNo(row.get(0)), state)))
    }

    /// What lies in a tote for an order.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn allotment(&mut self, order: &OrderNo) -> Result<Vec<Goods>> {
        let rows = sqlx::query("SELECT sku, lot, qty FROM allotment WHERE order_no = $1 ORDER BY sku, lot")
            .bind(order.as_str())
            .fetch_all(&mut self.writer)
            .await?;
        Ok(rows
            .iter()
            .map(|row| Goods { sku: SkuId(row.get(0)), lot: LotId(row.get(1)), qty: Qty(row.get(2)) })
            .collect())
    }

    /// Folds an order's bench facts into a parcel's state.
    ///
    /// # Errors
    /// When the store does not answer or a fact does not read.
    pub async fn replay_pack(&mut self, job: PackJob) -> Result<Pack> {
        let task = format!("pack:{}", job.order);
        let mut pack = Pack::new(job);
        for (fact, gesture, by) in facts::of_task(&mut self.writer, &task).await? {
            pack.evolve(&fact, &gesture, &by);
        }
        Ok(pack)
    }

    /// What the store knows of the parcel behind a waybill number.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn parcel(&mut self, waybill: &WaybillNo) -> Result<Option<Parcel>> {
        let sql = "SELECT no, carrier, state, coalesce(gross_g, 0), cancelled_sealed,
                   (SELECT print FROM label WHERE order_no = orders.no AND state = 'scanned_back' LIMIT 1)
                   FROM orders WHERE waybill_no = $1";
        let Some(row) = sqlx::query(sql).bind(waybill.as_str()).fetch_optional(&mut self.writer).await?
        else {
            return Ok(None);
        };
        let (order, state): (String, String) = (row.get(0), row.get(2));
        let goods = self.goods_in(&format!("parcel:{order}")).await?;
        Ok(Some(Parcel {
            order: OrderNo(order),
            waybill: waybill.clone(),
            print: PrintId(row.get::<Option<String>, _>(5).unwrap_or_default()),
            carrier: CarrierId(row.get(1)),
            gross: Grams(row.get(3)),
            goods,
            packed: state == OrderState::Packed.as_str(),
            cancelled: state == OrderState::Cancelled.as_str() || row.get::<i64, _>(4) != 0,
        }))
    }

    /// Goods in one place.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn goods_in(&mut self, place: &str) -> Result<Vec<Goods>> {
        let rows =
            sqlx::query("SELECT sku, lot, qty FROM stock WHERE place = $1 AND qty > 0 ORDER BY sku, lot")
                .bind(place)
                .fetch_all(&mut self.writer)
                .await?;
        Ok(rows
            .iter()
            .map(|row| Goods { sku: SkuId(row.get(0)), lot: LotId(row.get(1)), qty: Qty(row.get(2)) })
            .collect())
    }

    /// The hand-over of a cage: the one under way, or a new one.
    ///
    /// # Errors
    /// When the store does not answer or a fact does not read.
    pub async fn hand_over(&mut self, cage: &CageId, carrier: &CarrierId, at: i64) -> Result<HandOver> {
        let open = open_manifest(&mut self.writer, cage.as_str()).await?;
        let Some(id) = open else {
            let id = next_manifest(&mut self.writer, carrier.as_str(), at).await?;
            return Ok(HandOver::new(id, carrier.clone(), cage.clone()));
        };
        let mut hand_over = HandOver::new(id.clone(), carrier.clone(), cage.clone());
        let sql = "SELECT fact.body, coalesce(orders.gross_g, 0) FROM caged
                   JOIN orders ON orders.no = caged.order_no
                   JOIN fact ON fact.seq = (SELECT max(f.seq) FROM fact f WHERE f.task = $2
                        AND json_extract(f.body, '$.order') = caged.order_no)
                   WHERE caged.manifest = $1 ORDER BY caged.position";
        let rows = sqlx::query(sql)
            .bind(id.as_str())
            .bind(format!("cage:{cage}"))
            .fetch_all(&mut self.writer)
            .await?;
        for row in rows {
            let recorded: liangcang_domain::fact::Recorded = serde_json::from_str(row.get(0))?;
            hand_over.evolve(&recorded.fact, &recorded.gesture, Grams(row.get(1)));
        }
        Ok(hand_over)
    }

    /// The cage an order's parcel lies in, and whose it is, if the carrier has not taken it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open_cage_of(&mut self, order: &OrderNo) -> Result<Option<(CageId, CarrierId)>> {
        let sql =
            "SELECT manifest.cage, manifest.carrier FROM caged JOIN manifest ON manifest.id = caged.manifest
                   WHERE caged.order_no = $1 AND manifest.closed_at IS NULL";
        let row = sqlx::query(sql).bind(order.as_str()).fetch_optional(&mut self.writer).await?;
        Ok(row.map(|row| (CageId(row.get(0)), CarrierId(row.get(1)))))
    }

    /// Cages closed since a moment, latest last.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn closed_since(&mut self, at: i64) -> Result<Vec<ManifestId>> {
        let sql = "SELECT id FROM manifest WHERE closed_at >= $1 ORDER BY closed_at";
        let ids: Vec<String> = sqlx::query_scalar(sql).bind(at).fetch_all(&mut self.writer).await?;
        Ok(ids.into_iter().map(ManifestId).collect())
    }

    /// The walk an order is in, if that walk is not finished.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn live_walk_of(&mut self, order: &OrderNo) -> Result<Option<WalkId>> {
        let sql = "SELECT walk.id FROM orders JOIN walk ON walk.id = orders.walk
                   WHERE orders.no = $1 AND walk.state <> 'finished'";
        let id: Option<String> =
            sqlx::query_scalar(sql).bind(order.as_str()).fetch_optional(&mut self.writer).await?;
        Ok(id.map(WalkId))
    }

    /// Bins goods of a lot came from or lie in, to bring them back to: the fullest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn home_of(&mut self, sku: &SkuId, lot: &LotId) -> Result<Option<String>> {
        let sql = "SELECT substr(place, 5) FROM stock WHERE sku = $1 AND lot = $2 AND place LIKE 'bin:%'
                   ORDER BY qty DESC, place LIMIT 1";
        Ok(sqlx::query_scalar(sql)
            .bind(sku.as_str())
            .bind(lot.as_str())
            .fetch_optional(&mut self.writer)
            .await?)
    }

    /// Labels whose print was under way when the station stopped: `(print, order, state)`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn unfinished_prints(&mut self) -> Result<Vec<(PrintId, OrderNo, String)>> {
        let rows = sqlx::query(
            "SELECT print, order_no, state FROM label WHERE state IN ('requested', 'stored', 'sent')",
        )
        .fetch_all(&mut self.writer)
        .await?;
        Ok(rows.iter().map(|row| (PrintId(row.get(0)), OrderNo(row.get(1)), row.get(2))).collect())
    }

    /// Whether a gesture's facts are stored already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn knows_gesture(&mut self, gesture: &GestureId) -> Result<bool> {
        let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM fact WHERE gesture = $1 LIMIT 1")
            .bind(gesture.as_str())
            .fetch_optional(&mut self.writer)
            .await?;
        Ok(found.is_some())
    }
}

/// Whether a fact ends a task, so that the next may begin.
#[must_use]
pub fn ends_task(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::WalkFinished { .. } | Fact::Packed { .. } | Fact::PackReturned { .. } | Fact::HandedOver { .. }
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[tokio::test]
    async fn opening_a_parcel_reads_no_order_but_those_of_its_tote_and_walk() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).await.unwrap();
        for sql in [TOTE_QUEUE, TOTE_TOTAL, NEIGHBOURS] {
            let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let plan = sqlx::query(explain).fetch_all(&mut store.writer).await.unwrap();
            for step in
                plan.iter().map(|row| row.get::<String, _>("detail")).filter(|step| step.contains(" orders"))
            {
                let by_its_index = step.contains("orders_tote") || step.contains("orders_walk");
                assert!(by_its_index, "{step}: {sql}");
            }
        }
    }
}
