//! A whole workstation without a window: replica, event loop, command list, LAN host.
//!
//! Knows the floor's rules through `liangcang-domain`, the server only through sync messages, devices only through
//! their ports. Does not know Tauri: the shell and the headless program are two hosts of the same [`commands`].

pub mod backup;
mod bench;
mod carry_out;
pub mod clock;
pub mod commands;
mod damage;
mod devices;
mod documents;
pub mod door;
pub mod event;
mod floor;
mod identity_file;
mod lan;
mod printing;
mod recall;
pub mod rehearsal;
mod release;
mod secret;
pub mod settings;
mod shown;
pub mod start;
pub mod station;
pub mod store;
pub mod successor;
mod sync_hop;
pub mod trouble;
mod upkeep;
pub mod view;

/// What every host does first: the TLS provider and the log.
pub fn prepare() {
    // A second call finds a provider installed, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A test host may have set a log already.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
