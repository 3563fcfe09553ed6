//! From a text to its reading: find where the regions begin, follow them, and judge the rest.
//!
//! What can be wrong with the regions is `doubt`'s, with the rest of the address `detail`'s.

use super::chain::Chain;
use super::glyph::{Glyph, WALL, append, blank, is_han};
use super::table::{At, Level, Regions};
use super::{Reading, Reason, detail};

/// Longer texts are refused before they are looked at: no address is as long, and a stranger's may be any length.
pub(super) const BYTES_MAX: usize = 4_096;

/// The regions of an address.
pub(super) struct Head {
    /// Where they begin.
    pub(super) start: usize,
    pub(super) chain: Chain,
    /// The one region they lead to; with several, the first.
    pub(super) region: At,
    /// All that the words fit equally.
    pub(super) equals: Vec<At>,
}

impl Regions {
    /// Reads one free line: name and phone may stand before or after, names of regions may be short, repeated or
    /// left out.
    #[must_use]
    pub fn read<'a>(&self, text: &'a str) -> Reading<'a> {
        self.read_columns("", text)
    }

    /// Reads an address that comes in columns. Any may be empty, and the detail may name the regions again; where it
    /// contradicts the columns, the reading does.
    #[must_use]
    pub fn check<'a>(&self, province: &str, city: &str, district: &str, detail: &'a str) -> Reading<'a> {
        let columns = [province, city, district].join(" ");
        self.read_columns(&columns, detail)
    }

    fn read_columns<'a>(&self, columns: &str, detail: &'a str) -> Reading<'a> {
        if columns.len() + detail.len() > BYTES_MAX {
            return Reading::unread(Reason::TooLong { limit: BYTES_MAX });
        }
        let mut text = Vec::with_capacity((columns.len() + detail.len()) / 2 + 1);
        append(columns, &mut text);
        let seam = text.len() + 1;
        text.push(Glyph { char: ' ', at: 0, end: 0 });
        append(detail, &mut text);
        blank(&mut text);
        if text.iter().all(|glyph| glyph.is_gap()) {
            return Reading { rest: "", ..Reading::unread(Reason::Empty) };
        }
        let Some(head) = self.head(&text) else {
            let reason = self.region_like(&text, 0, None).unwrap_or(Reason::NoRegion);
            let rest = written(detail, &text[seam..]);
            return Reading { rest, ..Reading::unread(reason) };
        };
        let run = detail_run(&text, &head);
        let doubt = self.doubt(&text, &head);
        let reason = doubt.or_else(|| detail::fault(&text[run.0..run.1]));
        let rest = written(detail, &text[run.0.max(seam).min(run.1.max(seam))..run.1.max(seam)]);
        let [province, city, district] = self.certain(&head);
        let code = if head.equals.len() == 1 { self.row(head.region).code } else { 0 };
        Reading { province, city, district, code, rest, reason }
    }

    /// What all equals have in one: 江苏省鼓楼区 is in Jiangsu and a 鼓楼区, of whichever city.
    fn certain(&self, head: &Head) -> [&'static str; 3] {
        let mut path = self.path(head.region);
        for other in &head.equals[1..] {
            for (ours, theirs) in path.iter_mut().zip(self.path(*other)) {
                if *ours != theirs {
                    *ours = "";
                }
            }
        }
        path
    }

    /// Finds where the regions begin: first where a part of the text begins, then behind a name written without a
    /// gap; a single short name only if nothing better comes.
    fn head(&self, text: &[Glyph]) -> Option<Head> {
        let begins = |at: usize| (at == 0 || text[at - 1].is_gap()) && !text[at].is_gap();
        let mut unsure = None;
        for at in (0..text.len()).filter(|at| begins(*at)) {
            let chain = self.chain(text, at, None);
            if chain.is_sure() {
                return self.head_of(at, chain);
            }
            if chain.mentions > 0 && unsure.is_none() {
                unsure = Some((at, chain));
            }
        }
        for at in (0..text.len()).filter(|at| !begins(*at) && !text[*at].is_gap()) {
            let chain = self.chain(text, at, None);
            if chain.is_sure()
                && let Some(head) = self.head_of(at, chain)
            {
                let is_wide = self.row(head.region).level < Level::District;
                if is_wide || chain.mentions >= 2 || at < 6 {
                    return Some(head);
                }
            }
        }
        unsure.and_then(|(at, chain)| self.head_of(at, chain))
    }

    fn head_of(&self, start: usize, chain: Chain) -> Option<Head> {
        let equals = chain.leads_to(self).all().to_vec();
        equals.first().map(|region| Head { start, chain, region: *region, equals: equals.clone() })
    }
}

/// Street, house and door: after the regions; else before them, as in 文一西路969号 杭州市.
fn detail_run(text: &[Glyph], head: &Head) -> (usize, usize) {
    let mut first = None;
    let mut start = head.chain.end;
    while start < text.len() {
        let length = text[start..].iter().take_while(|glyph| glyph.char != WALL).count();
        let run = trimmed(text, start, start + length, start + length < text.len());
        if run.0 < run.1 {
            if detail::is_street(&text[run.0..run.1]) {
                return run;
            }
            first = first.or(Some(run));
        }
        start += length + 1;
    }
    let before = trimmed(text, 0, head.start, false);
    if first.is_none() && detail::is_street(&text[before.0..before.1]) {
        return before;
    }
    first.unwrap_or((head.chain.end, head.chain.end))
}

/// Without gaps at its ends, and without the receiver's name that a phone follows.
fn trimmed(text: &[Glyph], start: usize, end: usize, phone_follows: bool) -> (usize, usize) {
    let run = &text[start..end];
    let ends = |run: &[Glyph]| run.len() - run.iter().rev().take_while(|glyph| is_edge(glyph)).count();
    let lead = run.iter().take_while(|glyph| is_edge(glyph)).count();
    let mut end = ends(run).max(lead);
    if phone_follows {
        let name = run[lead..end].iter().rev().take_while(|glyph| is_han(glyph.char)).count();
        let before = end - name;
        if (2..=4).contains(&name) && before > lead && run[before - 1].is_gap() {
            end = ends(&run[..before]).max(lead);
        }
    }
    (start + lead, start + end)
}

/// A gap that is no part of a door: closing brackets may be.
fn is_edge(glyph: &Glyph) -> bool {
    glyph.is_gap() && !matches!(glyph.char, '(' | ')' | '[' | ']')
}

/// The bytes behind characters that came from `detail`.
fn written<'a>(detail: &'a str, run: &[Glyph]) -> &'a str {
    let span = run.first().zip(run.last());
    let bytes = span.map(|(first, last)| first.at as usize..last.end as usize);
    bytes.and_then(|bytes| detail.get(bytes)).unwrap_or_default().trim()
}
