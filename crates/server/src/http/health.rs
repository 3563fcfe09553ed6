//! `GET /health`: whether the server can read its database. Open to everybody, says nothing of the business.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::database::query;

use super::{App, Refusal};

/// `{"status":"ok"}`, or 500 when the database cannot be read.
pub async fn health(State(app): State<Arc<App>>) -> Result<Json<Value>, Refusal> {
    let mut look = app.database.look().await?;
    query("SELECT 1").execute(&mut look).await?;
    Ok(Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })))
}
