//! What the office's pages choose from: `GET /api/planning`, goods, warehouses with what is free in each, usual risk
//! rules; `GET /api/import/mappings`, the names of stored mappings.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use liangcang_domain::risk::Rules;
use serde::Serialize;
use serde_json::{Value, json};

use crate::database::query;
use crate::http::door::FromOffice;
use crate::http::{App, Refusal};
use crate::store::mapping;

/// Everything a plan can name.
#[derive(Debug, Serialize)]
pub struct Planning {
    skus: Vec<Named>,
    bundles: Vec<Bundle>,
    warehouses: Vec<Warehouse>,
    rules: Rules,
}

#[derive(Debug, Serialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Bundle {
    id: String,
    name: String,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    sku: String,
    qty: i64,
}

#[derive(Debug, Serialize)]
struct Warehouse {
    id: String,
    name: String,
    free: Vec<Free>,
}

/// Units nobody holds.
#[derive(Debug, Serialize)]
struct Free {
    sku: String,
    units: i64,
}

/// Rows by the first of their columns.
fn by_first<T>(
    rows: Vec<(String, String, i64)>,
    make: impl Fn(String, i64) -> T,
) -> BTreeMap<String, Vec<T>> {
    let mut grouped = BTreeMap::<String, Vec<T>>::new();
    for (first, sku, number) in rows {
        grouped.entry(first).or_default().push(make(sku, number));
    }
    grouped
}

/// `GET /api/planning`.
pub async fn planning(State(app): State<Arc<App>>, _office: FromOffice) -> Result<Json<Planning>, Refusal> {
    let mut look = app.database.look().await?;
    let skus: Vec<(String, String)> = query("SELECT id, name FROM sku ORDER BY id").all(&mut look).await?;
    let bundles: Vec<(String, String)> =
        query("SELECT id, name FROM bundle ORDER BY id").all(&mut look).await?;
    let warehouses: Vec<(String, String)> =
        query("SELECT id, name FROM warehouse ORDER BY id").all(&mut look).await?;
    let parts = query("SELECT bundle, sku, qty FROM component ORDER BY bundle, rank").all(&mut look).await?;
    let mut parts = by_first(parts, |sku, qty| Part { sku, qty });
    let free = "SELECT warehouse, sku, on_hand - held FROM pool ORDER BY warehouse, sku";
    let mut free = by_first(query(free).all(&mut look).await?, |sku, units| Free { sku, units });
    let bundle =
        |(id, name): (String, String)| Bundle { parts: parts.remove(&id).unwrap_or_default(), id, name };
    let warehouse =
        |(id, name): (String, String)| Warehouse { free: free.remove(&id).unwrap_or_default(), id, name };
    Ok(Json(Planning {
        skus: skus.into_iter().map(|(id, name)| Named { id, name }).collect(),
        bundles: bundles.into_iter().map(bundle).collect(),
        warehouses: warehouses.into_iter().map(warehouse).collect(),
        rules: Rules::default(),
    }))
}

/// `GET /api/import/mappings`.
pub async fn mappings(State(app): State<Arc<App>>, _office: FromOffice) -> Result<Json<Value>, Refusal> {
    let names = mapping::names(&mut app.database.look().await?).await?;
    Ok(Json(json!({ "mappings": names })))
}
