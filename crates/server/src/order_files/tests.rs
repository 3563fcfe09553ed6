//! Whole files in, previews out: one test for each thing merchants' files were seen to do.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::headings::Column;
use super::*;
use crate::incoming::{IncomingLine, IncomingOrder, ReceiverTrust};
use proptest::prelude::*;

const HEAD: &str = "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,商品单价,订单应付金额,收件人,收件人手机号,\
省,市,区,街道,详细地址,买家留言,商家备注,订单提交时间,支付完成时间,承诺发货时间,订单状态,售后状态";

/// A row as the backend writes it; `change` replaces cells by heading.
fn row(change: &[(&str, &str)]) -> String {
    let mut cells: Vec<(&str, String)> = HEAD
        .split(',')
        .zip([
            "\t6917926768823643751",
            "\t6917926768823643751",
            "五常大米-(RICE5)",
            "5kg",
            "1",
            "\tRICE5",
            "49.90",
            "49.90",
            "张三",
            "\t13800001234",
            "上海市",
            "上海市",
            "浦东新区",
            "花木街道",
            "花木路 88 号",
            "-",
            "-",
            "2026-09-22 00:54:00",
            "2026-09-22 00:54:10",
            "2026-09-24 00:54:10",
            "待发货",
            "-",
        ])
        .map(|(heading, cell)| (heading, cell.to_owned()))
        .collect();
    for (heading, value) in change {
        cells.iter_mut().find(|(name, _)| name == heading).unwrap().1 = (*value).to_owned();
    }
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    cells.iter().map(|(_, cell)| quoted(cell)).collect::<Vec<_>>().join(",")
}

fn file(rows: &[&[(&str, &str)]]) -> String {
    let rows: Vec<String> = rows.iter().map(|change| row(change)).collect();
    format!("\u{feff}{HEAD}\r\n{}\r\n", rows.join("\r\n"))
}

const OURS: [&str; 5] = ["RICE5", "OIL5", "MILLET2", "GIFT-A", "BEAN1"];

fn read(text: &str) -> Preview {
    read_orders(text.as_bytes(), &Source::douyin(), |code| OURS.contains(&code)).unwrap()
}

/// `row column code` of each refusal.
fn refusals(preview: &Preview) -> Vec<String> {
    let column = |fault: &RowFault| fault.column.map_or("-", Column::heading);
    preview
        .refused
        .iter()
        .map(|fault| format!("{} {} {}", fault.row, column(fault), fault.reason.code()))
        .collect()
}

fn lines(order: &IncomingOrder) -> Vec<(&str, u32)> {
    order.lines.iter().map(|line| (line.merchant_code.as_str(), line.qty)).collect()
}

const SECOND: (&str, &str) = ("子订单编号", "\t6917926768823643752");
const THIRD: (&str, &str) = ("子订单编号", "\t6917926768823643753");
const OTHER_ORDER: &[(&str, &str)] =
    &[("主订单编号", "\t6917926768823643799"), ("子订单编号", "\t6917926768823643799")];

fn other(change: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [OTHER_ORDER, change].concat()
}

#[test]
fn a_plain_row_becomes_an_order() {
    let preview = read(&file(&[&[("买家留言", "尽快发货")]]));
    assert!(preview.refused.is_empty() && preview.waiting.is_empty() && preview.skipped.is_empty());
    let order = &preview.orders[0];
    assert_eq!((order.channel.as_str(), order.order_no.as_str()), ("douyin", "6917926768823643751"));
    assert_eq!(order.created_at_ms, Some(1_790_009_640_000));
    assert_eq!(order.paid_at_ms, Some(1_790_009_650_000));
    assert_eq!(order.ship_by_ms, Some(1_790_182_450_000));
    assert_eq!(
        (order.paid_fen, order.buyer_note.as_str(), order.seller_note.as_str()),
        (4_990, "尽快发货", "")
    );
    assert_eq!((order.receiver.name.as_str(), order.receiver.phone.as_str()), ("张三", "13800001234"));
    assert_eq!(order.receiver.street, "花木街道");
    assert_eq!((order.receiver.province.as_str(), order.receiver.city.as_str()), ("上海", "上海市"));
    assert_eq!(
        order.lines,
        [IncomingLine {
            sub_order_no: "6917926768823643751".into(),
            merchant_code: "RICE5".into(),
            title: "五常大米-(RICE5)".into(),
            spec: "5kg".into(),
            qty: 1,
            paid_fen: 4_990,
            gift: false,
        }]
    );
}

#[test]
fn the_same_file_in_gb18030_gives_the_same_orders() {
    let text = file(&[&[("收件人", "㛃犇龘")]]).replace('\u{feff}', "");
    let gb18030 = encoding_rs::GB18030.encode(&text).0;
    let preview = read_orders(&gb18030, &Source::douyin(), |_| true).unwrap();
    assert_eq!(preview.orders, read(&text).orders);
    assert_eq!(preview.orders[0].receiver.name, "㛃犇龘");
}

#[test]
fn rows_of_one_main_order_become_one_order_with_gifts() {
    let preview = read(&file(&[
        &[],
        &[SECOND, ("商家编码", "OIL5"), ("商品数量", "2"), ("订单应付金额", "1,228.90")],
        &[THIRD, ("商家编码", "BEAN1"), ("商品单价", "0.00"), ("订单应付金额", "0.00")],
    ]));
    assert_eq!(preview.orders.len(), 1);
    let order = &preview.orders[0];
    assert_eq!(lines(order), [("RICE5", 1), ("OIL5", 2), ("BEAN1", 1)]);
    assert_eq!(order.paid_fen, 127_880);
    let gifts: Vec<bool> = order.lines.iter().map(|line| line.gift).collect();
    assert_eq!(gifts, [false, false, true], "price 0 is a gift");
}

#[test]
fn goods_paid_by_coupons_alone_are_no_gift() {
    let preview = read(&file(&[&[("商品单价", "9.90"), ("订单应付金额", "0.00")]]));
    assert!(!preview.orders[0].lines[0].gift);
}

#[test]
fn a_closed_or_refunded_sub_order_is_left_out_with_its_reason() {
    let preview = read(&file(&[
        &[],
        &[SECOND, ("订单状态", "已关闭"), ("售后状态", "退款成功"), ("商品数量", "0")],
        &[THIRD, ("售后状态", "退款成功")],
    ]));
    assert_eq!(lines(&preview.orders[0]), [("RICE5", 1)]);
    let skipped: Vec<_> =
        preview.skipped.iter().map(|it| (it.row, it.sub_order_no.as_deref().unwrap(), it.why)).collect();
    assert_eq!(
        skipped,
        [(3, "6917926768823643752", Skip::Closed), (4, "6917926768823643753", Skip::Refunded)]
    );
}

#[test]
fn every_state_of_the_export_is_known_and_only_paid_orders_ship() {
    for (word, why) in [
        ("待支付", Some(Skip::Unpaid)),
        ("待发货", None),
        ("备货中", None),
        ("已发货", Some(Skip::Shipped)),
        ("已完成", Some(Skip::Done)),
        ("已关闭", Some(Skip::Closed)),
    ] {
        let preview = read(&file(&[&[("订单状态", word)]]));
        assert_eq!(preview.orders.len(), usize::from(why.is_none()), "{word}");
        assert_eq!(preview.skipped.first().map(|it| it.why), why, "{word}");
    }
    let unknown = read(&file(&[&[("订单状态", "冻结中")]]));
    assert_eq!(refusals(&unknown), ["2 订单状态 unknown_state"]);
}

#[test]
fn an_open_after_sale_case_makes_the_order_wait() {
    let preview = read(&file(&[&[("售后状态", "待商家处理")], &other(&[("售后状态", "售后关闭")])]));
    assert_eq!(preview.orders.len(), 1);
    assert_eq!(preview.waiting[0].row, 2);
    assert_eq!(preview.waiting[0].wait, Wait::AfterSaleOpen { state: "待商家处理".into() });
}

#[test]
fn an_encrypted_or_masked_receiver_makes_the_order_wait() {
    let preview = read(&file(&[
        &[("收件人", "##q1w2e3==##"), ("收件人手机号", "$$q1w2e3==$1$$"), ("详细地址", "##a1b2==##")],
        &other(&[("收件人", "张**"), ("收件人手机号", "138****0000")]),
    ]));
    assert!(preview.orders.is_empty() && preview.refused.is_empty());
    let waits: Vec<_> = preview.waiting.iter().map(|it| it.wait.clone()).collect();
    assert_eq!(
        waits,
        [
            Wait::Receiver { trust: ReceiverTrust::Ciphertext },
            Wait::Receiver { trust: ReceiverTrust::Masked }
        ]
    );
}

#[test]
fn the_merchant_code_is_taken_from_the_brackets_if_its_own_column_is_empty() {
    let preview = read(&file(&[
        &[("商家编码", "-"), ("选购商品", "花生油（一级）-(OIL5)")],
        &other(&[("商家编码", ""), ("选购商品", "花生油(一级)")]),
    ]));
    assert_eq!(lines(&preview.orders[0]), [("OIL5", 1)]);
    assert_eq!(refusals(&preview), ["3 商家编码 no_merchant_code"]);
}

#[test]
fn unknown_goods_are_refused_by_their_code() {
    let preview = read(&file(&[&[("商家编码", "TEA9")], OTHER_ORDER]));
    assert_eq!(refusals(&preview), ["2 商家编码 unknown_goods"]);
    assert_eq!(preview.refused[0].reason.zh(), "没有编码为“TEA9”的商品或组合装，请先建档");
    assert_eq!(preview.orders.len(), 1, "the good row goes in");
}

#[test]
fn a_row_by_order_is_split_where_each_product_is_there_once() {
    let preview = read(&file(&[&[
        ("子订单编号", "\t6917926768823643751;6917926768823643752"),
        ("选购商品", "五常大米-(RICE5);花生油-(OIL5)"),
        ("商家编码", "RICE5;OIL5"),
        ("商品规格", "5kg;5L"),
        ("商品数量", "2"),
        ("订单应付金额", "128.90"),
    ]]));
    let order = &preview.orders[0];
    assert_eq!(lines(order), [("RICE5", 1), ("OIL5", 1)]);
    assert_eq!((order.paid_fen, order.lines[1].title.as_str()), (12_890, "花生油-(OIL5)"));
    assert_eq!(order.lines[1].spec, "5L");
}

#[test]
fn a_row_by_order_whose_quantities_cannot_be_told_is_refused_with_advice() {
    let joined: &[(&str, &str)] =
        &[("子订单编号", "6917926768823643751;6917926768823643752"), ("商家编码", "RICE5;OIL5")];
    let preview = read(&file(&[&[joined, &[("商品数量", "5")]].concat()]));
    assert_eq!(refusals(&preview), ["2 商品数量 quantity_unclear"]);
    assert!(preview.refused[0].reason.zh().contains("请按商品维度重新导出"));
    let fewer = read(&file(&[&[joined, &[("商品数量", "2"), ("商家编码", "RICE5;OIL5;BEAN1")]].concat()]));
    assert_eq!(refusals(&fewer), ["2 商家编码 parts_differ"]);
    let refund = read(&file(&[&[joined, &[("商品数量", "2"), ("售后状态", "退款成功")]].concat()]));
    assert_eq!(refusals(&refund), ["2 售后状态 after_sale_unclear"]);
    let each = read(&file(&[&[joined, &[("商品数量", "2"), ("售后状态", "-;退款成功")]].concat()]));
    assert_eq!(lines(&each.orders[0]), [("RICE5", 1)]);
    assert_eq!(each.skipped[0].why, Skip::Refunded);
}

#[test]
fn a_row_by_order_of_one_product_may_have_any_quantity() {
    let preview = read(&file(&[&[("商品数量", "5")]]));
    assert_eq!(lines(&preview.orders[0]), [("RICE5", 5)]);
}

#[test]
fn the_same_sub_order_twice_in_a_file_counts_once() {
    let preview = read(&file(&[&[], &[]]));
    assert_eq!(lines(&preview.orders[0]), [("RICE5", 1)]);
    assert_eq!(preview.orders[0].paid_fen, 4_990);
    assert_eq!((preview.skipped[0].row, preview.skipped[0].why), (3, Skip::Repeated));
}

#[test]
fn the_same_sub_order_with_other_content_keeps_its_order_out() {
    let preview = read(&file(&[&[], &[("商品数量", "2")], OTHER_ORDER]));
    assert_eq!(refusals(&preview), ["2 - other_row_refused", "3 子订单编号 conflicting_rows"]);
    assert_eq!(preview.orders.len(), 1);
}

#[test]
fn the_same_sub_order_under_two_orders_keeps_both_out() {
    let preview = read(&file(&[&[], &[("主订单编号", "6917926768823643799")]]));
    assert_eq!(refusals(&preview), ["2 子订单编号 conflicting_rows", "3 子订单编号 conflicting_rows"]);
    assert!(preview.orders.is_empty());
}

#[test]
fn rows_of_one_order_with_different_receivers_are_refused_naming_row_and_column() {
    let preview = read(&file(&[&[], &[SECOND, ("商家编码", "OIL5"), ("详细地址", "别处 1 号")]]));
    assert_eq!(refusals(&preview), ["2 - other_row_refused", "3 详细地址 conflicting_rows"]);
    assert_eq!(preview.refused[1].reason, Refusal::ConflictingRows { other_row: 2 });
}

#[test]
fn one_bad_row_keeps_its_whole_order_out_and_the_other_orders_go_in() {
    let preview = read(&file(&[&[], &[SECOND, ("商品数量", "0")], OTHER_ORDER]));
    assert_eq!(refusals(&preview), ["2 - other_row_refused", "3 商品数量 quantity_zero"]);
    assert_eq!(preview.orders.len(), 1);
}

#[test]
fn every_bad_cell_of_a_row_is_named() {
    let preview = read(&file(&[&[
        ("商品数量", "-1"),
        ("收件人手机号", "1.38E+10"),
        ("订单应付金额", "abc"),
        ("支付完成时间", "yesterday"),
        ("市", ""),
    ]]));
    assert_eq!(
        refusals(&preview),
        [
            "2 订单应付金额 not_money",
            "2 商品数量 quantity_negative",
            "2 市 missing",
            "2 收件人手机号 phone_scientific",
            "2 支付完成时间 not_a_time",
        ]
    );
}

#[test]
fn refusals_never_repeat_personal_data() {
    let preview = read(&file(&[
        &[("收件人手机号", "13800001234x"), ("详细地址", "=花木路 88 号")],
        &[
            ("主订单编号", "6917926768823643798"),
            ("子订单编号", "6917926768823643798"),
            ("买家留言", "打我电话 13800001234"),
        ],
        &other(&[("收件人", ""), ("商品数量", "0")]),
    ]));
    let told = serde_json::to_string(&preview.summary()).unwrap() + &format!("{preview:?}");
    for secret in ["13800001234", "张三", "花木路"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[test]
fn an_order_number_in_scientific_notation_is_refused_by_name() {
    let preview = read(&file(&[&[("主订单编号", "6.91793E+18"), ("子订单编号", "6.91793E+18")]]));
    assert_eq!(refusals(&preview), ["2 主订单编号 scientific_number"]);
    assert_eq!(preview.refused[0].order_no, None);
}

#[test]
fn order_numbers_that_a_spreadsheet_cut_to_15_digits_are_refused() {
    let cut =
        |no: &'static str| -> Vec<(&str, &str)> { vec![("主订单编号", no), ("子订单编号", no)] };
    let preview = read(&file(&[&cut("6917926768823640000"), &cut("6917926768823650000")]));
    assert_eq!(refusals(&preview), ["2 主订单编号 digits_lost", "3 主订单编号 digits_lost"]);
    let by_chance = read(&file(&[&cut("6917926768823640000"), &cut("6917926768823643751")]));
    assert_eq!(by_chance.orders.len(), 2, "one number in ten thousand ends so by itself");
}

#[test]
fn a_formula_in_a_csv_is_refused_where_a_program_reads_it() {
    let preview =
        read(&file(&[&[("主订单编号", "=\"6917926768823643751\"")], &other(&[("买家留言", "=_=")])]));
    assert_eq!(refusals(&preview), ["2 主订单编号 formula_cell"]);
    assert_eq!(preview.orders[0].buyer_note, "=_=");
}

#[test]
fn a_file_of_a_mapped_source_needs_no_sub_order_numbers_and_no_states() {
    let source = Source::from_mapping(
        r#"
        channel = "other_shop"
        [columns]
        order_no = "单号"
        merchant_code = "货号"
        qty = "数"
        name = "姓名"
        phone = "电话"
        province = "省份"
        city = "城市"
        detail = "地址"
        "#,
    )
    .unwrap();
    let text = "单号,货号,数,姓名,电话,省份,城市,地址\n\
                A1,RICE5,1,张三,13800001234,上海市,上海市,花木路\n\
                A1,OIL5,2,张三,13800001234,上海市,上海市,花木路\n\
                A2,RICE5,1,张三,13800001234,上海市,上海市,花木路\n\
                A2,RICE5,1,张三,13800001234,上海市,上海市,花木路\n";
    let preview = read_orders(text.as_bytes(), &source, |_| true).unwrap();
    assert_eq!(preview.orders.len(), 1);
    assert_eq!(preview.orders[0].channel, "other_shop");
    let numbers: Vec<_> = preview.orders[0].lines.iter().map(|line| line.sub_order_no.as_str()).collect();
    assert_eq!(numbers, ["A1-1", "A1-2"]);
    assert_eq!(refusals(&preview), ["4 - other_row_refused", "5 主订单编号 repeated_line"]);
}

#[test]
fn the_preview_says_which_heading_was_taken_for_what() {
    let preview = read(&file(&[&[]]).replace("商品单价", "运费"));
    assert_eq!(preview.unused_headings, ["运费"]);
    let order_no = &preview.columns[0];
    assert_eq!(
        (order_no.column, order_no.heading.as_str(), order_no.position),
        (Column::OrderNo, "主订单编号", 0)
    );
    assert_eq!(preview.rows, 1);
}

#[test]
fn the_same_bytes_give_the_same_orders_so_that_importing_twice_adds_nothing() {
    let text = file(&[&[], OTHER_ORDER]);
    assert_eq!(read(&text).orders, read(&text).orders);
}

proptest! {
    #[test]
    fn no_bytes_make_the_file_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_orders(&bytes, &Source::douyin(), |_| true);
    }

    #[test]
    fn no_cells_make_the_row_reader_panic(cells in proptest::collection::vec("[0-9E+;\\-.,*#$=\\t' 一(Ａ]{0,12}", 22)) {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
        let text = format!("{HEAD}\n{}\n", cells.join(","));
        let _ = read_orders(text.as_bytes(), &Source::douyin(), |_| true).unwrap();
    }

    #[test]
    fn no_damage_to_a_file_makes_the_reader_panic(at in 0usize..600, byte in any::<u8>()) {
        let mut bytes = file(&[&[], OTHER_ORDER]).into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read_orders(&bytes, &Source::douyin(), |_| true);
    }
}
