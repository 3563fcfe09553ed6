//! The worker's hands: scanner, scale and printer through the emulator's control API, buttons through the
//! station's own command list. One scanner, one scale and one printer: the first of each kind.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::mind::{Deed, Paper};

/// A device that does not take part is waited for so long: a station that starts has not opened it yet.
const DEVICE_WITHIN: Duration = Duration::from_secs(30);
/// An emptied scale is waited for so long to be noticed.
const NOTICED_WITHIN: Duration = Duration::from_secs(2);

pub(super) struct Hands {
    http: reqwest::Client,
    control: String,
    station: String,
    folder: PathBuf,
    scanner: String,
    scale: String,
    printer: String,
}

impl Hands {
    /// Finds the devices of the emulator at `control`.
    pub async fn take_up(control: SocketAddr, station: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
        let control = format!("http://{control}");
        let all: Value = http
            .get(&control)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .with_context(|| {
                format!("no emulator answers at {control}; start `liangcang-emulator run` first")
            })?
            .json()
            .await?;
        let first = |kind: &str| {
            let name = all[kind][0]["name"].as_str().map(str::to_owned);
            name.with_context(|| {
                format!("the emulator at {control} has none of its {kind}; the worker needs one")
            })
        };
        Ok(Self {
            scanner: first("scanners")?,
            scale: first("scales")?,
            printer: first("printers")?,
            folder: all["folder"].as_str().context("the emulator names no folder")?.into(),
            station: station.trim_end_matches('/').to_owned(),
            http,
            control,
        })
    }

    /// The emulator's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What lies in the printer's tray.
    pub async fn look_at_printer(&self) -> Result<Paper> {
        let condition = self.ask(&format!("/printer/{}", self.printer)).await?;
        Ok(Paper {
            printed: condition["odometer"].as_u64().context("the printer's count is no number")?,
            spoilt: condition["last"]["faults"].as_array().is_some_and(|faults| !faults.is_empty()),
        })
    }

    /// Does it. A refusal by the station is logged: the screen tells the worker what to do instead.
    pub async fn carry_out(&self, deed: Deed) -> Result<()> {
        match deed {
            Deed::Scan(code) => {
                let path = format!("/scanner/{}/scan", self.scanner);
                self.act(&path, &json!({"code": code})).await
            }
            Deed::Lay(grams) => self.lay(grams).await,
            Deed::Lift => self.lift().await,
            Deed::Printer(mode) => {
                self.act(&format!("/printer/{}", self.printer), &json!({"mode": mode})).await
            }
            Deed::Press(action) => self.call(json!({"command": "press", "action": action})).await,
            Deed::Key(digits) => self.call(json!({"command": "key", "digits": digits})).await,
            Deed::Call(command) => self.call(command).await,
            Deed::Linger | Deed::Look | Deed::Nothing | Deed::End => Ok(()),
        }
    }

    /// A parcel laid down swings before it lies still.
    async fn lay(&self, grams: i64) -> Result<()> {
        let path = format!("/scale/{}", self.scale);
        self.act(&path, &json!({"grams": grams, "motion": true})).await?;
        self.act(&path, &json!({"grams": grams, "motion": false})).await
    }

    /// Empties the scale and waits until the station has asked it: no hand is quicker than the scale.
    async fn lift(&self) -> Result<()> {
        let path = format!("/scale/{}", self.scale);
        self.act(&path, &json!({"grams": 0})).await?;
        let asked = async || anyhow::Ok(self.ask(&path).await?["asked"].as_u64());
        let before = asked().await?;
        let begun = Instant::now();
        while asked().await? == before && begun.elapsed() < NOTICED_WITHIN {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    async fn ask(&self, path: &str) -> Result<Value> {
        let url = format!("{}{path}", self.control);
        let answer = self.http.get(&url).send().await.and_then(reqwest::Response::error_for_status);
        let answer = answer.with_context(|| format!("the emulator does not answer {path}"))?;
        Ok(answer.json().await?)
    }

    /// Posts to the emulator; a device nobody has open yet is tried again for a while.
    async fn act(&self, path: &str, body: &Value) -> Result<()> {
        let url = format!("{}{path}", self.control);
        let begun = Instant::now();
        loop {
            let answer = self.http.post(&url).json(body).send().await;
            let answer = answer.with_context(|| format!("the emulator does not answer {path}"))?;
            if answer.status().is_success() {
                return Ok(());
            }
            let not_open = answer.status() == reqwest::StatusCode::CONFLICT;
            if !not_open || begun.elapsed() > DEVICE_WITHIN {
                bail!("the emulator refused {path}: {}", answer.text().await?);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn call(&self, command: Value) -> Result<()> {
        let answer = self.http.post(format!("{}/api/call", self.station)).json(&command).send().await;
        match answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => tracing::info!(%command, refusal = answer.text().await?, "the station refused"),
            Err(fault) => tracing::warn!(%command, %fault, "the station did not answer"),
        }
        Ok(())
    }
}
