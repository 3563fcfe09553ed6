//! What follows from a fact besides stock: order states, walks, totes, journals, cages.
//!
//! Each arm is the whole consequence of one fact, so that the tables can be rebuilt by replaying the log. Facts with no
//! arm move goods or a task's own state, and nothing here.

use super::labels;
use anyhow::Result;
use liangcang_domain::fact::{Fact, Goods, Recorded};
use liangcang_domain::id::{OrderNo, WalkId};
use liangcang_domain::order::OrderState;
use liangcang_domain::stock::Place;
use liangcang_domain::task::walk::{Line, LineKind, Walk, WalkPlan};
use sqlx::{Row as _, SqliteConnection};

/// Applies one fact to the views.
pub(super) async fn apply(tx: &mut SqliteConnection, recorded: &Recorded) -> Result<()> {
    let at = recorded.at.0;
    let task = super::facts::task_of(&recorded.fact);
    match task.split(':').next() {
        Some("walk") => of_walk(tx, &recorded.fact).await,
        Some("pack") => of_pack(tx, &recorded.fact, at).await,
        Some("cage") => of_cage(tx, &recorded.fact, at).await,
        _ => of_no_task(tx, &recorded.fact, at).await,
    }
}

async fn of_no_task(tx: &mut SqliteConnection, fact: &Fact, at: i64) -> Result<()> {
    match fact {
        Fact::WaveReleased { wave, carrier, cutoff, walks } => {
            sqlx::query("INSERT INTO wave VALUES ($1, $2, $3, $4)")
                .bind(wave.as_str())
                .bind(carrier.as_str())
                .bind(cutoff.0)
                .bind(at)
                .execute(&mut *tx)
                .await?;
            for walk in walks {
                open_walk(tx, walk, false).await?;
            }
            Ok(())
        }
        Fact::PutBackOpened { walk } => open_walk(tx, walk, true).await,
        Fact::OrderCancelled { order } => cancel(tx, order).await,
        Fact::OrderShort { order } => set_state(tx, order, OrderState::Short).await,
        Fact::CountOpened { bin, sku } => {
            sqlx::query("INSERT INTO count_task VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(bin.as_str())
                .bind(sku.as_str())
                .bind(at)
                .execute(&mut *tx)
                .await?;
            Ok(())
        }
        Fact::ScanOutUndone { order, .. } => {
            set_state(tx, order, OrderState::Packed).await?;
            sqlx::query("UPDATE orders SET cage = '' WHERE no = $1")
                .bind(order.as_str())
                .execute(&mut *tx)
                .await?;
            sqlx::query("DELETE FROM caged WHERE order_no = $1")
                .bind(order.as_str())
                .execute(&mut *tx)
                .await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn of_walk(tx: &mut SqliteConnection, fact: &Fact) -> Result<()> {
    match fact {
        Fact::WalkStarted { walk, tote } => {
            sqlx::query("UPDATE walk SET state = 'walking', tote = $2 WHERE id = $1")
                .bind(walk.as_str())
                .bind(tote.as_str())
                .execute(&mut *tx)
                .await?;
            sqlx::query("UPDATE orders SET state = 'picking', tote = $2 WHERE walk = $1 AND walk <> '' AND state = 'released'")
                .bind(walk.as_str())
                .bind(tote.as_str())
                .execute(&mut *tx)
                .await?;
        }
        Fact::Picked { walk, goods, bin, .. } => {
            allocate(tx, walk, bin.as_str(), goods, -goods.qty.0).await?
        }
        Fact::PickUndone { walk, goods, bin, .. } => {
            allocate(tx, walk, bin.as_str(), goods, goods.qty.0).await?
        }
        Fact::LinesAdded { walk, lines } => {
            for line in lines.iter().filter(|line| line.kind == LineKind::Pick) {
                allocate(tx, walk, line.bin.as_str(), &goods_of(line), line.qty.0).await?;
            }
        }
        Fact::WalkFinished { walk } => finish_walk(tx, walk).await?,
        _ => {}
    }
    Ok(())
}

async fn of_pack(tx: &mut SqliteConnection, fact: &Fact, at: i64) -> Result<()> {
    match fact {
        Fact::PackStarted { order, .. } => set_state(tx, order, OrderState::Packing).await,
        Fact::Weighed { order, gross, .. } => {
            sqlx::query("UPDATE orders SET gross_g = $2 WHERE no = $1")
                .bind(order.as_str())
                .bind(gross.0)
                .execute(&mut *tx)
                .await?;
            Ok(())
        }
        Fact::LabelRequested { order, waybill, print, reprint } => {
            labels::request(tx, order, waybill, print, *reprint, at).await
        }
        Fact::LabelMoved { print, to, why, .. } => labels::advance(tx, print, *to, why.as_deref(), at).await,
        Fact::Packed { order, .. } => {
            set_state(tx, order, OrderState::Packed).await?;
            leave_tote(tx, order).await
        }
        Fact::PackReturned { order, .. } => leave_tote(tx, order).await,
        _ => Ok(()),
    }
}

async fn of_cage(tx: &mut SqliteConnection, fact: &Fact, at: i64) -> Result<()> {
    match fact {
        Fact::ScannedOut { order, waybill, cage, carrier, .. } => {
            set_state(tx, order, OrderState::HandedOver).await?;
            cage_parcel(tx, order.as_str(), waybill.as_str(), cage.as_str(), carrier.as_str(), at).await
        }
        Fact::HandedOver { manifest, gross, .. } => {
            sqlx::query("UPDATE manifest SET closed_at = $2, gross_g = $3 WHERE id = $1")
                .bind(manifest.as_str())
                .bind(at)
                .bind(gross.0)
                .execute(&mut *tx)
                .await?;
            labels::hand_over(tx, manifest.as_str(), at).await
        }
        _ => Ok(()),
    }
}

async fn set_state(tx: &mut SqliteConnection, order: &OrderNo, state: OrderState) -> Result<()> {
    sqlx::query("UPDATE orders SET state = $2 WHERE no = $1")
        .bind(order.as_str())
        .bind(state.as_str())
        .execute(&mut *tx)
        .await?;
    Ok(())
}

async fn cancel(tx: &mut SqliteConnection, order: &OrderNo) -> Result<()> {
    // A sealed parcel keeps lying somewhere: it is remembered until somebody takes it out.
    sqlx::query("UPDATE orders SET cancelled_sealed = (state = 'packed') WHERE no = $1")
        .bind(order.as_str())
        .execute(&mut *tx)
        .await?;
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM orders WHERE no = $1")
        .bind(order.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    // What a bench holds stays its own until the goods are back in the tote (`PackReturned`).
    if state.as_deref() != Some(OrderState::Packing.as_str()) {
        leave_tote(tx, order).await?;
    }
    set_state(tx, order, OrderState::Cancelled).await
}

/// The order's goods are no longer the tote's.
async fn leave_tote(tx: &mut SqliteConnection, order: &OrderNo) -> Result<()> {
    sqlx::query("UPDATE orders SET tote = '' WHERE no = $1").bind(order.as_str()).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM allotment WHERE order_no = $1").bind(order.as_str()).execute(&mut *tx).await?;
    Ok(())
}

fn goods_of(line: &Line) -> Goods {
    Goods { sku: line.sku.clone(), lot: line.lot.clone(), qty: line.qty }
}

async fn open_walk(tx: &mut SqliteConnection, plan: &WalkPlan, put_back: bool) -> Result<()> {
    let orders = plan.orders();
    sqlx::query(
        "INSERT INTO walk (id, wave, state, tote, put_back, lines, orders, weight_g, plan)
         VALUES ($1, $2, 'open', $3, $4, $5, $6, 0, $7)",
    )
    .bind(plan.id.as_str())
    .bind(plan.wave.as_str())
    .bind(plan.tote.as_ref().map_or("", |tote| tote.as_str()))
    .bind(i64::from(put_back))
    .bind(i64::try_from(plan.lines.len())?)
    .bind(i64::try_from(orders.len())?)
    .bind(serde_json::to_string(plan)?)
    .execute(&mut *tx)
    .await?;
    for line in &plan.lines {
        if line.kind == LineKind::Pick {
            allocate(tx, &plan.id, line.bin.as_str(), &goods_of(line), line.qty.0).await?;
        }
        sqlx::query(
            "UPDATE walk SET weight_g = weight_g + $2 * coalesce((SELECT json_extract(body, '$.gross_weight_g')
             FROM reference WHERE kind = 'sku' AND id = $3), 0) WHERE id = $1",
        )
        .bind(plan.id.as_str())
        .bind(line.qty.0)
        .bind(line.sku.as_str())
        .execute(&mut *tx)
        .await?;
    }
    for order in &orders {
        sqlx::query("UPDATE orders SET state = 'released', wave = $2, walk = $3 WHERE no = $1")
            .bind(order.as_str())
            .bind(plan.wave.as_str())
            .bind(plan.id.as_str())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn allocate(
    tx: &mut SqliteConnection,
    walk: &WalkId,
    bin: &str,
    goods: &Goods,
    change: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO allocation VALUES ($1, $2, $3, $4, max($5, 0))
         ON CONFLICT (walk, bin, sku, lot) DO UPDATE SET qty = max(qty + $5, 0)",
    )
    .bind(walk.as_str())
    .bind(bin)
    .bind(goods.sku.as_str())
    .bind(goods.lot.as_str())
    .bind(change)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Deals the walk's goods to its orders, as the engine says, and lets go of what it no longer claims.
async fn finish_walk(tx: &mut SqliteConnection, id: &WalkId) -> Result<()> {
    let walk = super::tasks::replay_walk(tx, id).await?;
    let tote = walk.tote.clone().unwrap_or_default();
    for (order, goods) in walk.allotted() {
        sqlx::query(
            "INSERT INTO allotment VALUES ($1, $2, $3, $4)
             ON CONFLICT (order_no, sku, lot) DO UPDATE SET qty = qty + excluded.qty",
        )
        .bind(order.as_str())
        .bind(goods.sku.as_str())
        .bind(goods.lot.as_str())
        .bind(goods.qty.0)
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query(
        "UPDATE orders SET state = 'picked', tote = $2 WHERE walk = $1 AND walk <> '' AND state = 'picking'",
    )
    .bind(id.as_str())
    .bind(tote.as_str())
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE walk SET state = 'finished' WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM allocation WHERE walk = $1").bind(id.as_str()).execute(&mut *tx).await?;
    debug_assert!(tote_holds(tx, &walk).await?, "a finished walk's goods are in its tote");
    Ok(())
}

/// Whether the tote holds at least what the walk allotted (other walks' goods may lie beside it).
async fn tote_holds(tx: &mut SqliteConnection, walk: &Walk) -> Result<bool> {
    let Some(tote) = walk.tote.clone() else { return Ok(true) };
    for (_, goods) in walk.allotted() {
        let there: Option<i64> =
            sqlx::query("SELECT qty FROM stock WHERE place = $1 AND sku = $2 AND lot = $3")
                .bind(Place::Tote(tote.clone()).to_string())
                .bind(goods.sku.as_str())
                .bind(goods.lot.as_str())
                .fetch_optional(&mut *tx)
                .await?
                .map(|row| row.get(0));
        if there.unwrap_or(0) < goods.qty.0 {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn cage_parcel(
    tx: &mut SqliteConnection,
    order: &str,
    waybill: &str,
    cage: &str,
    carrier: &str,
    at: i64,
) -> Result<()> {
    sqlx::query("UPDATE orders SET cage = $2 WHERE no = $1").bind(order).bind(cage).execute(&mut *tx).await?;
    let manifest = super::tasks::open_manifest(tx, cage).await?;
    let manifest = match manifest {
        Some(manifest) => manifest,
        None => {
            let id = super::tasks::next_manifest(tx, carrier, at).await?;
            sqlx::query("INSERT INTO manifest (id, carrier, cage, opened_at) VALUES ($1, $2, $3, $4)")
                .bind(id.as_str())
                .bind(carrier)
                .bind(cage)
                .bind(at)
                .execute(&mut *tx)
                .await?;
            id
        }
    };
    sqlx::query(
        "INSERT INTO caged VALUES ($1, (SELECT coalesce(max(position), 0) + 1 FROM caged WHERE manifest = $1), $2, $3)",
    )
    .bind(manifest.as_str())
    .bind(order)
    .bind(waybill)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
