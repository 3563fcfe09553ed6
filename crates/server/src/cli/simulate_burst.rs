//! `simulate-burst`: a whole show in one process. A company is made, its campaign goes live, orders come as fast as the
//! queue of intake takes them, and afterwards every promise is recounted.
//!
//! Orders go through the same queue as those of the storefront; HTTP is left out, which `make bench-intake` measures.

mod books;
mod company;
mod crowd;
mod progress;
mod tally;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use super::{init, open};
use crate::clock::now;
use crate::database::{Database, query};
use crate::incoming::IncomingOrder;
use crate::intake::Intake;
use crate::jobs::prices;
use books::{Books, check, memory_peak_kb, size_bytes};
use company::{BUNDLE, PRICE_FEN, SHOW, open_show};
use crowd::Crowd;
use progress::{Progress, grouped};
use tally::Tally;

/// Callers at once, and orders each has on its way.
const CALLERS: u64 = 64;
const EACH: u64 = 32;
/// When a caller that was told "busy" comes again.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// What is rehearsed.
#[derive(clap::Args)]
pub struct Burst {
    /// Orders that come; there is stock for 95 of 100.
    #[arg(long, default_value_t = 100_000)]
    orders: u32,
    /// Make the company and let its campaign go live, and take no orders: then `serve` can be tried out under load.
    #[arg(long)]
    prepare: bool,
}

/// Where a burst happens when no place is named.
struct ThrowAway(PathBuf);

impl Drop for ThrowAway {
    fn drop(&mut self) {
        // What cannot be removed is a directory too many, and named after this process.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs it in `dir`, or in a directory that is thrown away afterwards. Status 1 when anything is oversold or lost, or
/// when the books differ.
pub async fn run(
    burst: &Burst,
    dir: Option<&Path>,
    address: Option<&str>,
    out: &mut impl Write,
) -> Result<ExitCode> {
    ensure!(!burst.prepare || dir.is_some(), "--prepare wants --data, or what it makes would be thrown away");
    ensure!(burst.orders > 0, "a burst has at least one order");
    let (dir, _thrown_away) = match dir {
        Some(dir) => (dir.to_owned(), None),
        None => {
            let dir = PathBuf::from(format!("var/burst-{}", std::process::id()));
            (dir.clone(), Some(ThrowAway(dir)))
        }
    };
    let database = open(&dir, address).await?;
    let warehouses: i64 = query("SELECT COUNT(*) FROM warehouse").scalar(&mut database.look().await?).await?;
    ensure!(
        warehouses == 0,
        "there is a company in this database already: a burst wants an empty one of its own"
    );
    open_show(&database, i64::from(burst.orders), now()).await?;
    if burst.prepare {
        init::run(&database, &dir, out).await?;
        writeln!(out, "campaign {SHOW} is live and sells {BUNDLE} at {PRICE_FEN} fen")?;
        database.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let status = rehearse(&database, u64::from(burst.orders), out).await;
    database.close().await;
    status
}

async fn rehearse(database: &Database, orders: u64, out: &mut impl Write) -> Result<ExitCode> {
    let before_bytes = size_bytes(database).await?;
    let begun = Instant::now();
    let mut tally = take_all(database, orders).await?;
    let took = begun.elapsed();
    let memory_kb = memory_peak_kb();
    let grown_bytes = size_bytes(database).await? - before_bytes;
    writeln!(out, "recounting")?;
    out.flush()?;
    let books = check(database, &tally.acknowledged).await?;
    tell(&mut tally, took, out)?;
    let taken = i64::try_from(tally.accepted + tally.review)?.max(1);
    writeln!(out, "database          {:>12} bytes an order", grown_bytes / taken)?;
    if let Some(kb) = memory_kb {
        writeln!(out, "memory, at most   {:>12} MiB", kb / 1024)?;
    }
    verdict(&books, &tally, out)
}

fn tell(tally: &mut Tally, took: Duration, out: &mut impl Write) -> Result<()> {
    let answered = tally.answered();
    let per_second = answered as f64 / took.as_secs_f64();
    for (what, count) in [
        ("accepted", tally.accepted),
        ("in review", tally.review),
        ("sold out", tally.sold_out),
        ("over quota", tally.over_quota),
        ("sent twice", tally.duplicates),
        ("other", tally.other),
        ("answered", answered),
        ("in a second", per_second as u64),
    ] {
        writeln!(out, "{what:<17} {:>12}", grouped(count))?;
    }
    writeln!(out, "took              {:>12.1} s", took.as_secs_f64())?;
    for (what, part) in [("half within", 0.5), ("99 % within", 0.99)] {
        writeln!(out, "{what:<17} {:>12.1} ms", tally.took_ms(part))?;
    }
    Ok(())
}

fn verdict(books: &Books, tally: &Tally, out: &mut impl Write) -> Result<ExitCode> {
    for difference in &books.differences {
        writeln!(out, "difference: {difference}")?;
    }
    writeln!(
        out,
        "{} oversold, {} lost, {} differences",
        books.oversold,
        books.lost,
        books.differences.len()
    )?;
    let good = books.oversold == 0 && books.lost == 0 && books.differences.is_empty() && tally.other == 0;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Hands all orders in and waits for the last answer.
async fn take_all(database: &Database, orders: u64) -> Result<Tally> {
    let crowd = Arc::new(Crowd::new(orders, now().0));
    let (intake, taking) = Intake::start(database.clone());
    let mut pricing = JoinSet::new();
    pricing.spawn(prices::run(database.clone()));
    let next = Arc::new(AtomicU64::new(0));
    let tally = Arc::new(Mutex::new(Tally::default()));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let caller = Caller {
            crowd: Arc::clone(&crowd),
            intake: intake.clone(),
            next: Arc::clone(&next),
            tally: Arc::clone(&tally),
        };
        callers.spawn(caller.call(orders));
    }
    let progress = Progress::begin(orders);
    let mut tick = interval(progress.every());
    let answered = || tally.lock().unwrap_or_else(PoisonError::into_inner).answered();
    loop {
        tokio::select! {
            _ = tick.tick() => progress.show(answered()),
            ended = callers.join_next() => match ended {
                Some(ended) => ended.context("a caller was cut short")??,
                None => break,
            },
        }
    }
    progress.end(answered());
    drop(intake);
    taking.await?;
    pricing.shutdown().await;
    Ok(std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// Somebody who hands orders in, some at a time, until all have been.
struct Caller {
    crowd: Arc<Crowd>,
    intake: Intake,
    next: Arc<AtomicU64>,
    tally: Arc<Mutex<Tally>>,
}

impl Caller {
    async fn call(self, orders: u64) -> Result<()> {
        loop {
            let first = self.next.fetch_add(EACH, Ordering::Relaxed);
            let places = first..(first + EACH).min(orders);
            if places.is_empty() {
                return Ok(());
            }
            let (begun, pending) = loop {
                let orders: Vec<IncomingOrder> =
                    places.clone().map(|place| self.crowd.order(place)).collect();
                let begun = Instant::now();
                match self.intake.hand_in(orders) {
                    Ok(pending) => break (begun, pending),
                    Err(_busy) => sleep(BUSY_PAUSE).await,
                }
            };
            let answers = pending.answers().await?;
            let took = begun.elapsed();
            let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
            for (place, answer) in places.zip(&answers) {
                tally.count(place, &answer.outcome, took);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    async fn said(orders: u32, prepare: bool, dir: Option<&Path>) -> Result<(ExitCode, String)> {
        let mut out = Vec::new();
        let status = run(&Burst { orders, prepare }, dir, None, &mut out).await?;
        Ok((status, String::from_utf8(out).unwrap()))
    }

    #[tokio::test]
    async fn a_burst_sells_out_and_the_books_say_so_to_the_unit() {
        let dir = tempfile::tempdir().unwrap();
        let (status, said) = said(1_000, false, Some(dir.path())).await.unwrap();
        assert_eq!(status, ExitCode::SUCCESS, "{said}");
        assert!(said.ends_with("0 oversold, 0 lost, 0 differences\n"), "{said}");
        let count = |what: &str| -> i64 {
            let line = said.lines().find(|line| line.starts_with(what)).unwrap();
            line[what.len()..].trim().replace(',', "").parse().unwrap()
        };
        assert_eq!((count("answered"), count("sent twice")), (1_000, 10), "{said}");
        let kept = count("accepted") + count("in review");
        assert!((930..=950).contains(&kept) && count("sold out") > 0, "{said}");
    }

    #[tokio::test]
    async fn an_acknowledged_order_that_is_not_there_is_told_as_lost() {
        let dir = tempfile::tempdir().unwrap();
        said(100, false, Some(dir.path())).await.unwrap();
        let database = open(dir.path(), None).await.unwrap();
        let books = check(&database, &[3, 4, 1_000_000]).await.unwrap();
        assert_eq!((books.lost, books.oversold, books.differences.len()), (1, 0, 0));
        let mut out = Vec::new();
        let status = verdict(&books, &Tally::default(), &mut out).unwrap();
        assert_eq!(status, ExitCode::FAILURE);
        database.close().await;
    }

    #[tokio::test]
    async fn a_burst_never_touches_a_company_that_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let (status, text) = said(10, true, Some(dir.path())).await.unwrap();
        assert_eq!(status, ExitCode::SUCCESS, "{text}");
        assert!(text.contains("campaign burst is live"), "{text}");
        let fault = said(10, false, Some(dir.path())).await.unwrap_err();
        assert!(fault.to_string().contains("a company in this database already"), "{fault}");
        let fault = said(10, true, None).await.unwrap_err();
        assert!(fault.to_string().contains("--data"), "{fault}");
    }
}
