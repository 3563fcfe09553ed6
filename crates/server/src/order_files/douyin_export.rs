//! One row of an export -> its part of an order: lines to ship, lines to leave out, or the faults of its cells.
//!
//! Knows both shapes of the Douyin export: *by product* (one row a sub-order) and *by order* (one row an order, its
//! products joined by `;`, their quantities only as a total). A mapped source reads as the first. What rows mean to
//! each other (conflicts, repetitions, whole orders) is `gathering`'s.

use super::cells;
use super::headings::{Column, Taken};
use super::mapping::Source;
use super::preview::{Skip, Wait};
use super::refusal::{Refusal, RowFault};
use super::table::{Cell, Row};
use crate::incoming::{IncomingLine, IncomingState, Receiver, province_stem};

/// What one row says.
#[derive(Debug)]
pub struct ReadRow {
    /// As a spreadsheet numbers it.
    pub row: u32,
    /// The order it belongs to.
    pub order_no: String,
    /// What the row says of the whole order; `None` if nothing of the row is to be shipped.
    pub order: Option<OrderPart>,
    /// Its sub-orders.
    pub lines: Vec<ReadLine>,
}

/// What a row says of the order it belongs to.
#[derive(Debug)]
pub struct OrderPart {
    /// To whom.
    pub receiver: Receiver,
    /// What is paid for this row's lines together, in fen.
    pub paid_fen: i64,
    /// Ordered at.
    pub created_at_ms: Option<i64>,
    /// Paid at.
    pub paid_at_ms: Option<i64>,
    /// To be shipped by.
    pub ship_by_ms: Option<i64>,
    /// The buyer's words.
    pub buyer_note: String,
    /// The shop's words.
    pub seller_note: String,
}

/// One sub-order, and what is to become of it.
#[derive(Debug)]
pub enum ReadLine {
    /// To be shipped; with the reason, if it has to wait.
    Ship(IncomingLine, Option<Wait>),
    /// Not to be shipped.
    Leave {
        /// Its number, where the source has such.
        sub_order_no: Option<String>,
        /// Why.
        why: Skip,
    },
}

/// Reads rows of one source.
pub struct RowReader<'a, K> {
    /// Where the file comes from.
    pub source: &'a Source,
    /// Its columns.
    pub taken: &'a Taken,
    /// Whether a merchant code names a SKU or a bundle of ours.
    pub knows: K,
}

/// Collects the faults of one row, so that all of them are told at once.
struct Faults {
    row: u32,
    order_no: Option<String>,
    found: Vec<RowFault>,
}

impl Faults {
    fn add(&mut self, column: Option<Column>, reason: Refusal) {
        self.found.push(RowFault { row: self.row, order_no: self.order_no.clone(), column, reason });
    }

    fn take<T>(&mut self, column: Column, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|reason| self.add(Some(column), reason)).ok()
    }
}

impl<K: Fn(&str) -> bool> RowReader<'_, K> {
    /// Reads one row.
    ///
    /// # Errors
    /// All faults of its cells.
    pub fn read(&self, row: &Row) -> Result<ReadRow, Vec<RowFault>> {
        let mut faults = Faults { row: row.number, order_no: None, found: Vec::new() };
        let read = self.read_row(row, &mut faults);
        read.filter(|_| faults.found.is_empty()).ok_or(faults.found)
    }

    fn read_row(&self, row: &Row, faults: &mut Faults) -> Option<ReadRow> {
        if let Some(fault) = &row.fault {
            let order_no = cells::order_nos(self.cell(row, Column::OrderNo)).unwrap_or_default();
            faults.order_no = order_no.into_iter().next();
            faults.add(None, fault.clone());
            return None;
        }
        let order_no = self.order_no(row, faults)?;
        faults.order_no = Some(order_no.clone());
        let sub_order_nos = self.sub_order_nos(row, faults)?;
        let state = self.state(row, faults)?;
        let left = match state {
            IncomingState::Paid => None,
            IncomingState::Unpaid => Some(Skip::Unpaid),
            IncomingState::Shipped => Some(Skip::Shipped),
            IncomingState::Done => Some(Skip::Done),
            IncomingState::Closed => Some(Skip::Closed),
        };
        if let Some(why) = left {
            return Some(ReadRow {
                row: row.number,
                order_no,
                order: None,
                lines: leave_all(&sub_order_nos, why),
            });
        }
        let paid = faults.take(Column::Paid, cells::money(self.cell(row, Column::Paid)));
        let lines = match sub_order_nos.as_slice() {
            [] | [_] => self.single(row, &sub_order_nos, paid.flatten(), faults),
            several => self.joined(row, several, faults),
        };
        let ships =
            lines.as_ref().is_none_or(|lines| lines.iter().any(|line| matches!(line, ReadLine::Ship(..))));
        let order = if ships { self.order_part(row, faults) } else { None };
        let order = order.map(|part| OrderPart { paid_fen: paid.flatten().unwrap_or_default(), ..part });
        Some(ReadRow { row: row.number, order_no, order, lines: lines? })
    }

    fn cell<'r>(&self, row: &'r Row, column: Column) -> &'r Cell {
        self.taken.place(column).map_or(&Cell::Empty, |place| &row.cells[place])
    }

    fn order_no(&self, row: &Row, faults: &mut Faults) -> Option<String> {
        let numbers = faults.take(Column::OrderNo, cells::order_nos(self.cell(row, Column::OrderNo)))?;
        let [number] = <[String; 1]>::try_from(numbers)
            .map_err(|_| faults.add(Some(Column::OrderNo), Refusal::MalformedOrderNo))
            .ok()?;
        Some(number)
    }

    /// Empty for a source that does not number the parts of an order.
    fn sub_order_nos(&self, row: &Row, faults: &mut Faults) -> Option<Vec<String>> {
        if !self.taken.has(Column::SubOrderNo) {
            return Some(Vec::new());
        }
        faults.take(Column::SubOrderNo, cells::order_nos(self.cell(row, Column::SubOrderNo)))
    }

    fn state(&self, row: &Row, faults: &mut Faults) -> Option<IncomingState> {
        if !self.taken.has(Column::State) {
            return Some(IncomingState::Paid);
        }
        let word = faults.take(Column::State, cells::some_text(self.cell(row, Column::State)))?;
        let state = self.source.states.get(&word).copied();
        faults.take(Column::State, state.ok_or_else(|| Refusal::UnknownState { state: shown(&word) }))
    }

    /// A row of one product.
    fn single(
        &self,
        row: &Row,
        sub_order_nos: &[String],
        paid_fen: Option<i64>,
        faults: &mut Faults,
    ) -> Option<Vec<ReadLine>> {
        let after_sale = faults.take(Column::AfterSale, cells::word(self.cell(row, Column::AfterSale)))?;
        let wait = match after_sale_says(&after_sale) {
            AfterSale::Ship => None,
            AfterSale::Wait => Some(Wait::AfterSaleOpen { state: after_sale }),
            AfterSale::Leave => return Some(leave_all(sub_order_nos, Skip::Refunded)),
        };
        let qty = faults.take(Column::Qty, cells::quantity(self.cell(row, Column::Qty)));
        let title = faults.take(Column::Title, cells::free_text(self.cell(row, Column::Title)));
        let code = faults.take(Column::MerchantCode, cells::word(self.cell(row, Column::MerchantCode)));
        let merchant_code = self.merchant_code(code?, title.as_deref().unwrap_or_default(), faults);
        let spec = faults.take(Column::Spec, cells::free_text(self.cell(row, Column::Spec)));
        let price = faults.take(Column::UnitPrice, cells::money(self.cell(row, Column::UnitPrice)))?;
        let line = IncomingLine {
            sub_order_no: sub_order_nos.first().cloned().unwrap_or_default(),
            merchant_code: merchant_code?,
            title: title?,
            spec: spec?,
            qty: qty?,
            paid_fen: paid_fen.unwrap_or_default(),
            gift: price.or(paid_fen) == Some(0),
        };
        Some(vec![ReadLine::Ship(line, wait)])
    }

    /// A row of several products: only where each is there once can the quantities be told.
    fn joined(&self, row: &Row, sub_order_nos: &[String], faults: &mut Faults) -> Option<Vec<ReadLine>> {
        let products = sub_order_nos.len();
        let after_sale = faults.take(Column::AfterSale, cells::word(self.cell(row, Column::AfterSale)))?;
        let states = parts(&after_sale);
        let states = match states.len() {
            0 => vec![""; products],
            1 if after_sale_says(&after_sale) == AfterSale::Ship => vec![""; products],
            count if count == products => states,
            _ => {
                faults.add(Some(Column::AfterSale), Refusal::AfterSaleUnclear);
                return None;
            }
        };
        let total = faults.take(Column::Qty, cells::quantity(self.cell(row, Column::Qty)))?;
        if usize::try_from(total) != Ok(products) {
            faults.add(Some(Column::Qty), Refusal::QuantityUnclear { products, total });
            return None;
        }
        let titles = faults.take(Column::Title, cells::free_text(self.cell(row, Column::Title)))?;
        let codes = faults.take(Column::MerchantCode, cells::word(self.cell(row, Column::MerchantCode)))?;
        let specs = faults.take(Column::Spec, cells::free_text(self.cell(row, Column::Spec)))?;
        let codes = match parts(&codes) {
            none if none.is_empty() => vec![""; products],
            some if some.len() == products => some,
            other => {
                faults.add(Some(Column::MerchantCode), Refusal::PartsDiffer { products, parts: other.len() });
                return None;
            }
        };
        // A title or variant may itself contain a semicolon; it is only shown, so the whole is shown then.
        let spread = |text| -> Vec<String> {
            let split = parts(text);
            if split.len() == products { owned(&split) } else { vec![text.to_owned(); products] }
        };
        let (titles, specs) = (spread(&titles), spread(&specs));
        let mut lines = Vec::with_capacity(products);
        for (at, sub_order_no) in sub_order_nos.iter().enumerate() {
            let wait = match after_sale_says(states[at]) {
                AfterSale::Ship => None,
                AfterSale::Wait => Some(Wait::AfterSaleOpen { state: states[at].to_owned() }),
                AfterSale::Leave => {
                    lines.extend(leave_all(std::slice::from_ref(sub_order_no), Skip::Refunded));
                    continue;
                }
            };
            let merchant_code = self.merchant_code(codes[at].to_owned(), &titles[at], faults)?;
            let (sub_order_no, title, spec) = (sub_order_no.clone(), titles[at].clone(), specs[at].clone());
            let line =
                IncomingLine { sub_order_no, merchant_code, title, spec, qty: 1, paid_fen: 0, gift: false };
            lines.push(ReadLine::Ship(line, wait));
        }
        Some(lines)
    }

    /// The code in its own column, else the one in brackets behind the title: `五常大米-(WC5KG)`.
    fn merchant_code(&self, code: String, title: &str, faults: &mut Faults) -> Option<String> {
        let bracketed = || {
            let inner = title.trim_end().strip_suffix([')', '）'])?;
            let (_, code) = inner.rsplit_once(['(', '（'])?;
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            (!code.is_empty() && code.chars().all(plain)).then(|| code.to_owned())
        };
        let code = Some(code).filter(|code| !code.is_empty()).or_else(bracketed);
        let Some(code) = code else {
            faults.add(Some(Column::MerchantCode), Refusal::NoMerchantCode);
            return None;
        };
        if !(self.knows)(&code) {
            faults.add(Some(Column::MerchantCode), Refusal::UnknownGoods { code: shown(&code) });
            return None;
        }
        Some(code)
    }

    fn order_part(&self, row: &Row, faults: &mut Faults) -> Option<OrderPart> {
        let mut text = |column| faults.take(column, cells::free_text(self.cell(row, column)));
        let (buyer_note, seller_note) = (text(Column::BuyerNote), text(Column::SellerNote));
        let (district, street) = (text(Column::District), text(Column::Street));
        let mut some = |column| faults.take(column, cells::some_text(self.cell(row, column)));
        let (name, detail) = (some(Column::Name), some(Column::Detail));
        let (province, city) = (some(Column::Province), some(Column::City));
        let phone = faults.take(Column::Phone, cells::phone(self.cell(row, Column::Phone)));
        let mut time = |column| faults.take(column, cells::time(self.cell(row, column)));
        let (created, paid, ship_by) = (time(Column::CreatedAt), time(Column::PaidAt), time(Column::ShipBy));
        let receiver = Receiver {
            name: name?,
            phone: phone?,
            province: province_stem(&province?).to_owned(),
            city: city?,
            district: district?,
            street: street?,
            detail: detail?,
        };
        Some(OrderPart {
            receiver,
            paid_fen: 0,
            created_at_ms: created?,
            paid_at_ms: paid?,
            ship_by_ms: ship_by?,
            buyer_note: buyer_note?,
            seller_note: seller_note?,
        })
    }
}

fn leave_all(sub_order_nos: &[String], why: Skip) -> Vec<ReadLine> {
    if sub_order_nos.is_empty() {
        return vec![ReadLine::Leave { sub_order_no: None, why }];
    }
    sub_order_nos.iter().map(|no| ReadLine::Leave { sub_order_no: Some(no.clone()), why }).collect()
}

/// As much of a word as a message can carry.
fn shown(word: &str) -> String {
    word.chars().take(40).collect()
}

fn parts(joined: &str) -> Vec<&str> {
    if joined.is_empty() { Vec::new() } else { joined.split([';', '；']).map(str::trim).collect() }
}

fn owned(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// What an after-sale case means for a parcel that has not left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterSale {
    Ship,
    Leave,
    Wait,
}

/// A case that ended in the shop's favour ships; a refund does not; one that is open, or that we have never seen,
/// waits for a person.
fn after_sale_says(state: &str) -> AfterSale {
    match state {
        "" | "-" | "无售后" | "售后关闭" | "退款关闭" | "退款失败" => AfterSale::Ship,
        "退款成功" | "全额退款" => AfterSale::Leave,
        _ => AfterSale::Wait,
    }
}
