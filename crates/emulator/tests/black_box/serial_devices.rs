//! Scanner and scale as a program sees them through the `serialport` crate.

use std::io::{ErrorKind, Read, Write};

use super::running::{DEADLINE, Running, wait_for};
use serde_json::json;
use serialport::{DataBits, Parity, SerialPort};

/// Opens a port. A test that starts its emulator at this moment holds a copy of every open port until its
/// new process has begun, so a port that was just closed may be busy a little longer.
async fn open(running: &Running, name: &str) -> Box<dyn SerialPort> {
    let path = running.folder.path().join(name);
    let mut port = None;
    wait_for("the free port", async || {
        port = serialport::new(path.to_str().unwrap(), 9_600).timeout(DEADLINE).open().ok();
        port.is_some()
    })
    .await;
    port.unwrap()
}

fn read(port: &mut dyn SerialPort, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    port.read_exact(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn a_scan_arrives_whole_though_it_comes_in_odd_pieces() {
    let running = Running::with(&["--scanner", "bench"]).await;
    let mut port = open(&running, "scanner-bench").await;
    let scan = json!({"code": "0109521234543213\u{1d}10LOT-A1", "aim": "]C1", "chunks": [1, 7, 3], "suffix": "crlf"});
    running.post("/scanner/bench/scan", scan).await;
    let expected = b"]C10109521234543213\x1d10LOT-A1\r\n";
    assert_eq!(read(&mut *port, expected.len()), expected);
    running.post("/scanner/bench/scan", json!({"code": "6901234567892"})).await;
    assert_eq!(read(&mut *port, 14), b"6901234567892\r");
}

#[tokio::test]
async fn a_scan_into_a_closed_port_is_refused_and_not_delivered_later() {
    let running = Running::with(&["--scanner", "bench"]).await;
    let (status, answer) = running.try_post("/scanner/bench/scan", json!({"code": "LOST"})).await;
    assert_eq!(status, 409, "{answer}");
    let mut port = open(&running, "scanner-bench").await;
    running.post("/scanner/bench/scan", json!({"code": "HEARD"})).await;
    assert_eq!(read(&mut *port, 6), b"HEARD\r");
    drop(port);
    wait_for("the closed port", async || running.get("/").await["scanners"][0]["open"] == false).await;
    let (status, _) = running.try_post("/scanner/bench/scan", json!({"code": "LOST"})).await;
    assert_eq!(status, 409);
}

#[tokio::test]
async fn an_unplugged_scanner_breaks_the_port_and_comes_back_under_its_name() {
    let running = Running::with(&["--scanner", "bench"]).await;
    let mut port = open(&running, "scanner-bench").await;
    running.post("/scanner/bench/unplug", json!({})).await;
    assert_eq!(port.read(&mut [0]).unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert!(running.folder.path().join("scanner-bench").symlink_metadata().is_err());
    let (status, _) = running.try_post("/scanner/bench/scan", json!({"code": "X"})).await;
    assert_eq!(status, 409);
    running.post("/scanner/bench/plug", json!({})).await;
    let mut port = open(&running, "scanner-bench").await;
    running.post("/scanner/bench/scan", json!({"code": "BACK", "suffix": "none"})).await;
    assert_eq!(read(&mut *port, 4), b"BACK");
}

#[tokio::test]
async fn a_scale_is_probed_asked_and_answers_as_an_8217_does() {
    let running = Running::with(&["--scale", "bench"]).await;
    let path = running.folder.path().join("scale-bench");
    let mut port = serialport::new(path.to_str().unwrap(), 9_600)
        .data_bits(DataBits::Seven)
        .parity(Parity::Even)
        .timeout(DEADLINE)
        .open()
        .unwrap();
    port.write_all(b"Ehello").unwrap();
    assert_eq!(read(&mut *port, 8), b"\x02E\rhello");
    port.write_all(b"F").unwrap();
    running.post("/scale/bench", json!({"grams": 10_460})).await;
    port.write_all(b"W").unwrap();
    assert_eq!(read(&mut *port, 8), b"\x0210.460\r");
    running.post("/scale/bench", json!({"grams": 10_460, "motion": true})).await;
    port.write_all(b"W").unwrap();
    assert_eq!(read(&mut *port, 4), [0x02, b'?', 0x41, 0x0d]);
}

#[tokio::test]
async fn a_scale_answers_the_next_program_after_the_first_has_gone() {
    let running = Running::with(&["--scale", "bench"]).await;
    for grams in [500, 0] {
        running.post("/scale/bench", json!({"grams": grams})).await;
        let mut port = open(&running, "scale-bench").await;
        port.write_all(b"W").unwrap();
        assert_eq!(read(&mut *port, 8), format!("\x0200.{grams:03}\r").into_bytes());
    }
    running.post("/scale/bench/unplug", json!({})).await;
    running.post("/scale/bench/plug", json!({})).await;
    wait_for("the scale's name", async || running.folder.path().join("scale-bench").exists()).await;
    let mut port = open(&running, "scale-bench").await;
    port.write_all(b"W").unwrap();
    assert_eq!(read(&mut *port, 8), b"\x0200.000\r");
}

#[tokio::test]
async fn a_mistyped_wish_is_refused_by_name() {
    let running = Running::with(&["--scanner", "bench", "--scale", "bench"]).await;
    let (status, answer) = running.try_post("/scale/bench", json!({"gram": 5})).await;
    assert_eq!(status, 422);
    assert!(answer["error"].as_str().unwrap().contains("gram"), "{answer}");
    let (status, answer) = running.try_post("/scanner/other/scan", json!({"code": "X"})).await;
    assert_eq!(status, 404);
    assert!(answer["error"].as_str().unwrap().contains("other"), "{answer}");
}
