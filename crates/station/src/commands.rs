//! The one list of what a screen may ask of a station.
//!
//! The Tauri command, the LAN host's `/api/call` and the TypeScript contract all follow from the list below: a host
//! hands over JSON, the loop answers, and a command nobody carries out does not compile (`station.rs` matches all).

use crate::view::View;
use liangcang_domain::code::Action;
use liangcang_domain::id::{CageId, CarrierId, OperatorId, OrderNo, ToteId, WalkId};
use liangcang_domain::order::OrderState;
use liangcang_domain::say::Language;
use liangcang_domain::unit::{EpochMs, Grams};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $variant:ident { $($field:ident: $type:ty),* } -> $reply:ty;)*) => {
        /// What a screen may ask.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
        #[expect(missing_docs, reason = "arguments say by name and type what they are")]
        pub enum Command {
            $($(#[$doc])* $variant { $($field: $type),* },)*
        }

        /// The TypeScript side of the list: arguments and reply by command name.
        #[must_use]
        pub fn contract() -> String {
            let config = ts_rs::Config::from_env();
            let mut text = String::from("export interface Commands {\n");
            $(
                text.push_str(concat!("  ", stringify!($name), ": { args: { "));
                $(
                    text.push_str(concat!(stringify!($field), ": "));
                    text.push_str(&<$type as TS>::name(&config));
                    text.push_str("; ");
                )*
                text.push_str("}; reply: ");
                text.push_str(&<$reply as TS>::name(&config));
                text.push_str(" };\n");
            )*
            text.push_str("}\n");
            text
        }
    };
}

commands! {
    /// Everything, at once.
    view View {} -> View;
    /// A code read by a scanner that types, or by a camera.
    scan Scan { code: String } -> Done;
    /// Digits typed.
    key Key { digits: String } -> Done;
    /// A button, a key or a command word.
    press Press { action: Action } -> Done;
    /// Somebody begins to work here.
    sign_on SignOn { operator: OperatorId } -> Done;
    /// Nobody works here any more.
    sign_off SignOff {} -> Done;
    /// Releases all ready orders of a carrier as a wave.
    release_wave ReleaseWave { carrier: CarrierId } -> Released;
    /// Begins or resumes a walk; without one, the next that is open.
    begin_walk BeginWalk { walk: Option<WalkId> } -> Done;
    /// Opens a tote on the bench.
    begin_pack BeginPack { tote: ToteId } -> Done;
    /// Begins or resumes a hand-over into a cage.
    begin_hand_over BeginHandOver { cage: CageId } -> Done;
    /// Leaves the task in hand; it can be resumed.
    leave_task LeaveTask {} -> Done;
    /// Asks the server now.
    sync_now SyncNow {} -> Done;
    /// Sets the language of screens and voice.
    set_language SetLanguage { language: Language } -> Done;
    /// A page of orders in one state, by number.
    orders Orders { state: OrderState, after: Option<OrderNo> } -> OrderPage;
    /// Prints a test label and asks for its scan.
    test_printer TestPrinter { printer: String } -> Done;
    /// Plays the three sounds and says a sentence.
    test_voice TestVoice {} -> Done;
}

/// Carried out; the view that follows tells what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Done {}

/// A wave was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Released {
    /// Orders in the wave.
    pub orders: usize,
    /// Walks it was cut into.
    pub walks: usize,
    /// Orders left out, each with its reason.
    pub left_out: Vec<LeftOut>,
}

/// An order a wave could not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LeftOut {
    /// Which.
    pub order: OrderNo,
    /// Why, as a word of the message catalogue.
    pub reason: String,
}

/// Orders in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OrderPage {
    /// At most 100.
    pub orders: Vec<OrderRow>,
    /// Whether there are more after the last.
    pub more: bool,
}

/// One order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OrderRow {
    /// Number.
    pub order: OrderNo,
    /// Where it stands.
    pub state: OrderState,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Masked name.
    pub receiver: String,
    /// Lines as sold, joined.
    pub goods: String,
    /// Must leave by.
    pub ship_by_ms: EpochMs,
    /// What it weighed.
    pub gross_g: Option<Grams>,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code:?}: {detail}")]
#[ts(export)]
pub struct Fault {
    /// For the program and the message catalogue.
    pub code: FaultCode,
    /// For the engineer; holds no personal data.
    pub detail: String,
}

/// The closed list of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FaultCode {
    /// The request is not one of the list.
    BadRequest,
    /// Nobody is signed on.
    NobodySignedOn,
    /// Finish or leave the task in hand first.
    TaskInHand,
    /// No such walk, tote, cage, carrier, operator or printer here.
    NotFound,
    /// Nothing to release, to walk or to pack.
    NothingToDo,
    /// The store refused; nothing was changed.
    StoreFailed,
    /// The station is stopping.
    Stopping,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;
    use std::path::Path;

    /// Writes the contract's list of commands, as ts-rs writes its types.
    #[test]
    fn export_bindings_commands() {
        let names = "Action CageId CarrierId Done Language OperatorId OrderNo OrderPage OrderState Released ToteId View WalkId";
        let imports: String =
            names.split(' ').map(|name| format!("import type {{ {name} }} from \"./{name}\";\n")).collect();
        let text = format!(
            "// This file was generated by `cargo test export_bindings`. Do not edit this file manually.\n{imports}\n{}",
            contract()
        );
        let folder = std::env::var("TS_RS_EXPORT_DIR").expect("set in .cargo/config.toml");
        std::fs::create_dir_all(&folder).expect("the contract's folder");
        std::fs::write(Path::new(&folder).join("Commands.ts"), text).expect("writable");
    }

    #[test]
    fn a_command_that_is_not_on_the_list_is_refused() {
        assert!(serde_json::from_str::<Command>(r#"{"command":"dance"}"#).is_err());
        assert!(serde_json::from_str::<Command>(r#"{"command":"scan","code":"1","x":1}"#).is_err());
        let scan: Command = serde_json::from_str(r#"{"command":"scan","code":"1"}"#).expect("on the list");
        assert_eq!(scan, Command::Scan { code: "1".into() });
    }
}
