//! The server's side of the sync hop, as far as a station needs it: enrolment, a snapshot, the feed, acknowledgement.
//!
//! It keeps no books: a fact counts as taken when it has come. It answers at once and from memory, so that what is
//! measured is the station. On command it has more orders to send.

use crate::company::{Company, order};
use anyhow::{Context as _, Result};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use liangcang_sync::{Cursors, Entry, LogId, Message, SCHEMA};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Entries of one message.
const MESSAGE: usize = 2_000;
/// The station's name, and the writer of its log.
pub const STATION: &str = "bench-1";

/// A server that runs inside the measuring program.
#[derive(Clone)]
pub struct Server {
    books: Arc<Mutex<Books>>,
    /// Its address, as the station's settings want it.
    pub address: SocketAddr,
}

/// What the server knows.
struct Books {
    packed_snapshot: axum::body::Bytes,
    /// The last entry of the feed that the station may have.
    head: u64,
    /// The last entry of the feed that the station said it has.
    station_has: u64,
    /// Entries that wait to be sent, the first is number `head - waiting + 1`.
    waiting: Vec<Box<RawValue>>,
    orders: u64,
    facts: u64,
    snapshot_asked: Option<Instant>,
    snapshot_taken: Option<Instant>,
    pushing_since: Option<Instant>,
    pushed: Vec<(usize, f64)>,
}

fn feed() -> LogId {
    LogId::first("server:SH")
}

impl Server {
    /// Packs the snapshot and begins to listen on a free port of the loopback.
    pub async fn begin(company: Company) -> Result<(Self, u64)> {
        let (packed, entries) = tokio::task::spawn_blocking(move || pack(company)).await??;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let books = Arc::new(Mutex::new(Books {
            packed_snapshot: packed.into(),
            head: entries,
            station_has: 0,
            waiting: vec![],
            orders: company.orders,
            facts: 0,
            snapshot_asked: None,
            snapshot_taken: None,
            pushing_since: None,
            pushed: vec![],
        }));
        let app = Router::new()
            .route("/sync/enrol", post(enrol))
            .route("/sync/snapshot", get(snapshot))
            .route("/sync/exchange", post(exchange))
            .layer(DefaultBodyLimit::max(64 << 20))
            .with_state(Arc::clone(&books));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok((Self { books, address }, entries))
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds from the question for the snapshot to the first message of a station that has it all.
    pub fn snapshot_seconds(&self) -> Option<f64> {
        let books = self.books();
        Some(books.snapshot_taken?.duration_since(books.snapshot_asked?).as_secs_f64())
    }

    /// Has `rows` more orders to send from the next message on. They are written down before, not while, they are sent.
    pub fn push(&self, rows: usize) -> Result<()> {
        let first = self.books().orders;
        let more = u64::try_from(rows)?;
        let bodies = (first..first + more).map(|number| Ok(serde_json::value::to_raw_value(&order(number))?));
        let bodies: Vec<_> = bodies.collect::<Result<_>>()?;
        let mut books = self.books();
        books.orders += more;
        books.head += more;
        books.waiting = bodies;
        Ok(())
    }

    /// Whether a push is under way: its first message was sent, and the station has not said that it has the last.
    pub fn is_integrating(&self) -> bool {
        self.books().pushing_since.is_some()
    }

    /// Whether a push waits for the station's next message or is under way.
    pub fn is_pushing(&self) -> bool {
        let books = self.books();
        books.station_has < books.head
    }

    /// Each push that came to its end: rows, and seconds from its first message to the station's word that it has all.
    pub fn pushed(&self) -> Vec<(usize, f64)> {
        self.books().pushed.clone()
    }
}

fn pack(company: Company) -> Result<(Vec<u8>, u64)> {
    let mut lines = Vec::new();
    let mut entries = 0u64;
    for entry in company.snapshot() {
        serde_json::to_writer(&mut lines, &entry)?;
        lines.push(b'\n');
        entries += 1;
    }
    let mut cursors = Cursors::default();
    cursors.advance(&feed(), entries);
    let mut packed = zstd::Encoder::new(Vec::new(), 3)?;
    writeln!(packed, "{}", json!({"cursors": cursors, "entries": entries}))?;
    packed.write_all(&lines)?;
    Ok((packed.finish().context("packing the snapshot")?, entries))
}

async fn enrol() -> Json<Value> {
    Json(json!({"station": STATION, "warehouse": "SH", "token": "measured"}))
}

async fn snapshot(State(books): State<Arc<Mutex<Books>>>) -> axum::body::Bytes {
    let mut books = books.lock().unwrap_or_else(PoisonError::into_inner);
    books.snapshot_asked = Some(Instant::now());
    books.packed_snapshot.clone()
}

async fn exchange(
    State(books): State<Arc<Mutex<Books>>>,
    Json(message): Json<Message>,
) -> Result<Json<Message>, StatusCode> {
    let mut books = books.lock().unwrap_or_else(PoisonError::into_inner);
    let now = Instant::now();
    books.station_has = message.have.of(&feed());
    if books.snapshot_asked.is_some() {
        books.snapshot_taken.get_or_insert(now);
    }
    if let (Some(since), true) = (books.pushing_since, books.station_has == books.head) {
        let rows = std::mem::take(&mut books.waiting).len();
        books.pushed.push((rows, now.duration_since(since).as_secs_f64()));
        books.pushing_since = None;
    }
    for fact in &message.entries {
        if fact.seq == books.facts + 1 {
            books.facts += 1;
        }
    }
    let mut have = Cursors::default();
    have.advance(&LogId::first(STATION), books.facts);
    let rows = u64::try_from(books.waiting.len()).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let before = books.head - rows;
    let taken = usize::try_from(books.station_has.saturating_sub(before)).unwrap_or(usize::MAX);
    let bodies = books.waiting.iter().skip(taken).take(MESSAGE).cloned();
    let entries: Vec<Entry> = bodies
        .zip(books.station_has + 1..)
        .map(|(body, seq)| Entry { log: feed(), seq, schema: SCHEMA, body })
        .collect();
    if !entries.is_empty() {
        books.pushing_since.get_or_insert(now);
    }
    let more = entries.last().is_some_and(|last| last.seq < books.head);
    Ok(Json(Message::new(have, entries, more)))
}
