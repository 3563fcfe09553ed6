//! Every form a cell was seen in, and what it is taken for. One table per kind of cell.

use super::*;

fn text(text: &str) -> Cell {
    Cell::text(text)
}

#[test]
fn tabs_and_apostrophes_before_a_number_are_taken_off() {
    for form in
        ["\t6917926768823643751", "'6917926768823643751", " 6917926768823643751\t", "\t'6917926768823643751"]
    {
        assert_eq!(order_nos(&text(form)), Ok(vec!["6917926768823643751".to_owned()]), "{form:?}");
    }
}

#[test]
fn a_dash_and_an_empty_cell_both_mean_nothing() {
    for nothing in ["", "-", "\t-", " ", "'-"] {
        assert_eq!(free_text(&text(nothing)), Ok(String::new()));
        assert_eq!(money(&text(nothing)), Ok(None));
        assert_eq!(time(&text(nothing)), Ok(None));
        assert_eq!(order_nos(&text(nothing)), Err(Refusal::Missing));
        assert_eq!(quantity(&text(nothing)), Err(Refusal::Missing));
        assert_eq!(phone(&text(nothing)), Err(Refusal::Missing));
    }
}

#[test]
fn an_order_number_that_lost_digits_is_refused_and_never_guessed() {
    for lost in ["6.91793E+18", "6.91792676882364E+18", "7E+18", "\t6.9E18"] {
        assert_eq!(order_nos(&text(lost)), Err(Refusal::ScientificNumber), "{lost}");
    }
    assert_eq!(order_nos(&Cell::Number(6.917_926_768_823_644e18)), Err(Refusal::NumberTooLong));
    assert_eq!(order_nos(&Cell::Number(9_007_199_254_740_991.0)), Ok(vec!["9007199254740991".to_owned()]));
    assert_eq!(has_lost_digits("6917926768823640000"), Some(true));
    assert_eq!(has_lost_digits("6917926768823643751"), Some(false));
    assert_eq!(has_lost_digits("20260922000"), None);
}

#[test]
fn an_order_number_has_only_the_signs_channels_use() {
    assert_eq!(order_nos(&text("DY_2026-0001")), Ok(vec!["DY_2026-0001".to_owned()]));
    assert_eq!(order_nos(&text("1;2；3")), Ok(vec!["1".to_owned(), "2".to_owned(), "3".to_owned()]));
    for bad in ["12 34", "订单1", "1;;2", "1'or'1", &"9".repeat(41)] {
        assert_eq!(order_nos(&text(bad)), Err(Refusal::MalformedOrderNo), "{bad}");
    }
    assert_eq!(order_nos(&Cell::Number(1.5)), Err(Refusal::MalformedOrderNo));
}

#[test]
fn a_formula_an_error_and_an_endless_cell_are_refused_wherever_they_stand() {
    for (cell, refusal) in [
        (Cell::Formula, Refusal::FormulaCell),
        (Cell::Error, Refusal::ErrorCell),
        (Cell::TooLong(5000), Refusal::CellTooLong { bytes: 5000 }),
    ] {
        assert_eq!(free_text(&cell), Err(refusal.clone()));
        assert_eq!(order_nos(&cell), Err(refusal.clone()));
        assert_eq!(quantity(&cell), Err(refusal.clone()));
        assert_eq!(money(&cell), Err(refusal.clone()));
        assert_eq!(time(&cell), Err(refusal.clone()));
        assert_eq!(phone(&cell), Err(refusal));
    }
    assert_eq!(order_nos(&text("=\"6917926768823643751\"")), Err(Refusal::FormulaCell));
    assert_eq!(free_text(&text("=_=")), Ok("=_=".to_owned()), "a buyer may write what they like");
}

#[test]
fn a_phone_in_scientific_notation_is_refused_by_name() {
    assert_eq!(phone(&text("1.38E+10")), Err(Refusal::PhoneScientific));
    assert_eq!(phone(&text("1.3800001234E10")), Err(Refusal::PhoneScientific));
}

#[test]
fn phones_are_taken_in_every_real_form() {
    for (form, dialled) in [
        ("13800001234", "13800001234"),
        ("\t13800001234", "13800001234"),
        ("138 0000 1234", "13800001234"),
        ("+8613800001234", "13800001234"),
        ("86-13800001234", "13800001234"),
        ("18400000000-1234", "18400000000-1234"),
        ("021-60000000", "021-60000000"),
        ("138****0000", "138****0000"),
        ("$$q1w2e3==$1$$", "$$q1w2e3==$1$$"),
        ("##密文", "##密文"),
    ] {
        assert_eq!(phone(&text(form)).as_deref(), Ok(dialled), "{form}");
    }
    for bad in ["1380000", "电话", "13800001234.0", "138000012345678901234", "12345"] {
        let is_short_landline = bad == "1380000";
        assert_eq!(phone(&text(bad)).is_ok(), is_short_landline, "{bad}");
    }
}

#[test]
fn a_phone_that_came_as_a_number_is_taken_if_it_has_eleven_digits() {
    assert_eq!(phone(&Cell::Number(13_800_001_234.0)).as_deref(), Ok("13800001234"));
    assert_eq!(phone(&Cell::Number(1_380_000_123.0)), Err(Refusal::MalformedPhone));
    assert_eq!(phone(&Cell::Number(13_800_001_234.5)), Err(Refusal::MalformedPhone));
}

#[test]
fn a_quantity_is_a_whole_number_from_1_to_9999() {
    assert_eq!(quantity(&text("\t2")), Ok(2));
    assert_eq!(quantity(&text("9999")), Ok(9999));
    assert_eq!(quantity(&Cell::Number(3.0)), Ok(3));
    for (bad, refusal) in [
        ("0", Refusal::QuantityZero),
        ("-1", Refusal::QuantityNegative),
        ("-0.5", Refusal::QuantityNegative),
        ("1.5", Refusal::QuantityFraction),
        ("2.0", Refusal::QuantityFraction),
        ("10000", Refusal::QuantityTooLarge),
        ("99999999999999999999", Refusal::QuantityTooLarge),
        ("两件", Refusal::NotAQuantity),
        ("1,000", Refusal::NotAQuantity),
        ("1e3", Refusal::NotAQuantity),
        (".", Refusal::NotAQuantity),
    ] {
        assert_eq!(quantity(&text(bad)), Err(refusal), "{bad}");
    }
    assert_eq!(quantity(&Cell::Number(-2.0)), Err(Refusal::QuantityNegative));
    assert_eq!(quantity(&Cell::Number(0.5)), Err(Refusal::QuantityFraction));
}

#[test]
fn money_becomes_fen_with_and_without_a_thousands_comma() {
    for (form, fen) in [
        ("28.90", 2_890),
        ("1,228.90", 122_890),
        ("1228.9", 122_890),
        ("0", 0),
        ("0.00", 0),
        ("¥99", 9_900),
        ("12.3400", 1_234),
        ("1,000,000.01", 100_000_001),
    ] {
        assert_eq!(money(&text(form)), Ok(Some(fen)), "{form}");
    }
    assert_eq!(money(&Cell::Number(28.9)), Ok(Some(2_890)));
    for bad in ["-1.00", "1,22", "12,28.90", "28.905", "二十", ".5", "1.2.3", "9999999999999", "1e3"] {
        assert_eq!(money(&text(bad)), Err(Refusal::NotMoney), "{bad}");
    }
}

#[test]
fn times_are_china_standard_time_as_exported_and_as_re_saved() {
    // 2026-09-21T16:54:10Z.
    assert_eq!(time(&text("2026-09-22 00:54:10")), Ok(Some(1_790_009_650_000)));
    assert_eq!(time(&text("\t2026/9/22 0:54")), Ok(Some(1_790_009_640_000)));
    assert_eq!(time(&Cell::Time(civil::datetime(2026, 9, 22, 0, 54, 10, 0))), Ok(Some(1_790_009_650_000)));
    for bad in [
        "2026-13-01 00:00:00",
        "2026-02-30 00:00:00",
        "2026-09-22",
        "1970-01-01 08:00:00",
        "00:54:10",
        "2026-09-22 25:00:00",
        "2026-+9-22 00:00:00",
        "2026-09-22 1:2:3:4",
        "昨天 8:00",
    ] {
        assert_eq!(time(&text(bad)), Err(Refusal::NotATime), "{bad}");
    }
    assert_eq!(time(&Cell::Number(46_287.0)), Err(Refusal::NotATime));
}
