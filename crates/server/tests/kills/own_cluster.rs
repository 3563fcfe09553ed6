//! A PostgreSQL cluster that may be killed: made by `scripts/postgres.sh`, thrown away at the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Url;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running cluster.
pub struct OwnCluster {
    dir: TempDir,
    address: Url,
}

impl OwnCluster {
    pub fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let address = script("start", dir.path());
        Self { address: Url::parse(address.trim()).unwrap(), dir }
    }

    pub fn address(&self) -> Url {
        self.address.clone()
    }

    /// SIGKILL to all of it, so that nobody is left to finish or to tidy up; gone when this returns.
    pub fn kill(&self) {
        let file = fs::read_to_string(self.dir.path().join("data/postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().to_owned();
        // The first process starts the others; it goes before them, or it would start them anew.
        let mut all = vec![first.clone()];
        all.extend(children(&first));
        for process in &all {
            let _ = Command::new("kill").args(["-9", process]).stderr(Stdio::null()).status();
        }
        let deadline = Instant::now() + PATIENCE;
        while all.iter().any(|process| is_there(process)) {
            assert!(Instant::now() < deadline, "PostgreSQL outlives SIGKILL");
            std::thread::yield_now();
        }
    }

    /// At the same address, with what it had.
    pub fn start_again(&self) {
        script("start", self.dir.path());
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        let _ = Command::new(postgres()).arg("stop").arg(self.dir.path()).status();
    }
}

fn postgres() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh")
}

fn script(act: &str, dir: &Path) -> String {
    let output = Command::new(postgres()).arg(act).arg(dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The processes that one has started.
fn children(parent: &str) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    all.filter(|process| parent_of(process).is_some_and(|its| its == parent)).collect()
}

/// Whether a process is there, if only waiting to be buried: until it is, PostgreSQL takes it for the one before.
fn is_there(process: &str) -> bool {
    Path::new("/proc").join(process).exists()
}

fn parent_of(process: &str) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1).map(str::to_owned)
}
