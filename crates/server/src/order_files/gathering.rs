//! Rows -> orders: what rows of one order mean to each other.
//!
//! An order is imported whole or not at all: one refused row, or two rows that contradict each other, keep it out,
//! and every row of it says so. The same sub-order twice, saying the same, counts once.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cells::has_lost_digits;
use super::douyin_export::{OrderPart, ReadLine, ReadRow};
use super::headings::Column;
use super::preview::{Skip, SkippedLine, Wait, WaitingOrder};
use super::refusal::{Refusal, RowFault};
use crate::incoming::{IncomingLine, IncomingOrder, IncomingState, Receiver, ReceiverTrust};

/// Orders under way, by number.
#[derive(Default)]
pub struct Gathering {
    by_no: HashMap<String, usize>,
    orders: Vec<Gathered>,
    by_sub_order_no: HashMap<String, (usize, u32)>,
    refused: Vec<RowFault>,
    skipped: Vec<SkippedLine>,
}

/// What all rows of one order say together.
#[derive(Default)]
struct Gathered {
    order_no: String,
    rows: BTreeSet<u32>,
    bad_row: Option<u32>,
    part: Option<OrderPart>,
    lines: Vec<(u32, IncomingLine)>,
    wait: Option<Wait>,
}

/// Everything the rows came to.
pub struct Sorted {
    /// To be imported.
    pub orders: Vec<IncomingOrder>,
    /// To wait.
    pub waiting: Vec<WaitingOrder>,
    /// Refused, by row.
    pub refused: Vec<RowFault>,
    /// Left out.
    pub skipped: Vec<SkippedLine>,
}

impl Gathering {
    /// Takes one row, read or refused.
    pub fn add(&mut self, read: Result<ReadRow, Vec<RowFault>>) {
        match read {
            Ok(row) => self.add_row(row),
            Err(faults) => {
                for fault in faults {
                    if let Some(order_no) = fault.order_no.clone() {
                        self.poison(&order_no, fault.row);
                    }
                    self.refused.push(fault);
                }
            }
        }
    }

    fn at(&mut self, order_no: &str) -> usize {
        if let Some(at) = self.by_no.get(order_no) {
            return *at;
        }
        let at = self.orders.len();
        self.by_no.insert(order_no.to_owned(), at);
        self.orders.push(Gathered { order_no: order_no.to_owned(), ..Gathered::default() });
        at
    }

    fn poison(&mut self, order_no: &str, row: u32) {
        let at = self.at(order_no);
        self.orders[at].rows.insert(row);
        self.orders[at].bad_row.get_or_insert(row);
    }

    fn refuse(&mut self, at: usize, row: u32, column: Column, reason: Refusal) {
        let order_no = Some(self.orders[at].order_no.clone());
        self.orders[at].bad_row.get_or_insert(row);
        self.refused.push(RowFault { row, order_no, column: Some(column), reason });
    }

    fn add_row(&mut self, read: ReadRow) {
        let ReadRow { row, order_no, order, lines } = read;
        let at = self.at(&order_no);
        let mut ships = false;
        for line in lines {
            match line {
                ReadLine::Leave { sub_order_no, why } => {
                    self.skipped.push(SkippedLine { row, order_no: order_no.clone(), sub_order_no, why });
                }
                ReadLine::Ship(line, wait) => ships |= self.add_line(at, row, line, wait),
            }
        }
        if let Some(part) = order {
            self.orders[at].rows.insert(row);
            self.merge(at, row, part, ships);
        }
    }

    /// Whether the line is a new one.
    fn add_line(&mut self, at: usize, row: u32, mut line: IncomingLine, wait: Option<Wait>) -> bool {
        if line.sub_order_no.is_empty() {
            return self.add_unnumbered(at, row, line);
        }
        if let Some((other, other_row)) = self.by_sub_order_no.get(&line.sub_order_no).copied() {
            let same = self.orders[at].lines.iter().any(|(_, known)| *known == line);
            if same {
                let order_no = self.orders[at].order_no.clone();
                let sub_order_no = Some(std::mem::take(&mut line.sub_order_no));
                self.skipped.push(SkippedLine { row, order_no, sub_order_no, why: Skip::Repeated });
            } else {
                self.refuse(at, row, Column::SubOrderNo, Refusal::ConflictingRows { other_row });
                if other != at {
                    self.refuse(
                        other,
                        other_row,
                        Column::SubOrderNo,
                        Refusal::ConflictingRows { other_row: row },
                    );
                }
            }
            return false;
        }
        self.by_sub_order_no.insert(line.sub_order_no.clone(), (at, row));
        self.orders[at].lines.push((row, line));
        let waits = &mut self.orders[at].wait;
        *waits = waits.take().or(wait);
        true
    }

    /// A line of a source that does not number them: it is numbered by its place in the order.
    fn add_unnumbered(&mut self, at: usize, row: u32, mut line: IncomingLine) -> bool {
        let order = &self.orders[at];
        let twin = |known: &IncomingLine| {
            (&known.merchant_code, &known.spec, known.gift) == (&line.merchant_code, &line.spec, line.gift)
        };
        if let Some((other_row, _)) = order.lines.iter().find(|(_, known)| twin(known)) {
            let other_row = *other_row;
            self.refuse(at, row, Column::OrderNo, Refusal::RepeatedLine { other_row });
            return false;
        }
        line.sub_order_no = format!("{}-{}", order.order_no, order.lines.len() + 1);
        self.orders[at].lines.push((row, line));
        true
    }

    fn merge(&mut self, at: usize, row: u32, part: OrderPart, ships: bool) {
        let Some(known) = &mut self.orders[at].part else {
            self.orders[at].part = Some(part);
            return;
        };
        if let Some(column) = difference(&known.receiver, &part.receiver) {
            let other_row = self.orders[at].rows.first().copied().unwrap_or(row);
            self.refuse(at, row, column, Refusal::ConflictingRows { other_row });
            return;
        }
        // A repeated row is counted once, its money too.
        if ships {
            known.paid_fen += part.paid_fen;
        }
        let earliest = |a: Option<i64>, b: Option<i64>| a.into_iter().chain(b).min();
        known.created_at_ms = earliest(known.created_at_ms, part.created_at_ms);
        known.paid_at_ms = earliest(known.paid_at_ms, part.paid_at_ms);
        known.ship_by_ms = earliest(known.ship_by_ms, part.ship_by_ms);
        add_note(&mut known.buyer_note, part.buyer_note);
        add_note(&mut known.seller_note, part.seller_note);
    }

    /// Sorts the orders of `channel` by what is to become of them.
    pub fn sort(mut self, channel: &str) -> Sorted {
        self.refuse_rewritten_numbers();
        let told: HashSet<u32> = self.refused.iter().map(|fault| fault.row).collect();
        let (mut orders, mut waiting) = (Vec::new(), Vec::new());
        for gathered in self.orders {
            if let Some(other_row) = gathered.bad_row {
                let untold = gathered.rows.iter().filter(|row| !told.contains(row));
                self.refused.extend(untold.map(|row| RowFault {
                    row: *row,
                    order_no: Some(gathered.order_no.clone()),
                    column: None,
                    reason: Refusal::OtherRowRefused { other_row },
                }));
                continue;
            }
            let row = gathered.rows.first().copied().unwrap_or_default();
            let Some((order, wait)) = finish(gathered, channel) else { continue };
            match wait {
                Some(wait) => waiting.push(WaitingOrder { order, row, wait }),
                None => orders.push(order),
            }
        }
        self.refused.sort_by_key(|fault| fault.row);
        Sorted { orders, waiting, refused: self.refused, skipped: self.skipped }
    }

    /// Numbers a spreadsheet has cut to 15 digits end in zeros, all of them; by chance one in ten thousand does.
    fn refuse_rewritten_numbers(&mut self) {
        let lost: Vec<bool> =
            self.orders.iter().filter_map(|order| has_lost_digits(&order.order_no)).collect();
        if lost.is_empty() || lost.contains(&false) {
            return;
        }
        for at in 0..self.orders.len() {
            if self.orders[at].bad_row.is_none() && has_lost_digits(&self.orders[at].order_no).is_some() {
                let rows: Vec<u32> = self.orders[at].rows.iter().copied().collect();
                for row in rows {
                    self.refuse(at, row, Column::OrderNo, Refusal::DigitsLost);
                }
            }
        }
    }
}

fn add_note(known: &mut String, note: String) {
    if known.is_empty() {
        *known = note;
    } else if !known.split('\n').any(|line| line == note) && !note.is_empty() {
        known.push('\n');
        known.push_str(&note);
    }
}

/// The first column in which two rows of one order disagree on the receiver.
fn difference(one: &Receiver, other: &Receiver) -> Option<Column> {
    let fields = |receiver: &Receiver| {
        let Receiver { name, phone, province, city, district, street, detail } = receiver.clone();
        [
            (Column::Name, name),
            (Column::Phone, phone),
            (Column::Province, province),
            (Column::City, city),
            (Column::District, district),
            (Column::Street, street),
            (Column::Detail, detail),
        ]
    };
    if one == other {
        return None;
    }
    let pairs = fields(one).into_iter().zip(fields(other));
    pairs.into_iter().find(|(a, b)| a != b).map(|((column, _), _)| column)
}

fn finish(gathered: Gathered, channel: &str) -> Option<(IncomingOrder, Option<Wait>)> {
    let part = gathered.part.filter(|_| !gathered.lines.is_empty())?;
    let trust = part.receiver.trust();
    let receiver_waits = (trust != ReceiverTrust::Plain).then_some(Wait::Receiver { trust });
    let order = IncomingOrder {
        campaign: None,
        buyer: String::new(),
        device: String::new(),
        channel: channel.to_owned(),
        order_no: gathered.order_no,
        paid_at_ms: part.paid_at_ms,
        created_at_ms: part.created_at_ms,
        ship_by_ms: part.ship_by_ms,
        receiver: part.receiver,
        lines: gathered.lines.into_iter().map(|(_, line)| line).collect(),
        paid_fen: part.paid_fen,
        buyer_note: part.buyer_note,
        seller_note: part.seller_note,
        state: IncomingState::Paid,
    };
    Some((order, gathered.wait.or(receiver_waits)))
}
