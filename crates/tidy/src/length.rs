//! Files and functions stay short. What is too long already is listed in `crates/tidy/ratchet.toml` with its
//! length, may not grow, and is struck off when it has become short. SQL, styles and papers have no limit.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Fault;
use crate::outline;
use crate::tree::SourceFile;

/// Where the list of old sins stands.
pub const RATCHET: &str = "crates/tidy/ratchet.toml";
/// Lines of a Rust or TypeScript file that nobody may pass, tests apart.
const FILE_NEVER: usize = 800;
/// Lines of a Rust or TypeScript file above which it must be on the list, tests apart.
const FILE_LISTED: usize = 400;
/// Lines of a Vue component.
const COMPONENT: usize = 300;
/// Lines of a function, signature and closing brace included.
const FUNCTION: usize = 70;

/// The list: a path, or `path::function`, and the lines it had when it was put there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratchet {
    /// Files over the limit.
    #[serde(default)]
    files: BTreeMap<String, usize>,
    /// Functions over the limit.
    #[serde(default)]
    functions: BTreeMap<String, usize>,
}

impl Ratchet {
    /// Reads the list from the text of its file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// Finds what is too long and not listed, what grew, and what should be struck off.
pub fn check(files: &[SourceFile], ratchet: &Ratchet) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut long_files = BTreeMap::new();
    let mut long_functions: BTreeMap<String, usize> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.is_generated()) {
        if let Some((length, limit)) = file_length(file) {
            if length > FILE_NEVER {
                let what =
                    format!("has {length} lines, and no file may pass {FILE_NEVER}; cut it by noun or verb");
                faults.push(Fault::new(&file.path, what));
            } else if length > limit {
                long_files.insert(file.path.clone(), length);
            }
        }
        if file.ending() == "rs" {
            for function in outline::functions(&file.text).into_iter().filter(|f| f.length > FUNCTION) {
                let key = format!("{}::{}", file.path, function.name);
                let longest = long_functions.entry(key).or_default();
                *longest = function.length.max(*longest);
            }
        }
    }
    compare(&long_files, &ratchet.files, &mut faults);
    compare(&long_functions, &ratchet.functions, &mut faults);
    faults
}

/// The length of a file and the limit for its kind; nothing for kinds without one.
fn file_length(file: &SourceFile) -> Option<(usize, usize)> {
    match file.ending() {
        "rs" if file.is_test() => Some((file.text.lines().count(), FILE_NEVER)),
        "rs" => Some((outline::lines_without_tests(&file.text), FILE_LISTED)),
        "ts" | "js" | "mjs" => Some((file.text.lines().count(), FILE_LISTED)),
        "vue" => Some((file.text.lines().count(), COMPONENT)),
        _ => None,
    }
}

fn compare(long: &BTreeMap<String, usize>, listed: &BTreeMap<String, usize>, faults: &mut Vec<Fault>) {
    for (name, length) in long {
        match listed.get(name) {
            None => faults.push(Fault::new(name, format!("is too long with {length} lines; cut it"))),
            Some(old) if length > old => {
                faults.push(Fault::new(
                    name,
                    format!("grew from {old} to {length} lines; the list only shrinks"),
                ));
            }
            Some(_) => {}
        }
    }
    for name in listed.keys().filter(|name| !long.contains_key(*name)) {
        faults.push(Fault::new(name, format!("is short or gone now; strike it off {RATCHET}")));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn faults(files: &[SourceFile], ratchet: &str) -> Vec<String> {
        check(files, &Ratchet::parse(ratchet).unwrap()).iter().map(ToString::to_string).collect()
    }

    fn file(path: &str, lines: usize) -> SourceFile {
        SourceFile::new(path, &"//\n".repeat(lines))
    }

    #[test]
    fn a_file_over_the_limit_is_named_unless_listed() {
        let files = [file("crates/a/src/a.rs", 401), file("crates/a/src/b.rs", 400), file("ui/a.vue", 301)];
        assert_eq!(
            faults(&files, "[files]\n\"ui/a.vue\" = 301\n"),
            ["crates/a/src/a.rs: is too long with 401 lines; cut it"]
        );
    }

    #[test]
    fn no_list_helps_a_file_over_the_last_limit() {
        let found = faults(&[file("crates/a/src/a.rs", 801)], "[files]\n\"crates/a/src/a.rs\" = 801\n");
        assert!(found[0].contains("no file may pass 800"), "{found:?}");
    }

    #[test]
    fn a_listed_file_may_not_grow() {
        let found = faults(&[file("crates/a/src/a.rs", 450)], "[files]\n\"crates/a/src/a.rs\" = 420\n");
        assert_eq!(found, ["crates/a/src/a.rs: grew from 420 to 450 lines; the list only shrinks"]);
    }

    #[test]
    fn a_listed_file_that_became_short_must_be_struck_off() {
        let found = faults(&[file("crates/a/src/a.rs", 10)], "[files]\n\"crates/a/src/a.rs\" = 420\n");
        assert!(found[0].contains("strike it off"), "{found:?}");
    }

    #[test]
    fn a_long_function_is_named_unless_listed() {
        let body = format!("fn long() {{\n{}}}\n", "    ();\n".repeat(70));
        let files = [SourceFile::new("crates/a/src/a.rs", &body)];
        assert_eq!(faults(&files, ""), ["crates/a/src/a.rs::long: is too long with 72 lines; cut it"]);
        assert_eq!(faults(&files, "[functions]\n\"crates/a/src/a.rs::long\" = 72\n"), Vec::<String>::new());
    }

    #[test]
    fn generated_files_may_be_of_any_length() {
        assert_eq!(
            faults(&[file("ui/packages/contract/src/generated/View.ts", 900)], ""),
            Vec::<String>::new()
        );
    }
}
