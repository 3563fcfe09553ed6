//! Papers do not lie: every path of the repository that a paper names exists.
//!
//! It looks at words in backticks and at links. Decisions and the change log tell of their own day and are left
//! out; so are fenced blocks, which show commands and output.

use std::path::Path;

use crate::Fault;
use crate::tree::SourceFile;

/// What appears by building or running; a paper may name it before it is there.
const MADE: &[&str] = &["target", "var", "gen", "node_modules", "dist"];
/// Papers that are true of their day.
const DATED: &[&str] = &["docs/decisions/", "CHANGELOG.md"];

/// Finds names of files and folders that `exists` does not know; it is asked with paths from the root.
pub fn check(files: &[SourceFile], exists: impl Fn(&Path) -> bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    let papers = files.iter().filter(|file| file.ending() == "md");
    for paper in papers.filter(|paper| !DATED.iter().any(|dated| paper.path.starts_with(dated))) {
        let folder = Path::new(&paper.path).parent().unwrap_or(Path::new(""));
        let mut fenced = false;
        for (index, line) in paper.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            let named =
                quoted(line).filter(|word| exists_at_root(word, &exists)).map(|word| (word, Path::new("")));
            let linked = links(line).map(|word| (word, folder));
            for (word, base) in named.chain(linked) {
                if !found(word, base, &exists) {
                    let what = format!("names `{word}`, which does not exist; correct the paper");
                    faults.push(Fault::at(&paper.path, index + 1, what));
                }
            }
        }
    }
    faults
}

/// Words in backticks that have the look of a path with a folder in it.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|word| {
        word.contains('/')
            && !word.contains("://")
            && !word.contains(char::is_whitespace)
            && !word.starts_with('/')
    })
}

/// A word is meant as a path of ours if its first part is something at the root.
fn exists_at_root(word: &str, exists: &impl Fn(&Path) -> bool) -> bool {
    word.split('/').next().is_some_and(|first| !MADE.contains(&first) && exists(Path::new(first)))
}

/// Targets of Markdown links that stay inside the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).filter(
        |target| {
            !target.contains("://")
                && !target.starts_with('#')
                && !target.starts_with("mailto:")
                && !target.is_empty()
        },
    )
}

fn found(word: &str, base: &Path, exists: &impl Fn(&Path) -> bool) -> bool {
    let word = word.split(['#', ':']).next().unwrap_or(word);
    if word.split('/').any(|part| MADE.contains(&part)) {
        return true;
    }
    // A pattern stands for many files: the folder before it must exist.
    let fixed: Vec<&str> = word
        .trim_end_matches('/')
        .split('/')
        .take_while(|part| !part.contains(['*', '<', '…', '{']))
        .collect();
    exists(&normal(&base.join(fixed.join("/"))))
}

/// The path without `.` and `..`, which the file system would refuse behind a folder that is not there.
fn normal(path: &Path) -> std::path::PathBuf {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().filter_map(|part| part.to_str()) {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(path: &str, text: &str) -> Vec<String> {
        let there =
            ["", "crates", "crates/domain", "crates/domain/src/hold.rs", "docs", "docs/STYLE.md", "LICENSE"];
        let exists = |path: &Path| there.iter().any(|known| Path::new(known) == path);
        check(&[SourceFile::new(path, text)], exists).into_iter().map(|fault| fault.place).collect()
    }

    #[test]
    fn a_path_that_is_gone_is_named_with_its_line() {
        let text = "Holds: `crates/domain/src/hold.rs`.\nPools: `crates/domain/src/pool.rs`.\n";
        assert_eq!(places("docs/a.md", text), ["docs/a.md:2"]);
    }

    #[test]
    fn words_that_only_look_like_paths_are_left_alone() {
        assert_eq!(
            places("README.md", "`picked/packed`, `application/json`, `/api/call`, `a b/c`\n"),
            [""; 0]
        );
    }

    #[test]
    fn patterns_items_lines_and_made_folders_are_understood() {
        let text = "`crates/domain/src/hold.rs:12` `crates/domain/*.rs` `crates/domain/target/x` `docs/`\n";
        assert_eq!(places("README.md", text), [""; 0]);
        assert_eq!(places("README.md", "`crates/planner/*.rs`\n"), ["README.md:1"]);
    }

    #[test]
    fn links_are_read_from_the_paper_s_own_folder() {
        assert_eq!(
            places("docs/a.md", "[style](STYLE.md#names) [licence](../LICENSE) [web](https://x.y)\n"),
            [""; 0]
        );
        assert_eq!(places("docs/a.md", "[style](docs/STYLE.md)\n"), ["docs/a.md:1"]);
    }

    #[test]
    fn decisions_and_fenced_blocks_may_name_what_is_gone() {
        assert_eq!(places("docs/decisions/0001-x.md", "`crates/old/src/lib.rs`\n"), [""; 0]);
        assert_eq!(places("README.md", "```\n`crates/old/x.rs`\n```\n"), [""; 0]);
    }
}
