//! An emulator process for one test: started on free ports in its own folder, killed at the end.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long a test waits for something that happens at once on an idle machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub struct Running {
    process: Child,
    pub folder: TempDir,
    control: SocketAddr,
    http: reqwest::Client,
}

impl Running {
    /// Starts `liangcang-emulator run` with these devices besides.
    pub async fn with(devices: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let process = start(folder.path(), devices);
        // Repeated installation by several tests in one process is harmless.
        let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let file = folder.path().join("control.addr");
        wait_for("the control address", async || file.exists()).await;
        let control = address_in(&file);
        Self { process, folder, control, http }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.control)
    }

    pub async fn get(&self, path: &str) -> Value {
        self.http.get(self.url(path)).send().await.unwrap().json().await.unwrap()
    }

    /// Posts and returns status and answer.
    pub async fn try_post(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = self.http.post(self.url(path)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Posts and expects it to be carried out.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_post(path, body).await;
        assert_eq!(status, 200, "{path} answered {answer}");
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn start(folder: &Path, devices: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_liangcang-emulator"))
        .args(["run", "--dir"])
        .arg(folder)
        .args(devices)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

pub fn address_in(file: &Path) -> SocketAddr {
    std::fs::read_to_string(file).unwrap().trim().parse().unwrap()
}

/// Asks again and again until `happened` says yes; fails after [`DEADLINE`].
pub async fn wait_for(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !happened().await {
        assert!(begun.elapsed() < DEADLINE, "{what} did not come about");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
