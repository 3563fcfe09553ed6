//! A label printer on TCP: it answers what it is asked, counts a label as soon as it has it, and notes when the first
//! byte of each came.

use anyhow::Result;
use std::net::SocketAddr;
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const READY: &str = "\u{2}030,0,0,1200,000,0,0,0,000,0,0,0\u{3}\r\n\
    \u{2}001,0,0,0,0,2,0,0,00000000,1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n";
const NO_ERRORS: &str = "\u{2}\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         0 00000000 00000000\r\n   \
    WARNINGS:       0 00000000 00000000\r\n\u{3}";

/// A printer that listens.
pub struct Printer {
    /// Where.
    pub address: SocketAddr,
    /// When the first byte of each label came.
    pub labels: mpsc::UnboundedReceiver<Instant>,
}

impl Printer {
    /// Begins to listen on a free port of the loopback.
    pub async fn begin() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (came, labels) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut odometer = 0;
            while let Ok((client, _)) = listener.accept().await {
                // A client that goes away ends its own conversation; the next one is waited for.
                let _ = serve(client, &mut odometer, &came).await;
            }
        });
        Ok(Self { address, labels })
    }
}

async fn serve(
    mut client: TcpStream,
    odometer: &mut u64,
    came: &mpsc::UnboundedSender<Instant>,
) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut room = vec![0; 64 * 1024];
    let mut heard = Vec::new();
    let mut told = false;
    loop {
        let arrived = client.read(&mut room).await?;
        let now = Instant::now();
        if arrived == 0 {
            return Ok(());
        }
        heard.extend_from_slice(&room[..arrived]);
        // A question may come on the heels of a label, in the same piece.
        loop {
            if !told && heard.starts_with(b"^XA") {
                told = true;
                // Whoever measured is gone when the program ends.
                let _ = came.send(now);
            }
            let Some(end) = heard.iter().position(|byte| *byte == b'\n') else { break };
            let line: Vec<u8> = heard.drain(..=end).collect();
            if line.starts_with(b"^XA") {
                told = false;
                *odometer += 1;
            }
            client.write_all(answer(&line, *odometer).as_bytes()).await?;
        }
    }
}

/// What is said to a line; nothing to a label.
fn answer(line: &[u8], odometer: u64) -> String {
    match line {
        b"~HS\r\n" => READY.to_owned(),
        b"~HQES\r\n" => NO_ERRORS.to_owned(),
        question if question.starts_with(b"! U1 getvar") => format!("\"{odometer}\"\r\n"),
        _ => String::new(),
    }
}
