//! The real server's program, on a shop's books.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Shop;
use super::cluster::ClusterDatabase;

/// A running server. It is killed at the latest when the test is over.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// `command` up to its subcommand; started on a free port, and listening when this returns.
    pub fn start(mut command: Command) -> Self {
        let serve = command.args(["serve", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.map(Result::unwrap).find(|line| line.starts_with("listening on "));
        let url = line.unwrap().trim_start_matches("listening on ").to_owned();
        Self { child, url }
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's program with the options that name its books, without a subcommand.
pub fn program(dir: &Path, cluster: Option<&ClusterDatabase>) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_liangcang-server"));
    program.env_remove("LIANGCANG_DATABASE").arg("--data").arg(dir);
    if let Some(database) = cluster {
        program.arg("--database").arg(database.address());
    }
    program
}

impl Shop {
    /// The program on this shop's books.
    pub fn program(&self) -> Command {
        program(self.dir.path(), self.cluster.as_ref())
    }

    /// What `audit` says, and whether the books are right.
    pub fn audit_by_command(&self) -> (bool, String) {
        let output = self.program().arg("audit").output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }
}
