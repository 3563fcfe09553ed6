//! What an order file would bring in, before anything is brought in.
//!
//! `Preview` holds whole orders and so personal data; `Summary` is the part that may be shown and logged.

use serde::Serialize;

use super::headings::TakenColumn;
use super::refusal::RowFault;
use crate::incoming::{IncomingOrder, ReceiverTrust};

/// What a file says, sorted by what is to become of it.
#[derive(Debug)]
pub struct Preview {
    /// Orders that can be imported, in the order of the file; all of them `Paid`.
    pub orders: Vec<IncomingOrder>,
    /// Orders that are whole and paid but must not be packed yet.
    pub waiting: Vec<WaitingOrder>,
    /// Rows that are refused; each keeps its whole order out.
    pub refused: Vec<RowFault>,
    /// Sub-orders that are left out for a good reason.
    pub skipped: Vec<SkippedLine>,
    /// Which heading was taken for what.
    pub columns: Vec<TakenColumn>,
    /// Headings nothing was taken from.
    pub unused_headings: Vec<String>,
    /// Rows with something in them, headings apart.
    pub rows: usize,
}

/// An order that waits, and for what.
#[derive(Debug)]
pub struct WaitingOrder {
    /// The order as the file has it.
    pub order: IncomingOrder,
    /// Its first row.
    pub row: u32,
    /// For what it waits.
    pub wait: Wait,
}

/// Why a paid order waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Wait {
    /// The receiver is masked or encrypted: the label comes through the platform's e-waybill, or the order waits
    /// for the platform's message.
    Receiver {
        /// What its fields are.
        trust: ReceiverTrust,
    },
    /// An after-sale case is open.
    AfterSaleOpen {
        /// As written.
        state: String,
    },
}

/// Why a sub-order is left out although its row is fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// 待支付.
    Unpaid,
    /// 已发货.
    Shipped,
    /// 已完成.
    Done,
    /// 已关闭. If the order is held here, it is cancelled.
    Closed,
    /// 退款成功. If the order is held here, the line is cancelled.
    Refunded,
    /// The same sub-order again, saying the same.
    Repeated,
}

/// A sub-order that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedLine {
    /// The row as a spreadsheet numbers it.
    pub row: u32,
    /// The order it belongs to.
    pub order_no: String,
    /// Its own number, where the source has such.
    pub sub_order_no: Option<String>,
    /// Why.
    pub why: Skip,
}

/// A preview without anybody's name, phone or address.
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    /// Rows read.
    pub rows: usize,
    /// Orders that can be imported.
    pub orders: usize,
    /// Lines in them.
    pub lines: usize,
    /// What they are paid together, in fen.
    pub paid_fen: i64,
    /// Orders that wait.
    pub waiting: Vec<WaitingSummary<'a>>,
    /// Rows refused.
    pub refused: &'a [RowFault],
    /// Sub-orders left out.
    pub skipped: &'a [SkippedLine],
    /// Which heading was taken for what.
    pub columns: &'a [TakenColumn],
    /// Headings nothing was taken from.
    pub unused_headings: &'a [String],
}

/// An order that waits, by number.
#[derive(Debug, Serialize)]
pub struct WaitingSummary<'a> {
    /// Its first row.
    pub row: u32,
    /// Its number.
    pub order_no: &'a str,
    /// For what it waits.
    pub wait: &'a Wait,
}

impl Preview {
    /// What may be shown and logged.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        let waiting = self.waiting.iter();
        Summary {
            rows: self.rows,
            orders: self.orders.len(),
            lines: self.orders.iter().map(|order| order.lines.len()).sum(),
            paid_fen: self.orders.iter().map(|order| order.paid_fen).sum(),
            waiting: waiting
                .map(|it| WaitingSummary { row: it.row, order_no: &it.order.order_no, wait: &it.wait })
                .collect(),
            refused: &self.refused,
            skipped: &self.skipped,
            columns: &self.columns,
            unused_headings: &self.unused_headings,
        }
    }
}
