//! The hand that works the emulator: an HTTP API on loopback. Every answer is JSON; a refusal is
//! `{"error": "<sentence>"}` with a 4xx status.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Json, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::douyin::{self, App};
use crate::printer::{Change, Printer};
use crate::scale::{Load, Scale};
use crate::scanner::{Scan, Scanner};
use crate::world::World;

type Shared = State<Arc<World>>;
type Answer = Result<Json<Value>, Refusal>;
type Body<T> = Result<Json<T>, JsonRejection>;

/// Why a request was not carried out.
pub struct Refusal(StatusCode, String);

impl Refusal {
    fn unknown(kind: &str, name: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no {kind} {name:?}; GET / lists what there is"))
    }

    /// The request is understood but the device or party is not in the state for it.
    fn conflict(fault: &anyhow::Error) -> Self {
        Self(StatusCode::CONFLICT, format!("{fault:#}"))
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

/// All routes over `world`.
pub fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/", get(everything))
        .route("/scanner/{name}/scan", post(scan))
        .route("/scanner/{name}/unplug", post(unplug_scanner))
        .route("/scanner/{name}/plug", post(plug_scanner))
        .route("/scale/{name}", get(scale).post(put_on_scale))
        .route("/scale/{name}/unplug", post(unplug_scale))
        .route("/scale/{name}/plug", post(plug_scale))
        .route("/printer/{name}", get(printer).post(change_printer))
        .route("/printer/{name}/labels", get(labels))
        .route("/printer/{name}/jobs", get(jobs))
        .route("/platform/douyin", get(platform).post(set_app))
        .route("/platform/douyin/orders", post(register_orders))
        .route("/platform/douyin/send", post(send))
        .route("/platform/douyin/deliveries", get(deliveries))
        .route("/platform/douyin/order/orderDetail", post(order_detail))
        .with_state(world)
}

async fn everything(State(world): Shared) -> Json<Value> {
    let mut scanners = Vec::new();
    for (name, scanner) in &world.scanners {
        let (plugged, open) = scanner.state().await;
        scanners.push(json!({"name": name, "path": scanner.link(), "plugged": plugged, "open": open}));
    }
    let scales: Vec<Value> = world.scales.iter().map(|(name, scale)| describe_scale(name, scale)).collect();
    let printers: Vec<Value> =
        world.printers.iter().map(|(name, printer)| describe_printer(name, printer)).collect();
    Json(json!({
        "folder": world.folder,
        "scanners": scanners,
        "scales": scales,
        "printers": printers,
        "platforms": {"douyin": describe_platform(&world)},
    }))
}

fn find_scanner<'a>(world: &'a World, name: &str) -> Result<&'a Scanner, Refusal> {
    world.scanners.get(name).ok_or_else(|| Refusal::unknown("scanner", name))
}

async fn scan(State(world): Shared, Path(name): Path<String>, scan: Body<Scan>) -> Answer {
    let Json(scan) = scan?;
    let sent = find_scanner(&world, &name)?.scan(&scan).await;
    let sent = sent.map_err(|fault| Refusal::conflict(&fault))?;
    Ok(Json(json!({"bytes": sent})))
}

async fn unplug_scanner(State(world): Shared, Path(name): Path<String>) -> Answer {
    find_scanner(&world, &name)?.unplug().await;
    Ok(Json(json!({"plugged": false})))
}

async fn plug_scanner(State(world): Shared, Path(name): Path<String>) -> Answer {
    find_scanner(&world, &name)?.plug().await.map_err(|fault| Refusal::conflict(&fault))?;
    Ok(Json(json!({"plugged": true})))
}

fn find_scale<'a>(world: &'a World, name: &str) -> Result<&'a Scale, Refusal> {
    world.scales.get(name).ok_or_else(|| Refusal::unknown("scale", name))
}

fn describe_scale(name: &str, scale: &Scale) -> Value {
    let load = scale.load();
    json!({
        "name": name,
        "path": scale.link(),
        "plugged": scale.is_plugged(),
        "grams": load.grams,
        "motion": load.motion,
        "asked": scale.asked(),
    })
}

async fn scale(State(world): Shared, Path(name): Path<String>) -> Answer {
    Ok(Json(describe_scale(&name, find_scale(&world, &name)?)))
}

async fn put_on_scale(State(world): Shared, Path(name): Path<String>, load: Body<Load>) -> Answer {
    let Json(load) = load?;
    let scale = find_scale(&world, &name)?;
    scale.put(load);
    Ok(Json(describe_scale(&name, scale)))
}

async fn unplug_scale(State(world): Shared, Path(name): Path<String>) -> Answer {
    let scale = find_scale(&world, &name)?;
    scale.unplug();
    Ok(Json(describe_scale(&name, scale)))
}

async fn plug_scale(State(world): Shared, Path(name): Path<String>) -> Answer {
    let scale = find_scale(&world, &name)?;
    scale.plug().map_err(|fault| Refusal::conflict(&fault))?;
    Ok(Json(describe_scale(&name, scale)))
}

fn find_printer<'a>(world: &'a World, name: &str) -> Result<&'a Printer, Refusal> {
    let printer = world.printers.get(name).ok_or_else(|| Refusal::unknown("printer", name))?;
    Ok(printer)
}

fn describe_printer(name: &str, printer: &Printer) -> Value {
    let condition = printer.condition();
    json!({"name": name, "condition": condition})
}

async fn printer(State(world): Shared, Path(name): Path<String>) -> Answer {
    Ok(Json(json!(find_printer(&world, &name)?.condition())))
}

async fn change_printer(State(world): Shared, Path(name): Path<String>, change: Body<Change>) -> Answer {
    let Json(change) = change?;
    let printer = find_printer(&world, &name)?;
    printer.change(&change);
    Ok(Json(json!(printer.condition())))
}

async fn labels(State(world): Shared, Path(name): Path<String>) -> Answer {
    let printer = find_printer(&world, &name)?;
    let labels = printer.labels();
    Ok(Json(json!({
        "count": labels.len(),
        "odometer": printer.condition().odometer,
        "last": labels.last(),
        "labels": labels,
    })))
}

async fn jobs(State(world): Shared, Path(name): Path<String>) -> Answer {
    let jobs = find_printer(&world, &name)?.jobs();
    Ok(Json(json!({"count": jobs.len(), "jobs": jobs})))
}

fn describe_platform(world: &World) -> Value {
    json!({"app": world.douyin.app(), "orders": world.douyin.order_count()})
}

async fn platform(State(world): Shared) -> Json<Value> {
    Json(describe_platform(&world))
}

async fn set_app(State(world): Shared, app: Body<App>) -> Answer {
    let Json(app) = app?;
    world.douyin.set_app(app);
    Ok(Json(describe_platform(&world)))
}

/// Takes one `shop_order_detail` or a list of them.
async fn register_orders(State(world): Shared, details: Body<Value>) -> Answer {
    let details = match details?.0 {
        Value::Array(details) => details,
        one => vec![one],
    };
    let added = world.douyin.register(details);
    let added = added.map_err(|fault| Refusal(StatusCode::UNPROCESSABLE_ENTITY, format!("{fault:#}")))?;
    Ok(Json(json!({"registered": added})))
}

async fn send(State(world): Shared, wish: Body<douyin::Send>) -> Answer {
    let Json(wish) = wish?;
    let delivery = world.douyin.send(&wish).await.map_err(|fault| Refusal::conflict(&fault))?;
    Ok(Json(json!(delivery)))
}

async fn deliveries(State(world): Shared) -> Json<Value> {
    Json(json!({"deliveries": world.douyin.deliveries()}))
}

/// The platform's own API: it answers 200 with a `code`, whatever happened.
async fn order_detail(
    State(world): Shared,
    query: Result<Query<douyin::Query>, QueryRejection>,
    body: String,
) -> Result<Json<Value>, Refusal> {
    let Query(query) = query.map_err(|fault| Refusal(StatusCode::BAD_REQUEST, fault.body_text()))?;
    Ok(Json(world.douyin.order_detail(&query, &body)))
}
