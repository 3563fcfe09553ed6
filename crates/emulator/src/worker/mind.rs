//! What the worker does next, from what the screen shows: no port, no clock of its own.
//!
//! Leaves out judgement. It trusts the screen, as a new colleague would; only paper it must see for itself.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use super::Done;
use super::floor::{Goods, Parcels};
use super::screen::{Cage, HandOver, Pack, Task, Today, View, Walk};

/// So long a label that failed or whose fate is unknown is waited for before it is asked for again.
const HELP_ITSELF_WITHIN: Duration = Duration::from_secs(3);
/// So long a printer that ran out is left alone if no panel asks for paper.
const PANEL_WITHIN: Duration = Duration::from_secs(30);

/// One act.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    /// Pull the trigger at a code.
    Scan(String),
    /// Press a button of the screen.
    Press(&'static str),
    /// Type digits.
    Key(&'static str),
    /// Choose something on the screen.
    Call(Value),
    /// Lay a parcel of so many grams on the scale.
    Lay(i64),
    /// Take everything off the scale.
    Lift,
    /// Do something to the printer: its new mode.
    Printer(&'static str),
    /// Stand still for a moment, so that others can see.
    Linger,
    /// Wait for the screen.
    Look,
    /// There is nothing to do.
    Nothing,
    /// The shift is over.
    End,
}

/// What lies in the printer's tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paper {
    /// Labels printed in all.
    pub printed: u64,
    /// Whether the last one is unreadable.
    pub spoilt: bool,
}

/// A printer without paper, made so by the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PaperOut {
    Planned,
    Since(Instant),
    Seen,
    Over,
}

/// A parcel between the scan of its label and the screen's agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sealing {
    order: String,
    carrier: String,
    waybill: String,
}

pub(super) struct Mind {
    badge: String,
    goods: Goods,
    parcels: Parcels,
    orders: Option<usize>,
    done: Done,
    on_scale: bool,
    /// Labels printed before the parcel in hand was weighed; none if somebody else weighed it.
    printed_before: Option<u64>,
    waiting_since: Option<Instant>,
    sealing: Option<Sealing>,
    /// The waybill last scanned into a cage, and the answer's number before it.
    caging: Option<(String, i64)>,
    scanned_tote: Option<String>,
    useless_totes: BTreeSet<String>,
    closed_cages: BTreeSet<String>,
    wrong_item_due: bool,
    unreadable_due: bool,
    linger_due: bool,
    paper_out: PaperOut,
}

impl Mind {
    pub fn new(badge: &str, goods: Goods, parcels: Parcels, orders: Option<usize>, mistakes: bool) -> Self {
        Self {
            badge: badge.to_owned(),
            goods,
            parcels,
            orders,
            done: Done::default(),
            // Whoever was here before may have left something on it.
            on_scale: true,
            printed_before: None,
            waiting_since: None,
            sealing: None,
            caging: None,
            scanned_tote: None,
            useless_totes: BTreeSet::new(),
            closed_cages: BTreeSet::new(),
            wrong_item_due: mistakes,
            unreadable_due: mistakes,
            linger_due: false,
            paper_out: if mistakes { PaperOut::Planned } else { PaperOut::Over },
        }
    }

    pub fn done(&self) -> Done {
        self.done
    }

    pub fn has_worked(&self) -> bool {
        self.done != Done::default()
    }

    /// The next act.
    pub fn decide(&mut self, view: &View, paper: &Paper, now: Instant) -> Result<Deed> {
        self.note_outcome(view)?;
        if view.operator.is_none() {
            return Ok(Deed::Scan(self.badge.clone()));
        }
        Ok(match &view.task {
            Task::Idle => self.choose(&view.today),
            Task::Walk { screen } => self.walk(screen, view),
            Task::Pack { screen } => return self.pack(screen, view, paper, now),
            Task::HandOver { screen } => return self.hand_over(screen, view.answer.seq),
        })
    }

    /// Learns from the screen what became of the last scans.
    fn note_outcome(&mut self, view: &View) -> Result<()> {
        if let Some(sealing) = self.sealing.take() {
            let step = match &view.task {
                Task::Pack { screen } if screen.order == sealing.order => screen.step.as_str(),
                _ => "packed",
            };
            // Still asked for the label: it is scanned again. A station that died over the scan may know,
            // when it is back, that the parcel is sealed.
            if step == "packed" {
                self.done.packed += 1;
                self.parcels.put_down(&sealing.carrier, &sealing.waybill)?;
                tracing::info!(order = sealing.order, packed = self.done.packed, "packed");
            }
        }
        self.note_caged(view)?;
        if let Some(tote) = self.scanned_tote.take()
            && view.answer.is_wrong()
        {
            self.useless_totes.insert(tote);
        }
        Ok(())
    }

    fn note_caged(&mut self, view: &View) -> Result<()> {
        let (Some((waybill, seq)), Task::HandOver { screen }) = (self.caging.take(), &view.task) else {
            return Ok(());
        };
        let in_the_cage = screen.last.iter().any(|caged| caged.waybill == waybill);
        if in_the_cage {
            self.done.caged += 1;
        } else if view.answer.seq == seq {
            // Not heard: it still stands here and is scanned again.
            return Ok(());
        } else if view.answer.is_wrong() {
            tracing::warn!(waybill, answer = %view.answer.feedback, "this parcel may not go");
        }
        self.parcels.take_away(&screen.carrier, &waybill)
    }

    fn enough(&self) -> bool {
        self.orders.is_some_and(|orders| self.done.packed >= orders)
    }

    fn choose(&mut self, today: &Today) -> Deed {
        if self.on_scale {
            self.on_scale = false;
            return Deed::Lift;
        }
        if !self.enough() {
            if let Some(tote) = today.totes.iter().find(|tote| tote.orders > 0) {
                return Deed::Scan(tote.tote.clone());
            }
            if !today.walks.is_empty() {
                return Deed::Call(json!({"command": "begin_walk", "walk": null}));
            }
            if let Some(ready) = today.ready.iter().find(|ready| ready.orders > 0) {
                return Deed::Call(json!({"command": "release_wave", "carrier": ready.carrier}));
            }
        }
        // With a number to reach, the cages wait until it is reached.
        if self.orders.is_none() || self.enough() {
            let wanted = today.cages.iter().find(|cage| self.should_fill(cage));
            if let Some(cage) = wanted {
                self.closed_cages.remove(&cage.cage);
                return Deed::Scan(cage.cage.clone());
            }
        }
        if self.enough() { Deed::End } else { Deed::Nothing }
    }

    /// A cage is worth beginning if a parcel for it stands here, or if one was left open half full.
    fn should_fill(&self, cage: &Cage) -> bool {
        let parcel_here = cage.waiting > 0 && self.parcels.next(&cage.carrier).is_some();
        parcel_here || (cage.caged > 0 && !self.closed_cages.contains(&cage.cage))
    }

    fn walk(&mut self, screen: &Walk, view: &View) -> Deed {
        match (screen.step.as_str(), &screen.line) {
            ("tote", _) => {
                let tote = screen.wanted_tote.clone().unwrap_or_else(|| self.free_tote(&view.today));
                self.scanned_tote = Some(tote.clone());
                Deed::Scan(tote)
            }
            ("zone" | "bin", Some(line)) => Deed::Scan(format!("BIN-{}", line.bin)),
            ("units", Some(line)) => Deed::Scan(self.goods.barcode(&line.item.sku)),
            // Questions the worker never raises; somebody before left them open.
            ("reason" | "confirm_short", _) => Deed::Press("skip"),
            ("confirm_count", _) => Deed::Press("undo"),
            _ => Deed::Look,
        }
    }

    /// The next tote of the rack that no walk and no bench has.
    fn free_tote(&self, today: &Today) -> String {
        let walking = today.walks.iter().filter_map(|walk| walk.tote.as_ref());
        let taken: BTreeSet<&String> = walking.chain(today.totes.iter().map(|tote| &tote.tote)).collect();
        let rack = (1..).map(|number| format!("TOTE-{number:04}"));
        let mut free = rack.filter(|tote| !taken.contains(tote) && !self.useless_totes.contains(tote));
        free.next().unwrap_or_default()
    }

    fn pack(&mut self, screen: &Pack, view: &View, paper: &Paper, now: Instant) -> Result<Deed> {
        if let Some(deed) = self.mind_the_paper(view, now) {
            return Ok(deed);
        }
        if self.enough() && screen.step == "parts" && screen.parts.iter().all(|part| part.done == 0) {
            return Ok(Deed::Call(json!({"command": "leave_task"})));
        }
        if std::mem::take(&mut self.linger_due) {
            return Ok(Deed::Linger);
        }
        Ok(match screen.step.as_str() {
            "parts" | "packaging" if self.on_scale => {
                self.on_scale = false;
                Deed::Lift
            }
            "parts" => self.scan_part(screen),
            "packaging" => Deed::Scan(format!("PKG-{}", screen.packaging)),
            "weigh" => self.weigh(screen, paper, now),
            "print" => self.wait_for_print(screen, now),
            "scan_back" => self.take_label(screen, paper, now),
            "reprint_reason" => {
                self.printed_before = Some(paper.printed);
                Deed::Key(if paper.spoilt { "1" } else { "2" })
            }
            "return" => Deed::Scan(screen.tote.clone()),
            _ => Deed::Look,
        })
    }

    fn scan_part(&mut self, screen: &Pack) -> Deed {
        let Some(part) = screen.current.and_then(|current| screen.parts.get(current)) else {
            return Deed::Look;
        };
        if std::mem::take(&mut self.wrong_item_due) {
            let wanted = screen.parts.iter().map(|part| part.item.sku.as_str()).collect();
            if let Some(barcode) = self.goods.another(&wanted) {
                tracing::info!("scanning a wrong item, to show what happens");
                self.linger_due = true;
                return Deed::Scan(barcode);
            }
        }
        // In the second parcel, so that the mistakes do not come all at once.
        if self.unreadable_due && self.done.packed > 0 {
            self.unreadable_due = false;
            self.linger_due = true;
            tracing::info!("this code cannot be read, to show what happens");
            return Deed::Press("unreadable");
        }
        Deed::Scan(self.goods.barcode(&part.item.sku))
    }

    fn weigh(&mut self, screen: &Pack, paper: &Paper, now: Instant) -> Deed {
        // Still here although something lies on the scale: take it off and lay it down anew.
        if self.on_scale {
            self.on_scale = false;
            return Deed::Lift;
        }
        if self.paper_out == PaperOut::Planned && self.done.packed > 1 {
            self.paper_out = PaperOut::Since(now);
            tracing::info!("the printer runs out of paper, to show what happens");
            return Deed::Printer("paper-out");
        }
        self.on_scale = true;
        self.printed_before = Some(paper.printed);
        self.waiting_since = None;
        // No two parcels weigh the same; half the tolerance is well inside the gate.
        let spread = screen.gate.tolerance_g.min(20) / 2;
        let off = (self.done.packed as i64 * 7) % (2 * spread + 1) - spread;
        Deed::Lay(screen.gate.expected_g + off)
    }

    /// Puts paper in when the screen asks for it and everybody has seen that it does.
    fn mind_the_paper(&mut self, view: &View, now: Instant) -> Option<Deed> {
        match self.paper_out {
            PaperOut::Since(since) => {
                let asked = view.sticky.iter().any(|sticky| sticky.code == "printer_blocked");
                if !asked && now.duration_since(since) < PANEL_WITHIN {
                    return None;
                }
                if !asked {
                    tracing::warn!("no panel asked for paper; putting it in anyway");
                }
                self.paper_out = PaperOut::Seen;
                Some(Deed::Linger)
            }
            PaperOut::Seen => {
                self.paper_out = PaperOut::Over;
                self.waiting_since = None;
                Some(Deed::Printer("ok"))
            }
            PaperOut::Planned | PaperOut::Over => None,
        }
    }

    /// Scans the label if it is there; nobody can scan paper that is not.
    fn take_label(&mut self, screen: &Pack, paper: &Paper, now: Instant) -> Deed {
        let state = screen.prints.last().map_or("", |print| print.state.as_str());
        let came_out = match self.printed_before {
            Some(before) => paper.printed > before,
            // Weighed before this worker came: believe the printer.
            None => state == "printed",
        };
        if came_out && paper.spoilt {
            return Deed::Press("reprint");
        }
        if came_out {
            self.sealing = Some(Sealing {
                order: screen.order.clone(),
                carrier: screen.carrier.clone(),
                waybill: screen.waybill.clone(),
            });
            return Deed::Scan(screen.waybill.clone());
        }
        if state == "unknown" && self.waited_long_enough(now) { Deed::Press("reprint") } else { Deed::Look }
    }

    /// A print that failed never left the station, so it is asked for again.
    fn wait_for_print(&mut self, screen: &Pack, now: Instant) -> Deed {
        let failed = screen.prints.last().is_some_and(|print| print.state == "failed");
        if failed && self.waited_long_enough(now) { Deed::Press("print") } else { Deed::Look }
    }

    /// Whether it is time to help; not while the worker itself keeps the paper out.
    fn waited_long_enough(&mut self, now: Instant) -> bool {
        if matches!(self.paper_out, PaperOut::Since(_)) {
            return false;
        }
        let since = *self.waiting_since.get_or_insert(now);
        let enough = now.duration_since(since) >= HELP_ITSELF_WITHIN;
        if enough {
            self.waiting_since = None;
        }
        enough
    }

    fn hand_over(&mut self, screen: &HandOver, seq: i64) -> Result<Deed> {
        if screen.closed {
            return Ok(Deed::Look);
        }
        if let Some(waybill) = self.parcels.next(&screen.carrier) {
            self.caging = Some((waybill.clone(), seq));
            return Ok(Deed::Scan(waybill.clone()));
        }
        if screen.count == 0 {
            return Ok(Deed::Call(json!({"command": "leave_task"})));
        }
        self.closed_cages.insert(screen.cage.clone());
        Ok(Deed::Press("next"))
    }
}

#[cfg(test)]
mod tests;
