//! A label printer on a real TCP port, written from the documents: it answers `~HS`, `~HQES` and the label counter.
//!
//! It prints, takes labels and prints none, waits for paper, or refuses connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Longer than anything takes that will still happen.
const DEADLINE: Duration = Duration::from_secs(25);

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything that comes is printed.
    Prints,
    /// It takes every label and its counter stands still.
    PrintsNothing,
    /// `~HQES` says so; what comes is printed when there is paper again.
    PaperOut,
}

/// What came and what was printed.
pub struct Paper {
    mode: Mode,
    counter: u64,
    /// Jobs that came and were not printed yet.
    waiting: u64,
    /// Every job that came.
    pub jobs: Vec<Vec<u8>>,
}

/// The printer.
pub struct Printer {
    paper: Arc<watch::Sender<Paper>>,
    /// Where it listens, whenever it is there.
    pub address: SocketAddr,
    serving: JoinSet<()>,
}

impl Printer {
    /// A printer with paper.
    pub async fn start() -> Self {
        let paper = Paper { mode: Mode::Prints, counter: 41, waiting: 0, jobs: vec![] };
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut printer =
            Self { paper: Arc::new(watch::Sender::new(paper)), address, serving: JoinSet::new() };
        printer.come_back().await;
        printer
    }

    /// Listens, at the address it had before if it had one.
    pub async fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the address is free");
        self.address = listener.local_addr().expect("bound");
        let paper = Arc::clone(&self.paper);
        self.serving.spawn(async move {
            // Ends with this task, and its connections with it.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&paper)));
            }
        });
    }

    /// Refuses connections and cuts those that are there.
    pub async fn go_away(&mut self) {
        self.serving.shutdown().await;
    }

    /// Changes how it behaves; with paper again, what waited is printed.
    pub fn is(&self, mode: Mode) {
        self.paper.send_modify(|paper| {
            paper.mode = mode;
            if mode == Mode::Prints {
                paper.counter += std::mem::take(&mut paper.waiting);
            }
        });
    }

    /// How many jobs came.
    pub fn jobs(&self) -> usize {
        self.paper.borrow().jobs.len()
    }

    /// The last job that came.
    pub fn last_job(&self) -> Vec<u8> {
        self.paper.borrow().jobs.last().expect("a job came").clone()
    }

    /// Waits until so many jobs came.
    pub async fn until_jobs(&self, count: usize) {
        let mut paper = self.paper.subscribe();
        let came = tokio::time::timeout(DEADLINE, paper.wait_for(|paper| paper.jobs.len() >= count)).await;
        assert!(came.is_ok(), "{count} jobs never came");
    }
}

async fn serve(mut stream: TcpStream, paper: Arc<watch::Sender<Paper>>) {
    let (mut received, mut buffer) = (Vec::new(), [0u8; 16 * 1024]);
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        received.extend_from_slice(&buffer[..length]);
        while let Some(command) = next_command(&mut received) {
            let mut answer = String::new();
            paper.send_modify(|paper| answer = paper.take(command));
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// Takes one whole command or document off what was received.
fn next_command(received: &mut Vec<u8>) -> Option<Vec<u8>> {
    let start = received.iter().position(|byte| !byte.is_ascii_whitespace())?;
    received.drain(..start);
    let end = if received.starts_with(b"^XA") {
        received.windows(3).position(|three| three == b"^XZ")? + 3
    } else {
        received.iter().position(|byte| *byte == b'\n')? + 1
    };
    Some(received.drain(..end).collect())
}

impl Paper {
    fn take(&mut self, command: Vec<u8>) -> String {
        if !command.starts_with(b"^XA") {
            return self.answer(String::from_utf8_lossy(&command).trim_end());
        }
        self.jobs.push(command);
        match self.mode {
            Mode::Prints => self.counter += 1,
            Mode::PrintsNothing => {}
            Mode::PaperOut => self.waiting += 1,
        }
        String::new()
    }

    fn answer(&self, question: &str) -> String {
        let out = u8::from(self.mode == Mode::PaperOut);
        match question {
            "~HS" => format!(
                "\u{2}030,{out},0,1245,{:03},0,0,0,000,0,0,0\u{3}\r\n\
                 \u{2}000,0,0,0,0,2,4,0,00000000,1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n",
                self.waiting
            ),
            "~HQES" => format!(
                "\u{2}\r\n PRINTER STATUS\r\n ERRORS: {out} 00000000 {out:08}\r\n WARNINGS: 0 00000000 00000000\r\n\u{3}"
            ),
            "! U1 getvar \"odometer.total_label_count\"" => format!("\"{}\"\r\n", self.counter),
            other => panic!("the driver asked something undocumented: {other:?}"),
        }
    }
}
