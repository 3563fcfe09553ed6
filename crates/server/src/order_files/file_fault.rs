//! Why a whole order file is not read: a closed list, each fault with a code and words for people.
//!
//! Nothing of such a file is imported. Faults of single rows are `refusal`'s.

use std::fmt;

use super::headings::Column;

/// A reason why the file as a whole is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// Larger than an export can be.
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No headings in it.
    Empty,
    /// Text in UTF-16, as "Unicode text" of a spreadsheet is.
    Utf16,
    /// Text that is neither UTF-8 nor GB18030.
    Undecodable {
        /// Offset of the first byte that is not UTF-8.
        utf8_at: usize,
        /// Offset of the first byte that is not GB18030; `None` when a mark at its start says UTF-8.
        gb18030_at: Option<usize>,
    },
    /// A zero byte in the text: not a text file.
    ZeroByte {
        /// Its offset in the decoded text.
        at: usize,
    },
    /// A web page with the name of a spreadsheet.
    WebPage,
    /// A workbook that cannot be read.
    DamagedWorkbook {
        /// What the reader stumbled over.
        why: String,
    },
    /// A workbook with a password.
    LockedWorkbook,
    /// A workbook that would unpack to more than is sound.
    WorkbookTooLarge,
    /// Several sheets with content: which one is meant cannot be told.
    SeveralSheets {
        /// Their names.
        names: Vec<String>,
    },
    /// More rows than an export can have.
    TooManyRows,
    /// More columns than any report has.
    TooManyColumns,
    /// A heading that is a formula.
    FormulaHeading {
        /// Its position, 1 = first column.
        position: usize,
    },
    /// Columns that must be there are not, or are there twice.
    Columns {
        /// Needed, and not found under any known heading.
        missing: Vec<Column>,
        /// Found more than once, by heading.
        twice: Vec<String>,
        /// All headings the file has.
        found: Vec<String>,
    },
}

impl FileFault {
    /// The closed list's word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "file_too_large",
            Self::Empty => "file_empty",
            Self::Utf16 => "file_utf16",
            Self::Undecodable { .. } => "file_undecodable",
            Self::ZeroByte { .. } => "file_zero_byte",
            Self::WebPage => "file_web_page",
            Self::DamagedWorkbook { .. } => "workbook_damaged",
            Self::LockedWorkbook => "workbook_locked",
            Self::WorkbookTooLarge => "workbook_too_large",
            Self::SeveralSheets { .. } => "workbook_several_sheets",
            Self::TooManyRows => "too_many_rows",
            Self::TooManyColumns => "too_many_columns",
            Self::FormulaHeading { .. } => "formula_heading",
            Self::Columns { .. } => "columns",
        }
    }

    /// What is wrong and what to do now, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let fixed = match self {
            Self::TooLarge { bytes } => return format!("文件有 {bytes} 字节，上限 64 MiB；请分批导出"),
            Self::Empty => "文件是空的，没有表头",
            Self::Utf16 => "文件是 UTF-16 编码；请另存为“CSV UTF-8”或 XLSX",
            Self::Undecodable { utf8_at, gb18030_at } => {
                let gb = gb18030_at.map_or(String::new(), |at| format!("，按 GB18030 在第 {at} 字节出错"));
                return format!("编码无法识别：按 UTF-8 在第 {utf8_at} 字节出错{gb}；请另存为“CSV UTF-8”");
            }
            Self::ZeroByte { at } => return format!("第 {at} 字节是空字符，不是文本文件"),
            Self::WebPage => "文件其实是网页；请用表格软件打开后另存为 XLSX",
            Self::DamagedWorkbook { why } => return format!("工作簿已损坏（{why}）；请重新导出"),
            Self::LockedWorkbook => "工作簿有密码；请去掉密码后再导入",
            Self::WorkbookTooLarge => "工作簿展开后过大；请分批导出",
            Self::SeveralSheets { names } => {
                return format!("有内容的工作表不止一张（{}）；请只留一张", names.join("、"));
            }
            Self::TooManyRows => "超过 1,000,000 行；请分批导出",
            Self::TooManyColumns => "超过 512 列；请只导出需要的列",
            Self::FormulaHeading { position } => return format!("第 {position} 列的表头是公式；请改成文字"),
            Self::Columns { missing, twice, found } => {
                return format!(
                    "缺少的列：{}；重复的列：{}；文件里的列：{}",
                    or_none(&missing.iter().map(|c| c.heading()).collect::<Vec<_>>(), "无"),
                    or_none(twice, "无"),
                    or_none(found, "无"),
                );
            }
        };
        fixed.to_owned()
    }

    /// What is wrong and what to do now, in English.
    #[must_use]
    pub fn en(&self) -> String {
        let fixed = match self {
            Self::TooLarge { bytes } => {
                return format!("the file has {bytes} bytes, at most 64 MiB are read: export it in parts");
            }
            Self::Empty => "the file is empty, it has no headings",
            Self::Utf16 => "the text is UTF-16: save it as \"CSV UTF-8\" or XLSX",
            Self::Undecodable { utf8_at, gb18030_at } => {
                let gb = gb18030_at.map_or(String::new(), |at| format!(" nor GB18030 (byte {at})"));
                return format!("the text is neither UTF-8 (byte {utf8_at}){gb}: save it as \"CSV UTF-8\"");
            }
            Self::ZeroByte { at } => return format!("byte {at} is zero: this is not a text file"),
            Self::WebPage => "the file is a web page: open it in a spreadsheet and save it as XLSX",
            Self::DamagedWorkbook { why } => {
                return format!("the workbook is damaged ({why}): export it again");
            }
            Self::LockedWorkbook => "the workbook has a password: take it off",
            Self::WorkbookTooLarge => "the workbook unpacks to too much: export it in parts",
            Self::SeveralSheets { names } => {
                return format!("several sheets have content ({}): keep one", names.join(", "));
            }
            Self::TooManyRows => "more than 1,000,000 rows: export it in parts",
            Self::TooManyColumns => "more than 512 columns: export only those needed",
            Self::FormulaHeading { position } => {
                return format!("the heading of column {position} is a formula: replace it by text");
            }
            Self::Columns { missing, twice, found } => {
                return format!(
                    "missing columns: {}; columns found twice: {}; the file has: {}",
                    or_none(&missing.iter().map(|c| c.heading()).collect::<Vec<_>>(), "none"),
                    or_none(twice, "none"),
                    or_none(found, "none"),
                );
            }
        };
        fixed.to_owned()
    }
}

fn or_none<S: AsRef<str>>(words: &[S], none: &str) -> String {
    if words.is_empty() {
        return none.to_owned();
    }
    words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for FileFault {}
