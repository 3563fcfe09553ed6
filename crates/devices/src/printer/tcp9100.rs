//! A label printer on TCP 9100: one task a printer, one connection, one job at a time in order.
//!
//! Before a job the printer is asked for its state; while it is hindered the job stays here. Once a byte of
//! it has been given away the job is never given again: it ends as printed, or as unknown. Choosing another
//! printer and printing again are acts of a person and are left to the callers.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::confirm::{Look, Verdict, judge};
use super::link::{ANSWER_WITHIN, Broken, Link, WriteFault};
use super::zpl_status::PrinterStatus;

/// How long a printer that never answered is given to begin.
const MUTE_WITHIN: Duration = Duration::from_millis(200);
/// How often a printer that works is looked at.
const CONFIRM_EVERY: Duration = Duration::from_millis(100);

/// Which printer, and how long its silence is believed to be work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterSettings {
    /// Host and port, such as `192.168.1.50:9100`.
    pub address: String,
    /// How long after a job the counter may stand still before the outcome is called unknown.
    pub confirm_within: Duration,
    /// How often a hindered or idle printer is looked at.
    pub look_every: Duration,
}

impl PrinterSettings {
    /// Ten seconds to confirm, a look every two seconds.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            confirm_within: Duration::from_secs(10),
            look_every: Duration::from_secs(2),
        }
    }
}

/// What a printer reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterEvent {
    /// News of a job.
    Job(PrintReport),
    /// The printer changed its state.
    Device(DeviceState),
}

/// News of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintReport {
    /// As the caller gave it.
    pub job_id: String,
    /// What became of the job.
    pub outcome: PrintOutcome,
}

/// What became of a job. All but `Sent` are final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintOutcome {
    /// The printer has all bytes; whether it prints is not known yet.
    Sent,
    /// The printer's counter moved and nothing is left to print.
    Printed,
    /// The printer has bytes of the job and nothing proves a label: look at the printer.
    Unknown {
        /// In words for a person.
        why: String,
    },
    /// Not a byte of the job went out.
    Failed {
        /// In words for a person.
        why: String,
    },
    /// Taken back before a byte of it went out.
    Withdrawn,
}

/// How a printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceState {
    /// What it says, or that it says nothing.
    pub condition: Condition,
    /// Since when it is so.
    pub since: SystemTime,
}

/// The states of a printer, the first that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It takes and prints labels.
    Ready,
    /// The head is open.
    HeadOpen,
    /// No paper.
    PaperOut,
    /// No ribbon.
    RibbonOut,
    /// Paused at its key.
    Paused,
    /// Another fault that its own display names.
    Faulty,
    /// Connected, and it answers no question.
    Silent,
    /// It cannot be reached.
    Away {
        /// In words for a person.
        why: String,
    },
}

impl From<PrinterStatus> for Condition {
    fn from(status: PrinterStatus) -> Self {
        match status {
            PrinterStatus { head_open: true, .. } => Self::HeadOpen,
            PrinterStatus { paper_out: true, .. } => Self::PaperOut,
            PrinterStatus { ribbon_out: true, .. } => Self::RibbonOut,
            PrinterStatus { paused: true, .. } => Self::Paused,
            PrinterStatus { faulty: true, .. } => Self::Faulty,
            // A full buffer is work in hand, not a fault.
            _ => Self::Ready,
        }
    }
}

/// A running printer. Dropping it ends the task; jobs that are still here are not sent.
#[derive(Debug, Clone)]
pub struct PrinterHandle {
    orders: mpsc::UnboundedSender<Order>,
}

enum Order {
    Print(Job),
    Withdraw(String),
}

struct Job {
    id: String,
    zpl: Vec<u8>,
}

impl PrinterHandle {
    /// Starts the task of a printer, on the present tokio runtime.
    pub fn start(settings: PrinterSettings, events: mpsc::UnboundedSender<PrinterEvent>) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        let driver = Driver {
            settings,
            inbox,
            events,
            jobs: VecDeque::new(),
            link: None,
            told: None,
            has_answered: false,
            silent_since: None,
        };
        tokio::spawn(driver.run());
        Self { orders }
    }

    /// Puts a job (one document) behind those that are here. News of it comes under `job_id`.
    pub fn print(&self, job_id: String, zpl: Vec<u8>) {
        // The task ends only with the handle or with the receiver of its events, and then nobody asks.
        let _ = self.orders.send(Order::Print(Job { id: job_id, zpl }));
    }

    /// Takes back a job that has not been sent. For any other job nothing happens: its outcome comes.
    pub fn withdraw(&self, job_id: &str) {
        let _ = self.orders.send(Order::Withdraw(job_id.to_owned()));
    }
}

/// Nobody holds the printer any more.
struct Closed;

/// What is known of the printer after a look.
enum Seen {
    Status(PrinterStatus),
    /// It answered nothing, on a connection that is open.
    Nothing,
    Unreachable(String),
}

struct Driver {
    settings: PrinterSettings,
    inbox: mpsc::UnboundedReceiver<Order>,
    events: mpsc::UnboundedSender<PrinterEvent>,
    jobs: VecDeque<Job>,
    link: Option<Link>,
    told: Option<Condition>,
    /// This printer has answered a question before, so its silence means something.
    has_answered: bool,
    silent_since: Option<Instant>,
}

impl Driver {
    async fn run(mut self) {
        while self.turn().await.is_ok() {}
    }

    /// One look at the printer, and one job if it may have one.
    async fn turn(&mut self) -> Result<(), Closed> {
        let seen = self.look().await;
        self.take_orders()?;
        if self.jobs.is_empty() {
            return self.rest(self.settings.look_every).await;
        }
        match seen {
            Seen::Unreachable(why) => self.end_first(PrintOutcome::Failed { why }),
            Seen::Status(status) if !status.is_ready() => self.rest(self.settings.look_every).await,
            // It used to answer: it may be hindered in a way that silences it, or half gone.
            Seen::Nothing if self.has_answered && !self.is_mute() => {
                self.link = None;
                self.rest(self.settings.look_every).await
            }
            Seen::Nothing => {
                self.has_answered = false;
                self.send_first(false).await
            }
            Seen::Status(_) => self.send_first(true).await,
        }
    }

    /// Waits, but not longer than until an order comes.
    async fn rest(&mut self, time: Duration) -> Result<(), Closed> {
        tokio::select! {
            order = self.inbox.recv() => self.take(order.ok_or(Closed)?),
            () = self.events.closed() => Err(Closed),
            () = sleep(time) => Ok(()),
        }
    }

    /// It has been silent for so long that its silence no longer means work.
    fn is_mute(&self) -> bool {
        self.silent_since.is_some_and(|since| since.elapsed() >= self.settings.confirm_within)
    }

    fn take_orders(&mut self) -> Result<(), Closed> {
        loop {
            match self.inbox.try_recv() {
                Ok(order) => self.take(order)?,
                Err(mpsc::error::TryRecvError::Empty) => return Ok(()),
                Err(mpsc::error::TryRecvError::Disconnected) => return Err(Closed),
            }
        }
    }

    fn take(&mut self, order: Order) -> Result<(), Closed> {
        match order {
            Order::Print(job) => self.jobs.push_back(job),
            Order::Withdraw(id) => {
                let before = self.jobs.len();
                self.jobs.retain(|job| job.id != id);
                if self.jobs.len() < before {
                    self.report(id, PrintOutcome::Withdrawn)?;
                }
            }
        }
        Ok(())
    }

    /// Connects if need be, asks for the state and tells it when it changed. A connection that idled away is
    /// found out only by asking, so a second one is tried.
    async fn look(&mut self) -> Seen {
        let mut why = String::new();
        for _ in 0..2 {
            let patience = self.patience();
            let answer = match self.connected().await {
                Ok(link) => link.status(patience).await,
                Err(broken) => Err(broken),
            };
            match answer {
                Ok(status) => return self.heard(status),
                Err(broken) => {
                    self.link = None;
                    why = broken.0;
                }
            }
        }
        self.tell(Condition::Away { why: why.clone() });
        Seen::Unreachable(why)
    }

    async fn connected(&mut self) -> Result<&mut Link, Broken> {
        let link = match self.link.take() {
            Some(link) => link,
            None => Link::connect(&self.settings.address).await?,
        };
        Ok(self.link.insert(link))
    }

    /// A printer that never answered is not waited for at every label.
    fn patience(&self) -> Duration {
        if self.has_answered || self.told.is_none() { ANSWER_WITHIN } else { MUTE_WITHIN }
    }

    /// Takes note of an answer, or of none.
    fn heard(&mut self, status: Option<PrinterStatus>) -> Seen {
        let Some(status) = status else {
            self.silent_since.get_or_insert_with(Instant::now);
            self.tell(Condition::Silent);
            return Seen::Nothing;
        };
        self.has_answered = true;
        self.silent_since = None;
        self.tell(status.into());
        Seen::Status(status)
    }

    /// Gives the first job away; `counts` says whether the printer is worth asking for its counter.
    async fn send_first(&mut self, counts: bool) -> Result<(), Closed> {
        let Some(link) = &mut self.link else { return Ok(()) };
        let before = if counts { link.odometer().await } else { Ok(None) };
        let Ok(before) = before else {
            // Nothing was given away yet; the next turn starts over.
            self.link = None;
            return Ok(());
        };
        let Some(job) = self.jobs.front() else { return Ok(()) };
        let sent = link.write_job(&job.zpl).await;
        match sent {
            Ok(()) => {
                let Some(job) = self.jobs.pop_front() else { return Ok(()) };
                self.report(job.id.clone(), PrintOutcome::Sent)?;
                let outcome = self.confirm(before).await?;
                self.report(job.id, outcome)
            }
            Err(WriteFault::NothingSent(why)) => {
                self.link = None;
                self.end_first(PrintOutcome::Failed { why })
            }
            Err(WriteFault::PartlySent(why)) => {
                self.link = None;
                self.end_first(PrintOutcome::Unknown { why })
            }
        }
    }

    /// Watches the printer until the job that it has is printed, or nothing more can be known.
    async fn confirm(&mut self, before: Option<u64>) -> Result<PrintOutcome, Closed> {
        let unknown = |why: &str| Ok(PrintOutcome::Unknown { why: why.to_owned() });
        if !self.has_answered {
            return unknown("the printer took the label and answers no question");
        }
        let mut unhindered_since = Instant::now();
        loop {
            let Some(link) = &mut self.link else {
                return unknown("the connection was lost after the printer took the label");
            };
            // The counter first: what the state says afterwards is at least as new.
            let odometer = if before.is_some() { link.odometer().await } else { Ok(None) };
            let (Ok(odometer), Ok(status)) = (odometer, link.status(ANSWER_WITHIN).await) else {
                self.link = None;
                continue;
            };
            self.heard(status);
            let bound = self.settings.confirm_within;
            match judge(before, Look { status, odometer }, unhindered_since.elapsed(), bound) {
                Verdict::Printed => return Ok(PrintOutcome::Printed),
                Verdict::Unknown(why) => return Ok(PrintOutcome::Unknown { why }),
                Verdict::Blocked => {
                    unhindered_since = Instant::now();
                    self.rest(self.settings.look_every).await?;
                }
                Verdict::Wait => sleep(CONFIRM_EVERY).await,
            }
            self.take_orders()?;
        }
    }

    fn end_first(&mut self, outcome: PrintOutcome) -> Result<(), Closed> {
        match self.jobs.pop_front() {
            Some(job) => self.report(job.id, outcome),
            None => Ok(()),
        }
    }

    fn report(&self, job_id: String, outcome: PrintOutcome) -> Result<(), Closed> {
        let event = PrinterEvent::Job(PrintReport { job_id, outcome });
        self.events.send(event).map_err(|_| Closed)
    }

    fn tell(&mut self, condition: Condition) {
        if self.told.as_ref() != Some(&condition) {
            self.told = Some(condition.clone());
            let state = DeviceState { condition, since: SystemTime::now() };
            // A receiver that is gone is noticed at the next report or rest.
            let _ = self.events.send(PrinterEvent::Device(state));
        }
    }
}
