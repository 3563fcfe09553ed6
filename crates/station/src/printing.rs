//! Labels: from an order to paper, with its journal told truthfully.
//!
//! A label is drawn once, beside the loop; its bytes are stored, then given to the printer's driver, which says what
//! became of them. A print whose bytes may have gone out when the station stopped is `unknown`, never sent again.

use crate::clock;
use crate::event::{DrawnLabel, Event};
use crate::floor::{Task, new_gesture};
use crate::release::server;
use crate::settings::{LabelSize, Printer};
use crate::station::Station;
use crate::store::facts::Drawn;
use crate::store::orders;
use crate::view::Sticky;
use anyhow::{Context as _, Result};
use liangcang_devices::label::{LabelContent, LabelFont, Resolution, layout, raster, zpl_job};
use liangcang_devices::printer::{PrintOutcome, PrinterEvent, PrinterHandle};
use liangcang_domain::fact::Fact;
use liangcang_domain::id::{GestureId, ManifestId, OrderNo, PrintId};
use liangcang_domain::label::LabelState;
use liangcang_domain::mask;
use liangcang_domain::order::Order;
use liangcang_domain::seal::SealKey;
use liangcang_domain::task::{self, Feedback, Gesture};
use liangcang_domain::unit::{Grams, Qty};
use liangcang_domain::warehouse::Sender;
use sqlx::SqlitePool;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Draws labels and holds the printer.
#[derive(Debug)]
pub struct Printing {
    /// The fonts every label is drawn with.
    pub font: Arc<LabelFont>,
    /// The printer in use and its settings; `None` when the station has none.
    pub printer: Option<(Printer, PrinterHandle)>,
    /// Where a drawn label is reported.
    pub events: mpsc::UnboundedSender<Event>,
    /// Labels given to the printer and not answered.
    pub waiting: Vec<String>,
    /// What the printer said of a label and is not stored yet.
    pub unstored: VecDeque<(PrintId, LabelState, Option<String>)>,
    /// Manifests of closed cages that are not written yet, and why.
    pub unwritten: Vec<(ManifestId, String)>,
}

/// What stands on a label besides the order.
#[derive(Clone, Debug)]
pub(crate) struct LabelFacts {
    pub carrier_name: String,
    pub service: String,
    pub sender: Sender,
    pub gross: Grams,
    pub print: PrintId,
    pub reprint: Option<String>,
    pub printed_at: String,
}

impl LabelFacts {
    /// The words of a label; the receiver is masked here and nowhere later.
    pub(crate) fn content(&self, order: &Order) -> LabelContent {
        let pieces: Qty = order.demand().values().copied().sum();
        LabelContent {
            carrier_name: self.carrier_name.clone(),
            service: self.service.clone(),
            waybill_no: order.waybill_no.0.clone(),
            route_code: order.route_code.clone(),
            consolidation: order.consolidation.clone(),
            receiver_name: mask::name(&order.receiver.name),
            receiver_phone: mask::phone(&order.receiver.phone),
            receiver_address: mask::address(&order.receiver),
            sender_name: self.sender.name.clone(),
            sender_phone: self.sender.phone.clone(),
            sender_address: self.sender.address.clone(),
            order_no: order.no.0.clone(),
            parcel_line: format!("{pieces} 件 · {} kg", self.gross.as_kg_text()),
            print_id: self.print.0.clone(),
            reprint: self.reprint.clone(),
            printed_at: self.printed_at.clone(),
        }
    }
}

/// The library's size of a label.
pub(crate) fn size_of(size: LabelSize) -> liangcang_devices::label::LabelSize {
    match size {
        LabelSize::Large => liangcang_devices::label::LabelSize::Mm100x150,
        LabelSize::Small => liangcang_devices::label::LabelSize::Mm76x130,
    }
}

fn resolution(dots_per_mm: u32) -> Resolution {
    if dots_per_mm >= 12 { Resolution::Dpi300 } else { Resolution::Dpi203 }
}

async fn draw_label(
    readers: SqlitePool,
    seal: SealKey,
    no: OrderNo,
    facts: LabelFacts,
    printer: Printer,
    font: Arc<LabelFont>,
) -> Result<DrawnLabel> {
    let order = orders::whole(&readers, &seal, &no).await?;
    let drawn = tokio::task::spawn_blocking(move || {
        let size = size_of(printer.size);
        let elements = layout(&facts.content(&order), size, &font)?;
        let bitmap = raster(&elements, size.tenths(), resolution(printer.dots_per_mm), &font);
        anyhow::Ok(DrawnLabel { zpl: zpl_job(&bitmap), missing: bitmap.missing })
    });
    drawn.await.context("drawing a label was stopped")?
}

impl Station {
    /// Draws a label beside the loop; the result comes back as an event.
    pub(crate) async fn draw(&mut self, order: OrderNo, print: PrintId) {
        let facts = match self.label_facts(&order, &print).await {
            Ok(facts) => facts,
            Err(error) => {
                let _ = self.printing.events.send(Event::Drawn { order, print, label: Err(error) });
                return;
            }
        };
        let Some((printer, _)) = &self.printing.printer else {
            let label = Err(anyhow::anyhow!("this station has no label printer in its settings"));
            let _ = self.printing.events.send(Event::Drawn { order, print, label });
            return;
        };
        let (printer, font) = (printer.clone(), Arc::clone(&self.printing.font));
        let (readers, seal, events) =
            (self.store.readers.clone(), self.store.seal.clone(), self.printing.events.clone());
        tokio::spawn(async move {
            let label = draw_label(readers, seal, order.clone(), facts, printer, font).await;
            // A loop that has ended draws again at the next start.
            let _ = events.send(Event::Drawn { order, print, label });
        });
    }

    async fn label_facts(&mut self, no: &OrderNo, print: &PrintId) -> Result<LabelFacts> {
        let (order, _) = self.store.order(no).await?.with_context(|| format!("no order {no}"))?;
        let carrier = self.reference.carriers.get(&order.carrier);
        let label = self.store.label_row(print).await?;
        Ok(LabelFacts {
            carrier_name: carrier.map_or_else(|| order.carrier.to_string(), |known| known.name.clone()),
            service: carrier.map(|known| known.service.clone()).unwrap_or_default(),
            sender: self.reference.warehouse.as_ref().map(|known| known.sender.clone()).unwrap_or_default(),
            gross: label.gross,
            print: print.clone(),
            reprint: label.reprint,
            printed_at: clock::minute(label.requested_at),
        })
    }

    /// A label is drawn: its bytes are stored, then given to the printer.
    pub(crate) async fn on_drawn(
        &mut self,
        order: OrderNo,
        print: PrintId,
        label: Result<DrawnLabel>,
    ) -> Result<()> {
        let drawn = match label {
            Ok(drawn) => drawn,
            Err(error) => {
                tracing::error!("label {print} cannot be drawn: {error:#}");
                let why = format!("{error:#}");
                self.label_moved(&print, LabelState::Stored, None, None).await?;
                return self.label_moved(&print, LabelState::Failed, Some(why), None).await;
            }
        };
        if !drawn.missing.is_empty() {
            let characters = drawn.missing.iter().collect();
            let sticky = Sticky::MissingGlyphs { order, characters };
            self.own_sticky.retain(|known| *known != sticky);
            self.own_sticky.push(sticky);
        }
        let kept = Drawn { print: print.clone(), zpl: drawn.zpl.clone() };
        self.label_moved(&print, LabelState::Stored, None, Some(kept)).await?;
        // It may have become void while it was drawn, or have been drawn twice.
        let wanted = matches!(self.store.label_state(&print).await?, Some((_, LabelState::Stored)));
        if let (Some((_, printer)), true) =
            (&self.printing.printer, wanted && !self.printing.waiting.contains(&print.0))
        {
            self.printing.waiting.push(print.0.clone());
            printer.print(print.0, drawn.zpl);
        }
        Ok(())
    }

    /// A printer said something.
    pub(crate) async fn on_printer(&mut self, name: &str, event: PrinterEvent) -> Result<()> {
        let report = match event {
            PrinterEvent::Device(state) => {
                self.devices.printer_is(name, &state, clock::now());
                return Ok(());
            }
            PrinterEvent::Job(report) => report,
        };
        self.devices.printer_did(name, &report);
        let (to, why) = match report.outcome {
            PrintOutcome::Sent => (LabelState::Sent, None),
            PrintOutcome::Printed => (LabelState::Printed, None),
            PrintOutcome::Unknown { why } => (LabelState::Unknown, Some(why)),
            PrintOutcome::Failed { why } => (LabelState::Failed, Some(why)),
            PrintOutcome::Withdrawn => (LabelState::Voided, None),
        };
        if to != LabelState::Sent {
            self.printing.waiting.retain(|job| *job != report.job_id);
        }
        self.printing.unstored.push_back((PrintId(report.job_id), to, why));
        self.store_printer_news().await
    }

    /// Stores what the printer said, in the order it said it; what cannot be stored now waits.
    async fn store_printer_news(&mut self) -> Result<()> {
        while let Some((print, to, why)) = self.printing.unstored.front().cloned() {
            self.label_moved(&print, to, why, None).await?;
            self.printing.unstored.pop_front();
        }
        Ok(())
    }

    /// What became of labels while nothing could be stored, and labels that were to be drawn then.
    pub(crate) async fn catch_up_prints(&mut self) -> Result<()> {
        self.store_printer_news().await?;
        for (print, order, state) in self.store.unfinished_prints().await? {
            if state == LabelState::Requested.as_str() {
                self.draw(order, print).await;
            }
        }
        Ok(())
    }

    /// Labels that are void now do not come out any more, if they did not yet.
    pub(crate) fn withdraw_void(&self, facts: &[Fact]) {
        let Some((_, printer)) = &self.printing.printer else { return };
        for fact in facts {
            if let Fact::LabelMoved { print, to: LabelState::Voided, .. } = fact {
                printer.withdraw(print.as_str());
            }
        }
    }

    /// Moves a label's journal, whether its parcel is in hand or not.
    async fn label_moved(
        &mut self,
        print: &PrintId,
        to: LabelState,
        why: Option<String>,
        drawn: Option<Drawn>,
    ) -> Result<()> {
        let by = self.operator.clone().unwrap_or_else(server);
        let event = task::Event::Label { print: print.clone(), to, why: why.clone() };
        let gesture = Gesture { id: new_gesture(), by, event };
        let outcome = match &mut self.task {
            Task::Pack(bench) if bench.pack.prints.iter().any(|known| known.id == *print) => {
                bench.pack.take(&gesture, task::Context { catalogue: &self.reference.catalogue })
            }
            _ => match self.store.label_state(print).await? {
                Some((order, state)) if state.may_become(to) => {
                    let fact = Fact::LabelMoved { order, print: print.clone(), to, why };
                    task::Outcome { feedback: Feedback::Quiet, ..task::Outcome::right(vec![fact]) }
                }
                // A test print has no journal, and a late answer to a closed one changes nothing.
                _ => return Ok(()),
            },
        };
        if outcome.facts.is_empty() {
            return Ok(());
        }
        let recorded = self.recorded(&gesture.id, &gesture.by, &outcome.facts);
        self.store.record(&recorded, drawn.as_ref()).await?;
        self.stored(recorded.len(), recorded[0].at);
        if let Task::Pack(bench) = &mut self.task {
            for fact in &outcome.facts {
                bench.pack.evolve(fact, &gesture.id, &gesture.by);
            }
        }
        self.answer(outcome.feedback);
        Ok(())
    }

    /// Prints that were under way when the station stopped: not drawn yet, drawn again; given to the printer, unknown.
    pub(crate) async fn resume_prints(&mut self) -> Result<()> {
        for (print, order, state) in self.store.unfinished_prints().await? {
            if state == LabelState::Requested.as_str() {
                self.draw(order, print).await;
                continue;
            }
            let why = "the station stopped while it printed".to_owned();
            let fact =
                Fact::LabelMoved { order, print: print.clone(), to: LabelState::Unknown, why: Some(why) };
            let gesture = GestureId(format!("restart:{print}:{}", clock::now()));
            self.store_facts(&gesture, &server(), &[fact]).await?;
        }
        Ok(())
    }

    /// Keeps the manifest of a closed hand-over as a document; a fault is named until it is written, the hand-over
    /// stands.
    pub(crate) async fn keep_manifest(&mut self, id: &ManifestId) {
        self.printing.unwritten.retain(|(known, _)| known != id);
        if let Err(error) = self.write_manifest(id).await {
            tracing::error!("manifest {id} was not written: {error:#}");
            self.printing.unwritten.push((id.clone(), format!("{error:#}")));
        }
    }

    async fn write_manifest(&self, id: &ManifestId) -> Result<()> {
        let path = self.manifest_path(id);
        let pdf =
            crate::documents::manifest(&self.store.readers, &self.reference, &self.printing.font, id).await?;
        let folder = self.settings.data.join("documents");
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        // Whole or not at all: a file that is there is not written again.
        let part = path.with_extension("part");
        let written = std::fs::write(&part, pdf).and_then(|()| std::fs::rename(&part, &path));
        written.with_context(|| format!("writing {}", path.display()))
    }

    fn manifest_path(&self, id: &ManifestId) -> PathBuf {
        self.settings.data.join("documents").join(format!("manifest-{id}.pdf"))
    }

    /// Writes the manifests that could not be written before.
    pub(crate) async fn write_manifests(&mut self) {
        for (id, _) in self.printing.unwritten.clone() {
            if self.write_manifest(&id).await.is_ok() {
                self.printing.unwritten.retain(|(known, _)| *known != id);
            }
        }
    }

    /// Writes the manifests of the last day that the station had no time for when it stopped.
    pub(crate) async fn resume_manifests(&mut self) -> Result<()> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        for id in self.store.closed_since(clock::now().0 - DAY_MS).await? {
            if !self.manifest_path(&id).exists() {
                self.keep_manifest(&id).await;
            }
        }
        Ok(())
    }

    /// Prints a label that says it is a test.
    pub(crate) fn print_test(&mut self) -> bool {
        let Some((printer, handle)) = &self.printing.printer else { return false };
        let facts = LabelFacts {
            carrier_name: "测试面单".into(),
            service: "TEST".into(),
            sender: self.reference.warehouse.as_ref().map(|known| known.sender.clone()).unwrap_or_default(),
            gross: Grams(0),
            print: PrintId(format!("test-{}", clock::now())),
            reprint: None,
            printed_at: clock::minute(clock::now().0),
        };
        let content = LabelContent {
            waybill_no: "TEST0000000000".into(),
            route_code: "测 试".into(),
            ..facts.content(&test_order())
        };
        let size = size_of(printer.size);
        let Ok(elements) = layout(&content, size, &self.printing.font) else { return false };
        let bitmap = raster(&elements, size.tenths(), resolution(printer.dots_per_mm), &self.printing.font);
        handle.print(facts.print.0, zpl_job(&bitmap));
        true
    }
}

fn test_order() -> Order {
    Order {
        channel: String::new(),
        no: "TEST".into(),
        warehouse: "".into(),
        carrier: "".into(),
        waybill_no: "".into(),
        route_code: String::new(),
        consolidation: String::new(),
        receiver: liangcang_domain::order::Receiver::default(),
        lines: vec![],
        paid_at: liangcang_domain::unit::EpochMs(0),
        ship_by: liangcang_domain::unit::EpochMs(0),
        routed_because: String::new(),
    }
}
