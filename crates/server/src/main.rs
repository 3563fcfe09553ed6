//! `liangcang-server`: what the command line says, done, with an exit status.

use std::process::ExitCode;

/// An order is many small texts: with the system's allocator a quarter of a burst was spent on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    liangcang_server::cli::run()
}
