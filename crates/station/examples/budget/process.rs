//! The measured program: the real `liangcang-station`, started as a person would start it, looked at from outside.

use crate::server::STATION;
use anyhow::{Context as _, Result, ensure};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A station that runs.
pub struct Process {
    child: Child,
    /// Where its page is.
    pub page: SocketAddr,
}

/// What a station's process uses of the memory, in MB of 10^6 bytes.
pub struct Memory {
    /// Now.
    pub resident: f64,
    /// At most, since it began.
    pub peak: f64,
}

/// Writes the station's settings. Speech is off: a machine without a sound card has nothing to speak with.
pub fn write_settings(
    path: &Path,
    data: &Path,
    server: &str,
    scanner: &str,
    scale: &str,
    printer: &str,
) -> Result<()> {
    let data = data.display();
    let text = format!(
        "data = \"{data}\"\nserver = \"http://{server}\"\nlisten = \"127.0.0.1:0\"\nvoice = false\n\n\
         [[scanner]]\nname = \"scanner\"\npath = \"{scanner}\"\n\n[[scale]]\nname = \"scale\"\npath = \"{scale}\"\n\n\
         [[printer]]\nname = \"printer\"\naddress = \"{printer}\"\n"
    );
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Enrols the station of these settings.
pub async fn enrol(program: &Path, settings: &Path) -> Result<()> {
    let done = Command::new(program)
        .arg("--settings")
        .arg(settings)
        .args(["enrol", "CODE", "--name", STATION])
        .output()
        .await
        .with_context(|| format!("starting {}", program.display()))?;
    ensure!(done.status.success(), "not enrolled: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

impl Process {
    /// Starts the station and waits until it says where its page is; its log goes to `log`.
    pub async fn start(program: &Path, settings: &Path, log: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("--settings")
            .arg(settings)
            .arg("run")
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(log)?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let out = child.stdout.take().context("the station has no output")?;
        let said = BufReader::new(out).lines().next_line().await?;
        let page = said.as_deref().and_then(|line| line.strip_prefix("station page: http://"));
        let page = page.with_context(|| format!("the station did not start; see {}", log.display()))?;
        Ok(Self { child, page: page.trim_end_matches('/').parse()? })
    }

    /// What it uses of the memory, as the kernel counts it.
    pub fn memory(&self) -> Result<Memory> {
        let id = self.child.id().context("the station ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib =
                line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<f64>().ok());
            kib.map(|kib| kib * 1024.0 / 1e6).with_context(|| format!("the kernel does not say {name}"))
        };
        Ok(Memory { resident: megabytes("VmRSS:")?, peak: megabytes("VmHWM:")? })
    }

    /// Asks it to end, as `kill` does, and waits for it.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.child.id().context("the station ended by itself")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        self.child.wait().await?;
        Ok(())
    }
}
