//! The frame of the console's pages, its words in two languages, and its small forms.

use std::fmt::Write;

use serde::Deserialize;

use crate::http::Refusal;

/// The language of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// Every fixed text of the console.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    Title,
    SignIn,
    SignInWhy,
    Token,
    WrongToken,
    SignOut,
    ChooseFile,
    ChooseWhy,
    Source,
    Douyin,
    Preview,
    Import,
    Other,
    TakenFor,
    Heading,
    Unused,
    Row,
    Order,
    Column,
    Reason,
    Refused,
    Waiting,
    LeftOut,
    Orders,
    Lines,
    Rows,
    Accepted,
    Duplicates,
    Cancelled,
    Changed,
    NothingGood,
    MappingTitle,
    MappingWhy,
    MappingName,
    Channel,
    NotInFile,
    StateWords,
    SaveMapping,
    And,
    More,
}

impl Lang {
    /// The word in an address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// One of two words.
    pub fn pick(self, zh: &str, en: &str) -> String {
        match self {
            Self::Zh => zh.to_owned(),
            Self::En => en.to_owned(),
        }
    }

    /// A fixed text.
    pub fn text(self, text: Text) -> &'static str {
        let (zh, en) = words(text);
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

fn words(text: Text) -> (&'static str, &'static str) {
    match text {
        Text::Title => ("导入订单", "Import orders"),
        Text::SignIn => ("登录", "Sign in"),
        Text::SignInWhy => {
            ("请粘贴管理员口令（首次启动时显示）", "Paste the admin token shown at the first start")
        }
        Text::Token => ("管理员口令", "Admin token"),
        Text::WrongToken => ("口令不对，请重新粘贴", "This token is not known here: paste it again"),
        Text::SignOut => ("退出", "Sign out"),
        Text::ChooseFile => ("订单文件", "Order file"),
        Text::ChooseWhy => (
            "CSV（UTF-8 或 GB18030）或 XLSX，不超过 64 MiB",
            "CSV (UTF-8 or GB18030) or XLSX, at most 64 MiB",
        ),
        Text::Source => ("来源", "Source"),
        Text::Douyin => ("抖音小店导出", "Douyin shop export"),
        Text::Preview => ("预览", "Preview"),
        Text::Import => ("导入这些订单", "Import these orders"),
        Text::Other => ("换一个文件", "Another file"),
        Text::TakenFor => ("识别为", "Taken for"),
        Text::Heading => ("表头", "Heading"),
        Text::Unused => ("未使用的表头", "Headings not used"),
        Text::Row => ("行", "Row"),
        Text::Order => ("订单号", "Order"),
        Text::Column => ("列", "Column"),
        Text::Reason => ("原因", "Reason"),
        Text::Refused => ("不导入的行", "Rows refused"),
        Text::Waiting => ("等待平台的订单", "Orders that wait for the platform"),
        Text::LeftOut => ("无需发货的子订单", "Lines left out"),
        Text::Orders => ("可导入订单", "Orders to import"),
        Text::Lines => ("商品行", "Lines"),
        Text::Rows => ("文件行数", "Rows in the file"),
        Text::Accepted => ("已接单", "Accepted"),
        Text::Duplicates => ("以前已导入", "Known before"),
        Text::Cancelled => ("已取消", "Cancelled"),
        Text::Changed => {
            ("内容与首次不同（以首次为准）", "Came again with another content (the first stands)")
        }
        Text::NothingGood => ("没有可导入的订单", "There is no order to import"),
        Text::MappingTitle => ("这个文件的表头还不认识", "The headings of this file are not known yet"),
        Text::MappingWhy => (
            "请为每一项选择对应的表头；保存后，同一来源的文件可直接导入。",
            "Choose the heading for each item; once saved, files of this source import by themselves.",
        ),
        Text::MappingName => ("来源名称", "Name of the source"),
        Text::Channel => ("渠道代码（a-z 0-9 _）", "Channel code (a-z 0-9 _)"),
        Text::NotInFile => ("— 文件里没有 —", "— not in the file —"),
        Text::StateWords => ("状态列里的用词", "Words of the state column"),
        Text::SaveMapping => ("保存并预览", "Save and preview"),
        Text::And => ("另有", "and"),
        Text::More => ("条未列出", "more"),
    }
}

/// Text that may stand in HTML, attributes included.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A whole page around its body.
pub fn page(lang: Lang, body: &str) -> String {
    let title = lang.text(Text::Title);
    let html_lang = lang.pick("zh-CN", "en");
    let (other, other_code) = (lang.pick("English", "中文"), lang.pick("en", "zh"));
    format!(
        "<!doctype html><html lang=\"{html_lang}\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · 粮仓</title>\
        <link rel=\"stylesheet\" href=\"/console/style.css\"></head><body><header><h1>{title}</h1>\
        <a href=\"/console/import?lang={other_code}\">{other}</a></header><main>{body}</main></body></html>"
    )
}

/// What is wrong, where it is seen first.
pub fn fault(why: &str) -> String {
    format!("<p class=\"fault\" role=\"alert\">{}</p>", escape(why))
}

/// The sign-in form.
pub fn sign_in(lang: Lang, why: Option<&str>) -> String {
    let why = why.map(fault).unwrap_or_default();
    format!(
        "{why}<form method=\"post\" action=\"/console/sign-in?lang={}\"><p>{}</p>\
        <label>{}<input type=\"password\" name=\"token\" autocomplete=\"off\" required autofocus></label>\
        <button>{}</button></form>",
        lang.code(),
        lang.text(Text::SignInWhy),
        lang.text(Text::Token),
        lang.text(Text::SignIn)
    )
}

/// A refusal as a page: with the sign-in form where that would help.
pub fn refused(lang: Lang, refusal: &Refusal) -> String {
    if refusal.status() == axum::http::StatusCode::UNAUTHORIZED {
        return sign_in(lang, Some(refusal.message()));
    }
    format!("{}{}", fault(refusal.message()), another(lang))
}

/// The way back to the beginning.
pub fn another(lang: Lang) -> String {
    format!("<p><a href=\"/console/import?lang={}\">{}</a></p>", lang.code(), lang.text(Text::Other))
}

/// The form that takes a file.
pub fn choose(lang: Lang, mappings: &[String]) -> String {
    let mut options = format!("<option value=\"\">{}</option>", lang.text(Text::Douyin));
    for name in mappings {
        let name = escape(name);
        let _ = write!(options, "<option value=\"{name}\">{name}</option>");
    }
    let code = lang.code();
    format!(
        "<form method=\"post\" enctype=\"multipart/form-data\" action=\"/console/import/preview?lang={code}\">\
        <label>{}<input type=\"file\" name=\"file\" accept=\".csv,.xlsx,.xls,.txt\" required>\
        <small>{}</small></label><label>{}<select name=\"mapping\">{options}</select></label>\
        <button>{}</button></form>\
        <form class=\"quiet\" method=\"post\" action=\"/console/sign-out?lang={code}\"><button>{}</button></form>",
        lang.text(Text::ChooseFile),
        lang.text(Text::ChooseWhy),
        lang.text(Text::Source),
        lang.text(Text::Preview),
        lang.text(Text::SignOut)
    )
}

/// Figures side by side.
pub fn figures(figures: &[(&str, usize)]) -> String {
    let mut cells = String::new();
    for (name, value) in figures {
        let _ = write!(cells, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    format!("<dl class=\"figures\">{cells}</dl>")
}

/// Rows a table shows; a file of a hundred thousand bad rows must not make a page of ten megabytes.
const SHOWN: usize = 500;

/// A table under its title, or nothing where there are no rows. Cells are escaped here.
pub fn table(lang: Lang, title: Text, headings: &[Text], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("<section><h2>{} <b>{}</b></h2><table><thead><tr>", lang.text(title), rows.len());
    for heading in headings {
        let _ = write!(text, "<th>{}</th>", lang.text(*heading));
    }
    text.push_str("</tr></thead><tbody>");
    for row in rows.iter().take(SHOWN) {
        text.push_str("<tr>");
        for cell in row {
            let _ = write!(text, "<td>{}</td>", escape(cell));
        }
        text.push_str("</tr>");
    }
    text.push_str("</tbody></table>");
    if let Some(rest) = rows.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
        let _ = write!(text, "<p>{} {rest} {}</p>", lang.text(Text::And), lang.text(Text::More));
    }
    text.push_str("</section>");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_becomes_markup() {
        let rows = vec![vec!["<script>alert('1')</script>".to_owned()]];
        let text = table(Lang::Zh, Text::Refused, &[Text::Row], rows);
        assert!(text.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"), "{text}");
        assert!(!text.contains("<script"), "{text}");
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let rows = vec![vec!["x".to_owned()]; SHOWN + 7];
        let text = table(Lang::En, Text::Refused, &[Text::Row], rows);
        assert_eq!(text.matches("<td>").count(), SHOWN);
        assert!(text.contains("and 7 more"), "{text}");
    }
}
