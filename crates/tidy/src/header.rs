//! Every Rust file opens by saying what it is; whether it says so well is left to the reader.

use crate::Fault;
use crate::tree::SourceFile;

/// Finds Rust files that do not begin with `//!` and a sentence.
pub fn check(files: &[SourceFile]) -> Vec<Fault> {
    files
        .iter()
        .filter(|file| file.ending() == "rs" && !opens_with_a_sentence(&file.text))
        .map(|file| {
            Fault::at(&file.path, 1, "must open with `//!` and a sentence: what it is, what it leaves out")
        })
        .collect()
}

fn opens_with_a_sentence(text: &str) -> bool {
    let words = text.lines().next().and_then(|line| line.strip_prefix("//! "));
    words.is_some_and(|words| words.split_whitespace().count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_header_is_named() {
        let files = [
            SourceFile::new("crates/a/src/lib.rs", "//! The rules of the business.\nfn a() {}\n"),
            SourceFile::new("crates/a/src/b.rs", "use std::fmt;\n"),
            SourceFile::new("crates/a/src/c.rs", "//! C.\n"),
            SourceFile::new("crates/a/src/d.rs", ""),
            SourceFile::new("crates/a/src/e.rs", "// The rules of the business.\n"),
            SourceFile::new("ui/x.ts", "const a = 1;\n"),
        ];
        let places: Vec<String> = check(&files).into_iter().map(|fault| fault.place).collect();
        assert_eq!(places, ["b", "c", "d", "e"].map(|name| format!("crates/a/src/{name}.rs:1")));
    }
}
