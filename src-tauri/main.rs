//! The desktop shell: a window around a station. The only code that knows Tauri.
//!
//! It starts the station, hands commands of the one list to it, and pushes each view to the window. It holds no state
//! and no rule of its own; without a display the headless `liangcang-station` is the same station.

mod commands;

use anyhow::{Context as _, Result};
use clap::Parser;
use liangcang_station::settings::Settings;
use liangcang_station::start::{self, Running};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use tauri::{AppHandle, Emitter as _, Listener as _, Manager as _};

#[derive(Parser)]
#[command(version, about = "A Liangcang workstation")]
struct Arguments {
    /// The settings file.
    #[arg(long, default_value = "station.toml", env = "LIANGCANG_STATION_SETTINGS")]
    settings: PathBuf,
}

fn main() -> ExitCode {
    let begun = Instant::now();
    liangcang_station::prepare();
    match open(&Arguments::parse(), begun) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn open(arguments: &Arguments, begun: Instant) -> Result<()> {
    let settings = Settings::read(&arguments.settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let running = runtime.block_on(start::start(settings))?;
    tracing::info!("station page: http://{}/", running.address);
    let door = running.door.clone();
    let app = tauri::Builder::default()
        .manage(door)
        .invoke_handler(tauri::generate_handler![commands::call])
        .setup(move |app| {
            app.once("shown", move |_| {
                tracing::info!("first screen after {} ms", begun.elapsed().as_millis())
            });
            tauri::async_runtime::spawn(push(app.handle().clone()));
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("opening the window")?;
    // The station ends before the process does, so that no fact is cut off.
    let mut running: Option<Running> = Some(running);
    app.run(move |_, event| {
        if let (tauri::RunEvent::Exit, Some(running)) = (event, running.take()) {
            runtime.block_on(running.stop());
        }
    });
    Ok(())
}

/// Pushes the view to the window at each change.
async fn push(app: AppHandle) {
    let mut view = app.state::<liangcang_station::door::Door>().view.clone();
    view.mark_changed();
    while view.changed().await.is_ok() {
        let now = Arc::clone(&view.borrow_and_update());
        if let Err(error) = app.emit("view", &*now) {
            tracing::warn!("the window did not take the view: {error}");
        }
    }
}
