//! One connection of the storefront: HTTP/1.1 with keep-alive, as little of it as the server's answers need.
//!
//! A connection that breaks is opened again and its order sent again under the same number, as a storefront would;
//! an answer that is no HTTP with a length is an error.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::requests::Requests;
use super::tally::{Tally, Told};

/// A server that was killed is back within this, or it stays away.
const SERVER_AWAY: Duration = Duration::from_secs(30);
const BETWEEN_TRIES: Duration = Duration::from_millis(50);
/// The server's own word for "come again", and what it asks for.
const BUSY: u16 = 503;
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// Far above any answer to one order.
const ANSWER_BYTES: usize = 16 * 1024;

/// An open connection.
pub struct Connection {
    server: SocketAddr,
    stream: TcpStream,
    received: Vec<u8>,
    filled: usize,
}

impl Connection {
    /// Opens it, trying for half a minute.
    pub async fn open(server: SocketAddr) -> Result<Self> {
        Ok(Self { server, stream: connect(server).await?, received: vec![0; ANSWER_BYTES], filled: 0 })
    }

    /// Sends requests from the common pile, one after the other, until it is empty.
    pub async fn send_from(
        mut self,
        requests: Rc<Requests>,
        next: Rc<RefCell<usize>>,
        tally: Rc<RefCell<Tally>>,
    ) -> Result<()> {
        loop {
            let place = next.replace_with(|place| *place + 1);
            let Some(request) = requests.get(place) else { return Ok(()) };
            let started = Instant::now();
            let told = self.ask(request, &tally).await?;
            tally.borrow_mut().count(place, &told, started.elapsed());
        }
    }

    /// Sends one request until it is answered.
    async fn ask(&mut self, request: &[u8], tally: &RefCell<Tally>) -> Result<Told> {
        loop {
            match self.ask_once(request).await {
                Ok(told) if told.status == BUSY => {
                    tally.borrow_mut().busy += 1;
                    sleep(BUSY_PAUSE).await;
                }
                Ok(told) => return Ok(told),
                Err(fault) if fault.kind() == io::ErrorKind::InvalidData => return Err(fault.into()),
                Err(_) => {
                    tally.borrow_mut().sent_again += 1;
                    self.stream = connect(self.server).await?;
                    self.filled = 0;
                }
            }
        }
    }

    async fn ask_once(&mut self, request: &[u8]) -> io::Result<Told> {
        let mut sent = 0;
        while sent < request.len() {
            match self.stream.try_write(&request[sent..]) {
                Ok(bytes) => sent += bytes,
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(fault) => return Err(fault),
            }
        }
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut self.received[self.filled..]) {
                Ok(0) if self.filled == self.received.len() => return Err(unread("is longer than expected")),
                Ok(0) => return Err(io::ErrorKind::ConnectionAborted.into()),
                Ok(bytes) => self.filled += bytes,
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => continue,
                Err(fault) => return Err(fault),
            }
            if let Some((told, end)) = read_answer(&self.received[..self.filled])? {
                self.received.copy_within(end..self.filled, 0);
                self.filled -= end;
                return Ok(told);
            }
        }
    }
}

async fn connect(server: SocketAddr) -> Result<TcpStream> {
    let deadline = Instant::now() + SERVER_AWAY;
    loop {
        match TcpStream::connect(server).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(_) if Instant::now() < deadline => sleep(BETWEEN_TRIES).await,
            Err(fault) => return Err(fault).with_context(|| format!("{server} cannot be reached")),
        }
    }
}

fn unread(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the server's answer {why}"))
}

/// Reads one answer and where it ends; `None` while it is not whole.
fn read_answer(bytes: &[u8]) -> io::Result<Option<(Told, usize)>> {
    let Some(head_end) = find(bytes, b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..head_end]).map_err(|_| unread("has a head that is no text"))?;
    let status =
        head.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(|| unread("has no status"))?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let start = head_end + 4;
    let end = start + length.ok_or_else(|| unread("has no length"))?;
    let Some(body) = bytes.get(start..end) else { return Ok(None) };
    Ok(Some((Told { status, outcome: outcome(body) }, end)))
}

/// The word behind `"outcome":`; an order's answer has it once, and no text of a buyer.
fn outcome(body: &[u8]) -> String {
    const KEY: &[u8] = b"\"outcome\":\"";
    let Some(at) = find(body, KEY) else { return String::new() };
    let word = &body[at + KEY.len()..];
    let end = word.iter().position(|byte| *byte == b'"').unwrap_or(word.len());
    String::from_utf8_lossy(&word[..end]).into_owned()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const ANSWER: &[u8] =
        b"HTTP/1.1 201 Created\r\nContent-Length: 34\r\n\r\n{\"order\":\"1\",\"outcome\":\"accepted\"}rest";

    #[test]
    fn an_answer_is_read_when_it_is_whole_and_no_byte_of_the_next_is_taken() {
        let whole = ANSWER.len() - 4;
        for cut in 0..whole {
            assert_eq!(read_answer(&ANSWER[..cut]).unwrap(), None, "{cut} bytes");
        }
        let (told, end) = read_answer(ANSWER).unwrap().unwrap();
        assert_eq!((told.status, told.outcome.as_str(), end), (201, "accepted", whole));
    }

    #[test]
    fn an_answer_without_a_length_or_a_status_is_refused() {
        for answer in [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"HTTP/1.1 two\r\ncontent-length: 0\r\n\r\n"] {
            assert_eq!(read_answer(answer).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
