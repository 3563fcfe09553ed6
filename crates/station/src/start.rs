//! Starting a station: replica, devices, loop, exchange and LAN host, the same for the window and the headless program.

use crate::backup::Backups;
use crate::clock;
use crate::damage;
use crate::devices::Devices;
use crate::door::Door;
use crate::event::Event;
use crate::identity_file;
use crate::lan::{self, Host};
use crate::printing::Printing;
use crate::settings::Settings;
use crate::station::{Parts, Station};
use crate::store::sync::{self, Identity};
use crate::store::{self, Store};
use crate::successor::{self, Replaced};
use crate::sync_hop::{self, Hop};
use anyhow::{Context as _, Result, bail, ensure};
use liangcang_devices::label::LabelFont;
use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
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
    /// The folder is this program's alone until it ends.
    _folder: File,
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
    let _folder = hold(&settings.data)?;
    let mut store = Store::open(&settings.data).await?;
    if let Some(known) = sync::identity(&mut store.writer).await? {
        bail!("this PC is enrolled as {} of warehouse {}", known.station, known.warehouse);
    }
    let enrolled = sync_hop::enrol(&settings.server, code, name, &hardware()).await?;
    write_token(&settings.data.join("station.token"), &enrolled.token)?;
    let identity = Identity { station: enrolled.station, warehouse: enrolled.warehouse, epoch: 1 };
    identity_file::write(&settings.data, &identity)?;
    store.enrol(&identity).await?;
    Ok(identity)
}

/// Makes a backup now, beside a station that may run.
///
/// # Errors
/// As [`Backups::make`](crate::backup::Backups::make).
pub async fn back_up(settings: &Settings) -> Result<PathBuf> {
    settings.backups()?.make(clock::now()).await
}

/// Puts a backup in the replica's place; the station must not run.
///
/// # Errors
/// When it runs, or the backup does not open, is not sound or is another station's; nothing is changed then.
pub async fn restore(settings: &Settings, backup: &Path) -> Result<Replaced> {
    let _folder = hold(&settings.data)?;
    successor::restore(&settings.backups()?, backup).await
}

/// Takes a station's folder for one program alone; gone when the file is closed, also by a crash.
fn hold(folder: &Path) -> Result<File> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join("station.lock");
    let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("the station of {} runs already: close it first", folder.display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// The replica, sound and open, and who it is.
async fn open_replica(folder: &Path) -> Result<(Store, Identity)> {
    successor::ensure_sound(folder).await?;
    let mut store = Store::open(folder).await?;
    let Some(identity) = sync::identity(&mut store.writer).await? else {
        bail!("this PC is not enrolled; run `liangcang-station enrol CODE` with a code from the server");
    };
    match identity_file::read(folder)? {
        None => identity_file::write(folder, &identity)?,
        Some(newest) => ensure!(
            newest == identity,
            "this replica is of epoch {} of {}, and the station has begun epoch {}: it is an old copy. Move it away, and \
             restore a backup",
            identity.epoch,
            identity.station,
            newest.epoch
        ),
    }
    Ok((store, identity))
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
    let held = hold(&settings.data)?;
    let (store, identity) = open_replica(&settings.data).await?;
    let backups = settings.backups()?;
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
    let mut tasks = keep_replica(folder, backups, &events);
    tasks.extend([lan, tokio::spawn(hop.run()), tokio::spawn(tick(events))]);
    Ok(Running { door, address, tasks, floor, _folder: held })
}

/// What is done for the replica's file beside the work.
fn keep_replica(
    folder: PathBuf,
    backups: Backups,
    events: &mpsc::UnboundedSender<Event>,
) -> Vec<JoinHandle<()>> {
    let watching = tokio::spawn(damage::watch(folder.clone(), events.clone()));
    let tidying = tokio::spawn(async move {
        if let Err(error) = store::keep_journal_short(&folder).await {
            tracing::warn!("the replica's journal is left to the writer: {error:#}");
        }
    });
    vec![tidying, watching, tokio::spawn(backups.nightly(events.clone()))]
}

/// A second's beat, so that countdowns and ages move.
async fn tick(events: mpsc::UnboundedSender<Event>) {
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    while events.send(Event::Tick).is_ok() {
        beat.tick().await;
    }
}
