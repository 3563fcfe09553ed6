//! An emulated person at a station: reads the screen, scans, lays parcels on the scale, takes labels from
//! the printer, presses what a person would press.
//!
//! It acts through the emulated devices and the screen's own commands only, and knows the goods by their
//! barcodes only. It is not a test of itself: whether the work was right is the audits' business.

mod floor;
mod hands;
mod mind;
mod screen;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use floor::{Goods, Parcels};
use hands::Hands;
use mind::{Deed, Mind};
use screen::{Screen, View};

/// A person looks again after so long, even if nothing on the screen moved.
const GLANCE: Duration = Duration::from_millis(100);
/// A scan that got no answer is made again after so long.
const PATIENCE: Duration = Duration::from_secs(3);
/// Work ends when there has been nothing to do for so long.
const IDLE_END: Duration = Duration::from_secs(5);
/// Work is given up when nothing has moved for so long.
const STUCK_AFTER: Duration = Duration::from_secs(60);
/// So many wrong answers in a row mean that the worker has not understood.
const MOST_WRONG: u32 = 8;

/// What the worker is told before the shift.
#[derive(Debug, Clone)]
pub struct Shift {
    /// The emulator's control API.
    pub control: SocketAddr,
    /// The station's LAN host, e.g. `http://127.0.0.1:7070`.
    pub station: String,
    /// The badge to sign on with, e.g. `OP-1001`.
    pub badge: String,
    /// `catalogue.csv`, for the barcodes printed on the goods.
    pub catalogue: PathBuf,
    /// Pause before each act.
    pub pace: Duration,
    /// Whether to make each mistake of the demo once.
    pub mistakes: bool,
    /// Stop after so many sealed parcels; without it, when nothing is left to do.
    pub orders: Option<usize>,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Parcels sealed.
    pub packed: usize,
    /// Parcels put into a cage.
    pub caged: usize,
}

/// Works the shift to its end.
pub async fn work(shift: &Shift) -> Result<Done> {
    let hands = Hands::take_up(shift.control, &shift.station).await?;
    let parcels = Parcels::standing_in(hands.folder())?;
    let mut mind =
        Mind::new(&shift.badge, Goods::read(&shift.catalogue)?, parcels, shift.orders, shift.mistakes);
    let mut screen = Screen::watch(&shift.station);
    let mut moved = Instant::now();
    let mut wrong_in_a_row = 0;
    let mut seen = screen.look(PATIENCE).await;
    loop {
        let Some(view) = seen.take() else {
            if moved.elapsed() > STUCK_AFTER {
                bail!("the station at {} shows nothing", shift.station);
            }
            seen = screen.look(PATIENCE).await;
            continue;
        };
        let deed = mind.decide(&view, &hands.look_at_printer().await?, Instant::now())?;
        tracing::debug!(?deed, "next");
        if !matches!(deed, Deed::Look | Deed::Nothing) {
            tokio::time::sleep(shift.pace).await;
        }
        let after = match deed {
            Deed::End => return Ok(mind.done()),
            Deed::Nothing if mind.has_worked() && moved.elapsed() > IDLE_END => return Ok(mind.done()),
            Deed::Nothing | Deed::Look => screen.look(GLANCE).await,
            Deed::Linger => {
                tokio::time::sleep(shift.pace * 3).await;
                screen.look(Duration::ZERO).await
            }
            Deed::Lift | Deed::Printer(_) => {
                hands.carry_out(deed).await?;
                screen.look(Duration::ZERO).await
            }
            _ => {
                let waits_for = waits_for(&deed);
                hands.carry_out(deed).await?;
                screen.look_until(PATIENCE, |now| waits_for(&view, now)).await
            }
        };
        let after = after.unwrap_or_else(|| view.clone());
        if after.answer.seq != view.answer.seq || after.task != view.task {
            moved = Instant::now();
            wrong_in_a_row = if after.answer.is_wrong() { wrong_in_a_row + 1 } else { 0 };
        }
        if wrong_in_a_row > MOST_WRONG {
            bail!("{wrong_in_a_row} wrong answers in a row, the last one: {}", after.answer.feedback);
        }
        if moved.elapsed() > STUCK_AFTER {
            bail!("nothing moved for {STUCK_AFTER:?}; the screen shows {:?}", after.task);
        }
        seen = Some(after);
    }
}

/// What on the screen tells that a deed was noticed: an answer to a gesture, or the work having moved.
fn waits_for(deed: &Deed) -> fn(&View, &View) -> bool {
    match deed {
        Deed::Scan(_) | Deed::Press(_) | Deed::Key(_) => |before, now| now.answer.seq != before.answer.seq,
        Deed::Lay(_) => |before, now| now.task != before.task || now.answer.seq != before.answer.seq,
        _ => |before, now| now.task != before.task || now.today != before.today,
    }
}
