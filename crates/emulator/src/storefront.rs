//! The brand's own storefront in a show: very many buyers order at once, each over a connection that stays open and
//! has one order on its way at a time.
//!
//! The load shares its machine with the server it measures, so it does as little as possible: requests are made
//! before the clock starts, and of an answer only status, length and the word of its outcome are read. It does not
//! play payment, cancelling or unpaid orders.

mod buyers;
mod connection;
mod places;
mod requests;
mod tally;

use std::cell::RefCell;
use std::net::{SocketAddr, ToSocketAddrs};
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result};
use tokio::runtime::Builder;
use tokio::task::LocalSet;

use connection::Connection;
pub use requests::Offer;
use requests::{Requests, now_ms};
pub use tally::Summary;
use tally::Tally;

/// What is to be ordered, and where.
#[derive(Clone, Debug)]
pub struct Rush {
    /// Host and port of the server; orders go to the servers in turn, connection by connection.
    pub servers: Vec<String>,
    /// A token of the server's office.
    pub token: String,
    /// Connections, each with one order on its way.
    pub connections: usize,
    /// Orders, each with a number of its own.
    pub orders: usize,
    /// What buyers choose from.
    pub offers: Vec<Offer>,
    /// The campaign the orders name; without it the server finds it.
    pub campaign: Option<String>,
    /// Begins the numbers of the orders and decides who buys what.
    pub seed: u64,
    /// Whether every acknowledged order is asked for afterwards.
    pub verify: bool,
}

/// Orders all of it and counts the answers.
///
/// # Errors
/// When the server cannot be reached or stays away.
pub fn rush(rush: &Rush) -> Result<Summary> {
    let servers = addresses(&rush.servers)?;
    let requests = Rc::new(Requests::orders(rush));
    // One thread: it leaves the other processors to the server, and its connections share without locks.
    let runtime =
        Builder::new_current_thread().enable_all().build().context("the storefront cannot start")?;
    let (began_at_ms, started) = (now_ms(), Instant::now());
    let tally = runtime.block_on(send_all(&servers, rush.connections, &requests))?;
    let mut summary = Summary::of(&tally, began_at_ms, started.elapsed());
    if rush.verify {
        let kept = tally.acknowledged;
        let questions = Rc::new(Requests::questions(rush, &kept));
        let found = runtime.block_on(send_all(&servers, rush.connections, &questions))?;
        summary.lost = Some(kept.len() - found.found());
    }
    Ok(summary)
}

fn addresses(servers: &[String]) -> Result<Vec<SocketAddr>> {
    let mut addresses = Vec::new();
    for server in servers {
        let mut found = server
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_socket_addrs()
            .with_context(|| format!("{server} is not http://HOST:PORT or cannot be found"))?;
        addresses.push(found.next().with_context(|| format!("{server} has no address"))?);
    }
    Ok(addresses)
}

/// Sends every request once over so many connections.
async fn send_all(servers: &[SocketAddr], connections: usize, requests: &Rc<Requests>) -> Result<Tally> {
    let tally = Rc::new(RefCell::new(Tally::with_room_for(requests.len())));
    let next = Rc::new(RefCell::new(0));
    let local = LocalSet::new();
    let mut running = Vec::new();
    for server in servers.iter().cycle().take(connections.min(requests.len())) {
        let connection = Connection::open(*server).await?;
        let all = connection.send_from(Rc::clone(requests), Rc::clone(&next), Rc::clone(&tally));
        running.push(local.spawn_local(all));
    }
    local
        .run_until(async {
            for connection in running {
                connection.await.context("a connection of the storefront was cut short")??;
            }
            anyhow::Ok(())
        })
        .await?;
    Ok(tally.take())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use std::collections::BTreeSet;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};
    use std::thread;

    /// A server that keeps every order but the one it forgets, and hangs up on its first caller once.
    fn serve(listener: TcpListener, forgets: &'static str) {
        let kept = Arc::new(Mutex::new(BTreeSet::new()));
        for (caller, stream) in listener.incoming().enumerate() {
            let kept = Arc::clone(&kept);
            thread::spawn(move || answer_all(stream.unwrap(), caller == 0, forgets, &kept));
        }
    }

    fn answer_all(
        mut stream: TcpStream,
        hangs_up: bool,
        forgets: &str,
        kept: &Mutex<BTreeSet<String>>,
    ) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let head: Vec<String> =
                reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
            let length = header("content-length:").map_or(0, |length| length.parse().unwrap());
            reader.by_ref().take(length).read_to_end(&mut Vec::new()).unwrap();
            let asked = head.first()?.split(' ').nth(1)?.strip_prefix("/api/orders/");
            if hangs_up {
                return None;
            }
            let (status, body) = match (asked, header("idempotency-key:")) {
                (Some(no), _) => (if kept.lock().unwrap().contains(no) { 200 } else { 404 }, "{}".to_owned()),
                (None, key) => {
                    let new = key? == forgets || kept.lock().unwrap().insert(key?.to_owned());
                    let word = if new { "accepted" } else { "duplicate" };
                    (if new { 201 } else { 200 }, format!("{{\"outcome\":\"{word}\"}}"))
                }
            };
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n{body}");
            // In one write: pieces would wait for each other's receipt.
            stream.write_all(answer.as_bytes()).ok()?;
        }
    }

    fn rush_at(forgets: &'static str) -> Summary {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}/", listener.local_addr().unwrap());
        thread::spawn(move || serve(listener, forgets));
        rush(&Rush {
            servers: vec![server],
            token: "t".into(),
            connections: 4,
            orders: 200,
            offers: vec!["GIFT-A=12900".parse().unwrap()],
            campaign: None,
            seed: 5,
            verify: true,
        })
        .unwrap()
    }

    #[test]
    fn an_order_whose_connection_broke_is_sent_again_and_each_is_answered_once() {
        let summary = rush_at("none");
        assert_eq!((summary.answers, summary.sent_again, summary.lost), (200, 1, Some(0)));
        assert_eq!(summary.outcomes.get("accepted"), Some(&198));
        assert_eq!(summary.outcomes.get("duplicate"), Some(&2));
    }

    #[test]
    fn an_acknowledged_order_that_the_server_forgot_is_told_as_lost() {
        assert_eq!(rush_at("S5-0000007").lost, Some(1));
    }
}
