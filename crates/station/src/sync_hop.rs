//! The exchange with the server: enrolment, the snapshot of a fresh replica, then feed and facts.
//!
//! Runs beside the loop and never makes it wait: what arrives is cut into small pieces that fit between two scans.
//! What a message means is the sync crate's; here it only travels.

use crate::event::{Arrival, Event, ExchangeState, ReplicaNews};
use crate::store;
use crate::store::catch_up::CATCHING_UP;
use crate::store::own_log::OwnLog;
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
        let catching_up = store::meta(&self.readers, CATCHING_UP).await?.is_some();
        // One that is being filled needs what is packed already, too: that is in the feed, not in the snapshot.
        if taken.iter().next().is_none() && !catching_up {
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
        let (more, confirmed) = (reply.more, reply.have.clone());
        self.refuse_if_outrun(&confirmed).await?;
        let came = reply.entries.len();
        self.take(reply, &taken).await?;
        if catching_up && came == 0 && !more {
            self.catch_up(&confirmed).await?;
        }
        Ok(more || more_to_send || came > 0)
    }

    /// An old copy of the replica would write numbers the server has from a newer one. It is treated as a damaged file:
    /// the next start fills a new one from the server, and what this copy alone has goes in under a new epoch.
    async fn refuse_if_outrun(&self, confirmed: &Cursors) -> Result<()> {
        let (log, own) = (self.identity.log(), self.own_log().await?);
        let (theirs, ours) = (confirmed.of(&log), own.of(&log));
        if theirs <= ours {
            return Ok(());
        }
        let why = format!(
            "the server has {theirs} facts of this station's log and this replica {ours}: it is an old copy; the next \
             start fills it anew"
        );
        // A loop that has ended needs no telling.
        let _ = self.events.send(Event::Replica(ReplicaNews::Damaged(why.clone())));
        bail!(why)
    }

    async fn own_log(&self) -> Result<Cursors> {
        let mut reader = self.readers.acquire().await?;
        OwnLog::read(&mut reader, &self.identity).await?.cursors()
    }

    /// Nothing more came: either all is back, or this server gives nothing back.
    async fn catch_up(&self, confirmed: &Cursors) -> Result<()> {
        let own = self.own_log().await?;
        let ours = confirmed.iter().filter(|(log, _)| log.writer == self.identity.station);
        for (log, has) in ours {
            ensure!(
                has <= own.of(log),
                "the server has {has} facts of epoch {} and gave back {}: upgrade the server",
                log.epoch,
                own.of(log)
            );
        }
        self.carry(Arrival::CaughtUp).await
    }

    async fn carry<T>(&self, arrival: impl FnOnce(oneshot::Sender<Result<T>>) -> Arrival) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.arrivals.send(arrival(reply)).await.context("the station is stopping")?;
        answer.await.context("the station is stopping")?
    }

    async fn take(&self, mut message: Message, mine: &Cursors) -> Result<()> {
        let confirmed = message.have.clone();
        let (returned, entries) = message
            .entries
            .into_iter()
            .partition::<Vec<_>, _>(|entry| entry.log.writer == self.identity.station);
        message.entries = entries;
        let Taken { apply, mut aside, cursors, .. } = message.take(mine)?;
        let known = sync::cursors(&self.readers, "confirmed").await?;
        // A word that is known already would cost the disk a write, and a scan its wait.
        if confirmed.iter().any(|(log, seq)| log.writer == self.identity.station && seq > known.of(log)) {
            self.carry(|reply| Arrival::Confirmed(confirmed, reply)).await?;
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
            self.carry(|reply| Arrival::Feed(taken, reply)).await?;
        }
        if !aside.is_empty() {
            let taken = Taken { apply: vec![], aside, cursors, doubled: 0, early: 0 };
            self.carry(|reply| Arrival::Feed(taken, reply)).await?;
        }
        for piece in returned.chunks(PIECE) {
            self.carry(|reply| Arrival::Returned(piece.to_vec(), reply)).await?;
        }
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
            self.carry(|reply| Arrival::Snapshot(piece, None, reply)).await?;
        }
        let cursors = reading.await.context("unpacking the snapshot was stopped")??;
        self.carry(|reply| Arrival::Snapshot(vec![], Some(cursors), reply)).await?;
        Ok(())
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
