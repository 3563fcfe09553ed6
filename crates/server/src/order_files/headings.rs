//! Which heading is taken for what: by name, never by position.
//!
//! The columns of a Douyin export are built in; other sources bring a mapping file (`mapping`). What stands in the
//! cells is `cells`' business.

use serde::{Deserialize, Serialize};

use super::file_fault::FileFault;

/// What a column of an order file can mean to us. Columns beyond these are left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The number of the whole order.
    OrderNo,
    /// The number of one product's part of it.
    SubOrderNo,
    /// The merchant's code of the goods.
    MerchantCode,
    /// Title as sold.
    Title,
    /// Variant as sold.
    Spec,
    /// Units.
    Qty,
    /// Price of one unit.
    UnitPrice,
    /// What the buyer pays.
    Paid,
    /// Receiver's name.
    Name,
    /// Receiver's phone.
    Phone,
    /// Province.
    Province,
    /// City.
    City,
    /// District.
    District,
    /// Street or town.
    Street,
    /// House and door.
    Detail,
    /// The buyer's words.
    BuyerNote,
    /// The shop's words.
    SellerNote,
    /// Ordered at.
    CreatedAt,
    /// Paid at.
    PaidAt,
    /// To be shipped by.
    ShipBy,
    /// State of the order.
    State,
    /// State of an after-sale case.
    AfterSale,
}

/// Every column, with its headings in a Douyin export (the first is the one of today) and whether such an export is
/// of use without it. Sources: the headings of stored public exports of 2023-2026.
const DOUYIN: [(Column, &[&str], bool); 22] = [
    (Column::OrderNo, &["主订单编号"], true),
    (Column::SubOrderNo, &["子订单编号"], true),
    (Column::MerchantCode, &["商家编码"], false),
    (Column::Title, &["选购商品", "商品名称"], false),
    (Column::Spec, &["商品规格"], false),
    (Column::Qty, &["商品数量"], true),
    (Column::UnitPrice, &["商品单价"], false),
    (Column::Paid, &["订单应付金额"], true),
    (Column::Name, &["收件人"], true),
    (Column::Phone, &["收件人手机号"], true),
    (Column::Province, &["省"], true),
    (Column::City, &["市"], true),
    (Column::District, &["区"], true),
    (Column::Street, &["街道"], false),
    (Column::Detail, &["详细地址"], true),
    (Column::BuyerNote, &["买家留言"], false),
    (Column::SellerNote, &["商家备注"], false),
    (Column::CreatedAt, &["订单提交时间"], false),
    (Column::PaidAt, &["支付完成时间"], false),
    (Column::ShipBy, &["承诺发货时间"], false),
    (Column::State, &["订单状态"], true),
    (Column::AfterSale, &["售后状态"], false),
];

/// How many columns there are.
pub const COLUMNS: usize = DOUYIN.len();

impl Column {
    /// Every column, for a page on which a person maps headings.
    pub fn all() -> impl Iterator<Item = Self> {
        DOUYIN.iter().map(|(column, _, _)| *column)
    }

    /// The heading people know it by.
    #[must_use]
    pub fn heading(self) -> &'static str {
        DOUYIN[self as usize].1[0]
    }
}

/// The headings one source uses.
#[derive(Clone, Debug)]
pub struct Headings {
    wanted: Vec<(Column, Vec<String>, bool)>,
}

impl Headings {
    /// Those of a Douyin shop's export.
    #[must_use]
    pub fn douyin() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self { wanted: DOUYIN.iter().map(|(column, names, need)| (*column, owned(names), *need)).collect() }
    }

    /// Those a mapping file names; each of them must then be in the file.
    #[must_use]
    pub fn mapped(columns: impl IntoIterator<Item = (Column, String)>) -> Self {
        Self { wanted: columns.into_iter().map(|(column, name)| (column, vec![name], true)).collect() }
    }

    /// Finds each column among the headings of a file.
    ///
    /// # Errors
    /// All columns that are missing or there twice, together with what was found.
    pub fn find(&self, found: &[String]) -> Result<Taken, FileFault> {
        let (mut missing, mut twice) = (Vec::new(), Vec::new());
        let mut taken = Taken::default();
        for (column, names, needed) in &self.wanted {
            let name = names.iter().find(|name| found.contains(name));
            let Some(name) = name else {
                if *needed {
                    missing.push(*column);
                }
                continue;
            };
            if found.iter().filter(|heading| *heading == name).count() > 1 {
                twice.push(name.clone());
            }
            if let Some(position) = found.iter().position(|heading| heading == name) {
                taken.place[*column as usize] = Some(taken.columns.len());
                taken.columns.push(TakenColumn { column: *column, heading: name.clone(), position });
            }
        }
        // Goods are known by their code; where its column is missing, by the code in brackets behind the title.
        if !taken.has(Column::MerchantCode) && !taken.has(Column::Title) {
            missing.push(Column::MerchantCode);
        }
        if missing.is_empty() && twice.is_empty() {
            return Ok(taken);
        }
        Err(FileFault::Columns { missing, twice, found: found.to_vec() })
    }
}

/// One heading that was taken for a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenColumn {
    /// What it was taken for.
    pub column: Column,
    /// The heading as it stands in the file.
    pub heading: String,
    /// Its place in the file, 0 = first.
    pub position: usize,
}

/// The columns of one file that mean something to us.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// In the order in which a row's kept cells stand.
    pub columns: Vec<TakenColumn>,
    place: [Option<usize>; COLUMNS],
}

impl Taken {
    /// Whether the file has this column.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.place[column as usize].is_some()
    }

    /// Where the column stands among a row's kept cells.
    #[must_use]
    pub fn place(&self, column: Column) -> Option<usize> {
        self.place[column as usize]
    }

    /// Positions in the file, for the table reader.
    #[must_use]
    pub fn positions(&self) -> Vec<usize> {
        self.columns.iter().map(|column| column.position).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    const CUSTOM: &str =
        "订单状态 区 市 省 详细地址 收件人手机号 收件人 订单应付金额 商品数量 商家编码 子订单编号 主订单编号";

    #[test]
    fn the_list_stands_in_the_order_of_the_enum() {
        for (at, (column, names, _)) in DOUYIN.iter().enumerate() {
            assert_eq!(*column as usize, at);
            assert_eq!(column.heading(), names[0]);
        }
    }

    #[test]
    fn a_custom_report_is_matched_by_heading_in_any_order() {
        let taken = Headings::douyin().find(&words(CUSTOM)).unwrap();
        let at = |column| taken.columns[taken.place(column).unwrap()].position;
        assert_eq!((at(Column::OrderNo), at(Column::State), at(Column::Qty)), (11, 0, 8));
        assert!(!taken.has(Column::BuyerNote));
    }

    #[test]
    fn the_older_heading_of_the_title_is_known_and_the_newer_one_goes_first() {
        let older = words(&CUSTOM.replace("商家编码", "商品名称"));
        let taken = Headings::douyin().find(&older).unwrap();
        assert_eq!(taken.columns[taken.place(Column::Title).unwrap()].heading, "商品名称");
        let both = words(&format!("{CUSTOM} 商品名称 选购商品"));
        let taken = Headings::douyin().find(&both).unwrap();
        assert_eq!(taken.columns[taken.place(Column::Title).unwrap()].heading, "选购商品");
    }

    #[test]
    fn missing_and_doubled_columns_are_named_together_with_what_was_found() {
        let found = words(&CUSTOM.replace("主订单编号", "订单号").replace("区 市", "市 市"));
        let fault = Headings::douyin().find(&found).unwrap_err();
        assert_eq!(
            fault,
            FileFault::Columns {
                missing: vec![Column::OrderNo, Column::District],
                twice: vec!["市".to_owned()],
                found: found.clone(),
            }
        );
        assert_eq!(
            fault.zh(),
            format!("缺少的列：主订单编号 区；重复的列：市；文件里的列：{}", found.join(" "))
        );
    }

    #[test]
    fn a_doubled_column_alone_is_refused_too() {
        let fault = Headings::douyin().find(&words(&format!("{CUSTOM} 商品数量"))).unwrap_err();
        assert!(
            matches!(fault, FileFault::Columns { missing, twice, .. } if missing.is_empty() && twice == ["商品数量"])
        );
    }

    #[test]
    fn a_doubled_column_that_nobody_needs_is_no_fault() {
        assert!(Headings::douyin().find(&words(&format!("{CUSTOM} 运费 运费"))).is_ok());
    }

    #[test]
    fn goods_need_a_code_or_a_title() {
        let neither = words(&CUSTOM.replace(" 商家编码", ""));
        let fault = Headings::douyin().find(&neither).unwrap_err();
        assert!(matches!(fault, FileFault::Columns { missing, .. } if missing == [Column::MerchantCode]));
    }
}
