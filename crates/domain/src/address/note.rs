//! Words to the courier, which are no part of a place; leaves out what to do without them.

use super::glyph::Glyph;
use super::spelling::goes_on;

/// How many characters of a note's opening stand at `at`, or none.
pub(super) fn opens(text: &[Glyph], at: usize) -> Option<usize> {
    let words: &[&str] = match text.get(at)?.char {
        '放' => &[
            "放门",
            "放驿站",
            "放快递",
            "放丰巢",
            "放前台",
            "放物业",
            "放保安",
            "放楼下",
            "放柜",
            "放菜鸟",
            "放家",
        ],
        '到' => &["到了", "到付", "到货"],
        '打' => &["打电话", "打我电话"],
        '电' => &["电联", "电话联系"],
        '送' => &["送货上门", "送上门", "送到", "送门口"],
        '请' => &["请"],
        '麻' => &["麻烦"],
        '谢' => &["谢谢"],
        '不' => &["不要", "不在", "不接"],
        '勿' => &["勿"],
        '务' => &["务必"],
        '尽' => &["尽快", "尽早"],
        '易' => &["易碎"],
        '轻' => &["轻拿轻放", "轻放"],
        '代' => &["代收"],
        '自' => &["自提", "自取"],
        '周' => &["周末送", "周末在", "周末再"],
        '工' => &["工作日送"],
        '提' => &["提前联系", "提前打", "提前电"],
        '联' => &["联系我", "联系收"],
        _ => &[],
    };
    words.iter().find(|word| goes_on(text, at, word)).map(|word| word.chars().count())
}
