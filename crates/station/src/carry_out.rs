//! Carrying out the command list: every command has its arm, or this does not compile.

use crate::commands::{Command, Done, Fault, FaultCode};
use crate::floor::Task;
use crate::release::{fault, stored};
use crate::station::Station;
use crate::store::orders;
use liangcang_devices::voice::Sound;
use liangcang_domain::task::Event;
use serde::Serialize;
use serde_json::Value;

impl Station {
    /// Carries out one command.
    pub(crate) async fn carry_out(&mut self, command: Command) -> Result<Value, Fault> {
        match command {
            Command::View {} => return reply(&self.shown()),
            Command::Scan { code } => {
                // A screen hands over what was typed; the longest code any scanner sends is 512 bytes.
                if code.len() > 512 {
                    return Err(fault(FaultCode::BadRequest, "a code of more than 512 bytes"));
                }
                self.scanned(code.trim()).await.map_err(stored)?;
            }
            Command::Key { digits } => {
                if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(fault(FaultCode::BadRequest, "one to eight digits"));
                }
                self.act(Event::Keyed(digits)).await.map_err(stored)?;
            }
            Command::Press { action } => self.act(Event::Pressed(action)).await.map_err(stored)?,
            Command::SignOn { operator } => {
                if !self.reference.operators.contains_key(&operator) {
                    return Err(fault(FaultCode::NotFound, &format!("no operator {operator}")));
                }
                self.sign_on(&operator).await.map_err(stored)?;
            }
            Command::SignOff {} => {
                self.operator = None;
                self.leave();
            }
            Command::ReleaseWave { carrier } => return reply(&self.release_wave(&carrier).await?),
            Command::BeginWalk { walk } => {
                self.may_begin()?;
                let begun = self.begin_walk(walk).await.map_err(stored)?;
                found(begun, FaultCode::NothingToDo, "no open walk")?;
            }
            Command::BeginPack { tote } => {
                self.may_begin()?;
                let begun = self.begin_pack(&tote).await.map_err(stored)?;
                found(begun, FaultCode::NothingToDo, "nothing to pack in this tote")?;
            }
            Command::BeginHandOver { cage } => {
                self.may_begin()?;
                let begun = self.begin_hand_over(&cage).await.map_err(stored)?;
                found(begun, FaultCode::NotFound, "no such cage")?;
            }
            Command::LeaveTask {} => self.leave(),
            Command::SyncNow {} => self.sync_now.notify_one(),
            Command::SetLanguage { language } => self.language = language,
            Command::Orders { state, after } => {
                let page = orders::page(&self.store.readers, &self.store.seal, state, after.as_ref()).await;
                return reply(&page.map_err(stored)?);
            }
            Command::TestPrinter { printer } => {
                let ours = self.printing.printer.as_ref().is_some_and(|(known, _)| known.name == printer);
                found(ours && self.print_test(), FaultCode::NotFound, "no such printer in use")?;
            }
            Command::TestVoice {} => {
                self.devices.play(Sound::Right);
                self.devices.say(
                    if matches!(self.task, Task::Idle) { "粮仓，一二三" } else { "一二三" },
                    self.language,
                );
            }
        }
        reply(&Done {})
    }
}

fn found(found: bool, code: FaultCode, detail: &str) -> Result<(), Fault> {
    if found { Ok(()) } else { Err(fault(code, detail)) }
}

fn reply(value: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|error| fault(FaultCode::StoreFailed, &error.to_string()))
}
