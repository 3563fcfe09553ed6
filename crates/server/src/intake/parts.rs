//! An order that no warehouse can send whole, cut up into what each of several sends.
//!
//! Each part is a row of its own and an order of its own for its warehouse. The first keeps the order's number, its
//! keys and its money, so that nothing is counted twice. Leaves out where they go (`place`) and how their rows are
//! found together (`store::parts`).

use std::collections::BTreeMap;

use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::id::SkuId;
use liangcang_domain::order::OrderLine;
use liangcang_domain::unit::Qty;
use liangcang_planner::allocation::Part;

use super::book::Book;
use super::outcome::Reason;
use super::place::Placed;
use crate::store::order_insert::{Keys, NewOrder, Sealed};
use crate::store::parts;

/// Units by SKU.
type Units = BTreeMap<SkuId, Qty>;

/// Takes an order's stock and, unless it waits, its waybill numbers, part by part where it is split.
///
/// # Errors
/// When a number is missing; then nothing was taken.
pub(super) fn take(book: &mut Book, placed: &Placed, units: &Units, waits: bool) -> Result<(), Reason> {
    if placed.parts.is_empty() {
        if !waits && !book.take_number(&placed.warehouse, &placed.carrier) {
            return Err(Reason::NoWaybillNumber { carrier: placed.carrier.clone() });
        }
        book.live.take(&placed.channel, &placed.warehouse, units);
        return Ok(());
    }
    let before = (book.numbers.clone(), book.unleased.clone());
    for part in placed.parts.iter().filter(|_| !waits) {
        if !book.take_number(&part.warehouse, &part.carrier) {
            (book.numbers, book.unleased) = before;
            return Err(Reason::NoWaybillNumber { carrier: part.carrier.clone() });
        }
    }
    for part in &placed.parts {
        book.live.take(&placed.channel, &part.warehouse, &part.units.iter().cloned().collect());
    }
    Ok(())
}

/// Cuts an order up: what is left of it is its first part, the others are given back, not sealed yet. Without parts
/// it stays whole.
pub(super) fn cut(catalogue: &Catalogue, order: &mut NewOrder, cuts: Vec<Part>) -> Vec<NewOrder> {
    let mut cuts = cuts.into_iter().zip(1..);
    let Some((first, _)) = cuts.next() else { return Vec::new() };
    order.part_of = order.order.no.0.clone();
    let mut lines: Vec<Line> =
        order.order.lines.drain(..).zip(order.lines.drain(..)).map(Line::from).collect();
    let whole = order.clone();
    fill(order, catalogue, &mut lines, &first);
    let further = |(part, at): (Part, usize)| {
        let mut new =
            NewOrder { keys: Keys::default(), paid_fen: 0, sealed: Sealed::default(), ..whole.clone() };
        new.order.no = parts::number(&whole.order.no, at);
        fill(&mut new, catalogue, &mut lines, &part);
        new
    };
    cuts.map(further).collect()
}

fn fill(new: &mut NewOrder, catalogue: &Catalogue, lines: &mut Vec<Line>, part: &Part) {
    new.order.warehouse.clone_from(&part.warehouse);
    new.order.carrier.clone_from(&part.carrier);
    let dealt = deal(catalogue, lines, part.units.iter().cloned().collect());
    (new.order.lines, new.lines) = dealt.into_iter().unzip();
    new.units.clone_from(&part.units);
}

/// A line with its number at the channel and what is paid for it.
type Sold = (OrderLine, (String, i64));

/// What no part has yet of a line.
struct Line {
    line: OrderLine,
    sub_order_no: String,
    paid_fen: i64,
    touched: bool,
}

impl From<Sold> for Line {
    fn from((line, (sub_order_no, paid_fen)): Sold) -> Self {
        Self { line, sub_order_no, paid_fen, touched: false }
    }
}

/// Deals lines to a part that has these units: whole lines as they were sold, and of the others each SKU as a line of
/// its own, so that a packer is never told of half a bundle. What is paid for a line stands where it comes first.
fn deal(catalogue: &Catalogue, lines: &mut Vec<Line>, mut units: Units) -> Vec<Sold> {
    let mut dealt = Vec::new();
    lines.retain(|it| {
        let fits = |(sku, qty): &(SkuId, Qty)| units.get(sku).is_some_and(|left| left >= qty);
        let whole = !it.touched && it.line.parts.iter().all(fits);
        if whole {
            for (sku, qty) in &it.line.parts {
                units.entry(sku.clone()).and_modify(|left| *left -= *qty);
            }
            dealt.push((it.line.clone(), (it.sub_order_no.clone(), it.paid_fen)));
        }
        !whole
    });
    for it in lines.iter_mut() {
        for (sku, want) in &mut it.line.parts {
            let Some(left) = units.get_mut(sku) else { continue };
            let qty = (*want).min(*left);
            if qty > Qty::ZERO {
                *want -= qty;
                *left -= qty;
                it.touched = true;
                let name = catalogue.sku(sku).map(|it| it.name.as_str()).filter(|name| !name.is_empty());
                let piece = OrderLine {
                    code: sku.0.clone(),
                    title: name.unwrap_or(&it.line.title).to_owned(),
                    qty,
                    parts: vec![(sku.clone(), qty)],
                };
                dealt.push((piece, (it.sub_order_no.clone(), std::mem::take(&mut it.paid_fen))));
            }
        }
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &str, qty: i64, parts: &[(&str, i64)]) -> Line {
        let parts = parts.iter().map(|(sku, qty)| (SkuId::from(*sku), Qty(*qty))).collect();
        let line = OrderLine { code: code.to_owned(), title: format!("标题 {code}"), qty: Qty(qty), parts };
        Line::from((line, (format!("sub-{code}"), 100)))
    }

    fn units(units: &[(&str, i64)]) -> Units {
        units.iter().map(|(sku, qty)| (SkuId::from(*sku), Qty(*qty))).collect()
    }

    fn told(dealt: &[Sold]) -> Vec<String> {
        let told = |(line, (sub, fen)): &Sold| {
            let parts: Vec<String> = line.parts.iter().map(|(sku, qty)| format!("{sku}*{qty}")).collect();
            format!("{} x{} [{}] {sub} {fen}", line.code, line.qty, parts.join(" "))
        };
        dealt.iter().map(told).collect()
    }

    #[test]
    fn whole_lines_go_as_they_were_sold_and_of_the_others_each_sku_by_itself() {
        let mut lines = vec![
            line("RICE5", 3, &[("RICE5", 3)]),
            line("GIFT-A", 1, &[("OIL5", 1), ("RICE5", 1)]),
            line("GIFT-B", 2, &[("OIL5", 2), ("MILLET1", 2)]),
        ];
        let catalogue = Catalogue::default();
        let first = deal(&catalogue, &mut lines, units(&[("OIL5", 2), ("RICE5", 2)]));
        assert_eq!(
            told(&first),
            [
                "GIFT-A x1 [OIL5*1 RICE5*1] sub-GIFT-A 100",
                "RICE5 x1 [RICE5*1] sub-RICE5 100",
                "OIL5 x1 [OIL5*1] sub-GIFT-B 100"
            ]
        );
        let second = deal(&catalogue, &mut lines, units(&[("MILLET1", 2), ("OIL5", 1), ("RICE5", 2)]));
        assert_eq!(
            told(&second),
            [
                "RICE5 x2 [RICE5*2] sub-RICE5 0",
                "OIL5 x1 [OIL5*1] sub-GIFT-B 0",
                "MILLET1 x2 [MILLET1*2] sub-GIFT-B 0"
            ]
        );
        let none = told(&deal(&catalogue, &mut lines, units(&[("MILLET1", 9), ("OIL5", 9), ("RICE5", 9)])));
        assert_eq!(none, [""; 0]);
    }
}
