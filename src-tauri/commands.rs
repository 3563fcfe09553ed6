//! The one Tauri command: it carries the station's command list.

use liangcang_station::commands::{Command, Fault};
use liangcang_station::door::Door;
use serde_json::Value;

/// Hands a command to the station and waits for what came of it.
#[tauri::command]
pub async fn call(door: tauri::State<'_, Door>, command: Command) -> Result<Value, Fault> {
    door.call(command).await
}
