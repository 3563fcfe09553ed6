//! Who this PC is, kept beside the replica: what a damaged or missing replica can no longer say.
//!
//! Holds the newest epoch the station ever began, so that no later replica writes a log a second time. The token lies
//! in a file of its own.

use crate::store::sync::Identity;
use anyhow::{Context as _, Result};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

const NAME: &str = "station.json";

/// Reads it; `None` where the station is not enrolled, or was by a program that did not keep it yet.
///
/// # Errors
/// When it is there and does not read.
pub(crate) fn read(folder: &Path) -> Result<Option<Identity>> {
    let path = folder.join(NAME);
    match std::fs::read(&path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map(Some).with_context(|| format!("reading {}", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Writes it, whole or not at all.
///
/// # Errors
/// When the disk refuses.
pub(crate) fn write(folder: &Path, identity: &Identity) -> Result<()> {
    let (path, partial) = (folder.join(NAME), folder.join("station.json.partial"));
    let written = File::create(&partial).and_then(|mut file| {
        file.write_all(&serde_json::to_vec(identity)?)?;
        file.sync_all()
    });
    written.with_context(|| format!("writing {}", partial.display()))?;
    std::fs::rename(&partial, &path).with_context(|| format!("writing {}", path.display()))?;
    Ok(File::open(folder)?.sync_all()?)
}
