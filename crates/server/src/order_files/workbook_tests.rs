//! Workbooks as spreadsheets write them, and archives no spreadsheet would write.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::Write;

use super::*;
use crate::order_files::mapping::Source;
use crate::order_files::refusal::Refusal;
use crate::order_files::{cells, read_orders, table};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// In the format of 1997, written by the library xlwt: sheet `订单`, headings 订单号 数量 收件人, one row A1 2 张三, and a
/// formula `1+1` as the second row's quantity.
const XLS: &[u8] = include_bytes!("orders_1997.xls");

fn all(headings: &[String]) -> Result<Vec<usize>, FileFault> {
    Ok((0..headings.len()).collect())
}

/// A sheet of text cells, row by row.
fn fill(book: &mut Workbook, name: &str, rows: &[&[&str]]) {
    let sheet = book.add_worksheet().set_name(name).unwrap();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

fn read_bytes(bytes: &[u8]) -> Result<Table, FileFault> {
    table::read(bytes, all)
}

#[test]
fn a_workbook_gives_the_same_table_as_a_csv() {
    let mut book = Workbook::new();
    fill(&mut book, "Sheet1", &[&["订单号", "数量"], &["A1", "2"], &[], &["A2", "㛃龘𠮷"]]);
    book.add_worksheet().set_name("Sheet2").unwrap();
    let table = read_bytes(&book.save_to_buffer().unwrap()).unwrap();
    let csv = read_bytes("订单号,数量\nA1,2\n\nA2,㛃龘𠮷\n".as_bytes()).unwrap();
    assert_eq!((table.headings, table.rows), (csv.headings, csv.rows));
}

#[test]
fn a_formula_cell_is_refused_by_row_and_column() {
    let mut book = Workbook::new();
    let rows: [&[&str]; 3] = [
        &[
            "主订单编号",
            "子订单编号",
            "商品数量",
            "商家编码",
            "订单应付金额",
            "收件人",
            "收件人手机号",
            "省",
            "市",
            "区",
            "详细地址",
            "订单状态",
        ],
        &[
            "A1",
            "A1",
            "1",
            "RICE5",
            "1.00",
            "张三",
            "13800001234",
            "上海市",
            "上海市",
            "浦东新区",
            "花木路",
            "待发货",
        ],
        &[
            "A2",
            "A2",
            "1",
            "RICE5",
            "1.00",
            "张三",
            "13800001234",
            "上海市",
            "上海市",
            "浦东新区",
            "花木路",
            "待发货",
        ],
    ];
    fill(&mut book, "订单", &rows);
    let sheet = book.worksheet_from_name("订单").unwrap();
    sheet.write_formula(1, 2, Formula::new("=1+1").set_result("2")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let preview = read_orders(&bytes, &Source::douyin(), |_| true).unwrap();
    let fault = &preview.refused[0];
    assert_eq!(
        (fault.row, fault.column.unwrap().heading(), &fault.reason),
        (2, "商品数量", &Refusal::FormulaCell)
    );
    assert_eq!(preview.orders.len(), 1, "the row without a formula goes in");
}

#[test]
fn a_formula_among_the_headings_is_refused_by_its_position() {
    let mut book = Workbook::new();
    fill(&mut book, "Sheet1", &[&["订单号"]]);
    book.worksheet_from_index(0).unwrap().write_formula(0, 1, "=A1").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read_bytes(&bytes).err(), Some(FileFault::FormulaHeading { position: 2 }));
}

#[test]
fn numbers_and_times_of_a_workbook_are_taken_where_they_are_exact() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0u16..).zip(["no", "phone", "qty", "money", "time", "error"]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    let clock = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let moment = ExcelDateTime::parse_from_str("2026-09-22 00:54:10").unwrap();
    sheet.write_number(1, 0, 6_917_926_768_823_643_751_f64).unwrap();
    sheet.write_number(1, 1, 13_800_001_234_f64).unwrap();
    sheet.write_number(1, 2, 2).unwrap();
    sheet.write_number(1, 3, 1228.9).unwrap();
    sheet.write_datetime_with_format(1, 4, &moment, &clock).unwrap();
    let table = read_bytes(&book.save_to_buffer().unwrap()).unwrap();
    let [no, phone, qty, money, time, _] = &*table.rows[0].cells else { panic!("{table:?}") };
    assert_eq!(cells::order_nos(no), Err(Refusal::NumberTooLong));
    assert_eq!(cells::phone(phone).as_deref(), Ok("13800001234"));
    assert_eq!(cells::quantity(qty), Ok(2));
    assert_eq!(cells::money(money), Ok(Some(122_890)));
    assert_eq!(cells::time(time), Ok(Some(1_790_009_650_000)));
}

#[test]
fn several_sheets_with_content_are_refused_by_their_names() {
    let mut book = Workbook::new();
    fill(&mut book, "九月", &[&["订单号"], &["A1"]]);
    fill(&mut book, "十月", &[&["订单号"], &["A2"]]);
    let names = vec!["九月".to_owned(), "十月".to_owned()];
    assert_eq!(read_bytes(&book.save_to_buffer().unwrap()).err(), Some(FileFault::SeveralSheets { names }));
}

#[test]
fn a_hidden_sheet_is_not_read() {
    let mut book = Workbook::new();
    fill(&mut book, "订单", &[&["订单号"], &["A1"]]);
    fill(&mut book, "字典", &[&["省份"], &["上海"]]);
    book.worksheet_from_name("字典").unwrap().set_hidden(true);
    let table = read_bytes(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(table.headings, ["订单号"]);
}

#[test]
fn an_empty_workbook_is_refused() {
    let mut book = Workbook::new();
    book.add_worksheet();
    assert_eq!(read_bytes(&book.save_to_buffer().unwrap()).err(), Some(FileFault::Empty));
}

#[test]
fn a_sheet_that_claims_a_far_corner_costs_no_memory() {
    let mut book = Workbook::new();
    fill(&mut book, "Sheet1", &[&["订单号"]]);
    book.worksheet_from_index(0).unwrap().write_string(1_048_575, 16_383, "x").unwrap();
    assert_eq!(read_bytes(&book.save_to_buffer().unwrap()).err(), Some(FileFault::TooManyColumns));
    let mut book = Workbook::new();
    fill(&mut book, "Sheet1", &[&["订单号"]]);
    book.worksheet_from_index(0).unwrap().write_string(1_048_575, 0, "A1").unwrap();
    let table = read_bytes(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!((table.rows.len(), table.rows[0].number), (1, 1_048_576));
}

#[test]
fn an_archive_that_unpacks_without_end_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/sharedStrings.xml", options.large_file(true)).unwrap();
    let zeros = vec![0u8; 1 << 20];
    for _ in 0..=(MAX_UNPACKED_BYTES >> 20) {
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 4 << 20, "a bomb is small");
    assert_eq!(read_bytes(&bytes).err(), Some(FileFault::WorkbookTooLarge));
}

#[test]
fn the_binary_format_of_1997_is_read_too() {
    let table = read_bytes(XLS).unwrap();
    assert_eq!(table.headings, ["订单号", "数量", "收件人"]);
    assert_eq!(cells::order_nos(&table.rows[0].cells[0]), Ok(vec!["A1".to_owned()]));
    assert_eq!(cells::quantity(&table.rows[0].cells[1]), Ok(2));
    assert_eq!(cells::free_text(&table.rows[0].cells[2]), Ok("张三".to_owned()));
    assert_eq!(table.rows[1].cells[1], Cell::Formula);
}

#[test]
fn a_cut_or_senseless_workbook_is_refused_as_damaged() {
    let mut book = Workbook::new();
    fill(&mut book, "Sheet1", &[&["订单号"], &["A1"]]);
    let whole = book.save_to_buffer().unwrap();
    let damaged = |bytes: &[u8]| matches!(read_bytes(bytes), Err(FileFault::DamagedWorkbook { .. }));
    assert!(damaged(&whole[..whole.len() / 2]));
    assert!(damaged(b"PK\x03\x04 and then nothing"));
    assert!(damaged(&XLS[..600]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damage_to_a_workbook_makes_the_reader_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut book = Workbook::new();
        fill(&mut book, "Sheet1", &[&["订单号", "数量"], &["A1", "2"]]);
        for whole in [book.save_to_buffer().unwrap(), XLS.to_vec()] {
            let mut bytes = whole;
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at);
            }
            let _ = read_bytes(&bytes);
        }
    }
}
