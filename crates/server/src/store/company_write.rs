//! Writing the company's tables: every row by its key, new or changed; nothing is deleted.

use crate::database::{Transaction, query};
use anyhow::{Context, Result};
use liangcang_domain::catalogue::{Bundle, Packaging, Sku};
use liangcang_domain::warehouse::{Carrier, Warehouse};
use serde::Serialize;

use super::company::Company;

/// Writes what `files` says. Opening stock that `before` already has is left as it was taken.
///
/// # Errors
/// Of the database, naming the row.
pub async fn write(conn: &mut Transaction, files: &Company, before: &Company) -> Result<()> {
    for warehouse in files.warehouses.values() {
        write_warehouse(conn, warehouse).await.with_context(|| format!("warehouse {}", warehouse.id))?;
    }
    for carrier in files.carriers.values() {
        write_carrier(conn, carrier).await.with_context(|| format!("carrier {}", carrier.id))?;
    }
    for sku in files.skus.values() {
        write_sku(conn, sku).await.with_context(|| format!("SKU {}", sku.id))?;
    }
    // After all SKUs, so that a barcode may move from one to another in one import.
    for sku in files.skus.values() {
        write_barcodes(conn, sku).await.with_context(|| format!("barcodes of SKU {}", sku.id))?;
    }
    for bundle in files.bundles.values() {
        write_bundle(conn, bundle).await.with_context(|| format!("bundle {}", bundle.id))?;
    }
    for packaging in files.packaging.values() {
        write_packaging(conn, packaging).await.with_context(|| format!("packaging {}", packaging.id))?;
    }
    write_freight(conn, files).await?;
    write_floor(conn, files).await?;
    write_stock(conn, files, before).await?;
    write_carriage(conn, files).await
}

fn json(list: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(list)?)
}

async fn write_warehouse(conn: &mut Transaction, warehouse: &Warehouse) -> Result<()> {
    let sql = "INSERT INTO warehouse (id, name, sender_name, sender_phone, sender_address, provinces)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, sender_name = excluded.sender_name,
            sender_phone = excluded.sender_phone, sender_address = excluded.sender_address,
            provinces = excluded.provinces";
    query(sql)
        .bind(warehouse.id.as_str())
        .bind(&warehouse.name)
        .bind(&warehouse.sender.name)
        .bind(&warehouse.sender.phone)
        .bind(&warehouse.sender.address)
        .bind(json(&warehouse.provinces)?)
        .execute(conn)
        .await?;
    let head = "INSERT INTO feed_head (warehouse, seq) VALUES ($1, 0) ON CONFLICT (warehouse) DO NOTHING";
    query(head).bind(warehouse.id.as_str()).execute(conn).await?;
    Ok(())
}

async fn write_carrier(conn: &mut Transaction, carrier: &Carrier) -> Result<()> {
    let sql = "INSERT INTO carrier (id, name, service, cutoff_minute, provinces) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, service = excluded.service,
            cutoff_minute = excluded.cutoff_minute, provinces = excluded.provinces";
    query(sql)
        .bind(carrier.id.as_str())
        .bind(&carrier.name)
        .bind(&carrier.service)
        .bind(carrier.cutoff_minute)
        .bind(json(&carrier.provinces)?)
        .execute(conn)
        .await?;
    Ok(())
}

async fn write_sku(conn: &mut Transaction, sku: &Sku) -> Result<()> {
    let sql =
        "INSERT INTO sku (id, name, short_name, spoken_zh, spoken_en, gross_weight_g, length_mm, width_mm,
            height_mm, shelf_life_days, fragility, packaging_class)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,
            spoken_zh = excluded.spoken_zh, spoken_en = excluded.spoken_en,
            gross_weight_g = excluded.gross_weight_g, length_mm = excluded.length_mm,
            width_mm = excluded.width_mm, height_mm = excluded.height_mm,
            shelf_life_days = excluded.shelf_life_days, fragility = excluded.fragility,
            packaging_class = excluded.packaging_class";
    let fragility = serde_json::to_value(sku.fragility)?;
    query(sql)
        .bind(sku.id.as_str())
        .bind(&sku.name)
        .bind(&sku.short_name)
        .bind(&sku.spoken_zh)
        .bind(&sku.spoken_en)
        .bind(sku.gross_weight_g.0)
        .bind(sku.size.length_mm.0)
        .bind(sku.size.width_mm.0)
        .bind(sku.size.height_mm.0)
        .bind(sku.shelf_life_days)
        .bind(fragility.as_str().unwrap_or_default())
        .bind(&sku.packaging_class)
        .execute(conn)
        .await?;
    Ok(())
}

async fn write_barcodes(conn: &mut Transaction, sku: &Sku) -> Result<()> {
    query("DELETE FROM barcode WHERE sku = $1").bind(sku.id.as_str()).execute(conn).await?;
    let sql = "INSERT INTO barcode (code, sku, rank) VALUES ($1, $2, $3)
        ON CONFLICT (code) DO UPDATE SET sku = excluded.sku, rank = excluded.rank";
    for (rank, code) in (0_i64..).zip(&sku.barcodes) {
        query(sql).bind(code).bind(sku.id.as_str()).bind(rank).execute(conn).await?;
    }
    Ok(())
}

async fn write_bundle(conn: &mut Transaction, bundle: &Bundle) -> Result<()> {
    let sql =
        "INSERT INTO bundle (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    query(sql).bind(bundle.id.as_str()).bind(&bundle.name).execute(conn).await?;
    query("DELETE FROM component WHERE bundle = $1").bind(bundle.id.as_str()).execute(conn).await?;
    for (rank, part) in (0_i64..).zip(&bundle.components) {
        query("INSERT INTO component (bundle, rank, sku, qty) VALUES ($1, $2, $3, $4)")
            .bind(bundle.id.as_str())
            .bind(rank)
            .bind(part.sku.as_str())
            .bind(part.qty.0)
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn write_packaging(conn: &mut Transaction, packaging: &Packaging) -> Result<()> {
    let sql = "INSERT INTO packaging (id, name, class, tare_g, length_mm, width_mm, height_mm, max_weight_g)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, class = excluded.class, tare_g = excluded.tare_g,
            length_mm = excluded.length_mm, width_mm = excluded.width_mm, height_mm = excluded.height_mm,
            max_weight_g = excluded.max_weight_g";
    query(sql)
        .bind(packaging.id.as_str())
        .bind(&packaging.name)
        .bind(&packaging.class)
        .bind(packaging.tare_g.0)
        .bind(packaging.inner.length_mm.0)
        .bind(packaging.inner.width_mm.0)
        .bind(packaging.inner.height_mm.0)
        .bind(packaging.max_weight_g.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// What carrying costs, and how much a warehouse can send out. A rate or a limit the files leave out is gone: it would
/// be followed and seen nowhere.
async fn write_freight(conn: &mut Transaction, files: &Company) -> Result<()> {
    for warehouse in files.warehouses.keys() {
        for sql in [
            "DELETE FROM freight WHERE warehouse = $1",
            "DELETE FROM warehouse_capacity WHERE warehouse = $1",
        ] {
            query(sql).bind(warehouse.as_str()).execute(conn).await?;
        }
    }
    for ((warehouse, province), rate) in &files.freight {
        query(
            "INSERT INTO freight (warehouse, province, first_kg_fen, further_kg_fen) VALUES ($1, $2, $3, $4)",
        )
        .bind(warehouse.as_str())
        .bind(province)
        .bind(rate.first_kg_fen.0)
        .bind(rate.further_kg_fen.0)
        .execute(conn)
        .await
        .with_context(|| format!("freight from {warehouse} to {province}"))?;
    }
    for (warehouse, orders) in &files.daily_orders {
        query("INSERT INTO warehouse_capacity (warehouse, daily_orders) VALUES ($1, $2)")
            .bind(warehouse.as_str())
            .bind(*orders)
            .execute(conn)
            .await
            .with_context(|| format!("daily orders of {warehouse}"))?;
    }
    Ok(())
}

/// People, totes, cages and bins.
async fn write_floor(conn: &mut Transaction, files: &Company) -> Result<()> {
    let sql = "INSERT INTO operator (warehouse, id, name, lead) VALUES ($1, $2, $3, $4)
        ON CONFLICT (warehouse, id) DO UPDATE SET name = excluded.name, lead = excluded.lead";
    for ((at, id), operator) in &files.operators {
        let row = query(sql)
            .bind(at.as_str())
            .bind(id.as_str())
            .bind(&operator.name)
            .bind(i64::from(operator.lead));
        row.execute(conn).await.with_context(|| format!("operator {id}"))?;
    }
    for (at, id) in &files.totes {
        let sql = "INSERT INTO tote (warehouse, id) VALUES ($1, $2) ON CONFLICT (warehouse, id) DO NOTHING";
        query(sql).bind(at.as_str()).bind(id.as_str()).execute(conn).await?;
    }
    for ((at, id), carrier) in &files.cages {
        let sql = "INSERT INTO cage (warehouse, id, carrier) VALUES ($1, $2, $3)
            ON CONFLICT (warehouse, id) DO UPDATE SET carrier = excluded.carrier";
        query(sql).bind(at.as_str()).bind(id.as_str()).bind(carrier.as_str()).execute(conn).await?;
    }
    let sql = "INSERT INTO bin (warehouse, id, zone, aisle, bay, level, check_digits)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (warehouse, id) DO UPDATE SET zone = excluded.zone, aisle = excluded.aisle, bay = excluded.bay,
            level = excluded.level, check_digits = excluded.check_digits";
    for ((at, id), bin) in &files.bins {
        let row = query(sql)
            .bind(at.as_str())
            .bind(id.as_str())
            .bind(&bin.zone)
            .bind(bin.aisle)
            .bind(bin.bay)
            .bind(bin.level)
            .bind(&bin.check_digits);
        row.execute(conn).await.with_context(|| format!("bin {id} of {at}"))?;
    }
    Ok(())
}

/// Lots, and opening stock with the pools it fills.
async fn write_stock(conn: &mut Transaction, files: &Company, before: &Company) -> Result<()> {
    let sql = "INSERT INTO lot (sku, id, mfg_date, expiry) VALUES ($1, $2, $3, $4)
        ON CONFLICT (sku, id) DO UPDATE SET mfg_date = excluded.mfg_date, expiry = excluded.expiry";
    for ((sku, id), lot) in &files.lots {
        let row = query(sql).bind(sku.as_str()).bind(id.as_str()).bind(&lot.mfg_date).bind(&lot.expiry);
        row.execute(conn).await.with_context(|| format!("lot {id} of {sku}"))?;
    }
    for (key, qty) in files.opening.iter().filter(|(key, _)| !before.opening.contains_key(key)) {
        let (at, bin, sku, lot) = key;
        query("INSERT INTO opening_stock (warehouse, bin, sku, lot, qty) VALUES ($1, $2, $3, $4, $5)")
            .bind(at.as_str())
            .bind(bin.as_str())
            .bind(sku.as_str())
            .bind(lot.as_str())
            .bind(qty.0)
            .execute(conn)
            .await
            .with_context(|| format!("opening stock {at} {bin} {sku} {lot}"))?;
        let grow = "INSERT INTO pool (warehouse, sku, on_hand, held, shipped) VALUES ($1, $2, $3, 0, 0)
            ON CONFLICT (warehouse, sku) DO UPDATE SET on_hand = pool.on_hand + excluded.on_hand";
        query(grow).bind(at.as_str()).bind(sku.as_str()).bind(qty.0).execute(conn).await?;
    }
    Ok(())
}

/// Leased waybill numbers, and what carriers print for a city.
async fn write_carriage(conn: &mut Transaction, files: &Company) -> Result<()> {
    // A longer lease of the same numbers grows the range; one that was cut does not take back numbers in use.
    let sql = "INSERT INTO waybill_range (carrier, prefix, first, last, digits, next) VALUES ($1, $2, $3, $4, $5, $3)
        ON CONFLICT (carrier, prefix, first) DO UPDATE SET last = excluded.last
        WHERE excluded.last > waybill_range.last";
    for range in &files.ranges {
        query(sql)
            .bind(range.carrier.as_str())
            .bind(&range.prefix)
            .bind(i64::try_from(range.first)?)
            .bind(i64::try_from(range.last)?)
            .bind(i64::try_from(range.digits)?)
            .execute(conn)
            .await
            .with_context(|| {
                format!("waybill numbers {}{} of {}", range.prefix, range.first, range.carrier)
            })?;
    }
    query("UPDATE company_revision SET revision = revision + 1 WHERE id = 1").execute(conn).await?;
    let sql =
        "INSERT INTO route (carrier, province, city, route_code, consolidation) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (carrier, province, city) DO UPDATE SET route_code = excluded.route_code,
            consolidation = excluded.consolidation";
    for route in &files.routes {
        query(sql)
            .bind(route.carrier.as_str())
            .bind(&route.province)
            .bind(&route.city)
            .bind(&route.route_code)
            .bind(&route.consolidation)
            .execute(conn)
            .await?;
    }
    Ok(())
}
