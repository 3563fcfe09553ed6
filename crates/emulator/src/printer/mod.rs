//! One label printer: what it holds, what it prints, what it says about itself.
//!
//! "Accepted" and "printed" are different things here as on the floor: bytes go into a buffer, the
//! engine prints from it when paper, head and mode allow, and only a finished label moves the odometer.

mod engine;
mod port;
mod status;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::lock::take;
use crate::zpl::bitmap::Bitmap;
use crate::zpl::format::{self, Settings};
use crate::zpl::stream::{Heard, Receiver};

/// How the printer behaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Prints and answers.
    #[default]
    Ok,
    /// No media: accepts, keeps, does not answer `~HS`.
    PaperOut,
    /// Print head up: accepts, keeps, does not answer `~HS`.
    HeadOpen,
    /// Accepts and prints, answers no query at all.
    NoReply,
    /// Accepts and answers as if ready, prints nothing, for ever.
    PrintsNothing,
    /// Takes no connection and drops the one it has.
    Refuse,
}

/// A change of behaviour from the control side; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// New behaviour. `ok` also puts a new roll in, unless `paper` says how long it is.
    pub mode: Option<Mode>,
    /// Puts in paper for so many labels, which also ends `paper-out`; after them media is out.
    pub paper: Option<u32>,
    /// Time one label takes.
    pub ms_per_label: Option<u64>,
}

/// Where a format stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// In the buffer.
    Waiting,
    /// All its labels are out.
    Printed,
    /// Thrown away by `~JA`.
    Cancelled,
    /// Accepted and never printed, in mode `prints-nothing`.
    Swallowed,
    /// Its end never came.
    BrokenOff,
}

/// One format the printer received.
#[derive(Debug, Clone, Serialize)]
pub struct Job {
    /// Counts from 1 since the emulator started.
    pub number: usize,
    /// Size of the format in bytes.
    pub bytes: usize,
    /// Labels asked for.
    pub quantity: u32,
    /// Labels that are out.
    pub printed: u32,
    /// Where it stands.
    pub state: JobState,
    /// Why the label came out crossed out, if it did.
    pub faults: Vec<String>,
    /// Drawing commands that were passed over.
    pub skipped: Vec<String>,
}

/// One label that came out.
#[derive(Debug, Clone, Serialize)]
pub struct Label {
    /// The odometer after it.
    pub number: u64,
    /// Job it belongs to.
    pub job: usize,
    /// The picture.
    pub png: PathBuf,
    /// The bytes it was printed from.
    pub zpl: PathBuf,
    /// Faults for which it is crossed out; empty on a good label.
    pub faults: Vec<String>,
}

struct Buffered {
    job: usize,
    format: Vec<u8>,
    dots: Bitmap,
}

struct State {
    mode: Mode,
    paper: Option<u32>,
    ms_per_label: u64,
    receiver: Receiver,
    settings: Settings,
    buffer: VecDeque<Buffered>,
    jobs: Vec<Job>,
    labels: Vec<Label>,
    odometer: u64,
}

impl State {
    fn media_out(&self) -> bool {
        self.mode == Mode::PaperOut || self.paper == Some(0)
    }

    fn can_print(&self) -> bool {
        !self.media_out() && matches!(self.mode, Mode::Ok | Mode::NoReply | Mode::Refuse)
    }
}

/// A printer that listens on a TCP port and puts its labels into a folder.
pub struct Printer {
    folder: PathBuf,
    address: SocketAddr,
    state: Mutex<State>,
    /// Counts changes; the engine and the port wait on it.
    changes: watch::Sender<u64>,
}

/// What `GET /printer/{name}` answers.
#[derive(Debug, Serialize)]
pub struct Condition {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its labels are.
    pub folder: PathBuf,
    /// How it behaves.
    pub mode: Mode,
    /// Labels until media is out; none = a full roll.
    pub paper: Option<u32>,
    /// Time one label takes.
    pub ms_per_label: u64,
    /// Formats not printed yet.
    pub waiting: usize,
    /// Labels ever printed.
    pub odometer: u64,
    /// The label that came out last since the start.
    pub last: Option<Label>,
}

impl Printer {
    /// Starts listening at `address` and printing into `folder`, counting on from the labels found there.
    pub async fn start(address: SocketAddr, folder: &Path) -> Result<Arc<Self>> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let listener = port::listen(address).await?;
        let state = State {
            mode: Mode::Ok,
            paper: None,
            ms_per_label: 0,
            receiver: Receiver::default(),
            settings: Settings::default(),
            buffer: VecDeque::new(),
            jobs: Vec::new(),
            labels: Vec::new(),
            odometer: engine::last_number(folder)?,
        };
        let printer = Arc::new(Self {
            folder: folder.to_owned(),
            address: listener.local_addr()?,
            state: Mutex::new(state),
            changes: watch::channel(0).0,
        });
        tokio::spawn(engine::print_for_ever(Arc::clone(&printer)));
        tokio::spawn(port::serve_for_ever(Arc::clone(&printer), listener));
        Ok(printer)
    }

    /// How it stands now.
    pub fn condition(&self) -> Condition {
        let state = take(&self.state);
        Condition {
            address: self.address,
            folder: self.folder.clone(),
            mode: state.mode,
            paper: state.paper,
            ms_per_label: state.ms_per_label,
            waiting: state.buffer.len(),
            odometer: state.odometer,
            last: state.labels.last().cloned(),
        }
    }

    /// Applies a change of behaviour at once.
    pub fn change(&self, change: &Change) {
        {
            let mut state = take(&self.state);
            if let Some(mode) = change.mode {
                state.mode = mode;
                if mode == Mode::Ok {
                    state.paper = None;
                }
            }
            if change.paper.is_some() {
                state.paper = change.paper;
                if change.mode.is_none() && state.mode == Mode::PaperOut {
                    state.mode = Mode::Ok;
                }
            }
            state.ms_per_label = change.ms_per_label.unwrap_or(state.ms_per_label);
        }
        self.announce();
    }

    /// Every format received since the start, in order.
    pub fn jobs(&self) -> Vec<Job> {
        take(&self.state).jobs.clone()
    }

    /// Every label printed since the start, in order.
    pub fn labels(&self) -> Vec<Label> {
        take(&self.state).labels.clone()
    }

    fn announce(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Takes bytes from the cable; returns what the printer says back.
    fn receive(&self, bytes: &[u8]) -> Vec<u8> {
        let answer = {
            let mut state = take(&self.state);
            let heard = state.receiver.take(bytes);
            heard.into_iter().flat_map(|heard| hear(&mut state, heard)).collect()
        };
        self.announce();
        answer
    }
}

fn hear(state: &mut State, heard: Heard) -> Vec<u8> {
    match heard {
        Heard::Format(format) => {
            accept(state, format);
            Vec::new()
        }
        Heard::BrokenOff(format) => {
            let number = state.jobs.len() + 1;
            state.jobs.push(Job {
                number,
                bytes: format.len(),
                quantity: 0,
                printed: 0,
                state: JobState::BrokenOff,
                faults: vec!["the format broke off before ^XZ".to_owned()],
                skipped: Vec::new(),
            });
            Vec::new()
        }
        Heard::CancelAll => {
            for buffered in std::mem::take(&mut state.buffer) {
                state.jobs[buffered.job].state = JobState::Cancelled;
            }
            Vec::new()
        }
        Heard::HostStatus => status::host_status(state),
        Heard::ErrorsAndWarnings => status::errors_and_warnings(state),
        Heard::GetVariable(name) => status::variable(state, &name),
    }
}

fn accept(state: &mut State, format: Vec<u8>) {
    let page = format::read(&mut state.settings, &format);
    let job = state.jobs.len();
    let swallowed = state.mode == Mode::PrintsNothing;
    state.jobs.push(Job {
        number: job + 1,
        bytes: format.len(),
        quantity: page.quantity,
        printed: 0,
        state: if swallowed { JobState::Swallowed } else { JobState::Waiting },
        faults: page.faults,
        skipped: page.skipped,
    });
    if !swallowed {
        state.buffer.push_back(Buffered { job, format, dots: page.dots });
    }
}
