//! A day on the floor: a real station on a folder of its own, with a server, a printer and a scale beside it.
//!
//! The one file that knows how to start a station, give it gestures, look at it and kill it. What a picker or a packer
//! does from end to end is in `work`.

use crate::company;
use crate::printer::Printer;
use crate::scale::Scale;
use crate::server::Server;
use liangcang_domain::code::Action;
use liangcang_domain::fact::{Fact, Recorded};
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::task::{Feedback, Mistake, Notice};
use liangcang_station::commands::{Command, Fault};
use liangcang_station::settings::{LabelSize, Port, Settings};
use liangcang_station::start::{self, Running};
use liangcang_station::store::audit::{self, Findings};
use liangcang_station::view::{Sticky, View};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection as _, Row as _, SqliteConnection, SqlitePool};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Longer than anything takes that will still happen.
const DEADLINE: Duration = Duration::from_secs(25);
/// Opening stock, and the badge.
const FACTS_OF_A_MORNING: usize = 5;

/// A station that runs on threads of its own, so that it can be killed between any two of its steps.
struct Alive {
    runtime: Runtime,
    running: Running,
}

/// A day on the floor.
pub struct Day {
    /// The other end of sync.
    pub server: Server,
    /// The label printer.
    pub printer: Printer,
    /// The bench's scale.
    pub scale: Scale,
    settings: Settings,
    alive: Option<Alive>,
    // The last to go: the folder of the replica.
    folder: TempDir,
}

impl Day {
    /// A day with an enrolled station that took the company's snapshot; 王敏 is signed on.
    pub async fn begin() -> Self {
        Self::begin_with(|_| {}).await
    }

    /// The same, with other settings.
    pub async fn begin_with(change: impl FnOnce(&mut Settings)) -> Self {
        log();
        liangcang_station::prepare();
        let (server, printer) = (Server::start(company::reference()).await, Printer::start().await);
        let scale = Scale::plug();
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings {
            data: folder.path().join("station"),
            backups: None,
            server: format!("http://{}", server.address),
            listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
            scanner: vec![],
            scale: vec![Port { name: "scale".into(), path: scale.path.clone() }],
            printer: vec![liangcang_station::settings::Printer {
                name: "printer".into(),
                address: printer.address.to_string(),
                size: LabelSize::Small,
                dots_per_mm: 8,
            }],
            voice: false,
        };
        change(&mut settings);
        start::enrol(&settings, "12345678", "bench-1").await.expect("enrolled");
        let mut day = Self { server, printer, scale, settings, alive: None, folder };
        day.start().await;
        day.until("the replica is filled", |view| view.today.cages.len() == 2).await;
        day.scan("OP-wang").await;
        day.server.until("the opening stock as facts", |kept| kept.facts() == FACTS_OF_A_MORNING).await;
        day
    }

    /// Starts the station on what its folder holds.
    pub async fn start(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads");
        let (handle, settings) = (runtime.handle().clone(), self.settings.clone());
        let started = tokio::task::spawn_blocking(move || handle.block_on(start::start(settings)));
        let running = started.await.expect("no panic").expect("started");
        self.alive = Some(Alive { runtime, running });
        let scale = self.settings.scale.len();
        self.until("the scale speaks", |view| {
            view.devices.iter().filter(|card| card.id == "scale" && !card.live.is_empty()).count() == scale
        })
        .await;
    }

    /// Kills the station: nothing is finished, nothing is closed.
    pub async fn crash(&mut self) {
        let Alive { runtime, running } = self.alive.take().expect("it runs");
        let ended = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(DEADLINE));
        ended.await.expect("no panic");
        drop(running);
    }

    /// Kills the station and starts it again; 王敏 signs on again.
    pub async fn crash_and_restart(&mut self) {
        self.crash().await;
        self.start().await;
        self.scan("OP-wang").await;
    }

    fn running(&self) -> &Running {
        &self.alive.as_ref().expect("it runs").running
    }

    /// Asks the station.
    pub async fn ask(&self, command: Command) -> Result<Value, Fault> {
        self.running().door.call(command).await
    }

    async fn asked(&self, command: Command) {
        self.ask(command.clone()).await.unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    }

    /// Scans a code.
    pub async fn scan(&self, code: &str) {
        self.asked(Command::Scan { code: code.into() }).await;
    }

    /// Scans a code and does not wait for the answer.
    pub async fn begin_to_scan(&self, code: &str) {
        let (door, command) = (self.running().door.clone(), Command::Scan { code: code.into() });
        let mut asking = Box::pin(async move { door.call(command).await });
        // Polled once: the question is asked, and perhaps answered already.
        let _ = std::future::poll_fn(|cx| std::task::Poll::Ready(asking.as_mut().poll(cx))).await;
    }

    /// Types digits.
    pub async fn key(&self, digits: &str) {
        self.asked(Command::Key { digits: digits.into() }).await;
    }

    /// Presses a key.
    pub async fn press(&self, action: Action) {
        self.asked(Command::Press { action }).await;
    }

    /// How it was set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Waits until the facts of an earlier file are back.
    pub async fn until_caught_up(&self) {
        self.until("all facts are back", |view| {
            view.sync.connected && view.sync.replica.as_ref().is_some_and(|card| !card.catching_up)
        })
        .await;
    }

    /// What the screens show now.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.running().door.view.borrow())
    }

    /// Where the LAN page is.
    pub fn address(&self) -> std::net::SocketAddr {
        self.running().address
    }

    /// The file of the replica.
    pub fn database(&self) -> PathBuf {
        self.settings.data.join("station.db")
    }

    /// The folder of the replica and its documents.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    /// Waits until the screens show this.
    pub async fn until(&self, what: &str, mut shown: impl FnMut(&View) -> bool) -> Arc<View> {
        let mut views = self.running().door.view.clone();
        let waited = tokio::time::timeout(DEADLINE, views.wait_for(|view| shown(view))).await;
        if let Ok(Ok(view)) = waited {
            return Arc::clone(&view);
        }
        let View { answer, task, sticky, sync, .. } = &*self.view();
        panic!("never: {what}\nanswer {answer:?}\ntask {task:?}\nsticky {sticky:?}\nsync {sync:?}");
    }

    /// Waits until something to act on is shown.
    pub async fn until_sticky(&self, what: &str, is: impl Fn(&Sticky) -> bool) {
        self.until(what, |view| view.sticky.iter().any(&is)).await;
    }

    /// Waits until nothing of the kind is shown any more.
    pub async fn until_no_sticky(&self, what: &str, is: impl Fn(&Sticky) -> bool) {
        self.until(what, |view| !view.sticky.iter().any(&is)).await;
    }

    /// Tells entries to the station and waits until it took them.
    pub async fn told(&self, entries: impl IntoIterator<Item = FeedEntry>) {
        for entry in entries {
            self.server.push(&entry);
        }
        self.has_the_feed().await;
    }

    /// Waits until the station took the whole feed.
    pub async fn has_the_feed(&self) {
        let all = self.server.feed_len();
        while self.server.look(|kept| kept.told) < all {
            // What it took it says the next time it asks.
            let asked = self.server.look(|kept| kept.asked);
            self.asked(Command::SyncNow {}).await;
            self.server.until("an exchange", |kept| kept.asked > asked).await;
        }
        // Answered after the loop has shown what it took.
        self.asked(Command::View {}).await;
    }

    /// The answer to the last gesture.
    pub fn feedback(&self) -> Feedback {
        self.view().answer.feedback.clone()
    }

    /// What was wrong with the last gesture.
    pub fn mistake(&self) -> Mistake {
        match self.feedback() {
            Feedback::Wrong { mistake } => mistake,
            other => panic!("nothing was wrong: {other:?}"),
        }
    }

    /// What the last gesture drew attention to.
    pub fn notice(&self) -> Notice {
        match self.feedback() {
            Feedback::Attention { notice } => notice,
            other => panic!("nothing to look at: {other:?}"),
        }
    }

    /// A second connection to the replica, as an engineer would open one.
    pub async fn open_database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.database()).busy_timeout(DEADLINE);
        SqliteConnection::connect_with(&options).await.expect("the replica opens")
    }

    /// Lets the disk refuse facts, and anything else a station writes down about itself.
    pub async fn disk_refuses(&self) {
        self.engineer(
            "CREATE TRIGGER disk_fact BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'disk full'); END",
        )
        .await;
        self.engineer(
            "CREATE TRIGGER disk_meta BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'disk full'); END",
        )
        .await;
    }

    /// Lets the disk work again.
    pub async fn disk_works(&self) {
        self.engineer("DROP TRIGGER disk_fact; DROP TRIGGER disk_meta").await;
    }

    /// Changes the replica behind the station's back.
    pub async fn engineer(&self, sql: &'static str) {
        let mut connection = self.open_database().await;
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("changed");
    }

    /// One number from the replica.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut connection = self.open_database().await;
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("it counts")
    }

    /// Units of a SKU in one place, all lots.
    pub async fn stock(&self, place: &str, sku: &str) -> i64 {
        let sql = "SELECT coalesce(sum(qty), 0) FROM stock WHERE place = $1 AND sku = $2";
        let mut connection = self.open_database().await;
        sqlx::query_scalar(sql).bind(place).bind(sku).fetch_one(&mut connection).await.expect("it counts")
    }

    /// The state an order is in.
    pub async fn state_of(&self, order: &str) -> String {
        let mut connection = self.open_database().await;
        let sql = "SELECT state FROM orders WHERE no = $1";
        sqlx::query_scalar(sql).bind(order).fetch_one(&mut connection).await.expect("the order is here")
    }

    /// Every print of an order's label and the state of its journal.
    pub async fn labels(&self, order: &str) -> Vec<(String, String)> {
        let mut connection = self.open_database().await;
        let sql = "SELECT print, state FROM label WHERE order_no = $1 ORDER BY print";
        let rows = sqlx::query(sql).bind(order).fetch_all(&mut connection).await.expect("labels");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// The station's log.
    pub async fn facts(&self) -> Vec<Recorded> {
        let mut connection = self.open_database().await;
        let sql = "SELECT body FROM fact ORDER BY seq";
        let bodies: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("facts");
        bodies.iter().map(|body| serde_json::from_str(body).expect("a fact")).collect()
    }

    /// How many facts of the log the station knows to be at the server.
    pub async fn confirmed(&self) -> usize {
        let mut connection = self.open_database().await;
        let sql = "SELECT coalesce(max(seq), 0) FROM cursor WHERE direction = 'confirmed'";
        let seq: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a cursor");
        usize::try_from(seq).expect("a place in the log")
    }

    /// How many facts of the log are so.
    pub async fn count_facts(&self, is: impl Fn(&Fact) -> bool) -> usize {
        self.facts().await.iter().filter(|recorded| is(&recorded.fact)).count()
    }

    /// Recounts the replica; nothing may differ.
    pub async fn audit_is_clean(&self) -> Findings {
        let options = SqliteConnectOptions::new().filename(self.database()).busy_timeout(DEADLINE);
        let pool: SqlitePool = SqlitePoolOptions::new().connect_with(options).await.expect("it opens");
        let findings = audit::audit(&pool).await.expect("recounted");
        pool.close().await;
        assert_eq!(findings.differences, Vec::<String>::new());
        findings
    }

    /// Waits until the server has the station's whole log: every fact once, in the order it happened.
    pub async fn server_has_every_fact_once(&self) {
        let facts = self.facts().await;
        self.asked(Command::SyncNow {}).await;
        self.server.until("all facts of the station", |kept| kept.facts() >= facts.len()).await;
        assert_eq!(self.server.facts(), facts);
        self.until("nothing waits", |view| view.sync.pending == 0 && view.sync.connected).await;
    }
}

impl Drop for Day {
    fn drop(&mut self) {
        if let Some(Alive { runtime, .. }) = self.alive.take() {
            runtime.shutdown_background();
        }
    }
}

/// Everything all stations of this program logged.
pub fn log() -> String {
    static LOG: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    let lines = LOG.get_or_init(|| {
        let lines = Arc::new(Mutex::new(vec![]));
        let written = Arc::clone(&lines);
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(move || Lines(Arc::clone(&written)));
        subscriber.try_init().expect("nobody set a log before");
        lines
    });
    String::from_utf8_lossy(&lines.lock().expect("no panic while it logs")).into_owned()
}

/// Where log lines go.
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map_err(|_| std::io::Error::other("a panic while it logged"))?.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
