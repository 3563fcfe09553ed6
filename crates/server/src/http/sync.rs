//! `/sync/…`: how a station enrols, starts a replica, and exchanges what is new.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use liangcang_sync::Message;
use serde::{Deserialize, Serialize};

use super::door::FromStation;
use super::{App, Refusal};
use crate::clock::now;
use crate::store::station;
use crate::sync_hop::{self, NotTaken};

/// What a machine says to become a station.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    code: String,
    name: String,
    hardware: String,
}

/// What it gets.
#[derive(Serialize)]
pub struct Enrolled {
    station: String,
    warehouse: String,
    token: String,
}

/// `POST /sync/enrol`.
pub async fn enrol(State(app): State<Arc<App>>, Json(asked): Json<Enrol>) -> Result<Json<Enrolled>, Refusal> {
    let at = Instant::now();
    if !app.attempts.may_try(at) {
        let why = "too many wrong codes: wait a minute and try again";
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_codes", why));
    }
    if asked.name.trim().is_empty()
        || asked.hardware.is_empty()
        || asked.name.len() + asked.hardware.len() > 400
    {
        let why = "name and hardware must be there, and shorter than 400 bytes together";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "bad_enrolment", why));
    }
    let mut tx = app.database.begin().await?;
    match station::enrol(&mut tx, &asked.code, asked.name.trim(), &asked.hardware, now()).await? {
        Ok((station, token)) => {
            tx.commit().await?;
            tracing::info!(station = %station.id, "a station has enrolled");
            Ok(Json(Enrolled { station: station.id.0, warehouse: station.warehouse.0, token }))
        }
        Err(why) => {
            app.attempts.was_wrong(at);
            Err(Refusal::new(StatusCode::FORBIDDEN, "not_enrolled", why.to_string()))
        }
    }
}

/// `POST /sync/exchange`.
pub async fn exchange(
    State(app): State<Arc<App>>,
    FromStation(station): FromStation,
    Json(message): Json<Message>,
) -> Result<Json<Message>, Refusal> {
    match sync_hop::exchange(&app.database, &station, message).await {
        Ok(answer) => Ok(Json(answer)),
        Err(NotTaken::Version(why)) => Err(Refusal::new(StatusCode::CONFLICT, "version", why.to_string())),
        Err(why @ NotTaken::ForeignLog { .. }) => {
            Err(Refusal::new(StatusCode::FORBIDDEN, "foreign_log", why.to_string()))
        }
        Err(NotTaken::Failed(fault)) => Err(fault.into()),
    }
}

/// `GET /sync/snapshot`.
pub async fn snapshot(
    State(app): State<Arc<App>>,
    FromStation(station): FromStation,
) -> Result<impl IntoResponse, Refusal> {
    let lines = sync_hop::snapshot(&app.database, &station.warehouse).await?;
    Ok(([(CONTENT_TYPE, "application/zstd")], lines))
}
