//! What an order says of its buyer, worked out before any transaction: the receiver as a label wants it and sealed
//! for its row, and the keyed hashes it is counted and found by.

use liangcang_domain::address::{self, Reading, Reason, Regions};
use liangcang_domain::order::Receiver;

use crate::database::Database;
use crate::incoming::{IncomingOrder, ReceiverTrust, province_stem};
use crate::secret::{hex, key_of};
use crate::store::order_insert::{Keys, Sealed};

/// To whom an order goes, and what it is counted by.
#[derive(Clone, Debug)]
pub struct Door {
    /// As a label wants it: the province without its kind.
    pub receiver: Receiver,
    /// What it is counted by; a masked or encrypted receiver has neither phone nor address.
    pub keys: Keys,
    /// What is wrong with the address, where it can be read.
    pub doubt: Option<Reason>,
    /// Equal for orders that ask for the same goods to the same door.
    pub fingerprint: String,
    /// The receiver and the notes, sealed for the order's row.
    pub sealed: Sealed,
}

impl Door {
    /// Reads an order.
    #[must_use]
    pub fn of(database: &Database, incoming: &IncomingOrder) -> Self {
        let mut receiver = receiver(incoming);
        let plain = incoming.receiver.trust() == ReceiverTrust::Plain;
        let detail = receiver.detail.clone();
        let reading = if plain { Some(read(&receiver, &detail)) } else { None };
        if let Some(reading) = &reading {
            fill(&mut receiver, reading);
        }
        let door = reading.as_ref().map_or_else(String::new, |reading| address::key(reading, &detail));
        let key = |kind: &str, value: &str| key_of(database, kind, value);
        let buyer = if incoming.buyer.is_empty() {
            0
        } else {
            key("buyer", &format!("{}\u{1f}{}", incoming.channel, incoming.buyer))
        };
        let keys = Keys {
            address: key("address", &door),
            phone: if plain { key("phone", &receiver.phone) } else { 0 },
            buyer,
            device: key("device", &incoming.device),
        };
        let doubt = reading.and_then(|reading| reading.reason);
        let sealed = Sealed::of(database, incoming, &receiver);
        Self { fingerprint: fingerprint(database, incoming), receiver, keys, doubt, sealed }
    }
}

/// Reads the address against the table of regions.
fn read<'a>(to: &Receiver, detail: &'a str) -> Reading<'a> {
    Regions::built_in().check(&to.province, &to.city, &to.district, detail)
}

/// A storefront may send one line: what was read from it stands where its columns are empty.
fn fill(to: &mut Receiver, reading: &Reading<'_>) {
    if to.province.is_empty() && to.city.is_empty() && to.district.is_empty() && !reading.province.is_empty()
    {
        to.province = province_stem(reading.province).to_owned();
        to.city = reading.city.to_owned();
        to.district = reading.district.to_owned();
        to.detail = reading.rest.to_owned();
    }
}

fn fingerprint(database: &Database, order: &IncomingOrder) -> String {
    let to = &order.receiver;
    let mut text = [&to.name, &to.phone, &to.province, &to.city, &to.district, &to.street, &to.detail]
        .map(String::as_str)
        .join("\u{1f}");
    let mut lines: Vec<String> =
        order.lines.iter().map(|line| format!("{}*{}", line.merchant_code, line.qty)).collect();
    lines.sort_unstable();
    text.push('\u{1e}');
    text.push_str(&lines.join("\u{1f}"));
    hex(&database.key().search_hash(&text)[..16])
}

/// The receiver as a label wants it: province without its kind, and a city that is its own province once.
#[must_use]
pub fn receiver(incoming: &IncomingOrder) -> Receiver {
    let from = &incoming.receiver;
    Receiver {
        name: from.name.clone(),
        phone: from.phone.clone(),
        province: province_stem(&from.province).to_owned(),
        city: from.city.clone(),
        district: from.district.clone(),
        detail: format!("{}{}", from.street, from.detail),
    }
}
