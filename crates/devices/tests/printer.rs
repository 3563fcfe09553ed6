//! The printer's task against a small printer on a real TCP port that is written here from the documents.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use liangcang_devices::printer::{Condition, PrintOutcome, PrinterEvent, PrinterHandle, PrinterSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Prints,
    PrintsNothing,
    /// Silent to `~HS`, as the document warns; formats wait until paper is back.
    PaperOut,
    /// The paper runs out under the next label.
    LastLabelTorn,
    Mute,
    /// Cuts the connection in the middle of a job.
    CutsMidway,
}

struct Paper {
    mode: Mode,
    labels: u64,
    waiting: u64,
    jobs: Vec<Vec<u8>>,
}

/// The small printer.
#[derive(Clone)]
struct TestPrinter(Arc<Mutex<Paper>>);

impl TestPrinter {
    async fn start(mode: Mode) -> (Self, String) {
        let printer = Self(Arc::new(Mutex::new(Paper { mode, labels: 41, waiting: 0, jobs: Vec::new() })));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let served = printer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served.clone().serve(stream));
            }
        });
        (printer, address)
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut received = Vec::new();
        let mut buffer = [0u8; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            received.extend_from_slice(&buffer[..length]);
            if self.0.lock().unwrap().mode == Mode::CutsMidway && received.starts_with(b"^XA") {
                return;
            }
            while let Some(answer) = self.take(&mut received) {
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Takes one command or job off what has been received; gives the answer, which may be empty.
    fn take(&self, received: &mut Vec<u8>) -> Option<String> {
        let start = received.iter().position(|byte| !byte.is_ascii_whitespace())?;
        received.drain(..start);
        let mut paper = self.0.lock().unwrap();
        let end = if received.starts_with(b"^XA") {
            received.windows(3).position(|three| three == b"^XZ")? + 3
        } else {
            received.iter().position(|byte| *byte == b'\n')? + 1
        };
        let command: Vec<u8> = received.drain(..end).collect();
        Some(if command.starts_with(b"^XA") {
            paper.take_job(command)
        } else {
            paper.answer(&String::from_utf8_lossy(&command))
        })
    }

    fn set(&self, mode: Mode) {
        let mut paper = self.0.lock().unwrap();
        paper.mode = mode;
        if mode == Mode::Prints {
            paper.labels += paper.waiting;
            paper.waiting = 0;
        }
    }

    fn jobs(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().jobs.clone()
    }

    /// Waits until so many jobs have arrived: a mute printer's outcome may come before it has read the job.
    async fn arrived(&self, count: usize) {
        let arrive = async {
            while self.jobs().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), arrive).await.unwrap();
    }
}

impl Paper {
    fn take_job(&mut self, job: Vec<u8>) -> String {
        self.jobs.push(job);
        match self.mode {
            Mode::Prints | Mode::Mute => self.labels += 1,
            Mode::PrintsNothing | Mode::CutsMidway => {}
            Mode::PaperOut => self.waiting += 1,
            Mode::LastLabelTorn => {
                self.waiting += 1;
                self.mode = Mode::PaperOut;
            }
        }
        String::new()
    }

    fn answer(&self, question: &str) -> String {
        let out = self.mode == Mode::PaperOut;
        match question.trim_end() {
            _ if self.mode == Mode::Mute => String::new(),
            "~HS" if out => String::new(),
            "~HS" => format!(
                "\u{2}030,0,0,1245,{:03},0,0,0,000,0,0,0\u{3}\r\n\u{2}000,0,0,0,0,2,4,0,00000000,1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n",
                self.waiting
            ),
            "~HQES" => format!(
                "\u{2}\r\n PRINTER STATUS\r\n ERRORS: {} 00000000 {:08}\r\n WARNINGS: 0 00000000 00000000\r\n\u{3}",
                u8::from(out),
                u8::from(out)
            ),
            "! U1 getvar \"odometer.total_label_count\"" => format!("\"{}\"\r\n", self.labels),
            other => panic!("the driver asked something undocumented: {other:?}"),
        }
    }
}

struct Bench {
    handle: PrinterHandle,
    events: mpsc::UnboundedReceiver<PrinterEvent>,
}

impl Bench {
    fn at(address: String) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let settings = PrinterSettings {
            address,
            confirm_within: Duration::from_millis(400),
            look_every: Duration::from_millis(20),
        };
        Self { handle: PrinterHandle::start(settings, sender), events }
    }

    fn print(&self, job: &str) {
        self.handle.print(job.to_owned(), format!("^XA^FD{job}^FS^XZ\n").into_bytes());
    }

    async fn next(&mut self) -> PrinterEvent {
        tokio::time::timeout(Duration::from_secs(30), self.events.recv()).await.unwrap().unwrap()
    }

    /// The next news of a job, as `job outcome`.
    async fn news(&mut self) -> String {
        loop {
            if let PrinterEvent::Job(report) = self.next().await {
                let outcome = match report.outcome {
                    PrintOutcome::Sent => "sent",
                    PrintOutcome::Printed => "printed",
                    PrintOutcome::Unknown { .. } => "unknown",
                    PrintOutcome::Failed { .. } => "failed",
                    PrintOutcome::Withdrawn => "withdrawn",
                };
                return format!("{} {outcome}", report.job_id);
            }
        }
    }

    /// Waits for a state of the printer.
    async fn condition(&mut self, wanted: &Condition) {
        loop {
            match self.next().await {
                PrinterEvent::Device(state) if state.condition == *wanted => return,
                PrinterEvent::Device(_) => {}
                PrinterEvent::Job(report) => panic!("news of a job too early: {report:?}"),
            }
        }
    }
}

#[tokio::test]
async fn jobs_are_printed_in_order_and_proved_by_the_counter() {
    let (printer, address) = TestPrinter::start(Mode::Prints).await;
    let mut bench = Bench::at(address);
    bench.print("a");
    bench.print("b");
    for news in ["a sent", "a printed", "b sent", "b printed"] {
        assert_eq!(bench.news().await, news);
    }
    assert_eq!(printer.jobs(), [b"^XA^FDa^FS^XZ".to_vec(), b"^XA^FDb^FS^XZ".to_vec()]);
}

#[tokio::test]
async fn a_printer_that_prints_nothing_gives_unknown_and_the_next_job_still_prints() {
    let (printer, address) = TestPrinter::start(Mode::PrintsNothing).await;
    let mut bench = Bench::at(address);
    bench.print("a");
    assert_eq!(bench.news().await, "a sent");
    assert_eq!(bench.news().await, "a unknown");
    printer.set(Mode::Prints);
    bench.print("b");
    assert_eq!(bench.news().await, "b sent");
    assert_eq!(bench.news().await, "b printed");
    assert_eq!(printer.jobs().len(), 2);
}

#[tokio::test]
async fn a_job_waits_here_while_paper_is_out_and_can_be_withdrawn() {
    let (printer, address) = TestPrinter::start(Mode::PaperOut).await;
    let mut bench = Bench::at(address);
    bench.print("a");
    bench.print("b");
    bench.condition(&Condition::PaperOut).await;
    bench.handle.withdraw("a");
    assert_eq!(bench.news().await, "a withdrawn");
    assert_eq!(printer.jobs(), [] as [Vec<u8>; 0]);
    printer.set(Mode::Prints);
    assert_eq!(bench.news().await, "b sent");
    assert_eq!(bench.news().await, "b printed");
    assert_eq!(printer.jobs().len(), 1);
}

#[tokio::test]
async fn paper_that_runs_out_under_a_label_is_waited_for_and_the_job_is_not_given_again() {
    let (printer, address) = TestPrinter::start(Mode::LastLabelTorn).await;
    let mut bench = Bench::at(address);
    bench.condition(&Condition::Ready).await;
    bench.print("a");
    assert_eq!(bench.news().await, "a sent");
    bench.condition(&Condition::PaperOut).await;
    printer.set(Mode::Prints);
    assert_eq!(bench.news().await, "a printed");
    assert_eq!(printer.jobs().len(), 1);
}

#[tokio::test]
async fn a_printer_that_answers_nothing_gives_unknown_and_never_a_second_copy() {
    let (printer, address) = TestPrinter::start(Mode::Mute).await;
    let mut bench = Bench::at(address);
    for job in ["a", "b", "c"] {
        bench.print(job);
        assert_eq!(bench.news().await, format!("{job} sent"));
        assert_eq!(bench.news().await, format!("{job} unknown"));
    }
    printer.arrived(3).await;
    // The next question is put behind all that was ever sent, so a second copy would have arrived by now.
    printer.set(Mode::Prints);
    bench.condition(&Condition::Ready).await;
    assert_eq!(printer.jobs().len(), 3);
}

#[tokio::test]
async fn a_printer_that_falls_silent_is_held_back_first_and_then_served_as_a_mute_one() {
    let (printer, address) = TestPrinter::start(Mode::Prints).await;
    let mut bench = Bench::at(address);
    bench.condition(&Condition::Ready).await;
    printer.set(Mode::Mute);
    bench.print("a");
    bench.condition(&Condition::Silent).await;
    assert_eq!(bench.news().await, "a sent");
    assert_eq!(bench.news().await, "a unknown");
    printer.arrived(1).await;
}

#[tokio::test]
async fn a_refused_connection_fails_the_job_without_a_byte_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let mut bench = Bench::at(address);
    bench.print("a");
    assert_eq!(bench.news().await, "a failed");
}

#[tokio::test]
async fn a_job_cut_off_midway_is_unknown_and_is_not_given_again() {
    let (printer, address) = TestPrinter::start(Mode::CutsMidway).await;
    let mut bench = Bench::at(address);
    // Far more than the system's buffers hold, so that the cut falls into the job.
    let long = format!("^XA{}^XZ", "x".repeat(64 << 20));
    bench.handle.print("a".to_owned(), long.into_bytes());
    assert_eq!(bench.news().await, "a unknown");
    printer.set(Mode::Prints);
    bench.print("b");
    assert_eq!(bench.news().await, "b sent");
    assert_eq!(bench.news().await, "b printed");
    assert_eq!(printer.jobs().len(), 1);
}
