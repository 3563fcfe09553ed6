//! The waybill label: what stands where, on the two papers that the carriers use.
//!
//! One single-ply sheet from top to bottom: carrier and service, the route code in the largest type the
//! width holds, the consolidation point, the large bar code, receiver, sender, what the parcel is, and the
//! bar code once more for the courier's hand. The goods are never named on the outside of a parcel.

use super::LabelFault;
use super::elements::{Align, Element, Frame, Sheet, Style};
use super::font::LabelFont;

/// The two papers of the carriers' single-ply labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelSize {
    /// 100 × 150 mm.
    Mm100x150,
    /// 76 × 130 mm.
    Mm76x130,
}

impl LabelSize {
    /// Width and height in tenths of a millimetre.
    pub fn tenths(self) -> (i32, i32) {
        match self {
            Self::Mm100x150 => (1000, 1500),
            Self::Mm76x130 => (760, 1300),
        }
    }
}

/// What is printed on a waybill label. The receiver's fields arrive masked as GB/T 41833 asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelContent {
    /// Such as 顺丰速运.
    pub carrier_name: String,
    /// The carrier's product, such as 标准快递.
    pub service: String,
    /// The number of the parcel; both bar codes and the QR code hold it.
    pub waybill_no: String,
    /// The three-segment code exactly as the carrier gave it, printed largest.
    pub route_code: String,
    /// Where the carrier gathers parcels; may be empty.
    pub consolidation: String,
    /// Masked.
    pub receiver_name: String,
    /// Masked.
    pub receiver_phone: String,
    /// Masked.
    pub receiver_address: String,
    /// The seller or the warehouse.
    pub sender_name: String,
    /// The seller's own number.
    pub sender_phone: String,
    /// The warehouse.
    pub sender_address: String,
    /// The platform's order number.
    pub order_no: String,
    /// Pieces and weight, such as `3 件 · 12.4 kg`; no goods by name.
    pub parcel_line: String,
    /// Differs on every print, so that a duplicate is seen.
    pub print_id: String,
    /// The reason when this is not the first label of the parcel; printed with a mark.
    pub reprint: Option<String>,
    /// Local time in words.
    pub printed_at: String,
}

/// Thickness of the lines between sections.
const RULE: i32 = 3;

/// Heights of the sections from top to bottom and sizes of type, for one paper.
struct Measures {
    margin: i32,
    pad: i32,
    badge: i32,
    carrier: i32,
    route: i32,
    consolidation: i32,
    code: i32,
    receiver: i32,
    sender: i32,
    parcel: i32,
    foot: i32,
    large: i32,
    middle: i32,
    small: i32,
}

const MM_100X150: Measures = Measures {
    margin: 25,
    pad: 24,
    badge: 92,
    carrier: 120,
    route: 190,
    consolidation: 80,
    code: 285,
    receiver: 245,
    sender: 130,
    parcel: 230,
    foot: 170,
    large: 52,
    middle: 44,
    small: 30,
};

const MM_76X130: Measures = Measures {
    margin: 20,
    pad: 18,
    badge: 74,
    carrier: 100,
    route: 155,
    consolidation: 68,
    code: 247,
    receiver: 220,
    sender: 120,
    parcel: 200,
    foot: 150,
    large: 44,
    middle: 38,
    small: 27,
};

/// Places everything of a label on its paper.
///
/// # Errors
/// When the waybill number cannot be a bar code on this paper.
pub fn layout(content: &LabelContent, size: LabelSize, font: &LabelFont) -> Result<Vec<Element>, LabelFault> {
    let measures = match size {
        LabelSize::Mm100x150 => &MM_100X150,
        LabelSize::Mm76x130 => &MM_76X130,
    };
    let (width, height) = size.tenths();
    let border = Frame { x: 0, y: 0, w: width, h: height }.inset(measures.margin, measures.margin);
    let mut sheet = Sheet::new(font);
    sheet.border(border, RULE);
    let mut y = border.y;
    let mut section = |h: i32| {
        let frame = Frame { y, h, ..border };
        y += h;
        frame
    };
    let sections: [(Frame, Draw); 8] = [
        (section(measures.carrier), draw_carrier),
        (section(measures.route), draw_route),
        (section(measures.consolidation), draw_consolidation),
        (section(measures.code), draw_code),
        (section(measures.receiver), draw_receiver),
        (section(measures.sender), draw_sender),
        (section(measures.parcel), draw_parcel),
        (section(measures.foot), draw_foot),
    ];
    for (index, (frame, draw)) in sections.into_iter().enumerate() {
        if index > 0 {
            sheet.rule(Frame { h: RULE, ..frame });
        }
        draw(&mut sheet, frame, measures, content)?;
    }
    Ok(sheet.into_elements())
}

type Draw = fn(&mut Sheet<'_>, Frame, &Measures, &LabelContent) -> Result<(), LabelFault>;

fn draw_carrier(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let inner = frame.inset(measures.pad, 0);
    let half = inner.w / 2;
    sheet.line(Frame { w: half, ..inner }, Style::bold(measures.large + 8), &content.carrier_name);
    let mut service = Frame { x: inner.x + half, w: inner.w - half, ..inner };
    if content.reprint.is_some() {
        let mark = Frame { w: measures.badge * 3 / 2, ..service }.inset(0, frame.h / 6);
        sheet.rule(mark);
        sheet.line(mark, Style::bold(measures.middle + 4).at(Align::Centre).white(), "补打");
        service.x += mark.w + measures.pad / 2;
        service.w -= mark.w + measures.pad / 2;
    }
    sheet.line(service, Style::bold(measures.middle).at(Align::Right), &content.service);
    Ok(())
}

fn draw_route(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let largest = Style::bold(measures.route * 4 / 5).at(Align::Centre);
    sheet.line(frame.inset(measures.pad, 0), largest, &content.route_code);
    Ok(())
}

fn draw_consolidation(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let inner = frame.inset(measures.pad, 0);
    let name = measures.badge * 3 / 2;
    sheet.line(Frame { w: name, ..inner }, Style::plain(measures.small), "集包地");
    let place = Frame { x: inner.x + name, w: inner.w - name, ..inner };
    sheet.line(place, Style::bold(measures.middle), &content.consolidation);
    Ok(())
}

fn draw_code(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let number = measures.middle + 8;
    let inner = frame.inset(measures.pad / 3, measures.pad * 3 / 4);
    let gap = measures.pad / 3;
    sheet.code128(Frame { h: inner.h - number - gap, ..inner }, &content.waybill_no)?;
    let below = Frame { y: inner.y + inner.h - number, h: number, ..inner };
    let style = Style::bold(measures.middle).at(Align::Centre);
    sheet.line(below, style, &in_groups(&content.waybill_no));
    Ok(())
}

fn draw_receiver(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let badge = Frame { w: measures.badge, ..frame };
    sheet.rule(badge);
    sheet.line(badge, Style::bold(measures.large + 8).at(Align::Centre).white(), "收");
    let who = format!("{}  {}", content.receiver_name, content.receiver_phone);
    let text = Frame { x: frame.x + badge.w, w: frame.w - badge.w, ..frame };
    draw_party(
        sheet,
        text,
        measures,
        (Style::bold(measures.large), &who),
        (Style::plain(measures.middle), &content.receiver_address),
    );
    Ok(())
}

fn draw_sender(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let badge = Frame { w: measures.badge, ..frame };
    sheet.rule(Frame { x: badge.x + badge.w, w: RULE, ..badge });
    sheet.line(badge, Style::bold(measures.middle).at(Align::Centre), "寄");
    let who = format!("{}  {}", content.sender_name, content.sender_phone);
    let text = Frame { x: frame.x + badge.w, w: frame.w - badge.w, ..frame };
    draw_party(
        sheet,
        text,
        measures,
        (Style::plain(measures.small + 2), &who),
        (Style::plain(measures.small), &content.sender_address),
    );
    Ok(())
}

/// Name and telephone in one line, the address below it.
fn draw_party(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    (who_style, who): (Style, &str),
    (where_style, address): (Style, &str),
) {
    let inner = frame.inset(measures.pad, measures.pad * 3 / 4);
    sheet.line(Frame { h: who_style.size, ..inner }, who_style, who);
    let below = who_style.size + measures.pad / 2;
    sheet.block(Frame { y: inner.y + below, h: inner.h - below, ..inner }, where_style, address);
}

fn draw_parcel(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let side = frame.h;
    let qr = Frame { x: frame.x + frame.w - side, w: side, ..frame };
    sheet.rule(Frame { w: RULE, ..qr });
    sheet.qr(qr.inset(RULE + 2, RULE + 2), &content.waybill_no)?;
    let inner = Frame { w: frame.w - side, ..frame }.inset(measures.pad, measures.pad * 3 / 4);
    let row = inner.h / 4;
    let rows = [
        (Style::bold(measures.middle), content.parcel_line.clone()),
        (Style::plain(measures.small), format!("订单 {}", content.order_no)),
        (Style::plain(measures.small), format!("打印 {}", content.printed_at)),
        (Style::plain(measures.small), "签收".to_owned()),
    ];
    for (index, (style, text)) in (0..).zip(rows) {
        sheet.line(Frame { y: inner.y + index * row, h: row, ..inner }, style, &text);
    }
    let signed = Frame {
        x: inner.x + measures.small * 5 / 2,
        y: inner.y + 4 * row - row / 4,
        w: inner.w - measures.small * 5 / 2,
        h: 2,
    };
    sheet.rule(signed);
    Ok(())
}

fn draw_foot(
    sheet: &mut Sheet<'_>,
    frame: Frame,
    measures: &Measures,
    content: &LabelContent,
) -> Result<(), LabelFault> {
    let inner = frame.inset(measures.pad / 3, measures.pad * 2 / 3);
    let left = Frame { w: inner.w * 7 / 10, ..inner };
    let number = measures.small + 4;
    sheet.code128(Frame { h: left.h - number, ..left }, &content.waybill_no)?;
    let below = Frame { y: left.y + left.h - number, h: number, ..left };
    sheet.line(below, Style::plain(measures.small).at(Align::Centre), &content.waybill_no);
    let right = Frame { x: left.x + left.w, w: inner.w - left.w, ..inner }.inset(measures.pad / 2, 0);
    let print_id = Frame { y: right.y + right.h - number, h: number, ..right };
    sheet.line(print_id, Style::plain(measures.small - 6).at(Align::Right), &content.print_id);
    if let Some(reason) = &content.reprint {
        let mark = Frame { h: right.h - number - 4, ..right };
        sheet.block(mark, Style::bold(measures.small), &format!("补打：{reason}"));
    }
    Ok(())
}

/// A long number is read aloud in groups of four from its end; the letters before it stand alone.
fn in_groups(number: &str) -> String {
    let letters = number.bytes().take_while(|byte| !byte.is_ascii_digit()).count();
    let (head, digits) = number.split_at(letters);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut grouped = head.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        let starts_group = (digits.len() - at).is_multiple_of(4);
        if starts_group && !grouped.is_empty() {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}
