//! The other side of the sync hop: a small server on a real port that keeps what a station sends and tells it a feed.
//!
//! It may be away (its port is closed and its connections are cut), hold its answers back, or lose them after it took
//! what they answer. Knows no rule of the business: facts are kept as they came.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use liangcang_domain::fact::Recorded;
use liangcang_domain::feed::FeedEntry;
use liangcang_sync::{Cursors, Entry, LogId, Message, SCHEMA};
use serde_json::json;
use serde_json::value::RawValue;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::watch;

const TOKEN: &str = "the-stations-token";
const STATION: &str = "SH-1";
/// Longer than anything takes that will still happen.
const DEADLINE: Duration = Duration::from_secs(25);

/// What the server keeps, and how it behaves.
#[derive(Default)]
pub struct Kept {
    /// Schema and body of every entry of the feed.
    feed: Vec<(u32, String)>,
    /// How many of them a fresh replica gets as its snapshot.
    snapshot: usize,
    have: Cursors,
    facts: Vec<Entry>,
    /// Entries that came although they had been taken.
    pub doubled: usize,
    /// How much of the feed the station says it has.
    pub told: u64,
    /// Exchanges that came in.
    pub asked: usize,
    /// Take what comes and answer nothing.
    pub loses_answers: bool,
    /// Do not answer until this is taken back.
    pub holds: bool,
}

impl Kept {
    /// How many facts it has.
    pub fn facts(&self) -> usize {
        self.facts.len()
    }

    /// The epoch of each fact's log, as they came.
    pub fn epochs(&self) -> Vec<u32> {
        self.facts.iter().map(|entry| entry.log.epoch).collect()
    }

    fn take(&mut self, message: Message) -> Message {
        let log = feed_log();
        self.told = message.have.of(&log);
        let own: Vec<(LogId, u64)> = message
            .have
            .iter()
            .filter(|(log, _)| log.writer == STATION)
            .map(|(log, seq)| (log.clone(), seq))
            .collect();
        let came = message.entries.clone();
        let taken = message.take(&self.have).expect("the same protocol");
        self.doubled += taken.doubled;
        self.have = taken.cursors;
        self.facts.extend(taken.apply);
        assert!(taken.aside.is_empty() && taken.early == 0, "facts come in order, in this schema: {came:?}");
        let next = usize::try_from(self.told).expect("a cursor of this feed");
        let mut entries: Vec<Entry> = self
            .feed
            .iter()
            .enumerate()
            .skip(next)
            .map(|(at, (schema, body))| Entry {
                log: log.clone(),
                seq: at as u64 + 1,
                schema: *schema,
                body: RawValue::from_string(body.clone()).expect("JSON"),
            })
            .collect();
        if entries.is_empty() {
            entries = self.given_back(own.into());
        }
        Message::new(self.have.clone(), entries, false)
    }

    /// Facts of the station's earlier logs that it says it has not.
    fn given_back(&self, own: Cursors) -> Vec<Entry> {
        let written = own.iter().map(|(log, _)| log.epoch).max();
        let earlier = self.facts.iter().filter(|entry| Some(entry.log.epoch) < written);
        earlier.filter(|entry| entry.seq > own.of(&entry.log)).cloned().collect()
    }
}

fn feed_log() -> LogId {
    LogId::first("server:SH")
}

/// The server.
pub struct Server {
    kept: Arc<watch::Sender<Kept>>,
    /// Where it listens, whenever it is there.
    pub address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    /// A server whose snapshot is these entries.
    pub async fn start(snapshot: Vec<FeedEntry>) -> Self {
        let feed: Vec<_> = snapshot.iter().map(|entry| (SCHEMA, json!(entry).to_string())).collect();
        let kept = Arc::new(watch::Sender::new(Kept { snapshot: feed.len(), feed, ..Kept::default() }));
        let mut server = Self { kept, address: SocketAddr::from(([127, 0, 0, 1], 0)), runtime: None };
        server.come_back().await;
        server
    }

    /// Listens, at the address it had before if it had one.
    pub async fn come_back(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a thread");
        let app = Router::new()
            .route("/sync/enrol", post(enrol))
            .route("/sync/snapshot", get(snapshot))
            .route("/sync/exchange", post(exchange))
            .with_state(Arc::clone(&self.kept));
        let wanted = self.address;
        let listening = runtime.spawn(async move { tokio::net::TcpListener::bind(wanted).await });
        let listener = listening.await.expect("no panic").expect("the address is free");
        self.address = listener.local_addr().expect("bound");
        runtime.spawn(async move { axum::serve(listener, app).await });
        self.runtime = Some(runtime);
    }

    /// Closes the port and cuts every connection.
    pub async fn go_away(&mut self) {
        let runtime = self.runtime.take().expect("it was there");
        let ended = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(DEADLINE));
        ended.await.expect("no panic");
    }

    /// Adds an entry to the feed.
    pub fn push(&self, entry: &FeedEntry) {
        self.push_raw(SCHEMA, &json!(entry).to_string());
    }

    /// Adds an entry that this program may not be able to read.
    pub fn push_raw(&self, schema: u32, body: &str) {
        self.kept.send_modify(|kept| kept.feed.push((schema, body.to_owned())));
    }

    /// Repairs the last entry of the feed.
    pub fn replace_last(&self, entry: &FeedEntry) {
        self.kept.send_modify(|kept| {
            kept.feed.pop();
            kept.feed.push((SCHEMA, json!(entry).to_string()));
        });
    }

    /// Entries in the feed.
    pub fn feed_len(&self) -> u64 {
        self.kept.borrow().feed.len() as u64
    }

    /// Changes how it behaves.
    pub fn behave(&self, change: impl FnOnce(&mut Kept)) {
        self.kept.send_modify(change);
    }

    /// Looks at what it keeps.
    pub fn look<T>(&self, look: impl FnOnce(&Kept) -> T) -> T {
        look(&self.kept.borrow())
    }

    /// Waits until what it keeps is so.
    pub async fn until(&self, what: &str, so: impl FnMut(&Kept) -> bool) {
        let mut kept = self.kept.subscribe();
        let waited = tokio::time::timeout(DEADLINE, kept.wait_for(so)).await.map(|seen| seen.is_ok());
        assert!(waited.is_ok_and(|seen| seen), "the server never saw this: {what}");
    }

    /// The facts as they came, read.
    pub fn facts(&self) -> Vec<Recorded> {
        let kept = self.kept.borrow();
        let read = |entry: &Entry| serde_json::from_str(entry.body.get()).expect("a fact");
        let mut came = Cursors::default();
        for entry in &kept.facts {
            assert_eq!(entry.seq, came.of(&entry.log) + 1, "facts come in order and without gaps");
            came.advance(&entry.log, entry.seq);
        }
        kept.facts.iter().map(read).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

type Shared = State<Arc<watch::Sender<Kept>>>;

fn may_speak(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).is_some_and(|value| *value == *format!("Bearer {TOKEN}"))
}

async fn enrol(Json(asked): Json<serde_json::Value>) -> Response {
    if asked["code"] != "12345678" {
        return (StatusCode::FORBIDDEN, "no such code").into_response();
    }
    Json(json!({ "station": STATION, "warehouse": "SH", "token": TOKEN })).into_response()
}

async fn snapshot(State(kept): Shared, headers: HeaderMap) -> Response {
    if !may_speak(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let kept = kept.borrow();
    let mut cursors = Cursors::default();
    cursors.advance(&feed_log(), kept.snapshot as u64);
    let mut lines = json!({ "cursors": cursors, "entries": kept.snapshot }).to_string();
    for (_, body) in &kept.feed[..kept.snapshot] {
        lines = lines + "\n" + body;
    }
    zstd::encode_all(lines.as_bytes(), 3).expect("packed").into_response()
}

async fn exchange(State(kept): Shared, headers: HeaderMap, Json(message): Json<Message>) -> Response {
    if !may_speak(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    kept.send_modify(|kept| kept.asked += 1);
    let free = kept.subscribe().wait_for(|kept| !kept.holds).await.is_ok();
    assert!(free, "the server is there");
    let mut answer = None;
    kept.send_modify(|kept| answer = Some(kept.take(message)).filter(|_| !kept.loses_answers));
    match answer {
        Some(answer) => Json(answer).into_response(),
        None => (StatusCode::BAD_GATEWAY, "the answer was lost").into_response(),
    }
}
