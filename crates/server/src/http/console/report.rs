//! What a file would bring, and what it has brought.

use super::page::{Lang, Text, another, escape, fault, figures, table};
use crate::order_files::{FileFault, Preview, Skip, Wait};
use crate::order_import::Taken;

/// A file that cannot be read as a whole.
pub fn unreadable(lang: Lang, why: &FileFault) -> String {
    format!("{}{}", fault(&lang.pick(&why.zh(), &why.en())), another(lang))
}

/// The preview, with the button that imports it.
pub fn preview(lang: Lang, preview: &Preview, upload: &str, mapping: &str, channel: &str) -> String {
    let summary = preview.summary();
    let head = figures(&[
        (lang.text(Text::Orders), summary.orders),
        (lang.text(Text::Lines), summary.lines),
        (lang.text(Text::Rows), summary.rows),
    ]);
    let good = summary.orders + summary.waiting.len() > 0;
    let act = if good {
        format!(
            "<form method=\"post\" action=\"/console/import/run?lang={}\"><input type=\"hidden\" name=\"upload\" \
            value=\"{upload}\"><input type=\"hidden\" name=\"mapping\" value=\"{}\"><button>{}</button></form>",
            lang.code(),
            escape(mapping),
            lang.text(Text::Import)
        )
    } else {
        fault(lang.text(Text::NothingGood))
    };
    format!(
        "<p>{}: {}</p>{head}{act}{}{}{}",
        lang.text(Text::Source),
        escape(channel),
        rows(lang, preview),
        columns(lang, preview),
        another(lang)
    )
}

fn columns(lang: Lang, preview: &Preview) -> String {
    let taken =
        preview.columns.iter().map(|it| vec![it.heading.clone(), it.column.heading().to_owned()]).collect();
    let unused = preview.unused_headings.iter().map(|heading| vec![heading.clone()]).collect();
    let taken = table(lang, Text::TakenFor, &[Text::Heading, Text::TakenFor], taken);
    format!("{taken}{}", table(lang, Text::Unused, &[Text::Heading], unused))
}

/// Everything that does not go in as it is, row by row.
fn rows(lang: Lang, preview: &Preview) -> String {
    let refused = preview.refused.iter().map(|it| {
        let column = it.column.map_or("", |column| column.heading());
        let order = it.order_no.clone().unwrap_or_default();
        vec![it.row.to_string(), order, column.to_owned(), lang.pick(&it.reason.zh(), &it.reason.en())]
    });
    let headings = [Text::Row, Text::Order, Text::Column, Text::Reason];
    let refused = table(lang, Text::Refused, &headings, refused.collect());
    let waiting = preview
        .waiting
        .iter()
        .map(|it| vec![it.row.to_string(), it.order.order_no.clone(), wait_words(lang, &it.wait)]);
    let waiting = table(lang, Text::Waiting, &[Text::Row, Text::Order, Text::Reason], waiting.collect());
    let skipped = preview
        .skipped
        .iter()
        .map(|it| vec![it.row.to_string(), it.order_no.clone(), skip_words(lang, it.why)]);
    let skipped = table(lang, Text::LeftOut, &[Text::Row, Text::Order, Text::Reason], skipped.collect());
    format!("{refused}{waiting}{skipped}")
}

fn wait_words(lang: Lang, wait: &Wait) -> String {
    match wait {
        Wait::Receiver { .. } => lang.pick(
            "收件人是密文或打码的，等平台消息",
            "the receiver is masked or encrypted: waits for the platform's message",
        ),
        Wait::AfterSaleOpen { state } => {
            format!("{}: {state}", lang.pick("售后处理中", "an after-sale case is open"))
        }
    }
}

fn skip_words(lang: Lang, why: Skip) -> String {
    match why {
        Skip::Unpaid => lang.pick("未支付", "not paid"),
        Skip::Shipped => lang.pick("已发货", "shipped already"),
        Skip::Done => lang.pick("已完成", "done already"),
        Skip::Closed => lang.pick("已关闭", "closed"),
        Skip::Refunded => lang.pick("已退款", "refunded"),
        Skip::Repeated => lang.pick("重复行", "the same line again"),
    }
}

/// What the import did.
pub fn taken(lang: Lang, preview: &Preview, taken: &Taken) -> String {
    let head = figures(&[
        (lang.text(Text::Accepted), taken.accepted),
        (lang.text(Text::Waiting), taken.waiting),
        (lang.text(Text::Duplicates), taken.duplicates),
        (lang.text(Text::Refused), taken.refused.len() + preview.refused.len()),
        (lang.text(Text::Cancelled), taken.cancelled),
    ]);
    let refused =
        taken.refused.iter().map(|(no, why)| vec![no.clone(), lang.pick(&why.zh(), &why.en())]).collect();
    let refused = table(lang, Text::Refused, &[Text::Order, Text::Reason], refused);
    let changed = taken.changed.iter().map(|no| vec![no.clone()]).collect();
    let changed = table(lang, Text::Changed, &[Text::Order], changed);
    format!("{head}{refused}{changed}{}{}", rows(lang, preview), another(lang))
}
