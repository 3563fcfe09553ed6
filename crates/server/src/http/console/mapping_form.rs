//! The form that asks which heading means what, and the mapping file it becomes.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use super::page::{Lang, Text, another, escape};
use crate::order_files::headings::{Column, Headings};
use crate::order_files::{FileFault, Source};

/// Columns a mapping may name, whether a parcel needs them, and their names in English; the Chinese ones are the
/// headings of a Douyin export.
const COLUMNS: [(Column, bool, &str); 19] = [
    (Column::OrderNo, true, "Order number"),
    (Column::MerchantCode, false, "Merchant code (or in brackets behind the title)"),
    (Column::Qty, true, "Quantity"),
    (Column::Name, true, "Receiver"),
    (Column::Phone, true, "Phone"),
    (Column::Province, true, "Province"),
    (Column::City, true, "City"),
    (Column::District, false, "District"),
    (Column::Street, false, "Street or town"),
    (Column::Detail, true, "House and door"),
    (Column::SubOrderNo, false, "Number of the line"),
    (Column::Title, false, "Title"),
    (Column::Spec, false, "Variant"),
    (Column::Paid, false, "Paid"),
    (Column::PaidAt, false, "Paid at"),
    (Column::ShipBy, false, "To be shipped by"),
    (Column::BuyerNote, false, "Buyer's words"),
    (Column::SellerNote, false, "Shop's words"),
    (Column::State, false, "State"),
];

/// Words a state column may use: the state, and its Chinese name as the label.
const STATES: [(&str, &str); 5] = [
    ("paid", "待发货"),
    ("unpaid", "待支付"),
    ("shipped", "已发货"),
    ("done", "已完成"),
    ("closed", "已关闭"),
];

/// The filled-in form: `col_<column>` holds a heading, `state_<state>` the source's word for a state.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct MappingForm(BTreeMap<String, String>);

/// A source of which no heading is known, to learn which a file has.
pub fn nothing_known() -> Source {
    Source {
        channel: String::new(),
        headings: Headings::mapped([(Column::OrderNo, "\u{0}".to_owned())]),
        states: BTreeMap::new(),
    }
}

fn key(column: Column) -> String {
    let word = serde_json::to_value(column).ok();
    word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned()
}

impl MappingForm {
    fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The file it is about.
    pub fn upload(&self) -> &str {
        self.field("upload")
    }

    /// The name it is stored under.
    pub fn name(&self) -> &str {
        self.field("name")
    }

    /// The mapping file.
    pub fn toml(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut text = format!("channel = {}\n[columns]\n", quoted(self.field("channel")));
        for (column, ..) in COLUMNS {
            let heading = self.field(&format!("col_{}", key(column)));
            if !heading.is_empty() {
                let _ = writeln!(text, "{} = {}", key(column), quoted(heading));
            }
        }
        text.push_str("[states]\n");
        for (state, _) in STATES {
            let word = self.field(&format!("state_{state}"));
            if !word.is_empty() {
                let _ = writeln!(text, "{} = {}", quoted(word), quoted(state));
            }
        }
        text
    }

    /// Whether it can be stored.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(&self) -> Result<(), String> {
        if self.name().is_empty() || self.name().len() > 64 {
            return Err("the source needs a name of at most 64 bytes / 请填写来源名称".to_owned());
        }
        Source::from_mapping(&self.toml()).map(|_| ()).map_err(|fault| fault.to_string())
    }
}

/// The form, with the headings of the file to choose from.
pub fn draw(lang: Lang, fault: &FileFault, upload: &str, filled: &MappingForm) -> String {
    let FileFault::Columns { found, .. } = fault else { return String::new() };
    let mut text = format!(
        "<h2>{}</h2><p>{}</p><p class=\"quiet\">{}</p><form class=\"grid\" method=\"post\" \
        action=\"/console/import/mapping?lang={}\"><input type=\"hidden\" name=\"upload\" value=\"{upload}\">",
        lang.text(Text::MappingTitle),
        lang.text(Text::MappingWhy),
        escape(&lang.pick(&fault.zh(), &fault.en())),
        lang.code()
    );
    for (name, label) in [("name", Text::MappingName), ("channel", Text::Channel)] {
        let value = escape(filled.field(name));
        let _ = write!(
            text,
            "<label>{}<input name=\"{name}\" value=\"{value}\" required></label>",
            lang.text(label)
        );
    }
    for (column, needed, en) in COLUMNS {
        let label = format!("{}{}", lang.pick(column.heading(), en), if needed { " *" } else { "" });
        text.push_str(&select(lang, &label, (column, needed), found, filled));
    }
    let _ = write!(text, "<h3>{}</h3>", lang.text(Text::StateWords));
    for (state, label) in STATES {
        let name = format!("state_{state}");
        let value = escape(filled.field(&name));
        let _ = write!(text, "<label>{label} · {state}<input name=\"{name}\" value=\"{value}\"></label>");
    }
    let _ = write!(text, "<button>{}</button></form>{}", lang.text(Text::SaveMapping), another(lang));
    text
}

fn select(
    lang: Lang,
    label: &str,
    (column, needed): (Column, bool),
    found: &[String],
    filled: &MappingForm,
) -> String {
    let name = format!("col_{}", key(column));
    // A heading that is ours already is chosen beforehand.
    let chosen = if filled.0.is_empty() { column.heading() } else { filled.field(&name) };
    let mut options = format!("<option value=\"\">{}</option>", lang.text(Text::NotInFile));
    for heading in found {
        let mark = if heading == chosen { " selected" } else { "" };
        let heading = escape(heading);
        let _ = write!(options, "<option value=\"{heading}\"{mark}>{heading}</option>");
    }
    let required = if needed { " required" } else { "" };
    format!("<label>{label}<select name=\"{name}\"{required}>{options}</select></label>")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> MappingForm {
        MappingForm(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    const GOOD: [(&str, &str); 11] = [
        ("name", "别家店"),
        ("channel", "other_shop"),
        ("col_order_no", "订单\"号"),
        ("col_merchant_code", "货号"),
        ("col_qty", "数量"),
        ("col_name", "姓名"),
        ("col_phone", "电话"),
        ("col_province", "省份"),
        ("col_city", "城市"),
        ("col_detail", "地址"),
        ("col_street", ""),
    ];

    #[test]
    fn a_filled_in_form_becomes_a_mapping_file_whatever_signs_headings_have() {
        let form = form(&GOOD);
        form.checked().unwrap();
        let source = Source::from_mapping(&form.toml()).unwrap();
        assert_eq!(source.channel, "other_shop");
        let found = ["订单\"号", "货号", "数量", "姓名", "电话", "省份", "城市", "地址"].map(str::to_owned);
        assert_eq!(source.headings.find(&found).unwrap().columns.len(), 8);
    }

    #[test]
    fn a_form_without_what_a_parcel_needs_says_what_is_missing() {
        let form = form(&GOOD[..6]);
        assert!(form.checked().unwrap_err().contains("收件人手机号"));
    }

    #[test]
    fn the_form_offers_exactly_the_headings_of_the_file() {
        let found = vec!["<订单>".to_owned(), "省".to_owned()];
        let fault = FileFault::Columns { missing: vec![], twice: vec![], found };
        let text = draw(Lang::Zh, &fault, "id", &MappingForm::default());
        assert!(text.contains("<option value=\"&lt;订单&gt;\">"), "{text}");
        assert!(text.contains("<option value=\"省\" selected>"), "{text}");
    }
}
