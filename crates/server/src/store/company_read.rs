//! Reading the company's tables back into one value.

use std::collections::BTreeMap;

use crate::database::{Row, Transaction, query};
use anyhow::{Context, Result};
use liangcang_domain::catalogue::{Bundle, Catalogue, Component, Packaging, Size, Sku};
use liangcang_domain::feed::{Lot, Operator};
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::{Grams, Mm, Qty};
use liangcang_domain::warehouse::{Bin, Carrier, Sender, Warehouse};

use super::company::Company;
use super::freight;
use crate::catalogue_files::{Route, WaybillRange};

/// Reads everything. O(rows).
///
/// # Errors
/// Of the database, or of a row no program of ours wrote.
pub async fn read(conn: &mut Transaction) -> Result<Company> {
    let mut company = Company::default();
    goods(conn, &mut company).await?;
    for row in query("SELECT * FROM warehouse ORDER BY id").rows(conn).await? {
        let warehouse = warehouse(&row)?;
        company.warehouses.insert(warehouse.id.clone(), warehouse);
    }
    company.carriers = carriers(conn).await?.into_iter().map(|it| (it.id.clone(), it)).collect();
    floor(conn, &mut company).await?;
    stock(conn, &mut company).await?;
    company.daily_orders = daily_orders(conn).await?;
    company.freight = freight::rates(conn).await?;
    Ok(company)
}

/// Reads what orders are exploded by.
///
/// # Errors
/// As [`read`].
pub async fn catalogue(conn: &mut Transaction) -> Result<Catalogue> {
    let mut company = Company::default();
    goods(conn, &mut company).await?;
    Ok(company.catalogue())
}

/// Reads who may carry an order, by id.
///
/// # Errors
/// As [`read`].
pub async fn carriers(conn: &mut Transaction) -> Result<Vec<Carrier>> {
    query("SELECT * FROM carrier ORDER BY id").rows(conn).await?.iter().map(carrier).collect()
}

/// Reads what one unit of each SKU weighs.
///
/// # Errors
/// As [`read`].
pub async fn weights(conn: &mut Transaction) -> Result<BTreeMap<SkuId, Grams>> {
    let rows = query("SELECT id, gross_weight_g FROM sku").all::<(String, i64)>(conn).await?;
    Ok(rows.into_iter().map(|(sku, weight)| (sku.into(), Grams(weight))).collect())
}

/// Reads how many orders a warehouse can send out on one day, where that is limited.
///
/// # Errors
/// As [`read`].
pub async fn daily_orders(conn: &mut Transaction) -> Result<BTreeMap<WarehouseId, i64>> {
    let rows =
        query("SELECT warehouse, daily_orders FROM warehouse_capacity").all::<(String, i64)>(conn).await?;
    Ok(rows.into_iter().map(|(warehouse, orders)| (warehouse.into(), orders)).collect())
}

async fn goods(conn: &mut Transaction, company: &mut Company) -> Result<()> {
    for row in query("SELECT * FROM sku ORDER BY id").rows(conn).await? {
        let sku = sku(&row)?;
        company.skus.insert(sku.id.clone(), sku);
    }
    let sql = "SELECT sku, code FROM barcode ORDER BY sku, rank";
    for (sku, code) in query(sql).all::<(String, String)>(conn).await? {
        company.skus.get_mut(&sku.into()).context("a barcode of no SKU")?.barcodes.push(code);
    }
    for (id, name) in query("SELECT id, name FROM bundle ORDER BY id").all::<(String, String)>(conn).await? {
        company.bundles.insert(id.as_str().into(), Bundle { id: id.into(), name, components: Vec::new() });
    }
    let sql = "SELECT bundle, sku, qty FROM component ORDER BY bundle, rank";
    for (bundle, sku, qty) in query(sql).all::<(String, String, i64)>(conn).await? {
        let bundle = company.bundles.get_mut(&bundle.into()).context("a component of no bundle")?;
        bundle.components.push(Component { sku: sku.into(), qty: Qty(qty) });
    }
    for row in query("SELECT * FROM packaging ORDER BY id").rows(conn).await? {
        let packaging = packaging(&row)?;
        company.packaging.insert(packaging.id.clone(), packaging);
    }
    Ok(())
}

async fn floor(conn: &mut Transaction, company: &mut Company) -> Result<()> {
    let sql = "SELECT warehouse, id, name, lead FROM operator ORDER BY warehouse, id";
    for (at, id, name, lead) in query(sql).all::<(String, String, String, i64)>(conn).await? {
        let operator = Operator { id: id.as_str().into(), name, lead: lead != 0 };
        company.operators.insert((at.into(), id.into()), operator);
    }
    for (at, id) in query("SELECT warehouse, id FROM tote").all::<(String, String)>(conn).await? {
        company.totes.insert((at.into(), id.into()));
    }
    let sql = "SELECT warehouse, id, carrier FROM cage";
    for (at, id, carrier) in query(sql).all::<(String, String, String)>(conn).await? {
        company.cages.insert((at.into(), id.into()), carrier.into());
    }
    for row in query("SELECT * FROM bin ORDER BY warehouse, id").rows(conn).await? {
        let at: String = row.get("warehouse")?;
        let bin = bin(&row)?;
        company.bins.insert((at.into(), bin.id.clone()), bin);
    }
    Ok(())
}

async fn stock(conn: &mut Transaction, company: &mut Company) -> Result<()> {
    let sql = "SELECT sku, id, mfg_date, expiry FROM lot ORDER BY sku, id";
    for (sku, id, mfg_date, expiry) in query(sql).all::<(String, String, String, String)>(conn).await? {
        let lot = Lot { id: id.as_str().into(), sku: sku.as_str().into(), mfg_date, expiry };
        company.lots.insert((sku.into(), id.into()), lot);
    }
    let sql = "SELECT warehouse, bin, sku, lot, qty FROM opening_stock ORDER BY warehouse, bin, sku, lot";
    let rows = query(sql).all::<(String, String, String, String, i64)>(conn).await?;
    for (at, bin, sku, lot, qty) in rows {
        company.opening.insert((at.into(), bin.into(), sku.into(), lot.into()), Qty(qty));
    }
    let sql =
        "SELECT carrier, prefix, first, last, digits FROM waybill_range ORDER BY carrier, prefix, first";
    let rows = query(sql).all::<(String, String, i64, i64, i64)>(conn).await?;
    for (carrier, prefix, first, last, digits) in rows {
        let (first, last) = (u64::try_from(first)?, u64::try_from(last)?);
        let digits = usize::try_from(digits)?;
        company.ranges.push(WaybillRange { carrier: carrier.into(), prefix, first, last, digits });
    }
    let sql = "SELECT carrier, province, city, route_code, consolidation FROM route ORDER BY carrier, province, city";
    let rows = query(sql).all::<(String, String, String, String, String)>(conn).await?;
    for (carrier, province, city, route_code, consolidation) in rows {
        company.routes.push(Route { carrier: carrier.into(), province, city, route_code, consolidation });
    }
    Ok(())
}

fn names(row: &Row) -> Result<Vec<String>> {
    serde_json::from_str(&row.get::<String>("provinces")?).context("provinces are not a JSON array")
}

fn warehouse(row: &Row) -> Result<Warehouse> {
    let sender = Sender {
        name: row.get("sender_name")?,
        phone: row.get("sender_phone")?,
        address: row.get("sender_address")?,
    };
    let id: String = row.get("id")?;
    Ok(Warehouse { id: id.into(), name: row.get("name")?, sender, provinces: names(row)? })
}

fn carrier(row: &Row) -> Result<Carrier> {
    let id: String = row.get("id")?;
    Ok(Carrier {
        id: id.into(),
        name: row.get("name")?,
        service: row.get("service")?,
        cutoff_minute: row.get::<i64>("cutoff_minute")?.try_into()?,
        provinces: names(row)?,
    })
}

fn size(row: &Row) -> Result<Size> {
    Ok(Size {
        length_mm: Mm(row.get("length_mm")?),
        width_mm: Mm(row.get("width_mm")?),
        height_mm: Mm(row.get("height_mm")?),
    })
}

fn sku(row: &Row) -> Result<Sku> {
    let id: String = row.get("id")?;
    let fragility: String = row.get("fragility")?;
    Ok(Sku {
        id: id.into(),
        name: row.get("name")?,
        short_name: row.get("short_name")?,
        spoken_zh: row.get("spoken_zh")?,
        spoken_en: row.get("spoken_en")?,
        barcodes: Vec::new(),
        gross_weight_g: Grams(row.get("gross_weight_g")?),
        size: size(row)?,
        shelf_life_days: row.get("shelf_life_days")?,
        fragility: serde_json::from_value(fragility.into())?,
        packaging_class: row.get("packaging_class")?,
    })
}

fn packaging(row: &Row) -> Result<Packaging> {
    let id: String = row.get("id")?;
    Ok(Packaging {
        id: id.into(),
        name: row.get("name")?,
        class: row.get("class")?,
        tare_g: Grams(row.get("tare_g")?),
        inner: size(row)?,
        max_weight_g: Grams(row.get("max_weight_g")?),
    })
}

fn bin(row: &Row) -> Result<Bin> {
    let id: String = row.get("id")?;
    Ok(Bin {
        id: id.into(),
        zone: row.get("zone")?,
        aisle: row.get::<i64>("aisle")?.try_into()?,
        bay: row.get::<i64>("bay")?.try_into()?,
        level: row.get::<i64>("level")?.try_into()?,
        check_digits: row.get("check_digits")?,
    })
}
