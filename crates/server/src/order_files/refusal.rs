//! Why a row is not imported: a closed list, each reason with a code for programs and words for people.
//!
//! Values of personal cells are never repeated in the words; the row and the column say where to look. Faults of
//! the whole file are `file_fault`'s.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::headings::Column;

/// A reason why one row, and with it its order, stays out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The cell computes its value; what it shows depends on who opened the file last.
    FormulaCell,
    /// The spreadsheet shows an error (`#N/A`) in the cell.
    ErrorCell,
    /// The cell is longer than any real one.
    CellTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Nothing where something must be.
    Missing,
    /// `6.91793E+18`: the number's last digits are gone.
    ScientificNumber,
    /// A number cell above 2^53, which a spreadsheet cannot hold exactly.
    NumberTooLong,
    /// Every long order number of the file ends in zeros from the 16th digit on.
    DigitsLost,
    /// An order number with signs no channel uses.
    MalformedOrderNo,
    /// A phone in scientific notation.
    PhoneScientific,
    /// Not a phone number.
    MalformedPhone,
    /// 0 units.
    QuantityZero,
    /// Fewer than 0 units.
    QuantityNegative,
    /// Part of a unit.
    QuantityFraction,
    /// More units than one line may ask for.
    QuantityTooLarge,
    /// Not a number of units.
    NotAQuantity,
    /// Not a sum of money.
    NotMoney,
    /// Not a time.
    NotATime,
    /// A state the source is not known to have.
    UnknownState {
        /// As written.
        state: String,
    },
    /// A row of several products with only their total quantity.
    QuantityUnclear {
        /// Products in the row.
        products: usize,
        /// Units in the row.
        total: u32,
    },
    /// A row of several products whose cells do not have as many parts.
    PartsDiffer {
        /// Products by the sub-order numbers.
        products: usize,
        /// Parts in this cell.
        parts: usize,
    },
    /// A row of several products with one after-sale state.
    AfterSaleUnclear,
    /// No merchant code, neither in its column nor in brackets behind the title.
    NoMerchantCode,
    /// The code is neither a SKU nor a bundle of ours.
    UnknownGoods {
        /// The code.
        code: String,
    },
    /// Two rows of one order disagree on the receiver, or two rows of one sub-order on anything.
    ConflictingRows {
        /// The row it disagrees with.
        other_row: u32,
    },
    /// The same goods twice in one order, and no sub-order numbers to tell a second line from a repetition.
    RepeatedLine {
        /// The row it repeats.
        other_row: u32,
    },
    /// Fine by itself, but another row of the same order is refused and half an order is never shipped.
    OtherRowRefused {
        /// That row.
        other_row: u32,
    },
    /// More cells than headings: a comma without quotes has shifted the columns.
    TooManyCells {
        /// Headings.
        headings: usize,
        /// Cells.
        cells: usize,
    },
    /// The file ends in the middle of this row.
    CutOff,
}

impl Refusal {
    /// The closed list's word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::FormulaCell => "formula_cell",
            Self::ErrorCell => "error_cell",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::Missing => "missing",
            Self::ScientificNumber => "scientific_number",
            Self::NumberTooLong => "number_too_long",
            Self::DigitsLost => "digits_lost",
            Self::MalformedOrderNo => "malformed_order_no",
            Self::PhoneScientific => "phone_scientific",
            Self::MalformedPhone => "malformed_phone",
            Self::QuantityZero => "quantity_zero",
            Self::QuantityNegative => "quantity_negative",
            Self::QuantityFraction => "quantity_fraction",
            Self::QuantityTooLarge => "quantity_too_large",
            Self::NotAQuantity => "not_a_quantity",
            Self::NotMoney => "not_money",
            Self::NotATime => "not_a_time",
            Self::UnknownState { .. } => "unknown_state",
            Self::QuantityUnclear { .. } => "quantity_unclear",
            Self::PartsDiffer { .. } => "parts_differ",
            Self::AfterSaleUnclear => "after_sale_unclear",
            Self::NoMerchantCode => "no_merchant_code",
            Self::UnknownGoods { .. } => "unknown_goods",
            Self::ConflictingRows { .. } => "conflicting_rows",
            Self::RepeatedLine { .. } => "repeated_line",
            Self::OtherRowRefused { .. } => "other_row_refused",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::CutOff => "cut_off",
        }
    }

    /// What is wrong and what to do now, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let fixed = match self {
            Self::FormulaCell => "单元格是公式，请改成数值或文本后再导入",
            Self::ErrorCell => "单元格显示为错误值，请重新填写",
            Self::CellTooLong { bytes } => return format!("单元格太长（{bytes} 字节，上限 4096）"),
            Self::Missing => "必填内容为空",
            Self::ScientificNumber => {
                "编号成了科学计数法，后几位已丢失；请重新从后台导出，不要用表格软件另存"
            }
            Self::NumberTooLong => "编号以数字保存，超过 15 位的部分已不准；请重新导出，或把该列设为文本",
            Self::DigitsLost => "全部长编号从第 16 位起都是 0，是表格软件改写过的；请重新从后台导出",
            Self::MalformedOrderNo => "编号只能由字母、数字、横线和下划线组成，最多 40 位",
            Self::PhoneScientific => "手机号成了科学计数法，请重新导出或把该列设为文本",
            Self::MalformedPhone => "不是电话号码",
            Self::QuantityZero => "数量为 0",
            Self::QuantityNegative => "数量为负数",
            Self::QuantityFraction => "数量不是整数",
            Self::QuantityTooLarge => "数量超过 9999，请核对",
            Self::NotAQuantity => "不是数量",
            Self::NotMoney => "不是金额（例：1,228.90）",
            Self::NotATime => "不是时间（例：2026-09-22 00:54:10）",
            Self::UnknownState { state } => return format!("不认识的订单状态“{state}”，请联系管理员补充"),
            Self::QuantityUnclear { products, total } => {
                return format!("{products} 种商品共 {total} 件，分不清各几件；请按商品维度重新导出");
            }
            Self::PartsDiffer { products, parts } => {
                return format!("有 {products} 个子订单，这一格却有 {parts} 项；请按商品维度重新导出");
            }
            Self::AfterSaleUnclear => "多种商品只有一个售后状态，分不清是哪一种；请按商品维度重新导出",
            Self::NoMerchantCode => "没有商家编码，请在后台补上后重新导出",
            Self::UnknownGoods { code } => return format!("没有编码为“{code}”的商品或组合装，请先建档"),
            Self::ConflictingRows { other_row } => {
                return format!("与第 {other_row} 行属同一订单，内容却不同");
            }
            Self::RepeatedLine { other_row } => {
                return format!("与第 {other_row} 行完全相同，分不清是重复还是两件");
            }
            Self::OtherRowRefused { other_row } => {
                return format!("同一订单的第 {other_row} 行有误，整单不导入");
            }
            Self::TooManyCells { headings, cells } => {
                return format!("这一行有 {cells} 格，表头只有 {headings} 格；可能有未加引号的逗号");
            }
            Self::CutOff => "文件在这一行中间断了，请重新导出或重新上传",
        };
        fixed.to_owned()
    }

    /// What is wrong and what to do now, in English.
    #[must_use]
    pub fn en(&self) -> String {
        let fixed = match self {
            Self::FormulaCell => "the cell is a formula: replace it by its value",
            Self::ErrorCell => "the cell shows an error: fill it in",
            Self::CellTooLong { bytes } => {
                return format!("the cell has {bytes} bytes, at most 4096 are read");
            }
            Self::Missing => "must not be empty",
            Self::ScientificNumber => {
                "in scientific notation, its last digits are lost: export the file again"
            }
            Self::NumberTooLong => {
                "kept as a number above 15 digits, no longer exact: export again, or as text"
            }
            Self::DigitsLost => {
                "all long numbers end in zeros, a spreadsheet rewrote them: export the file again"
            }
            Self::MalformedOrderNo => "only letters, digits, - and _, at most 40",
            Self::PhoneScientific => {
                "a phone in scientific notation: export again, or set the column to text"
            }
            Self::MalformedPhone => "not a phone number",
            Self::QuantityZero => "the quantity is 0",
            Self::QuantityNegative => "the quantity is negative",
            Self::QuantityFraction => "the quantity is not whole",
            Self::QuantityTooLarge => "the quantity is above 9999: check it",
            Self::NotAQuantity => "not a quantity",
            Self::NotMoney => "not a sum of money (as 1,228.90)",
            Self::NotATime => "not a time (as 2026-09-22 00:54:10)",
            Self::UnknownState { state } => return format!("unknown order state \"{state}\""),
            Self::QuantityUnclear { products, total } => {
                return format!(
                    "{total} units of {products} products, how many of each is not said: export by product"
                );
            }
            Self::PartsDiffer { products, parts } => {
                return format!("{products} sub-orders but {parts} parts in this cell: export by product");
            }
            Self::AfterSaleUnclear => "one after-sale state for several products: export by product",
            Self::NoMerchantCode => "no merchant code: add it in the shop's backend and export again",
            Self::UnknownGoods { code } => {
                return format!("no SKU or bundle has the code \"{code}\": create it first");
            }
            Self::ConflictingRows { other_row } => {
                return format!("contradicts row {other_row} of the same order");
            }
            Self::RepeatedLine { other_row } => return format!("repeats row {other_row}: one line or two?"),
            Self::OtherRowRefused { other_row } => {
                return format!("row {other_row} of the same order is refused");
            }
            Self::TooManyCells { headings, cells } => {
                return format!("{cells} cells under {headings} headings: a comma without quotes?");
            }
            Self::CutOff => "the file ends inside this row: export or upload it again",
        };
        fixed.to_owned()
    }
}

/// A row that was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The row as a spreadsheet numbers it; the headings are row 1.
    pub row: u32,
    /// The order it belongs to, where that could be read.
    pub order_no: Option<String>,
    /// The column at fault, where it is one.
    pub column: Option<Column>,
    /// Why.
    pub reason: Refusal,
}

impl Serialize for RowFault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fault = serializer.serialize_struct("RowFault", 6)?;
        fault.serialize_field("row", &self.row)?;
        fault.serialize_field("order_no", &self.order_no)?;
        fault.serialize_field("column", &self.column)?;
        fault.serialize_field("code", self.reason.code())?;
        fault.serialize_field("zh", &self.reason.zh())?;
        fault.serialize_field("en", &self.reason.en())?;
        fault.end()
    }
}
