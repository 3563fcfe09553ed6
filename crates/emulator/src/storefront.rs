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
use requests::Requests;
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
    let started = Instant::now();
    let tally = runtime.block_on(send_all(&servers, rush.connections, &requests))?;
    let mut summary = Summary::of(&tally, started.elapsed());
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
