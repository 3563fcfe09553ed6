//! How words are pronounced that the voice gets wrong: a small text that the user edits.
//!
//! One word a line, then blanks, then its numbered pinyin: `重复 chong2 fu4`. Lines that begin with `#` are
//! remarks. Reading the file is left to the caller.

/// Words and their pinyin, the longest word first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    entries: Vec<(String, String)>,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the lexicon is not a word and its pinyin with tone numbers, such as 重复 chong2 fu4")]
pub struct LexiconFault {
    /// Counted from one.
    pub line: usize,
}

impl Lexicon {
    /// Reads the text of a lexicon.
    ///
    /// # Errors
    /// The first line that is not a word with its pinyin.
    pub fn parse(text: &str) -> Result<Self, LexiconFault> {
        let mut entries = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault = LexiconFault { line: index + 1 };
            let (word, pinyin) = line.split_once(char::is_whitespace).ok_or(fault.clone())?;
            let pinyin = pinyin.split_whitespace().collect::<Vec<_>>();
            if !pinyin.iter().all(|syllable| is_syllable(syllable)) {
                return Err(fault);
            }
            entries.push((word.to_owned(), pinyin.join(" ")));
        }
        entries.sort_by(|(left, _), (right, _)| right.len().cmp(&left.len()).then(left.cmp(right)));
        Ok(Self { entries })
    }

    /// The longest word that the text begins with, and its pinyin.
    pub(super) fn prefix_of(&self, text: &str) -> Option<(&str, &str)> {
        let entry = self.entries.iter().find(|(word, _)| text.starts_with(word.as_str()));
        entry.map(|(word, pinyin)| (word.as_str(), pinyin.as_str()))
    }
}

/// Letters, then a tone from 1 to 5.
fn is_syllable(syllable: &str) -> bool {
    let Some(tone) = syllable.chars().last() else { return false };
    let letters = &syllable[..syllable.len() - tone.len_utf8()];
    ('1'..='5').contains(&tone)
        && !letters.is_empty()
        && letters.chars().all(|letter| letter.is_ascii_lowercase() || letter == 'ü')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn the_longest_word_wins_and_remarks_are_skipped() {
        let lexicon = Lexicon::parse("# heteronyms\n行 xing2\n\n第三行  di4 san1 hang2\n").unwrap();
        assert_eq!(lexicon.prefix_of("第三行左边"), Some(("第三行", "di4 san1 hang2")));
        assert_eq!(lexicon.prefix_of("行走"), Some(("行", "xing2")));
        assert_eq!(lexicon.prefix_of("走"), None);
    }

    #[test]
    fn a_line_that_is_no_entry_is_named() {
        for (text, line) in [("重复", 1), ("# x\n重复 chongfu", 2), ("重复 chong2 fu9", 1), ("重复 3", 1)]
        {
            assert_eq!(Lexicon::parse(text), Err(LexiconFault { line }), "{text}");
        }
    }
}
