//! The ZPL printer as a program sees it through TCP: status frames, modes, odometer, pictures.

use std::net::SocketAddr;

use super::running::{DEADLINE, Running, address_in, wait_for};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LABEL: &[u8] = b"^XA^PW16^LL4^FO0,0^GFA,2,2,1,80FF^FS^XZ";

async fn with_printer() -> (Running, SocketAddr) {
    let running = Running::with(&["--printer", "label=127.0.0.1:0"]).await;
    let address = address_in(&running.folder.path().join("printer-label.addr"));
    (running, address)
}

/// Sends `bytes` and reads until the answer ends with `end`.
async fn ask(printer: &mut TcpStream, bytes: &[u8], end: &[u8]) -> Vec<u8> {
    printer.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(end) {
        let byte = tokio::time::timeout(DEADLINE, printer.read_u8()).await;
        answer.push(byte.unwrap_or_else(|_| panic!("no full answer, only {answer:?}")).unwrap());
    }
    answer
}

async fn odometer(printer: &mut TcpStream) -> u64 {
    let question = b"! U1 getvar \"odometer.total_label_count\"\r\n";
    let answer = String::from_utf8(ask(printer, question, b"\r\n").await).unwrap();
    answer.trim().trim_matches('"').parse().unwrap()
}

async fn errors(printer: &mut TcpStream) -> String {
    String::from_utf8(ask(printer, b"~HQES", b"\x03").await).unwrap()
}

async fn printed(running: &Running) -> u64 {
    running.get("/printer/label/labels").await["odometer"].as_u64().unwrap()
}

#[tokio::test]
async fn host_status_is_three_frames_of_twelve_eleven_and_two_fields() {
    let (_running, address) = with_printer().await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    let answer = ask(&mut printer, b"^XA^LL1199^XZ~HS", b"1234,0\x03\r\n").await;
    let answer = String::from_utf8(answer).unwrap();
    let frames: Vec<Vec<&str>> = answer
        .split_terminator("\r\n")
        .map(|frame| frame.strip_prefix('\x02').unwrap().strip_suffix('\x03').unwrap().split(',').collect())
        .collect();
    assert_eq!(frames.iter().map(Vec::len).collect::<Vec<_>>(), [12, 11, 2]);
    assert_eq!((frames[0][1], frames[0][3]), ("0", "1199"));
    assert_eq!((frames[1][2], frames[1][8].len()), ("0", 8));
}

#[tokio::test]
async fn a_printed_label_moves_the_odometer_and_leaves_its_picture_and_bytes() {
    let (running, address) = with_printer().await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    assert_eq!(odometer(&mut printer).await, 0);
    printer.write_all(b"^XA^PW16^LL4^FO0,0^GFA,2,2,1,80FF^FS^PQ2^XZ").await.unwrap();
    wait_for("two labels", async || printed(&running).await == 2).await;
    assert_eq!(odometer(&mut printer).await, 2);
    let folder = running.folder.path().join("printer-label");
    assert!(std::fs::read(folder.join("000002.zpl")).unwrap().ends_with(b"^PQ2^XZ"));
    let picture = std::fs::File::open(folder.join("000001.png")).unwrap();
    let mut picture = png::Decoder::new(std::io::BufReader::new(picture)).read_info().unwrap();
    let mut pixels = vec![0; picture.output_buffer_size().unwrap()];
    picture.next_frame(&mut pixels).unwrap();
    assert_eq!((picture.info().width, picture.info().height), (16, 4));
    assert_eq!(pixels, [0x7f, 0xff, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff]);
}

#[tokio::test]
async fn without_paper_host_status_is_withheld_and_the_label_waits() {
    let (running, address) = with_printer().await;
    running.post("/printer/label", json!({"mode": "paper-out"})).await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(LABEL).await.unwrap();
    // The answer to the second question comes first and alone, so the first one was withheld.
    printer.write_all(b"~HS").await.unwrap();
    let answer = errors(&mut printer).await;
    assert!(answer.contains("ERRORS:         1 00000000 00000001"), "{answer:?}");
    assert!(!answer.contains("1234,0"), "{answer:?}");
    assert_eq!(odometer(&mut printer).await, 0);
    running.post("/printer/label", json!({"mode": "ok"})).await;
    wait_for("the waiting label", async || printed(&running).await == 1).await;
    assert!(errors(&mut printer).await.contains("ERRORS:         0 00000000 00000000"));
}

#[tokio::test]
async fn paper_for_two_labels_prints_two_and_keeps_the_third() {
    let (running, address) = with_printer().await;
    running.post("/printer/label", json!({"paper": 2})).await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(&LABEL.repeat(3)).await.unwrap();
    wait_for("two labels", async || printed(&running).await == 2).await;
    assert!(errors(&mut printer).await.contains("00000001"));
    assert_eq!(running.get("/printer/label").await["waiting"], 1);
    running.post("/printer/label", json!({"paper": 5})).await;
    wait_for("the third label", async || printed(&running).await == 3).await;
    let states = running.get("/printer/label/jobs").await;
    assert_eq!(states["jobs"][2]["state"], "printed");
}

#[tokio::test]
async fn an_open_head_is_named_and_a_cancelled_label_never_comes() {
    let (running, address) = with_printer().await;
    running.post("/printer/label", json!({"mode": "head-open"})).await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(LABEL).await.unwrap();
    assert!(errors(&mut printer).await.contains("1 00000000 00000004"));
    printer.write_all(b"~JA").await.unwrap();
    assert_eq!(odometer(&mut printer).await, 0);
    running.post("/printer/label", json!({"mode": "ok"})).await;
    printer.write_all(LABEL).await.unwrap();
    wait_for("the second label", async || printed(&running).await == 1).await;
    let jobs = running.get("/printer/label/jobs").await;
    assert_eq!(
        (&jobs["jobs"][0]["state"], &jobs["jobs"][1]["state"]),
        (&json!("cancelled"), &json!("printed"))
    );
}

#[tokio::test]
async fn a_printer_that_prints_nothing_says_it_is_ready_and_its_odometer_stays() {
    let (running, address) = with_printer().await;
    running.post("/printer/label", json!({"mode": "prints-nothing"})).await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(LABEL).await.unwrap();
    ask(&mut printer, b"~HS", b"1234,0\x03\r\n").await;
    assert!(errors(&mut printer).await.contains("ERRORS:         0"));
    assert_eq!(odometer(&mut printer).await, 0);
    running.post("/printer/label", json!({"mode": "ok"})).await;
    printer.write_all(LABEL).await.unwrap();
    wait_for("the next label", async || printed(&running).await == 1).await;
    let jobs = running.get("/printer/label/jobs").await;
    assert_eq!(jobs["jobs"][0]["state"], "swallowed");
}

#[tokio::test]
async fn a_silent_printer_prints_and_answers_nothing() {
    let (running, address) = with_printer().await;
    running.post("/printer/label", json!({"mode": "no-reply"})).await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(b"~HS~HQES! U1 getvar \"odometer.total_label_count\"\r\n").await.unwrap();
    printer.write_all(LABEL).await.unwrap();
    wait_for("the label", async || printed(&running).await == 1).await;
    running.post("/printer/label", json!({"mode": "ok"})).await;
    // Only the question asked after the silence is answered.
    assert_eq!(odometer(&mut printer).await, 1);
}

#[tokio::test]
async fn a_refusing_printer_drops_its_client_and_comes_back_at_the_same_address() {
    let (running, address) = with_printer().await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    assert_eq!(odometer(&mut printer).await, 0);
    running.post("/printer/label", json!({"mode": "refuse"})).await;
    let end = tokio::time::timeout(DEADLINE, printer.read(&mut [0])).await.unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    wait_for("the closed port", async || TcpStream::connect(address).await.is_err()).await;
    running.post("/printer/label", json!({"mode": "ok"})).await;
    wait_for("the open port", async || TcpStream::connect(address).await.is_ok()).await;
}

#[tokio::test]
async fn a_graphic_with_a_wrong_check_value_comes_out_crossed_out_and_is_recorded() {
    let (running, address) = with_printer().await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(b"^XA^PW16^LL4^FO0,0^GFA,1,1,1,:Z64:eJxrAAAAgQCB:0000^FS^XZ").await.unwrap();
    wait_for("the crossed-out label", async || printed(&running).await == 1).await;
    let last = running.get("/printer/label/labels").await["last"].take();
    assert!(last["faults"][0].as_str().unwrap().contains("check value"), "{last}");
}

#[tokio::test]
async fn a_format_cut_off_with_its_sender_is_recorded_and_the_next_one_prints() {
    let (running, address) = with_printer().await;
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(&LABEL[..20]).await.unwrap();
    drop(first);
    let mut second = TcpStream::connect(address).await.unwrap();
    let frames = ask(&mut second, b"~HS", b"1234,0\x03\r\n").await;
    assert!(String::from_utf8(frames).unwrap().starts_with("\x02030,0,0,1218,000,0,0,1,"));
    second.write_all(LABEL).await.unwrap();
    wait_for("the second sender's label", async || printed(&running).await == 1).await;
    let jobs = running.get("/printer/label/jobs").await;
    assert_eq!(
        (&jobs["jobs"][0]["state"], &jobs["jobs"][1]["state"]),
        (&json!("broken-off"), &json!("printed"))
    );
}

#[tokio::test]
async fn a_label_interrupted_by_an_open_head_is_printed_once_afterwards() {
    let (running, address) = with_printer().await;
    running.post("/printer/label", json!({"ms_per_label": 600_000})).await;
    let mut printer = TcpStream::connect(address).await.unwrap();
    printer.write_all(LABEL).await.unwrap();
    wait_for("the label in the buffer", async || running.get("/printer/label").await["waiting"] == 1).await;
    running.post("/printer/label", json!({"mode": "head-open", "ms_per_label": 0})).await;
    assert_eq!(odometer(&mut printer).await, 0);
    running.post("/printer/label", json!({"mode": "ok"})).await;
    wait_for("the interrupted label", async || printed(&running).await == 1).await;
    assert_eq!(running.get("/printer/label").await["waiting"], 0);
}

#[tokio::test]
async fn a_second_client_waits_unheard_until_the_first_has_gone() {
    let (running, address) = with_printer().await;
    let mut first = TcpStream::connect(address).await.unwrap();
    assert_eq!(odometer(&mut first).await, 0);
    let mut second = TcpStream::connect(address).await.unwrap();
    second.write_all(LABEL).await.unwrap();
    // Each answer to the first client is a chance for the printer to serve the second one.
    for _ in 0..50 {
        assert_eq!(odometer(&mut first).await, 0);
    }
    assert_eq!(running.get("/printer/label/jobs").await["count"], 0);
    drop(first);
    wait_for("the second client's label", async || printed(&running).await == 1).await;
}
