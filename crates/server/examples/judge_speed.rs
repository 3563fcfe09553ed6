//! How long an order's address and risk take: `cargo run --release -p liangcang-server --example judge_speed`.
//!
//! Amortised over a hundred thousand orders to every district, as intake does both: the address read and keyed, the
//! buyer's keyed hashes, then the campaign's rules over what is counted. Prints one line of JSON. Leaves out the
//! counting itself, which is a look into a table in memory.

#![expect(clippy::print_stdout, reason = "its figure is for a person or a script")]

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use liangcang_domain::address::{Level, Reading, Regions};
use liangcang_domain::risk::{Asked, Rules, Seen, judge};
use liangcang_domain::unit::Fen;
use liangcang_server::database::Database;
use liangcang_server::incoming::{IncomingLine, IncomingOrder, IncomingState, Receiver};
use liangcang_server::intake::Door;

const ORDERS: usize = 100_000;
const PRICE_FEN: i64 = 12_900;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let dir = tempfile::tempdir()?;
    let database = runtime.block_on(Database::open(dir.path()))?;
    let orders = orders();
    let rules = Rules::default();
    let begun = Instant::now();
    let mut doubted = 0;
    for order in &orders {
        let door = Door::of(&database, order);
        let address = door.doubt.clone().map_or_else(Reading::default, Reading::unread);
        let asked = Asked { address: &address, paid_fen: Fen(order.paid_fen), expected_fen: Fen(PRICE_FEN) };
        doubted += usize::from(!black_box(judge(&rules, &asked, &seen())).is_empty());
        black_box(door);
    }
    let us = begun.elapsed().as_secs_f64() * 1e6 / orders.len() as f64;
    println!("{{\"orders\":{},\"us\":{us:.2},\"doubted\":{doubted}}}", orders.len());
    runtime.block_on(database.close());
    Ok(())
}

/// What is counted of a buyer like most: one order before this.
fn seen() -> Seen {
    Seen { by_address: 1, by_phone: 1, by_buyer: 1, by_device: 1, ..Seen::default() }
}

/// One to each district in turn; every fiftieth says too little, every hundredth pays too little.
fn orders() -> Vec<IncomingOrder> {
    let mut places = Vec::new();
    let (mut province, mut city) = ("", "");
    for region in Regions::built_in().all() {
        match region.level {
            Level::Province => (province, city) = (region.name, region.name),
            Level::City => city = region.name,
            Level::District => places.push((province, city, region.name)),
        }
    }
    let order = |at: usize| {
        let (province, city, district) = places[at * 7 % places.len()];
        let detail = if at.is_multiple_of(50) { "到了打电话".to_owned() } else { door(at) };
        let paid_fen = if at.is_multiple_of(100) { PRICE_FEN - 1_000 } else { PRICE_FEN };
        IncomingOrder {
            channel: "shop".to_owned(),
            campaign: None,
            buyer: format!("openid-{at:010}"),
            device: format!("device-{at:010}"),
            order_no: format!("J{at:08}"),
            paid_at_ms: None,
            created_at_ms: None,
            ship_by_ms: None,
            receiver: Receiver {
                name: "周秋禾".to_owned(),
                phone: format!("120{at:08}"),
                province: province.to_owned(),
                city: city.to_owned(),
                district: district.to_owned(),
                street: String::new(),
                detail,
            },
            lines: vec![line(at, paid_fen)],
            paid_fen,
            buyer_note: String::new(),
            seller_note: String::new(),
            state: IncomingState::Paid,
        }
    };
    (0..ORDERS).map(order).collect()
}

fn door(at: usize) -> String {
    format!("稻香路{}弄{}号楼{}单元{}室", 1 + at % 400, 1 + at % 80, 1 + at % 4, 101 + at % 3_200)
}

fn line(at: usize, paid_fen: i64) -> IncomingLine {
    IncomingLine {
        sub_order_no: format!("J{at:08}-1"),
        merchant_code: "GIFT-A".to_owned(),
        title: "GIFT-A".to_owned(),
        spec: String::new(),
        qty: 1,
        paid_fen,
        gift: false,
    }
}
