//! The day's work, counted from small tables; never from a hundred thousand orders.

use super::{Store, reference::Reference};
use crate::view::{CageCard, ReadyCard, Sticky, Today, ToteCard, WalkCard, WaveCard};
use anyhow::Result;
use liangcang_domain::id::{CarrierId, OrderNo, ToteId, WalkId, WaveId};
use liangcang_domain::unit::{EpochMs, Grams};
use sqlx::Row as _;
use std::collections::BTreeMap;

/// Waves and totes shown; more fit on no screen.
const SHOWN: i64 = 24;

impl Store {
    /// The day's work.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn today(&mut self, reference: &Reference, now: EpochMs) -> Result<Today> {
        let tally = sqlx::query("SELECT wave, carrier, state, orders FROM tally WHERE orders > 0")
            .fetch_all(&mut self.writer)
            .await?;
        let mut today = Today::default();
        let mut waiting = BTreeMap::<String, i64>::new();
        let mut by_wave = BTreeMap::<String, BTreeMap<String, i64>>::new();
        for row in &tally {
            let (wave, carrier, state, orders): (String, String, String, i64) =
                (row.get(0), row.get(1), row.get(2), row.get(3));
            match state.as_str() {
                "ready" => today.ready.extend(ready_card(reference, &carrier, orders, now)),
                "short" => today.short += orders,
                "cancelled" => today.cancelled += orders,
                "packed" => *waiting.entry(carrier.clone()).or_default() += orders,
                _ => {}
            }
            if !wave.is_empty() {
                *by_wave.entry(wave).or_default().entry(state).or_default() += orders;
            }
        }
        today.waves = self.waves(reference, &by_wave).await?;
        today.walks = self.walks().await?;
        today.totes = self.totes().await?;
        today.cages = self.cages(reference, &waiting, now).await?;
        Ok(today)
    }

    async fn waves(
        &mut self,
        reference: &Reference,
        by_wave: &BTreeMap<String, BTreeMap<String, i64>>,
    ) -> Result<Vec<WaveCard>> {
        let rows = sqlx::query("SELECT id, carrier, cutoff FROM wave ORDER BY cutoff, id")
            .fetch_all(&mut self.writer)
            .await?;
        let mut cards = Vec::new();
        for row in rows {
            let (id, carrier): (String, String) = (row.get(0), row.get(1));
            let Some(states) = by_wave.get(&id) else { continue };
            let count = |names: &[&str]| names.iter().filter_map(|name| states.get(*name)).sum::<i64>();
            let gone = count(&["handed_over"]);
            let packed = count(&["packed"]) + gone;
            let dropped = count(&["short", "cancelled"]);
            let orders = states.values().sum::<i64>();
            if gone + dropped == orders && cards.len() >= 6 {
                continue;
            }
            cards.push(WaveCard {
                wave: WaveId(id),
                carrier_name: name_of(reference, &carrier),
                carrier: CarrierId(carrier),
                cutoff_ms: EpochMs(row.get(2)),
                orders,
                picked: count(&["picked", "packing"]) + packed,
                packed,
                handed_over: gone,
                dropped,
            });
        }
        Ok(cards)
    }

    async fn walks(&mut self) -> Result<Vec<WalkCard>> {
        let sql = "SELECT id, wave, lines, orders, weight_g, tote, put_back FROM walk
                   WHERE state <> 'finished' ORDER BY state = 'walking' DESC, put_back DESC, id LIMIT $1";
        let rows = sqlx::query(sql).bind(SHOWN).fetch_all(&mut self.writer).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let tote: String = row.get(5);
                WalkCard {
                    walk: WalkId(row.get(0)),
                    wave: WaveId(row.get(1)),
                    lines: row.get(2),
                    orders: row.get(3),
                    weight_g: Grams(row.get(4)),
                    tote: (!tote.is_empty()).then_some(ToteId(tote)),
                    put_back: row.get::<i64, _>(6) != 0,
                }
            })
            .collect())
    }

    async fn totes(&mut self) -> Result<Vec<ToteCard>> {
        let sql = "SELECT orders.tote, count(*), min(wave.cutoff) FROM orders LEFT JOIN wave ON wave.id = orders.wave
                   WHERE orders.tote <> '' AND orders.state IN ('picked', 'packing')
                   GROUP BY orders.tote ORDER BY max(orders.state = 'packing') DESC, min(wave.cutoff), orders.tote LIMIT $1";
        let rows = sqlx::query(sql).bind(SHOWN).fetch_all(&mut self.writer).await?;
        Ok(rows
            .iter()
            .map(|row| ToteCard {
                tote: ToteId(row.get(0)),
                orders: row.get(1),
                cutoff_ms: row.get::<Option<i64>, _>(2).map(EpochMs),
            })
            .collect())
    }

    async fn cages(
        &mut self,
        reference: &Reference,
        waiting: &BTreeMap<String, i64>,
        now: EpochMs,
    ) -> Result<Vec<CageCard>> {
        let sql = "SELECT manifest.cage, count(*) FROM manifest JOIN caged ON caged.manifest = manifest.id
                   WHERE manifest.closed_at IS NULL GROUP BY manifest.cage";
        let rows = sqlx::query(sql).fetch_all(&mut self.writer).await?;
        let caged: BTreeMap<String, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let mut cards = Vec::new();
        for cage in &reference.cages {
            let Some(carrier) = reference.carrier_of(cage) else { continue };
            cards.push(CageCard {
                cage: cage.clone(),
                carrier: carrier.id.clone(),
                carrier_name: carrier.name.clone(),
                cutoff_ms: carrier.next_cutoff(now),
                caged: caged.get(cage.as_str()).copied().unwrap_or(0),
                waiting: waiting.get(carrier.id.as_str()).copied().unwrap_or(0),
            });
        }
        Ok(cards)
    }

    /// What a person must act on, as far as the store knows it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sticky(&mut self) -> Result<Vec<Sticky>> {
        let mut sticky = Vec::new();
        let sql = "SELECT no FROM orders WHERE cancelled_sealed = 1 AND state = 'cancelled' LIMIT 5";
        for order in sqlx::query_scalar::<_, String>(sql).fetch_all(&mut self.writer).await? {
            sticky.push(Sticky::CancelledParcel { order: OrderNo(order) });
        }
        let sql = "SELECT id FROM walk WHERE put_back = 1 AND state <> 'finished' ORDER BY id LIMIT 5";
        for walk in sqlx::query_scalar::<_, String>(sql).fetch_all(&mut self.writer).await? {
            sticky.push(Sticky::PutBackWaiting { walk: WalkId(walk) });
        }
        let sql = "SELECT no FROM orders WHERE state = 'short' ORDER BY ship_by, no LIMIT 5";
        for order in sqlx::query_scalar::<_, String>(sql).fetch_all(&mut self.writer).await? {
            sticky.push(Sticky::OrderShort { order: OrderNo(order) });
        }
        Ok(sticky)
    }
}

fn ready_card(reference: &Reference, carrier: &str, orders: i64, now: EpochMs) -> Option<ReadyCard> {
    let known = reference.carriers.get(&CarrierId::from(carrier))?;
    let cutoff_ms = known.next_cutoff(now);
    Some(ReadyCard { carrier: known.id.clone(), carrier_name: known.name.clone(), cutoff_ms, orders })
}

fn name_of(reference: &Reference, carrier: &str) -> String {
    reference
        .carriers
        .get(&CarrierId::from(carrier))
        .map_or_else(|| carrier.to_owned(), |known| known.name.clone())
}
