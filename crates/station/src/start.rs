//! Starting a station: replica, devices, loop, exchange and LAN host, the same for the window and the headless program.

use crate::clock;
use crate::devices::Devices;
use crate::door::Door;
use crate::event::Event;
use crate::lan::{self, Host};
use crate::printing::Printing;
use crate::settings::Settings;
use crate::station::{Parts, Station};
use crate::store::sync::{self, Identity};
use crate::store::{self, Store};
use crate::sync_hop::{self, Hop};
use anyhow::{Context as _, Result, bail};
use liangcang_devices::label::LabelFont;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/LiangcangSansSC.otf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/LiangcangSansSC-Bold.otf");
/// Pieces of feed that may wait for the loop.
const ARRIVALS: usize = 4;

/// A station that runs.
#[derive(Debug)]
pub struct Running {
    /// The door for hosts.
    pub door: Door,
    /// Where the LAN page is.
    pub address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
    floor: JoinHandle<()>,
}

impl Running {
    /// Ends the loop and everything beside it, in that order: no fact is cut off.
    pub async fn stop(self) {
        self.door.stop();
        if let Err(error) = self.floor.await {
            tracing::error!("the station's loop failed: {error}");
        }
        for task in self.tasks {
            task.abort();
        }
    }
}

/// Enrols this PC and writes down who it is. A retry with the same code is harmless.
///
/// # Errors
/// When the server refuses, or the replica belongs to another station already.
pub async fn enrol(settings: &Settings, code: &str, name: &str) -> Result<Identity> {
    let mut store = Store::open(&settings.data).await?;
    if let Some(known) = sync::identity(&store.readers).await? {
        bail!("this PC is enrolled as {} of warehouse {}", known.station, known.warehouse);
    }
    let enrolled = sync_hop::enrol(&settings.server, code, name, &hardware()).await?;
    write_token(&settings.data.join("station.token"), &enrolled.token)?;
    let identity = Identity { station: enrolled.station, warehouse: enrolled.warehouse, epoch: 1 };
    store.enrol(&identity).await?;
    Ok(identity)
}

/// What tells this PC from another: a replica copied elsewhere is recognised by it.
fn hardware() -> String {
    let id = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    format!("machine-id:{}", id.trim())
}

fn write_token(path: &Path, token: &str) -> Result<()> {
    std::fs::write(path, token).with_context(|| format!("writing {}", path.display()))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(())
}

/// Starts everything.
///
/// # Errors
/// When the PC is not enrolled, the replica does not open, or the LAN address is taken.
pub async fn start(settings: Settings) -> Result<Running> {
    let store = Store::open(&settings.data).await?;
    let Some(identity) = sync::identity(&store.readers).await? else {
        bail!("this PC is not enrolled; run `liangcang-station enrol CODE` with a code from the server");
    };
    let token = std::fs::read_to_string(settings.data.join("station.token"))
        .context("reading the station's token")?;
    // Parsed once: it takes longer than drawing a label.
    let font = Arc::new(LabelFont::parse(REGULAR.to_vec(), BOLD.to_vec())?);
    let (events, inbox) = mpsc::unbounded_channel();
    let (arrivals, arriving) = mpsc::channel(ARRIVALS);
    let sync_now = Arc::new(Notify::new());
    let hop = Hop {
        server: settings.server.clone(),
        token: token.trim().to_owned(),
        identity: identity.clone(),
        readers: store.readers.clone(),
        arrivals,
        events: events.clone(),
        wake: Arc::clone(&sync_now),
    };
    let devices = Devices::start(&settings, clock::now(), &events)?;
    let printing = Printing {
        font: Arc::clone(&font),
        printer: Devices::start_printer(&settings, &events),
        events: events.clone(),
        waiting: vec![],
        unstored: VecDeque::new(),
        unwritten: vec![],
    };
    let (readers, seal, listen) = (store.readers.clone(), store.seal.clone(), settings.listen);
    let folder = settings.data.clone();
    let size = settings.printer.first().map(|printer| printer.size).unwrap_or_default();
    let parts = Parts { settings, identity, store, sync_now, devices, printing };
    let (station, view) = Station::new(parts).await?;
    let door = Door::new(events.clone(), view);
    let host = Host { door: door.clone(), readers, seal, font, size };
    let (address, serving) = lan::serve(host, listen).await?;
    let floor = tokio::spawn(station.run(inbox, arriving));
    let lan = tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!("the LAN page stopped: {error:#}");
        }
    });
    let tidying = tokio::spawn(async move {
        if let Err(error) = store::keep_journal_short(&folder).await {
            tracing::warn!("the replica's journal is left to the writer: {error:#}");
        }
    });
    let tasks = vec![lan, tokio::spawn(hop.run()), tokio::spawn(tick(events)), tidying];
    Ok(Running { door, address, tasks, floor })
}

/// A second's beat, so that countdowns and ages move.
async fn tick(events: mpsc::UnboundedSender<Event>) {
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    while events.send(Event::Tick).is_ok() {
        beat.tick().await;
    }
}
