//! The LAN host: the station's screens for a browser, over the same command list.
//!
//! Loopback unless the settings say otherwise. A page of another origin is refused (DNS rebinding, CSRF): a request
//! must name this host, and a call must come from its own page. Sign-in of hand-helds and TLS come with enrolment keys.

use crate::commands::{Command, Fault, FaultCode};
use crate::documents;
use crate::door::Door;
use crate::settings::LabelSize;
use crate::store::reference::Reference;
use anyhow::{Context as _, Result};
use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use liangcang_devices::label::LabelFont;
use liangcang_domain::id::{GestureId, ManifestId, PrintId};
use liangcang_domain::seal::SealKey;
use rust_embed::RustEmbed;
use sqlx::SqlitePool;
use std::net::SocketAddr;
use std::sync::Arc;
use tower_http::limit::RequestBodyLimitLayer;

/// The header by which a page names its gesture, so that a retry is harmless.
const GESTURE: &str = "x-gesture";

/// The station's screens, built into the program.
#[derive(RustEmbed)]
#[folder = "../../ui/apps/station/dist"]
struct Screens;

/// What the host needs besides the door.
#[derive(Clone, Debug)]
pub struct Host {
    /// To the loop.
    pub door: Door,
    /// For documents.
    pub readers: SqlitePool,
    /// Opens receivers for a label's PDF.
    pub seal: SealKey,
    /// The fonts of documents.
    pub font: Arc<LabelFont>,
    /// The label size of this station.
    pub size: LabelSize,
}

/// Serves until the program ends.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(host: Host, listen: SocketAddr) -> Result<(SocketAddr, impl Future<Output = Result<()>>)> {
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen} for the LAN page; is another station running?"))?;
    let address = listener.local_addr()?;
    let app = Router::new()
        .route("/api/call", post(call))
        .route("/api/view", get(view))
        .route("/api/live", get(live))
        .route("/api/labels/{print}", get(label))
        .route("/api/manifests/{id}", get(manifest))
        .fallback(screen)
        .layer(axum::middleware::from_fn(own_origin))
        .layer(RequestBodyLimitLayer::new(64 * 1024))
        .with_state(host);
    // A view is small and wanted now: it must not wait until the one before it was acknowledged.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let serving = async move { axum::serve(listener, app).await.context("serving the LAN page") };
    Ok((address, serving))
}

/// Refuses requests another site made a browser send.
async fn own_origin(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let origin = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let foreign = origin.is_some_and(|origin| origin.split("://").nth(1) != Some(host));
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let named = name == "localhost" || name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    if foreign || !named {
        return (StatusCode::FORBIDDEN, "a page of another origin").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, header::HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:",
    );
    response
}

async fn call(State(host): State<Host>, headers: HeaderMap, body: String) -> Response {
    let json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let command = if json { serde_json::from_str::<Command>(&body).ok() } else { None };
    let Some(command) = command else {
        let detail = "not a command of the list, or not application/json".to_owned();
        return refuse(Fault { code: FaultCode::BadRequest, detail });
    };
    let gesture = headers.get(GESTURE).and_then(|value| value.to_str().ok()).filter(|id| is_gesture(id));
    match host.door.call_once(command, gesture.map(GestureId::from)).await {
        Ok(reply) => Json(reply).into_response(),
        Err(fault) => refuse(fault),
    }
}

/// A gesture id is a UUID's text; anything else would let a page write what it likes into the log.
fn is_gesture(id: &str) -> bool {
    uuid::Uuid::try_parse(id).is_ok()
}

fn refuse(fault: Fault) -> Response {
    let status = match fault.code {
        FaultCode::BadRequest => StatusCode::BAD_REQUEST,
        FaultCode::NotFound => StatusCode::NOT_FOUND,
        FaultCode::NobodySignedOn | FaultCode::TaskInHand | FaultCode::NothingToDo => StatusCode::CONFLICT,
        FaultCode::StoreFailed | FaultCode::Stopping => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(fault)).into_response()
}

async fn view(State(host): State<Host>) -> Response {
    let view = Arc::clone(&host.door.view.borrow());
    Json(&*view).into_response()
}

async fn live(State(host): State<Host>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| push(socket, host))
}

/// Pushes the view at each change; a slow screen gets the newest, not all.
async fn push(mut socket: WebSocket, host: Host) {
    let mut view = host.door.view.clone();
    view.mark_changed();
    loop {
        tokio::select! {
            changed = view.changed() => {
                if changed.is_err() {
                    return;
                }
                let now = Arc::clone(&view.borrow_and_update());
                let Ok(text) = serde_json::to_string(&*now) else { return };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => match heard {
                None | Some(Err(_) | Ok(Message::Close(_))) => return,
                Some(Ok(_)) => {}
            },
        }
    }
}

async fn label(State(host): State<Host>, Path(name): Path<String>) -> Response {
    let print = PrintId(name.trim_end_matches(".pdf").to_owned());
    let made = match Reference::read(&host.readers).await {
        Ok(reference) => {
            documents::label(&host.readers, &host.seal, &reference, &host.font, &print, host.size).await
        }
        Err(error) => Err(error),
    };
    pdf(made)
}

async fn manifest(State(host): State<Host>, Path(name): Path<String>) -> Response {
    let id = ManifestId(name.trim_end_matches(".pdf").to_owned());
    let made = match Reference::read(&host.readers).await {
        Ok(reference) => documents::manifest(&host.readers, &reference, &host.font, &id).await,
        Err(error) => Err(error),
    };
    pdf(made)
}

fn pdf(made: Result<Vec<u8>>) -> Response {
    match made {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response(),
        Err(error) => {
            tracing::warn!("a document was not made: {error:#}");
            (StatusCode::NOT_FOUND, format!("{error:#}")).into_response()
        }
    }
}

async fn screen(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    match Screens::get(path) {
        Some(file) => {
            let kind = file.metadata.mimetype().to_owned();
            ([(header::CONTENT_TYPE, kind)], Body::from(file.data.into_owned())).into_response()
        }
        None => (StatusCode::NOT_FOUND, "no such page").into_response(),
    }
}
