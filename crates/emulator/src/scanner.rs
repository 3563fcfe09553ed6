//! A barcode scanner on a serial cable. It knows characters, not symbols: what a barcode says, which
//! prefix and suffix the vendor's set-up sheet gave it, and in which pieces the cable delivers it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::pty::Pty;

/// Pause between two pieces of a scan, long enough that the reader gets them in two reads.
const GAP_BETWEEN_PIECES: Duration = Duration::from_millis(5);

/// What the scanner puts behind each code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suffix {
    /// Carriage return, the factory default of most scanners.
    #[default]
    Cr,
    /// Line feed.
    Lf,
    /// Carriage return and line feed.
    Crlf,
    /// Nothing: the reader can only tell the end by silence.
    None,
}

impl Suffix {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Cr => b"\r",
            Self::Lf => b"\n",
            Self::Crlf => b"\r\n",
            Self::None => b"",
        }
    }
}

/// One pull of the trigger.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// The decoded text; a GS separator is the character U+001D.
    pub code: String,
    /// Sent before everything, as some set-ups do (for example STX).
    #[serde(default)]
    pub prefix: String,
    /// AIM symbology identifier such as `]C1`, sent before the code.
    #[serde(default)]
    pub aim: String,
    /// What follows the code.
    #[serde(default)]
    pub suffix: Suffix,
    /// Sizes in bytes of the pieces in which it arrives; what is left over comes as the last piece.
    #[serde(default)]
    pub chunks: Vec<usize>,
}

impl Scan {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.prefix.clone().into_bytes();
        bytes.extend_from_slice(self.aim.as_bytes());
        bytes.extend_from_slice(self.code.as_bytes());
        bytes.extend_from_slice(self.suffix.bytes());
        bytes
    }
}

/// A scanner that may be plugged in or not.
pub struct Scanner {
    link: PathBuf,
    port: Mutex<Option<Pty>>,
}

impl Scanner {
    /// Plugs in a scanner whose port is named `link`.
    pub fn plugged(link: PathBuf) -> Result<Self> {
        let port = Pty::plug(&link)?;
        Ok(Self { link, port: Mutex::new(Some(port)) })
    }

    /// Path at which a program opens this scanner.
    pub fn link(&self) -> &PathBuf {
        &self.link
    }

    /// Whether the cable is in, and whether a program has the port open.
    pub async fn state(&self) -> (bool, bool) {
        let port = self.port.lock().await;
        (port.is_some(), port.as_ref().is_some_and(Pty::is_open))
    }

    /// Sends one scan; the port is taken for its whole length, so scans never mix. Returns bytes sent.
    pub async fn scan(&self, scan: &Scan) -> Result<usize> {
        ensure!(!scan.chunks.contains(&0), "a piece of 0 bytes cannot be sent; give each chunk at least 1");
        let port = self.port.lock().await;
        let port = port.as_ref().context("the scanner is unplugged; plug it in first")?;
        let bytes = scan.bytes();
        let mut rest = bytes.as_slice();
        for &size in &scan.chunks {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            port.send(piece)?;
            rest = after;
            tokio::time::sleep(GAP_BETWEEN_PIECES).await;
        }
        port.send(rest)?;
        Ok(bytes.len())
    }

    /// Pulls the cable: the reader sees its port die and the name disappear.
    pub async fn unplug(&self) {
        self.port.lock().await.take();
    }

    /// Puts the cable back; a new port appears under the old name. Nothing happens if it is in already.
    pub async fn plug(&self) -> Result<()> {
        let mut port = self.port.lock().await;
        if port.is_none() {
            *port = Some(Pty::plug(&self.link)?);
        }
        Ok(())
    }
}
