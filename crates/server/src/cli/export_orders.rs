//! `export orders`: a CSV for a spreadsheet; personal fields are masked.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::database::Database;
use crate::store::order_list::{OrderRow, Wanted, list};
use crate::store::orders::State;

const PAGE: i64 = 1_000;
const HEADINGS: [&str; 15] = [
    "order",
    "part_of",
    "channel",
    "state",
    "warehouse",
    "carrier",
    "waybill",
    "weight_g",
    "lots",
    "paid_at_ms",
    "shipped_at_ms",
    "manifest",
    "name",
    "phone",
    "address",
];

/// Writes all orders, or those in one state, by number.
pub async fn run(database: &Database, state: Option<&str>, out: &mut impl Write) -> Result<ExitCode> {
    let state = state.map(|word| {
        let known = State::ALL.map(State::as_str).join(" ");
        State::parse(word).with_context(|| format!("there is no state {word:?}; known: {known}"))
    });
    let mut wanted = Wanted { state: state.transpose()?, ..Wanted::default() };
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEADINGS)?;
    let mut look = database.look().await?;
    loop {
        let page = list(&mut look, database, &wanted, PAGE).await?;
        let Some(last) = page.last() else { break };
        wanted.after.clone_from(&last.no);
        for order in &page {
            table.write_record(cells(order))?;
        }
    }
    table.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn cells(order: &OrderRow) -> [String; 15] {
    let number = |number: Option<i64>| number.map_or(String::new(), |number| number.to_string());
    let lots: Vec<String> = order.lots.iter().map(|it| format!("{}/{}*{}", it.sku, it.lot, it.qty)).collect();
    [
        unrounded(&order.no),
        unrounded(&order.part_of),
        order.channel.clone(),
        order.state.clone(),
        order.warehouse.clone(),
        order.carrier.clone(),
        unrounded(&order.waybill_no),
        number(order.weight_g),
        lots.join(";"),
        order.paid_at.to_string(),
        number(order.shipped_at),
        order.manifest.clone().unwrap_or_default(),
        order.name.clone(),
        order.phone.clone(),
        order.address.clone(),
    ]
}

/// A spreadsheet rounds numbers of more than 15 digits; a leading tab, as in the platforms' own exports, makes them
/// text.
fn unrounded(number: &str) -> String {
    let long = number.len() > 15 && number.bytes().all(|b| b.is_ascii_digit());
    if long { format!("\t{number}") } else { number.to_owned() }
}
