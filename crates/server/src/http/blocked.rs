//! `/api/blocked`: whom not to sell to. What is sent in clear is hashed at once and kept nowhere.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use liangcang_domain::address::Regions;
use liangcang_domain::id::OrderNo;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Body;
use super::door::FromOffice;
use super::person::FromPerson;
use super::reviews::unfit;
use super::{App, Refusal};
use crate::clock::now;
use crate::incoming::{IncomingOrder, IncomingState, Receiver};
use crate::intake::Door;
use crate::store::blocked;
use crate::store::review::{self, ClusterKind, key_text, parse_key};

const LONGEST_NOTE: usize = 200;
const LONGEST_VALUE: usize = 200;

/// `GET /api/blocked`: everybody, the latest first.
pub async fn list(State(app): State<Arc<App>>, _office: FromOffice) -> Result<Json<Value>, Refusal> {
    let blocked = blocked::list(&mut app.database.look().await?).await?;
    Ok(Json(json!({ "blocked": blocked })))
}

/// Whom to block: a value, or whoever made an order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToBlock {
    kind: ClusterKind,
    value: Option<String>,
    /// Of a buyer's value: the channel that names buyers so.
    #[serde(default)]
    channel: String,
    order: Option<OrderNo>,
    note: String,
}

/// `POST /api/blocked`: blocks for all campaigns, for orders that come from now on.
pub async fn block(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Body(body): Body<ToBlock>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let note = body.note.trim();
    if note.is_empty() || note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(unfit("a note says why, in 1 to 200 characters, without personal data"));
    }
    let mut tx = app.database.begin().await?;
    let key = match (&body.value, &body.order) {
        (Some(value), None) => key_of_value(&app, body.kind, value, &body.channel)?,
        (None, Some(order)) => review::key_of_order(&mut tx, order, body.kind)
            .await?
            .ok_or_else(|| Refusal::not_found("there is no order of this number"))?,
        _ => return Err(unfit("name either a value or an order")),
    };
    if key == 0 {
        return Err(unfit(format!("there is no {} to block here", body.kind.as_str())));
    }
    blocked::block(&mut tx, (body.kind, key), note, (&who, now())).await?;
    tx.commit().await?;
    let told = json!({ "kind": body.kind, "key": key_text(key), "note": note, "who": who });
    Ok((StatusCode::CREATED, Json(told)))
}

/// The key an order with this value would be counted by; made by the same code, so that it is the same.
fn key_of_value(app: &App, kind: ClusterKind, value: &str, channel: &str) -> Result<i64, Refusal> {
    let value = value.trim();
    if value.is_empty() || value.chars().count() > LONGEST_VALUE {
        return Err(unfit("a value has 1 to 200 characters"));
    }
    if (kind == ClusterKind::Buyer) == channel.is_empty() {
        return Err(unfit("a buyer is named with the channel that knows them, and only a buyer is"));
    }
    let mut order = nobodys(channel);
    match kind {
        ClusterKind::Phone => order.receiver.phone = value.to_owned(),
        ClusterKind::Buyer => order.buyer = value.to_owned(),
        ClusterKind::Device => order.device = value.to_owned(),
        ClusterKind::Address => {
            let read = Regions::built_in().read(value);
            if read.province.is_empty() {
                return Err(unfit("an address begins with its province and city"));
            }
            order.receiver.province = read.province.to_owned();
            order.receiver.city = read.city.to_owned();
            order.receiver.district = read.district.to_owned();
            order.receiver.detail = read.rest.to_owned();
        }
    }
    let keys = Door::of(&app.database, &order).keys;
    Ok(match kind {
        ClusterKind::Address => keys.address,
        ClusterKind::Phone => keys.phone,
        ClusterKind::Buyer => keys.buyer,
        ClusterKind::Device => keys.device,
    })
}

/// An order of nobody, to which one thing is added.
fn nobodys(channel: &str) -> IncomingOrder {
    let none = String::new;
    IncomingOrder {
        channel: channel.to_owned(),
        campaign: None,
        buyer: none(),
        device: none(),
        order_no: none(),
        paid_at_ms: None,
        created_at_ms: None,
        ship_by_ms: None,
        receiver: Receiver {
            name: none(),
            phone: none(),
            province: none(),
            city: none(),
            district: none(),
            street: none(),
            detail: none(),
        },
        lines: Vec::new(),
        paid_fen: 0,
        buyer_note: none(),
        seller_note: none(),
        state: IncomingState::Paid,
    }
}

/// `DELETE /api/blocked/{key}`: lets them buy again.
pub async fn unblock(
    State(app): State<Arc<App>>,
    _person: FromPerson,
    Path(key): Path<String>,
) -> Result<StatusCode, Refusal> {
    let key = parse_key(&key).ok_or_else(|| unfit("a key is the sixteen hexadecimal digits of the list"))?;
    let mut tx = app.database.begin().await?;
    if !blocked::unblock(&mut tx, key).await? {
        return Err(Refusal::not_found("nobody of this key is blocked"));
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
