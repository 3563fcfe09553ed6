//! The work that is timed: a person who scans, packs, weighs and labels without a mistake, faster than any person.
//!
//! A scan is timed from the write at the scanner's end of the cable to the arrival of the first view with a newer
//! answer; a label from the write of the packaging's code, with the parcel on the scale already, to the first byte at
//! the printer's socket. Between two scans is a pause of 5 to 25 ms, so that scans fall at any moment of a sync.

use crate::cable::{Scale, Scanner};
use crate::company::{self, TOTES, scattered};
use crate::printer::Printer;
use crate::screen::Screen;
use crate::server::Server;
use anyhow::{Context as _, Result, bail, ensure};
use liangcang_domain::id::ToteId;
use liangcang_domain::task::Feedback;
use liangcang_domain::task::pack::{PackScreen, PackStep};
use liangcang_domain::task::walk::{WalkScreen, WalkStepView};
use liangcang_station::view::{TaskView, View};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// One thing timed.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// How long it took.
    pub ms: f64,
    /// Whether the station took in pushed orders when it began.
    pub during_sync: bool,
}

/// A person at a station, with everything within reach.
pub struct Shift {
    pub screen: Screen,
    pub scanner: Scanner,
    pub scale: Scale,
    pub printer: Printer,
    pub server: Server,
    pub page: SocketAddr,
    /// Answers to scans.
    pub scans: Vec<Sample>,
    /// First bytes of labels.
    pub labels: Vec<Sample>,
    /// Parcels sealed.
    pub packed: usize,
    totes_taken: usize,
}

impl Shift {
    /// Comes to the station; nothing is timed yet.
    pub fn begin(
        screen: Screen,
        scanner: Scanner,
        scale: Scale,
        printer: Printer,
        server: Server,
        page: SocketAddr,
    ) -> Self {
        Self {
            screen,
            scanner,
            scale,
            printer,
            server,
            page,
            scans: vec![],
            labels: vec![],
            packed: 0,
            totes_taken: 0,
        }
    }

    /// A button of the screen.
    pub async fn call(&self, command: Value) -> Result<Value> {
        let answer = reqwest::Client::new()
            .post(format!("http://{}/api/call", self.page))
            .json(&command)
            .timeout(Duration::from_secs(300))
            .send()
            .await?;
        ensure!(answer.status().is_success(), "the station refused {command}: {}", answer.text().await?);
        Ok(answer.json().await?)
    }

    /// One scan, timed; gives when the trigger was pulled.
    pub async fn scan(&mut self, code: &str) -> Result<Instant> {
        let pause = 5 + scattered(self.scans.len() as u64) % 20;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        self.screen.until_now("the present view", |_| true).await?;
        let seq = self.screen.view.answer.seq;
        let during_sync = self.server.is_integrating();
        let begun = Instant::now();
        self.scanner.scan(code)?;
        let came = self.screen.until("the answer to a scan", |view| view.answer.seq > seq).await?;
        if let Feedback::Wrong { mistake } = &self.screen.view.answer.feedback {
            bail!("{code} was called wrong: {mistake:?}");
        }
        self.scans.push(Sample { ms: millis(came - begun), during_sync });
        Ok(begun)
    }

    /// Fetches the goods of the next walk and packs all its orders.
    pub async fn walk_and_pack(&mut self) -> Result<()> {
        self.call(json!({"command": "begin_walk", "walk": null})).await?;
        self.screen.until_now("a walk", |view| matches!(view.task, TaskView::Walk { .. })).await?;
        self.totes_taken += 1;
        ensure!(self.totes_taken <= TOTES, "there is no empty tote left");
        let tote = ToteId(format!("TOTE-{:04}", self.totes_taken));
        while let Some(code) = walk_code(&self.screen.view, &tote)? {
            self.scan(&code).await?;
        }
        self.scan(tote.as_str()).await?;
        while let TaskView::Pack { screen, .. } = &self.screen.view.task {
            let order = screen.clone();
            self.pack(&order).await?;
        }
        Ok(())
    }

    /// One parcel, from its first part to its label scanned back.
    async fn pack(&mut self, order: &PackScreen) -> Result<()> {
        self.noticed(0).await?;
        self.scale.put(order.gate.expected_g.0);
        for part in &order.parts {
            for _ in 0..part.want.0 - part.done.0 {
                self.scan(&company::barcode(&part.item.sku)).await?;
            }
        }
        self.noticed(order.gate.expected_g.0).await?;
        while self.printer.labels.try_recv().is_ok() {}
        let during_sync = self.server.is_integrating();
        let begun = self.scan(&format!("PKG-{}", order.packaging)).await?;
        let label = tokio::time::timeout(Duration::from_secs(60), self.printer.labels.recv()).await;
        let came = label.context("no label came to the printer")?.context("the printer ended")?;
        self.labels.push(Sample { ms: millis(came - begun), during_sync });
        self.scale.put(0);
        let asked_back = |view: &View| matches!(&view.task, TaskView::Pack { screen, .. } if screen.step == PackStep::ScanBack);
        self.screen.until_now("the question for the label", asked_back).await?;
        self.scan(order.waybill.as_str()).await?;
        self.packed += 1;
        Ok(())
    }

    /// Waits until the station has noticed what lies on the scale.
    async fn noticed(&mut self, grams: i64) -> Result<()> {
        let line = format!("{grams} g");
        let noticed = move |view: &View| {
            let card = view.devices.iter().find(|card| card.id == "scale");
            card.and_then(|card| card.live.last()).is_some_and(|last| *last == line)
        };
        self.screen.until_now("the weight", noticed).await
    }
}

/// What a walk wants scanned now; none when it is over.
fn walk_code(view: &View, tote: &ToteId) -> Result<Option<String>> {
    let TaskView::Walk { screen, .. } = &view.task else { return Ok(None) };
    let WalkScreen { step, line, .. } = screen.as_ref();
    Ok(Some(match (step, line) {
        (WalkStepView::Tote, _) => tote.to_string(),
        (WalkStepView::Zone | WalkStepView::Bin, Some(line)) => format!("BIN-{}", line.bin),
        (WalkStepView::Units, Some(line)) => company::barcode(&line.item.sku),
        (WalkStepView::Finished, _) => return Ok(None),
        _ => bail!("a walk without a mistake asks {step:?}"),
    }))
}

/// As the figures want it.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
