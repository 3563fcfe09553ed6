//! An order as it comes in from outside, parsed once at the edge, whatever file or message carried it.
//!
//! Leaves out what the order becomes here: goods behind the merchant codes, holds, routing and the sealed store.

use std::fmt;

/// The most units one line may ask for; more is a slip of the finger, not a sale.
pub const MAX_LINE_QTY: u32 = 9_999;

/// An order of one channel, with every line that is to be shipped. `Debug` prints no personal data and no notes,
/// into which buyers write anything.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingOrder {
    /// Where it was sold: `douyin`, or the name a mapping file gives its source.
    pub channel: String,
    /// The campaign it names; `None` where the channel knows nothing of campaigns.
    pub campaign: Option<String>,
    /// The channel's id of the buyer, or empty.
    pub buyer: String,
    /// The id of the machine it was ordered at, or empty.
    pub device: String,
    /// The channel's number of the whole order (主订单编号), as text.
    pub order_no: String,
    /// When the buyer paid; `None` where the source does not say.
    pub paid_at_ms: Option<i64>,
    /// When the buyer ordered.
    pub created_at_ms: Option<i64>,
    /// The promise: it must have left the warehouse by then.
    pub ship_by_ms: Option<i64>,
    /// To whom it goes.
    pub receiver: Receiver,
    /// What was sold, in the order of the source; empty only in a `Closed` order.
    pub lines: Vec<IncomingLine>,
    /// What the buyer pays for the whole order, in fen.
    pub paid_fen: i64,
    /// The buyer's words to the shop, or empty.
    pub buyer_note: String,
    /// The shop's words to itself, or empty.
    pub seller_note: String,
    /// Where it stands at the channel.
    pub state: IncomingState,
}

impl fmt::Debug for IncomingOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingOrder")
            .field("channel", &self.channel)
            .field("order_no", &self.order_no)
            .field("paid_at_ms", &self.paid_at_ms)
            .field("ship_by_ms", &self.ship_by_ms)
            .field("receiver", &self.receiver)
            .field("lines", &self.lines)
            .field("paid_fen", &self.paid_fen)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Where an order stands at its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncomingState {
    /// 待支付: ordered, no money yet.
    Unpaid,
    /// 待发货: to be shipped.
    Paid,
    /// 已发货: somebody has shipped it.
    Shipped,
    /// 已完成: the buyer has it.
    Done,
    /// 已关闭: cancelled or refunded.
    Closed,
}

/// One sub-order: a SKU or a bundle by the merchant's own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingLine {
    /// The channel's number of this line (子订单编号); one of them may equal the order's own.
    pub sub_order_no: String,
    /// 商家编码: what our catalogue knows the goods by.
    pub merchant_code: String,
    /// Title as sold.
    pub title: String,
    /// Variant as sold, or empty.
    pub spec: String,
    /// Units, 1 to [`MAX_LINE_QTY`].
    pub qty: u32,
    /// The part of the price that falls on this line, in fen; 0 where the source gives only the order's total.
    pub paid_fen: i64,
    /// Sold at price 0 beside other goods.
    pub gift: bool,
}

/// To whom it goes. Personal data: `Debug` prints none of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Receiver {
    /// Full name, mask or ciphertext.
    pub name: String,
    /// Phone, mask or ciphertext.
    pub phone: String,
    /// Province without its kind (`上海`, `江苏`), as [`province_stem`] leaves it and the company's files write it.
    pub province: String,
    /// City.
    pub city: String,
    /// District or county; empty in cities that have none.
    pub district: String,
    /// Street or town, or empty.
    pub street: String,
    /// House and door, mask or ciphertext.
    pub detail: String,
}

/// A province's name without its kind, as the company's own files write it: `上海` for `上海市`, `广西` for
/// `广西壮族自治区`. Channels write either.
#[must_use]
pub fn province_stem(name: &str) -> &str {
    const KINDS: [&str; 7] = ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市"];
    let name = name.trim();
    KINDS.iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(name)
}

/// Whether a parcel can be sent with the receiver as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverTrust {
    /// Readable and whole.
    Plain,
    /// Stars instead of characters: `张**`, `138****0000`.
    Masked,
    /// The platform's ciphertext: `##…`, `$$…`.
    Ciphertext,
}

impl Receiver {
    /// The least trustworthy of name, phone and door decides for all.
    #[must_use]
    pub fn trust(&self) -> ReceiverTrust {
        let of = |text: &str| {
            if text.starts_with("##") || text.starts_with("$$") {
                ReceiverTrust::Ciphertext
            } else if text.contains('*') {
                ReceiverTrust::Masked
            } else {
                ReceiverTrust::Plain
            }
        };
        of(&self.name).max(of(&self.phone)).max(of(&self.detail))
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver({:?})", self.trust())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receiver(name: &str, phone: &str, detail: &str) -> Receiver {
        Receiver { name: name.into(), phone: phone.into(), detail: detail.into(), ..Receiver::default() }
    }

    #[test]
    fn one_masked_or_encrypted_field_decides_for_the_whole_receiver() {
        assert_eq!(receiver("张三", "13800001234", "花木路 #3").trust(), ReceiverTrust::Plain);
        assert_eq!(receiver("张**", "13800001234", "花木路").trust(), ReceiverTrust::Masked);
        assert_eq!(receiver("张三", "138****0000", "花木路").trust(), ReceiverTrust::Masked);
        assert_eq!(receiver("张**", "$$q1w2==$1$$", "花木路").trust(), ReceiverTrust::Ciphertext);
        assert_eq!(receiver("##a==##", "13800001234", "花木路").trust(), ReceiverTrust::Ciphertext);
    }

    #[test]
    fn a_province_is_the_same_with_and_without_its_kind() {
        for (name, stem) in [
            ("上海市", "上海"),
            ("上海", "上海"),
            ("江苏省", "江苏"),
            ("广西壮族自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("内蒙古自治区", "内蒙古"),
            ("香港特别行政区", "香港"),
        ] {
            assert_eq!(province_stem(name), stem);
        }
    }

    #[test]
    fn the_receiver_never_prints_personal_data() {
        let shown = format!("{:?}", receiver("张三", "13800001234", "花木路 88 号"));
        assert_eq!(shown, "Receiver(Plain)");
    }
}
