//! The emulated worker as a process: it works a tote at a bench through the devices alone.

use std::process::Stdio;

use tokio::process::Command;

use super::bench;
use super::running::{DEADLINE, Running, address_in};

async fn work(more: &[&str]) -> bench::Bench {
    let devices = ["--scanner", "bench", "--scale", "bench", "--printer", "label=127.0.0.1:0"];
    let running = Running::with(&devices).await;
    let folder = running.folder.path();
    let catalogue = folder.join("catalogue.csv");
    std::fs::write(&catalogue, "sku,barcodes\nRICE5,6901234567892\nOIL5,6902345678905\n").unwrap();
    let printer = address_in(&folder.join("printer-label.addr"));
    let (station, state) = bench::start(3, folder.to_owned(), printer).await;
    let control = std::fs::read_to_string(folder.join("control.addr")).unwrap();
    let worker = Command::new(env!("CARGO_BIN_EXE_liangcang-emulator"))
        .args([
            "worker",
            "--control",
            control.trim(),
            "--station",
            &station,
            "--badge",
            "OP-1001",
            "--catalogue",
        ])
        .arg(&catalogue)
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let ended = tokio::time::timeout(DEADLINE * 3, worker.wait_with_output()).await;
    let ended = ended.unwrap_or_else(|_| panic!("the worker did not finish: {:?}", state.borrow())).unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    state.borrow().clone()
}

#[tokio::test]
async fn a_worker_takes_a_wave_from_its_release_to_the_closed_cage_without_a_mistake() {
    let bench = work(&["--orders", "3"]).await;
    assert_eq!(bench.caged.len(), 3);
    assert!(bench.handed_over);
    assert_eq!((bench.wrong_answers, bench.unreadable, bench.panels_shown), (0, 0, 0));
}

#[tokio::test]
async fn a_worker_asked_for_mistakes_makes_each_once_and_still_finishes() {
    let bench = work(&["--orders", "3", "--mistakes"]).await;
    assert!(bench.handed_over);
    assert_eq!((bench.wrong_answers, bench.unreadable, bench.panels_shown), (1, 1, 1));
}
