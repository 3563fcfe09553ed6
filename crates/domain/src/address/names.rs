//! Every name of every region, found by its first two characters; leaves out which of them an address means.

use super::glyph::Glyph;
use super::table::At;

/// How a region's name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// The full official form, 余杭区.
    Full,
    /// Without its class, 余杭.
    Short,
    /// A name that counts as full, but only after the city it is in: 高新区, 闸北区.
    Within,
}

/// One name of one region.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: Box<[char]>,
    pub(super) region: At,
    pub(super) form: Form,
}

/// All names, in buckets by their first two characters.
#[derive(Debug)]
pub(super) struct Names {
    names: Vec<Name>,
    /// Start and end in `names`; equal where no name begins so.
    buckets: Vec<(u16, u16)>,
}

/// More than twice the pairs of first characters there are, so that few share a bucket.
const BUCKETS: usize = 8_192;

/// The same on every machine: the table never comes from a stranger who could choose what collides.
fn bucket(first: char, second: char) -> usize {
    let mixed = (u64::from(first) << 21 | u64::from(second)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 51) as usize
}

impl Names {
    pub(super) fn new(of: Vec<(&'static str, At, Form)>) -> Self {
        let mut names: Vec<Name> = of
            .into_iter()
            .map(|(text, region, form)| Name { text: text.chars().collect(), region, form })
            .filter(|name| name.text.len() >= 2)
            .collect();
        // Within a bucket names of one text stand together.
        names.sort_by(|a, b| {
            let key = |name: &Name| bucket(name.text[0], name.text[1]);
            key(a).cmp(&key(b)).then_with(|| a.text.cmp(&b.text)).then(a.region.cmp(&b.region))
        });
        let mut buckets = vec![(0, 0); BUCKETS];
        for (at, name) in (0_u16..).zip(&names) {
            let slot = &mut buckets[bucket(name.text[0], name.text[1])];
            *slot = if slot.0 == slot.1 { (at, at + 1) } else { (slot.0, at + 1) };
        }
        Self { names, buckets }
    }

    /// Names with which the text goes on at a place.
    pub(super) fn at<'a>(&'a self, text: &'a [Glyph], place: usize) -> impl Iterator<Item = &'a Name> {
        let (start, end) = match text.get(place..place + 2) {
            Some([first, second]) => self.buckets[bucket(first.char, second.char)],
            _ => (0, 0),
        };
        let rest = text.get(place..).unwrap_or_default();
        self.names[usize::from(start)..usize::from(end)].iter().filter(move |name| {
            rest.len() >= name.text.len()
                && name.text.iter().zip(rest).all(|(char, glyph)| *char == glyph.char)
        })
    }
}
