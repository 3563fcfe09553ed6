//! `POST /api/import/orders` and `…/preview`: the file as the raw body, `?mapping=<name>` for sources that are not a
//! Douyin shop.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::door::FromOffice;
use super::{App, Refusal};
use crate::order_files::{FileFault, Preview, Source};
use crate::order_import::{self, Taken};
use crate::store::mapping;

/// Where the file comes from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    mapping: Option<String>,
}

/// The source a stored mapping describes; a Douyin shop without one.
pub async fn source(app: &App, name: Option<&str>) -> Result<Source, Refusal> {
    let Some(name) = name else { return Ok(Source::douyin()) };
    let text = mapping::find(&mut app.database.look().await?, name).await?;
    let text = text.ok_or_else(|| Refusal::not_found(format!("there is no mapping named {name:?}")))?;
    Source::from_mapping(&text)
        .map_err(|fault| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_mapping", fault.to_string()))
}

fn unreadable(fault: &FileFault) -> Refusal {
    let words = format!("{} / {}", fault.zh(), fault.en());
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, fault.code(), words)
}

async fn read(app: &App, query: &ImportQuery, body: &Bytes) -> Result<(String, Preview), Refusal> {
    let source = source(app, query.mapping.as_deref()).await?;
    let channel = source.channel.clone();
    let preview = order_import::preview(&app.database, body.to_vec(), source).await?;
    Ok((channel, preview.map_err(|fault| unreadable(&fault))?))
}

/// What the file would bring; nothing is imported.
pub async fn preview(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Query(query): Query<ImportQuery>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let (_, preview) = read(&app, &query, &body).await?;
    Ok(Json(json!({ "preview": preview.summary() })))
}

/// Takes what is good and says what is not.
pub async fn import(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Query(query): Query<ImportQuery>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let (channel, preview) = read(&app, &query, &body).await?;
    let taken = order_import::take(&app.database, &channel, &preview).await?;
    Ok(Json(json!({ "preview": preview.summary(), "taken": told(&taken) })))
}

fn told(taken: &Taken) -> Value {
    json!({
        "accepted": taken.accepted,
        "waiting": taken.waiting,
        "review": taken.review,
        "duplicates": taken.duplicates,
        "changed": taken.changed,
        "cancelled": taken.cancelled,
        "refused": taken.refused(),
    })
}
