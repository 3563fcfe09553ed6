//! The station's settings: one TOML file, read once; unknown keys are refused by name.

use crate::backup::Backups;
use crate::store::seal_of;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// All settings of a station.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder of the replica and its documents.
    pub data: PathBuf,
    /// Folder of the backups; `backups` beside the replica unless told otherwise. Another disk outlives the first.
    #[serde(default)]
    pub backups: Option<PathBuf>,
    /// The server's address (`http://127.0.0.1:7080`).
    pub server: String,
    /// Where the LAN page listens; loopback unless told otherwise.
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// Scanners on serial ports.
    #[serde(default)]
    pub scanner: Vec<Port>,
    /// Scales on serial ports, Toledo 8217.
    #[serde(default)]
    pub scale: Vec<Port>,
    /// Label printers, the first is used.
    #[serde(default)]
    pub printer: Vec<Printer>,
    /// Whether to speak.
    #[serde(default = "yes")]
    pub voice: bool,
}

/// A device on a serial port.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// Its name on the devices page.
    pub name: String,
    /// The port's path.
    pub path: String,
}

/// A ZPL printer on TCP 9100.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// Its name on the devices page.
    pub name: String,
    /// Host and port.
    pub address: String,
    /// Label size.
    #[serde(default)]
    pub size: LabelSize,
    /// Dots per millimetre: 8 (203 dpi) or 12 (300 dpi).
    #[serde(default = "eight")]
    pub dots_per_mm: u32,
}

/// The label sizes carriers use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum LabelSize {
    /// 100 x 150 mm.
    #[default]
    #[serde(rename = "100x150")]
    Large,
    /// 76 x 130 mm.
    #[serde(rename = "76x130")]
    Small,
}

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 7081))
}

fn eight() -> u32 {
    8
}

fn yes() -> bool {
    true
}

impl Settings {
    /// Where backups lie, and what seals them.
    ///
    /// # Errors
    /// When the station's key does not read.
    pub fn backups(&self) -> Result<Backups> {
        let folder = self.backups.clone().unwrap_or_else(|| self.data.join("backups"));
        Ok(Backups { data: self.data.clone(), folder, key: seal_of(&self.data)? })
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it is missing, no TOML, or has a key this program does not know.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("reading the settings {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("in the settings {}", path.display()))
    }
}
