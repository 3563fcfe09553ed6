//! The hand-over manifest: an A4 list of the parcels that a carrier takes, to be signed by both sides.

use super::LabelFault;
use super::elements::{Align, Element, Frame, Sheet, Style};
use super::font::LabelFont;
use super::pdf::{Page, pages_pdf};

/// What is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Number of the hand-over; also printed as a bar code.
    pub manifest_no: String,
    /// The warehouse by name.
    pub warehouse: String,
    /// The carrier by name.
    pub carrier: String,
    /// The cage or pallet, such as `CAGE-SF-01`.
    pub cage: String,
    /// Who hands over.
    pub operator: String,
    /// Local time in words.
    pub handed_over_at: String,
    /// In the order of the scans.
    pub parcels: Vec<ManifestParcel>,
}

/// One line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestParcel {
    /// The carrier's number.
    pub waybill_no: String,
    /// The platform's order number.
    pub order_no: String,
    /// Gross weight in grams.
    pub weight_g: i64,
}

const PAGE: (i32, i32) = (2100, 2970);
const MARGIN: i32 = 150;
const ROWS_A_PAGE: usize = 34;
const ROW: i32 = 56;
/// Left edges and widths of the columns, and their heads.
const COLUMNS: [(i32, i32, &str, Align); 4] = [
    (150, 120, "序号", Align::Left),
    (270, 640, "运单号", Align::Left),
    (910, 760, "订单号", Align::Left),
    (1670, 280, "重量 kg", Align::Right),
];

/// The manifest as a PDF document.
///
/// # Errors
/// When the manifest's number cannot be a bar code, or the library fails.
pub fn manifest_pdf(manifest: &Manifest, font: &LabelFont) -> Result<Vec<u8>, LabelFault> {
    pages_pdf("Liangcang manifest", &manifest_pages(manifest, font)?, font)
}

/// The pages of the manifest; an empty hand-over still has one, so that it can be signed as such.
fn manifest_pages(manifest: &Manifest, font: &LabelFont) -> Result<Vec<Page>, LabelFault> {
    let mut parts: Vec<&[ManifestParcel]> = manifest.parcels.chunks(ROWS_A_PAGE).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let count = parts.len();
    let pages = parts.into_iter().enumerate().map(|(index, part)| {
        let mut sheet = Sheet::new(font);
        let table_top = draw_head(&mut sheet, manifest)?;
        let table_end = draw_table(&mut sheet, table_top, index * ROWS_A_PAGE, part);
        if index + 1 == count {
            draw_signatures(&mut sheet, table_end, manifest);
        }
        let foot = Frame { x: MARGIN, y: PAGE.1 - MARGIN, w: PAGE.0 - 2 * MARGIN, h: 40 };
        let number = format!("第 {} 页 / 共 {count} 页", index + 1);
        sheet.line(foot, Style::plain(32).at(Align::Right), &number);
        sheet.line(foot, Style::plain(32), &manifest.manifest_no);
        Ok::<(_, Vec<Element>), LabelFault>((PAGE, sheet.into_elements()))
    });
    pages.collect()
}

/// Title, bar code and the facts of the hand-over; gives where the table begins.
fn draw_head(sheet: &mut Sheet<'_>, manifest: &Manifest) -> Result<i32, LabelFault> {
    let inner = Frame { x: MARGIN, y: 120, w: PAGE.0 - 2 * MARGIN, h: 110 };
    sheet.line(Frame { w: 900, ..inner }, Style::bold(84), "快递交接单");
    let code = Frame { x: inner.x + 1050, w: inner.w - 1050, ..inner };
    sheet.code128(code, &manifest.manifest_no)?;
    let number = Frame { y: code.y + code.h + 6, h: 36, ..code };
    sheet.line(number, Style::plain(32).at(Align::Centre), &manifest.manifest_no);
    let facts = [
        [("承运商", &manifest.carrier), ("仓库", &manifest.warehouse)],
        [("交接时间", &manifest.handed_over_at), ("交接人", &manifest.operator)],
        [("笼车", &manifest.cage), ("件数", &manifest.parcels.len().to_string())],
    ];
    let mut y = inner.y + inner.h + 60;
    for pair in facts {
        for (index, (name, value)) in (0..).zip(pair) {
            let cell = Frame { x: MARGIN + index * 950, y, w: 930, h: 54 };
            sheet.line(Frame { w: 190, ..cell }, Style::plain(36), name);
            sheet.line(Frame { x: cell.x + 190, w: 740, ..cell }, Style::bold(40), value);
        }
        y += 58;
    }
    Ok(y + 20)
}

/// The lines of the parcels; gives where the table ends.
fn draw_table(sheet: &mut Sheet<'_>, top: i32, before: usize, parcels: &[ManifestParcel]) -> i32 {
    let mut row = |y: i32, style: Style, cells: [&str; 4]| {
        for ((x, w, _, align), text) in COLUMNS.into_iter().zip(cells) {
            sheet.line(Frame { x, y, w, h: ROW }, style.at(align), text);
        }
        let thick = if style.bold { 4 } else { 1 };
        sheet.rule(Frame { x: MARGIN, y: y + ROW - thick, w: PAGE.0 - 2 * MARGIN, h: thick });
    };
    row(top, Style::bold(36), COLUMNS.map(|(_, _, head, _)| head));
    let mut y = top + ROW;
    for (index, parcel) in parcels.iter().enumerate() {
        let position = (before + index + 1).to_string();
        let weight = kilograms(parcel.weight_g);
        row(y, Style::plain(36), [&position, &parcel.waybill_no, &parcel.order_no, &weight]);
        y += ROW;
    }
    y
}

fn draw_signatures(sheet: &mut Sheet<'_>, top: i32, manifest: &Manifest) {
    let total_g = manifest.parcels.iter().map(|parcel| parcel.weight_g).sum();
    let total = format!("合计 {} 件，{} kg", manifest.parcels.len(), kilograms(total_g));
    let line = Frame { x: MARGIN, y: top + 16, w: PAGE.0 - 2 * MARGIN, h: 60 };
    sheet.line(line, Style::bold(44).at(Align::Right), &total);
    for (index, who) in (0..).zip(["仓库交接人签字", "承运商揽收人签字"]) {
        let cell = Frame { x: MARGIN + index * 950, y: top + 130, w: 850, h: 50 };
        sheet.line(cell, Style::plain(36), who);
        sheet.rule(Frame { x: cell.x + 300, y: cell.y + cell.h, w: cell.w - 300, h: 2 });
    }
}

/// Grams as kilograms with three decimals.
fn kilograms(weight_g: i64) -> String {
    let sign = if weight_g < 0 { "-" } else { "" };
    let weight_g = weight_g.unsigned_abs();
    format!("{sign}{}.{:03}", weight_g / 1000, weight_g % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_are_shown_as_kilograms_with_three_decimals() {
        assert_eq!([kilograms(12_405), kilograms(7), kilograms(-30)], ["12.405", "0.007", "-0.030"]);
    }
}
