//! Reads the texts of the repository that the rules look at.
//! Leaves out what is built, downloaded or measured, the lock files, and everything that is not text.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that are never ours, wherever they stand.
const FOREIGN: &[&str] = &[".git", "target", "node_modules", "dist", "gen", "var", "test-results"];
/// Written by package tools, and large.
const LOCKS: &[&str] = &["Cargo.lock", "package-lock.json"];
/// What people write; the empty ending is `Makefile` and `.ci/run`.
const ENDINGS: &[&str] = &[
    "", "rs", "ts", "vue", "js", "mjs", "css", "html", "sql", "sh", "py", "toml", "json", "md", "yml", "yaml",
];

/// One text of the repository.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path from the root, with `/` on every system.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl SourceFile {
    /// A file that need not exist, as the rules' own tests use it.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The ending after the last dot of the file's name, or nothing.
    pub fn ending(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, ending)| ending)
    }

    /// Whether ts-rs wrote it: its content follows from Rust, so rules of style do not apply.
    pub fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }

    /// Whether it holds only tests.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.ends_with(".test.ts")
    }
}

/// Every text under `root`, sorted by path.
pub fn read(root: &Path) -> Result<Vec<SourceFile>> {
    let mut found = Vec::new();
    collect(root, "", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<SourceFile>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !FOREIGN.contains(&name.as_str()) {
                collect(&entry.path(), &format!("{path}/"), found)?;
            }
        } else if kind.is_file() && !LOCKS.contains(&name.as_str()) {
            let mut file = SourceFile { path, text: String::new() };
            if !ENDINGS.contains(&file.ending()) {
                continue;
            }
            // Files come and go while others build; one that is gone or is not text has no rules to break.
            if let Ok(text) = fs::read_to_string(entry.path()) {
                file.text = text;
                found.push(file);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn built_and_downloaded_folders_are_not_read() {
        let root = tempfile::tempdir().unwrap();
        for path in
            ["src/a.rs", "target/b.rs", "ui/node_modules/c.ts", "ui/dist/d.js", ".ci/run", "photo.png"]
        {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let paths: Vec<String> = read(root.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, [".ci/run", "src/a.rs"]);
    }

    #[test]
    fn the_ending_is_what_follows_the_last_dot() {
        assert_eq!(SourceFile::new("a/b.test.ts", "").ending(), "ts");
        assert_eq!(SourceFile::new("a.b/Makefile", "").ending(), "");
        assert_eq!(SourceFile::new(".gitignore", "").ending(), "");
    }
}
