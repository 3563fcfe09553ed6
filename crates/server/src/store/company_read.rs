//! Reading the company's tables back into one value.

use anyhow::{Context, Result};
use liangcang_domain::catalogue::{Bundle, Catalogue, Component, Packaging, Size, Sku};
use liangcang_domain::feed::{Lot, Operator};
use liangcang_domain::unit::{Grams, Mm, Qty};
use liangcang_domain::warehouse::{Bin, Carrier, Sender, Warehouse};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, query, query_as};

use super::company::Company;
use crate::catalogue_files::{Route, WaybillRange};

/// Reads everything. O(rows).
///
/// # Errors
/// Of the database, or of a row no program of ours wrote.
pub async fn read(conn: &mut SqliteConnection) -> Result<Company> {
    let mut company = Company::default();
    goods(conn, &mut company).await?;
    for row in query("SELECT * FROM warehouse ORDER BY id").fetch_all(&mut *conn).await? {
        let warehouse = warehouse(&row)?;
        company.warehouses.insert(warehouse.id.clone(), warehouse);
    }
    company.carriers = carriers(conn).await?.into_iter().map(|it| (it.id.clone(), it)).collect();
    floor(conn, &mut company).await?;
    stock(conn, &mut company).await?;
    Ok(company)
}

/// Reads what orders are exploded by.
///
/// # Errors
/// As [`read`].
pub async fn catalogue(conn: &mut SqliteConnection) -> Result<Catalogue> {
    let mut company = Company::default();
    goods(conn, &mut company).await?;
    Ok(company.catalogue())
}

/// Reads who may carry an order, by id.
///
/// # Errors
/// As [`read`].
pub async fn carriers(conn: &mut SqliteConnection) -> Result<Vec<Carrier>> {
    query("SELECT * FROM carrier ORDER BY id").fetch_all(conn).await?.iter().map(carrier).collect()
}

async fn goods(conn: &mut SqliteConnection, company: &mut Company) -> Result<()> {
    for row in query("SELECT * FROM sku ORDER BY id").fetch_all(&mut *conn).await? {
        let sku = sku(&row)?;
        company.skus.insert(sku.id.clone(), sku);
    }
    let sql = "SELECT sku, code FROM barcode ORDER BY sku, rank";
    for (sku, code) in query_as::<_, (String, String)>(sql).fetch_all(&mut *conn).await? {
        company.skus.get_mut(&sku.into()).context("a barcode of no SKU")?.barcodes.push(code);
    }
    for (id, name) in query_as::<_, (String, String)>("SELECT id, name FROM bundle ORDER BY id")
        .fetch_all(&mut *conn)
        .await?
    {
        company.bundles.insert(id.as_str().into(), Bundle { id: id.into(), name, components: Vec::new() });
    }
    let sql = "SELECT bundle, sku, qty FROM component ORDER BY bundle, rank";
    for (bundle, sku, qty) in query_as::<_, (String, String, i64)>(sql).fetch_all(&mut *conn).await? {
        let bundle = company.bundles.get_mut(&bundle.into()).context("a component of no bundle")?;
        bundle.components.push(Component { sku: sku.into(), qty: Qty(qty) });
    }
    for row in query("SELECT * FROM packaging ORDER BY id").fetch_all(conn).await? {
        let packaging = packaging(&row)?;
        company.packaging.insert(packaging.id.clone(), packaging);
    }
    Ok(())
}

async fn floor(conn: &mut SqliteConnection, company: &mut Company) -> Result<()> {
    let sql = "SELECT warehouse, id, name, lead FROM operator ORDER BY warehouse, id";
    for (at, id, name, lead) in
        query_as::<_, (String, String, String, i64)>(sql).fetch_all(&mut *conn).await?
    {
        let operator = Operator { id: id.as_str().into(), name, lead: lead != 0 };
        company.operators.insert((at.into(), id.into()), operator);
    }
    for (at, id) in
        query_as::<_, (String, String)>("SELECT warehouse, id FROM tote").fetch_all(&mut *conn).await?
    {
        company.totes.insert((at.into(), id.into()));
    }
    let sql = "SELECT warehouse, id, carrier FROM cage";
    for (at, id, carrier) in query_as::<_, (String, String, String)>(sql).fetch_all(&mut *conn).await? {
        company.cages.insert((at.into(), id.into()), carrier.into());
    }
    for row in query("SELECT * FROM bin ORDER BY warehouse, id").fetch_all(conn).await? {
        let at: String = row.try_get("warehouse")?;
        let bin = bin(&row)?;
        company.bins.insert((at.into(), bin.id.clone()), bin);
    }
    Ok(())
}

async fn stock(conn: &mut SqliteConnection, company: &mut Company) -> Result<()> {
    let sql = "SELECT sku, id, mfg_date, expiry FROM lot ORDER BY sku, id";
    for (sku, id, mfg_date, expiry) in
        query_as::<_, (String, String, String, String)>(sql).fetch_all(&mut *conn).await?
    {
        let lot = Lot { id: id.as_str().into(), sku: sku.as_str().into(), mfg_date, expiry };
        company.lots.insert((sku.into(), id.into()), lot);
    }
    let sql = "SELECT warehouse, bin, sku, lot, qty FROM opening_stock ORDER BY warehouse, bin, sku, lot";
    let rows = query_as::<_, (String, String, String, String, i64)>(sql).fetch_all(&mut *conn).await?;
    for (at, bin, sku, lot, qty) in rows {
        company.opening.insert((at.into(), bin.into(), sku.into(), lot.into()), Qty(qty));
    }
    let sql =
        "SELECT carrier, prefix, first, last, digits FROM waybill_range ORDER BY carrier, prefix, first";
    let rows = query_as::<_, (String, String, i64, i64, i64)>(sql).fetch_all(&mut *conn).await?;
    for (carrier, prefix, first, last, digits) in rows {
        let (first, last) = (u64::try_from(first)?, u64::try_from(last)?);
        let digits = usize::try_from(digits)?;
        company.ranges.push(WaybillRange { carrier: carrier.into(), prefix, first, last, digits });
    }
    let sql = "SELECT carrier, province, city, route_code, consolidation FROM route ORDER BY carrier, province, city";
    let rows = query_as::<_, (String, String, String, String, String)>(sql).fetch_all(conn).await?;
    for (carrier, province, city, route_code, consolidation) in rows {
        company.routes.push(Route { carrier: carrier.into(), province, city, route_code, consolidation });
    }
    Ok(())
}

fn names(row: &SqliteRow) -> Result<Vec<String>> {
    serde_json::from_str(row.try_get("provinces")?).context("provinces are not a JSON array")
}

fn warehouse(row: &SqliteRow) -> Result<Warehouse> {
    let sender = Sender {
        name: row.try_get("sender_name")?,
        phone: row.try_get("sender_phone")?,
        address: row.try_get("sender_address")?,
    };
    let id: String = row.try_get("id")?;
    Ok(Warehouse { id: id.into(), name: row.try_get("name")?, sender, provinces: names(row)? })
}

fn carrier(row: &SqliteRow) -> Result<Carrier> {
    let id: String = row.try_get("id")?;
    Ok(Carrier {
        id: id.into(),
        name: row.try_get("name")?,
        service: row.try_get("service")?,
        cutoff_minute: row.try_get("cutoff_minute")?,
        provinces: names(row)?,
    })
}

fn size(row: &SqliteRow) -> Result<Size> {
    Ok(Size {
        length_mm: Mm(row.try_get("length_mm")?),
        width_mm: Mm(row.try_get("width_mm")?),
        height_mm: Mm(row.try_get("height_mm")?),
    })
}

fn sku(row: &SqliteRow) -> Result<Sku> {
    let id: String = row.try_get("id")?;
    let fragility: String = row.try_get("fragility")?;
    Ok(Sku {
        id: id.into(),
        name: row.try_get("name")?,
        short_name: row.try_get("short_name")?,
        spoken_zh: row.try_get("spoken_zh")?,
        spoken_en: row.try_get("spoken_en")?,
        barcodes: Vec::new(),
        gross_weight_g: Grams(row.try_get("gross_weight_g")?),
        size: size(row)?,
        shelf_life_days: row.try_get("shelf_life_days")?,
        fragility: serde_json::from_value(fragility.into())?,
        packaging_class: row.try_get("packaging_class")?,
    })
}

fn packaging(row: &SqliteRow) -> Result<Packaging> {
    let id: String = row.try_get("id")?;
    Ok(Packaging {
        id: id.into(),
        name: row.try_get("name")?,
        class: row.try_get("class")?,
        tare_g: Grams(row.try_get("tare_g")?),
        inner: size(row)?,
        max_weight_g: Grams(row.try_get("max_weight_g")?),
    })
}

fn bin(row: &SqliteRow) -> Result<Bin> {
    let id: String = row.try_get("id")?;
    Ok(Bin {
        id: id.into(),
        zone: row.try_get("zone")?,
        aisle: row.try_get("aisle")?,
        bay: row.try_get("bay")?,
        level: row.try_get("level")?,
        check_digits: row.try_get("check_digits")?,
    })
}
