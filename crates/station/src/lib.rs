//! A whole workstation without a window: replica, event loop, command list, LAN host.
//!
//! Knows the floor's rules through `liangcang-domain`, the server only through sync messages, devices only through
//! their ports. Does not know Tauri: the shell and the headless program are two hosts of the same [`commands`].

pub mod commands;
pub mod view;
