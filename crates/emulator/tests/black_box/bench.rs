//! A little station for the worker to work at: real ports, the screen's JSON, the steps of one tote.
//!
//! It is no model of the real station's rules; it shows the screens in their order and refuses what does
//! not belong to them, so that the worker's reading, scanning, weighing and waiting are put to the test.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

const GATE_G: i64 = 5_200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Idle,
    Tote,
    Bin,
    Units,
    Parts,
    Packaging,
    Weigh,
    Print,
    ScanBack,
    HandOver,
}

/// What the bench knows; the whole of it is shown.
#[derive(Clone, Debug)]
pub struct Bench {
    orders: usize,
    step: Step,
    seq: i64,
    feedback: &'static str,
    signed_on: bool,
    released: bool,
    walked: bool,
    units: usize,
    packed: usize,
    pub caged: Vec<String>,
    pub handed_over: bool,
    scale_was_empty: bool,
    pub panel: bool,
    pub panels_shown: usize,
    pub wrong_answers: usize,
    pub unreadable: usize,
}

impl Bench {
    fn waybill(order: usize) -> String {
        format!("SF13000000000{order:02}")
    }

    fn view(&self) -> Value {
        let waiting = self.packed - self.caged.len();
        let some = |yes: bool, card: Value| if yes { json!([card]) } else { json!([]) };
        let idle_tote = self.walked && self.packed < self.orders;
        let cage = json!({"cage": "CAGE-SF-01", "carrier": "SF", "caged": 0, "waiting": waiting});
        json!({
            "operator": self.signed_on.then(|| json!({"id": "1001"})),
            "answer": {"seq": self.seq, "feedback": {"kind": self.feedback}},
            "task": self.task(),
            "today": {
                "ready": some(!self.released, json!({"carrier": "SF", "orders": self.orders})),
                "walks": some(self.released && !self.walked, json!({"tote": null})),
                "totes": some(idle_tote, json!({"tote": "TOTE-0001", "orders": self.orders - self.packed})),
                "cages": [cage],
            },
            "sticky": some(self.panel, json!({"code": "printer_blocked", "why": "paper_out", "waiting": 1})),
        })
    }

    fn task(&self) -> Value {
        let step = match self.step {
            Step::Idle => return json!({"kind": "idle"}),
            Step::HandOver => {
                let last: Vec<Value> =
                    self.caged.iter().rev().map(|waybill| json!({"waybill": waybill})).collect();
                let screen = json!({
                    "cage": "CAGE-SF-01", "carrier": "SF", "count": last.len(), "last": last, "closed": false,
                });
                return json!({"kind": "hand_over", "screen": screen});
            }
            Step::Tote => "tote",
            Step::Bin => "bin",
            Step::Units => "units",
            Step::Parts => "parts",
            Step::Packaging => "packaging",
            Step::Weigh => "weigh",
            Step::Print => "print",
            Step::ScanBack => "scan_back",
        };
        if matches!(self.step, Step::Tote | Step::Bin | Step::Units) {
            let line = json!({"no": 0, "bin": "A-03-02-1", "item": {"sku": "RICE5"}, "done": self.units});
            let screen = json!({
                "walk": "W1", "step": step, "wanted_tote": null, "line": line, "lines_done": 0,
            });
            return json!({"kind": "walk", "screen": screen});
        }
        let state = if self.step == Step::ScanBack { "printed" } else { "sent" };
        let screen = json!({
            "order": format!("order-{}", self.packed), "step": step, "carrier": "SF",
            "waybill": Self::waybill(self.packed), "tote": "TOTE-0001",
            "parts": [{"item": {"sku": "RICE5"}, "done": 0}], "current": 0, "packaging": "C3",
            "gate": {"expected_g": GATE_G, "tolerance_g": 50}, "prints": [{"state": state}],
        });
        json!({"kind": "pack", "screen": screen})
    }

    fn answer(&mut self, right: bool) {
        self.seq += 1;
        self.feedback = if right { "right" } else { "wrong" };
        self.wrong_answers += usize::from(!right);
    }

    fn scan(&mut self, code: &str) {
        let right = match (self.step, code) {
            (_, "OP-1001") => {
                self.signed_on = true;
                true
            }
            (Step::Idle, "TOTE-0001") => self.go(Step::Parts),
            (Step::Idle, "CAGE-SF-01") => self.go(Step::HandOver),
            (Step::Tote, "TOTE-0001") => self.go(Step::Bin),
            (Step::Bin, "BIN-A-03-02-1") => self.go(Step::Units),
            (Step::Units, "6901234567892") => {
                self.units += 1;
                self.walked = self.units == self.orders;
                self.go(if self.walked { Step::Idle } else { Step::Units })
            }
            (Step::Parts, "6901234567892") => self.go(Step::Packaging),
            (Step::Packaging, "PKG-C3") => self.go(Step::Weigh),
            (Step::ScanBack, code) if code == Self::waybill(self.packed) => {
                self.packed += 1;
                self.go(if self.packed == self.orders { Step::Idle } else { Step::Parts })
            }
            (Step::HandOver, code) if (0..self.packed).any(|order| code == Self::waybill(order)) => {
                self.caged.push(code.to_owned());
                true
            }
            _ => false,
        };
        self.answer(right);
    }

    fn go(&mut self, step: Step) -> bool {
        self.step = step;
        true
    }

    fn call(&mut self, command: &Value) {
        match (self.step, command["command"].as_str(), command["action"].as_str()) {
            (Step::Idle, Some("release_wave"), _) => self.released = true,
            (Step::Idle, Some("begin_walk"), _) => self.step = Step::Tote,
            (Step::Parts, Some("press"), Some("unreadable")) => {
                self.unreadable += 1;
                self.step = Step::Packaging;
                self.answer(true);
            }
            (Step::HandOver, Some("press"), Some("next")) => {
                self.handed_over = true;
                self.step = Step::Idle;
                self.answer(true);
            }
            _ => self.answer(false),
        }
    }

    /// The parcel passes if the scale was empty since the one before.
    fn weighed(&mut self, grams: i64) {
        if grams == 0 {
            self.scale_was_empty = true;
        } else if self.step == Step::Weigh && self.scale_was_empty && (grams - GATE_G).abs() <= 50 {
            self.scale_was_empty = false;
            self.answer(true);
            self.step = Step::Print;
        }
    }
}

type Shared = Arc<watch::Sender<Bench>>;

/// Starts the bench over the emulator's devices; returns its LAN address and its state.
pub async fn start(orders: usize, folder: PathBuf, printer: std::net::SocketAddr) -> (String, Shared) {
    let bench = Bench {
        orders,
        step: Step::Idle,
        seq: 0,
        feedback: "quiet",
        signed_on: false,
        released: false,
        walked: false,
        units: 0,
        packed: 0,
        caged: Vec::new(),
        handed_over: false,
        scale_was_empty: false,
        panel: false,
        panels_shown: 0,
        wrong_answers: 0,
        unreadable: 0,
    };
    let bench: Shared = Arc::new(watch::Sender::new(bench));
    let (scanned, weighed) = (Arc::clone(&bench), Arc::clone(&bench));
    let scale = folder.join("scale-bench");
    std::thread::spawn(move || listen_to_scanner(&folder.join("scanner-bench"), &scanned));
    std::thread::spawn(move || ask_scale(&scale, &weighed));
    tokio::spawn(print_labels(printer, Arc::clone(&bench)));
    let router = Router::new()
        .route("/api/live", get(live))
        .route("/api/call", post(call))
        .with_state(Arc::clone(&bench));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, bench)
}

async fn live(State(bench): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        let mut changes = bench.subscribe();
        loop {
            let view = changes.borrow_and_update().view().to_string();
            if socket.send(Message::Text(view.into())).await.is_err() || changes.changed().await.is_err() {
                return;
            }
        }
    })
}

async fn call(State(bench): State<Shared>, Json(command): Json<Value>) -> Json<Value> {
    bench.send_modify(|bench| bench.call(&command));
    Json(json!({}))
}

fn open(path: &std::path::Path) -> Box<dyn serialport::SerialPort> {
    serialport::new(path.to_str().unwrap(), 9_600).timeout(Duration::from_secs(60)).open().unwrap()
}

/// Ends when the emulator goes away with the port.
fn listen_to_scanner(path: &std::path::Path, bench: &Shared) {
    let mut port = open(path);
    let mut code = Vec::new();
    let mut byte = [0];
    while port.read_exact(&mut byte).is_ok() {
        if byte == *b"\r" {
            let text = String::from_utf8(std::mem::take(&mut code)).unwrap();
            bench.send_modify(|bench| bench.scan(&text));
        } else {
            code.push(byte[0]);
        }
    }
}

fn ask_scale(path: &std::path::Path, bench: &Shared) {
    let mut port = open(path);
    loop {
        let mut answer = Vec::new();
        if port.write_all(b"W").is_err() {
            return;
        }
        while answer.last() != Some(&b'\r') {
            let mut byte = [0];
            if port.read_exact(&mut byte).is_err() {
                return;
            }
            answer.push(byte[0]);
        }
        let digits: String =
            answer.iter().filter(|byte| byte.is_ascii_digit()).map(|&b| char::from(b)).collect();
        if !answer.contains(&b'?') {
            bench.send_modify(|bench| bench.weighed(digits.parse().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

async fn print_labels(printer: std::net::SocketAddr, bench: Shared) {
    let mut changes = bench.subscribe();
    loop {
        if changes.wait_for(|bench| bench.step == Step::Print).await.is_err() {
            return;
        }
        let mut port = TcpStream::connect(printer).await.unwrap();
        while !ask(&mut port, b"~HQES", b'\x03').await.contains("ERRORS:         0") {
            bench.send_if_modified(|bench| {
                bench.panels_shown += usize::from(!bench.panel);
                !std::mem::replace(&mut bench.panel, true)
            });
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bench.send_modify(|bench| bench.panel = false);
        let odometer = b"! U1 getvar \"odometer.total_label_count\"\r\n";
        let before = ask(&mut port, odometer, b'\n').await;
        port.write_all(b"^XA^PW16^LL4^FO0,0^GFA,2,2,1,80FF^FS^XZ").await.unwrap();
        while ask(&mut port, odometer, b'\n').await == before {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bench.send_modify(|bench| bench.step = Step::ScanBack);
    }
}

async fn ask(port: &mut TcpStream, question: &[u8], end: u8) -> String {
    port.write_all(question).await.unwrap();
    let mut answer = Vec::new();
    while answer.last() != Some(&end) {
        answer.push(port.read_u8().await.unwrap());
    }
    String::from_utf8(answer).unwrap()
}
