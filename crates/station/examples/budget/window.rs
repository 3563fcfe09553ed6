//! The desktop window's start: from the start of its process to the line in which it says that a screen was drawn.
//!
//! The station of the settings is enrolled and its replica is full; its server is away, as on a bad morning.

use crate::figures::{Figure, Judged};
use crate::shift::millis;
use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

/// What the window's log says when its first screen was drawn.
const SHOWN: &str = "first screen after";
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts the window once, untimed, so that the system and the web view have their caches, then `starts` times.
pub async fn measure(window: &Path, settings: &Path, starts: usize, folder: &Path) -> Result<()> {
    start(window, settings).await?;
    let mut times = vec![];
    for _ in 0..starts {
        times.push(millis(start(window, settings).await?));
    }
    Figure::of("first_screen", "ms", times, Judged::Median)?.write(folder)
}

async fn start(window: &Path, settings: &Path) -> Result<Duration> {
    let begun = Instant::now();
    let mut child = Command::new(window)
        .arg("--settings")
        .arg(settings)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting {}", window.display()))?;
    let mut lines = BufReader::new(child.stderr.take().context("the window has no log")?).lines();
    let mut said = vec![];
    let seen = async {
        while let Some(line) = lines.next_line().await? {
            if line.contains(SHOWN) {
                return Ok(begun.elapsed());
            }
            said.push(line);
        }
        anyhow::bail!("the window ended before it showed anything")
    };
    let time = tokio::time::timeout(PATIENCE, seen)
        .await
        .unwrap_or_else(|_| anyhow::bail!("the window shows nothing"));
    let time = time.with_context(|| said.join("\n"))?;
    let id = child.id().context("the window ended by itself")?;
    Command::new("kill").arg(id.to_string()).status().await?;
    child.wait().await?;
    Ok(time)
}
