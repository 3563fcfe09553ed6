//! The rehearsal of a restore: a backup is opened in a folder of its own, looked through and audited. Changes nothing.

use crate::backup::Backups;
use crate::store;
use crate::store::audit::{self, Findings};
use crate::store::sync::{self, Identity};
use anyhow::{Context as _, Result};
use sqlx::Connection as _;
use sqlx::sqlite::SqlitePoolOptions;
use std::path::{Path, PathBuf};

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsed {
    /// Whose it is.
    pub identity: Identity,
    /// What the audit found; faults of the file itself are among its differences.
    pub findings: Findings,
    /// When the last fact in it happened.
    pub last_fact_ms: Option<i64>,
}

/// Opens a backup beside the others, audits it, and removes what was opened.
///
/// # Errors
/// When it does not open: it is no backup, sealed with another key, or not whole.
pub async fn rehearse(backups: &Backups, backup: &Path) -> Result<Rehearsed> {
    let folder = backups.folder.join("rehearsal");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let rehearsed = open_and_audit(backups, backup, folder.join("station.db")).await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    rehearsed
}

async fn open_and_audit(backups: &Backups, backup: &Path, file: PathBuf) -> Result<Rehearsed> {
    backups.unpack(backup, &file)?;
    let mut opened = store::open_alone(&file).await.context("opening what the backup holds")?;
    let identity = sync::identity(&mut opened).await?.context("this backup belongs to no station")?;
    let faults = store::faults(&mut opened).await?;
    let last_fact_ms = sqlx::query_scalar("SELECT max(at) FROM fact").fetch_one(&mut opened).await?;
    opened.close().await?;
    let readers = SqlitePoolOptions::new().max_connections(1).connect_with(store::looking(&file)).await?;
    let mut findings = audit::audit(&readers).await?;
    readers.close().await;
    findings.differences.extend(faults);
    Ok(Rehearsed { identity, findings, last_fact_ms })
}
