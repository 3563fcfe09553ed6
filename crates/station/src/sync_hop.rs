//! The exchange with the server: enrolment, the snapshot of a fresh replica, then feed and facts.
//!
//! Runs beside the loop and never makes it wait: what arrives is cut into small pieces that fit between two scans.
//! What a message means is the sync crate's; here it only travels.

use crate::event::{Arrival, Event, ExchangeState};
use crate::store::feed::Touched;
use crate::store::sync::{self, Identity};
use anyhow::{Context as _, Result, bail, ensure};
use liangcang_domain::feed::FeedEntry;
use liangcang_sync::{Cursors, Message, Taken, retry_after_ms};
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use std::io::BufRead as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};

/// Entries applied between two looks at the floor's queue.
const PIECE: usize = 100;
/// With nothing to say, how often the server is asked. A long poll comes with the next protocol.
const IDLE: Duration = Duration::from_millis(500);
const TIME_OUT: Duration = Duration::from_secs(20);
/// The most a snapshot may unpack to.
const SNAPSHOT_LIMIT: u64 = 2 << 30;

/// What the exchange needs.
#[derive(Debug)]
pub struct Hop {
    /// `http://127.0.0.1:7080`.
    pub server: String,
    /// The station's token.
    pub token: String,
    /// Who we are.
    pub identity: Identity,
    /// For reading what to send.
    pub readers: SqlitePool,
    /// Where pieces go.
    pub arrivals: mpsc::Sender<Arrival>,
    /// Where the state of the exchange goes.
    pub events: mpsc::UnboundedSender<Event>,
    /// Rung when there is something to send.
    pub wake: Arc<Notify>,
}

/// What the server answers to an enrolment.
#[derive(Debug, Deserialize)]
pub struct Enrolled {
    /// The station's id.
    pub station: String,
    /// Its warehouse.
    pub warehouse: String,
    /// Its token.
    pub token: String,
}

#[derive(Serialize)]
struct Enrolment<'a> {
    code: &'a str,
    name: &'a str,
    hardware: &'a str,
}

/// Enrols this PC with a one-time code.
///
/// # Errors
/// When the server does not answer or refuses the code.
pub async fn enrol(server: &str, code: &str, name: &str, hardware: &str) -> Result<Enrolled> {
    let reply = client()?
        .post(format!("{server}/sync/enrol"))
        .json(&Enrolment { code, name, hardware })
        .send()
        .await
        .context("asking the server to enrol this station")?;
    let status = reply.status();
    if !status.is_success() {
        bail!("the server refused the enrolment ({status}): {}", reply.text().await.unwrap_or_default());
    }
    reply.json().await.context("reading the server's enrolment")
}

fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().timeout(TIME_OUT).connect_timeout(Duration::from_secs(3)).build()?)
}

#[derive(Deserialize)]
struct SnapshotHead {
    cursors: Cursors,
    entries: usize,
}

impl Hop {
    /// Exchanges until the loop ends.
    pub async fn run(self) {
        let client = match client() {
            Ok(client) => client,
            Err(error) => return tracing::error!("no exchange with the server: {error:#}"),
        };
        let mut failures = 0u32;
        loop {
            let outcome = self.once(&client).await;
            let pending = sync::pending(&self.readers, &self.identity).await.unwrap_or_default();
            let (pending, oldest_ms) = (pending.count, pending.oldest_ms);
            let (state, wait) = match outcome {
                Ok(more) => {
                    failures = 0;
                    let wait = if more { Duration::ZERO } else { IDLE };
                    (ExchangeState::Succeeded { pending, oldest_ms }, wait)
                }
                Err(error) => {
                    if failures == 0 {
                        tracing::warn!("the exchange with the server failed: {error:#}");
                    }
                    let spread = u64::from(std::process::id());
                    let wait = Duration::from_millis(retry_after_ms(failures, spread));
                    failures = failures.saturating_add(1);
                    (ExchangeState::Failed { why: format!("{error:#}"), pending, oldest_ms }, wait)
                }
            };
            if self.events.send(Event::Exchange(state)).is_err() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.wake.notified() => {}
            }
        }
    }

    /// One exchange; whether either side has more to say.
    async fn once(&self, client: &reqwest::Client) -> Result<bool> {
        let taken = sync::cursors(&self.readers, "taken").await?;
        if taken.iter().next().is_none() {
            self.snapshot(client).await?;
            return Ok(true);
        }
        let message = sync::next_message(&self.readers, &self.identity).await?;
        let more_to_send = message.more;
        let reply = client
            .post(format!("{}/sync/exchange", self.server))
            .bearer_auth(&self.token)
            .json(&message)
            .send()
            .await
            .context("reaching the server")?;
        let status = reply.status();
        ensure!(status.is_success(), "the server answered {status}");
        let reply: Message = reply.json().await.context("reading the server's message")?;
        let more = reply.more;
        self.take(reply, &taken).await?;
        Ok(more || more_to_send)
    }

    async fn take(&self, message: Message, mine: &Cursors) -> Result<()> {
        let confirmed = message.have.clone();
        let Taken { apply, mut aside, cursors, .. } = message.take(mine)?;
        let log = self.identity.log();
        // A word that is known already would cost the disk a write, and a scan its wait.
        if confirmed.of(&log) > sync::cursors(&self.readers, "confirmed").await?.of(&log) {
            let (reply, answer) = oneshot::channel();
            self.arrivals
                .send(Arrival::Confirmed(confirmed, reply))
                .await
                .context("the station is stopping")?;
            answer.await.context("the station is stopping")??;
        }
        let mut so_far = mine.clone();
        let mut pieces = apply.chunks(PIECE).peekable();
        while let Some(piece) = pieces.next() {
            // Each piece moves the cursor only as far as itself, so that a crash between two repeats nothing.
            for entry in piece {
                so_far.advance(&entry.log, entry.seq);
            }
            let last = pieces.peek().is_none();
            let taken = Taken {
                apply: piece.to_vec(),
                // With the first piece: once a cursor has passed an entry, it does not come again.
                aside: std::mem::take(&mut aside),
                cursors: if last { cursors.clone() } else { so_far.clone() },
                doubled: 0,
                early: 0,
            };
            self.deliver(|reply| Arrival::Feed(taken, reply)).await?;
        }
        if !aside.is_empty() {
            let taken = Taken { apply: vec![], aside, cursors, doubled: 0, early: 0 };
            self.deliver(|reply| Arrival::Feed(taken, reply)).await?;
        }
        Ok(())
    }

    async fn deliver(&self, piece: impl FnOnce(oneshot::Sender<Result<Touched>>) -> Arrival) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.arrivals.send(piece(reply)).await.context("the station is stopping")?;
        answer.await.context("the station is stopping")??;
        Ok(())
    }

    /// A fresh replica takes the server's snapshot; the cursors come with its last piece.
    async fn snapshot(&self, client: &reqwest::Client) -> Result<()> {
        let reply = client
            .get(format!("{}/sync/snapshot", self.server))
            .bearer_auth(&self.token)
            .timeout(Duration::from_secs(300))
            .send()
            .await
            .context("reaching the server")?;
        ensure!(reply.status().is_success(), "the server answered {} to the snapshot", reply.status());
        let packed = reply.bytes().await.context("reading the snapshot")?;
        let (pieces, mut arriving) = mpsc::channel::<Result<Vec<FeedEntry>>>(4);
        let reading = tokio::task::spawn_blocking(move || unpack(&packed, &pieces));
        while let Some(piece) = arriving.recv().await {
            let piece = piece?;
            self.deliver(|reply| Arrival::Snapshot(piece, None, reply)).await?;
        }
        let cursors = reading.await.context("unpacking the snapshot was stopped")??;
        self.deliver(|reply| Arrival::Snapshot(vec![], Some(cursors), reply)).await
    }
}

/// Reads a packed snapshot line by line; gives its cursors when every line it announced was there.
fn unpack(packed: &[u8], pieces: &mpsc::Sender<Result<Vec<FeedEntry>>>) -> Result<Cursors> {
    use std::io::Read as _;
    let unpacked = zstd::Decoder::new(packed).context("the snapshot is not packed as agreed")?;
    let mut lines = std::io::BufReader::new(unpacked.take(SNAPSHOT_LIMIT)).lines();
    let head = lines.next().context("the snapshot is empty")??;
    let head: SnapshotHead = serde_json::from_str(&head).context("reading the snapshot's head")?;
    let (mut piece, mut count) = (Vec::with_capacity(PIECE), 0);
    for line in lines {
        piece.push(serde_json::from_str(&line?).context("reading an entry of the snapshot")?);
        count += 1;
        if piece.len() == PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            pieces.blocking_send(Ok(full)).context("the station is stopping")?;
        }
    }
    pieces.blocking_send(Ok(piece)).context("the station is stopping")?;
    ensure!(count == head.entries, "the snapshot has {count} entries of {}", head.entries);
    Ok(head.cursors)
}
