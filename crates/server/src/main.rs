//! `liangcang-server`: what the command line says, done, with an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    liangcang_server::cli::run()
}
