//! Names that say nothing, the false friend `batch`, and marks of work left undone.
//! Looks at names of files and of things in the code, not at sentences, strings or papers.

use crate::Fault;
use crate::outline::{self, Language};
use crate::tree::SourceFile;

/// A word that no name may contain, and what to do instead.
const BANNED: &[(&str, &str)] = &[
    ("manager", "name what it does"),
    ("util", "put it with its owner"),
    ("utils", "put it with its owner"),
    ("helper", "name what it does"),
    ("helpers", "put each with its owner"),
    ("common", "put it with its owner"),
    ("misc", "put it with its owner"),
    ("batch", "a group of orders is a wave, a group of goods is a lot"),
    ("batches", "a group of orders is a wave, a group of goods is a lot"),
];

/// Whole names that may stand, and where: the glossary's own, and those of other people's interfaces.
const ALLOWED: &[(&str, &str)] = &[
    ("batch_pick", ""),
    ("BatchPick", ""),
    ("batchPick", ""),
    // Names of other people's crates.
    ("futures_util", ""),
    ("hyper_util", ""),
    ("tokio_util", ""),
    // The trait by which a Tauri handle gives out its state.
    ("Manager", "src-tauri/"),
];

/// Marks of undone work; put together here so that this file does not carry them.
const UNDONE: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
/// Kinds of files in which such a mark is work left undone rather than a word about it.
const CODE: &[&str] =
    &["", "rs", "ts", "vue", "js", "mjs", "css", "html", "sql", "sh", "py", "toml", "yml", "yaml"];

/// Finds banned words in the names of files and things, and marks of undone work.
pub fn check(files: &[SourceFile]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in files {
        if let Some(advice) =
            file.path.split('/').find_map(|part| verdict(part.split('.').next().unwrap_or(part)))
        {
            faults.push(Fault::new(&file.path, format!("the path has a banned name: {advice}")));
        }
        if CODE.contains(&file.ending()) {
            undone(file, &mut faults);
        }
        let language = match file.ending() {
            "rs" => Language::Rust,
            "ts" | "vue" | "js" | "mjs" => Language::TypeScript,
            "sql" => Language::Sql,
            _ => continue,
        };
        names(file, language, &mut faults);
    }
    faults
}

fn names(file: &SourceFile, language: Language, faults: &mut Vec<Fault>) {
    let code = outline::blanked(&file.text, language);
    for (index, line) in code.lines().enumerate() {
        for name in line.split(|char: char| !char.is_alphanumeric() && char != '_') {
            let allowed = ALLOWED.iter().any(|(word, place)| *word == name && file.path.starts_with(place));
            if let Some(advice) = verdict(name).filter(|_| !allowed) {
                faults.push(Fault::at(&file.path, index + 1, format!("`{name}` is a banned name: {advice}")));
            }
        }
    }
}

fn undone(file: &SourceFile, faults: &mut Vec<Fault>) {
    for (index, line) in file.text.lines().enumerate() {
        let mut words = line.split(|char: char| !char.is_alphanumeric() && char != '_');
        if let Some(mark) = words.find(|word| UNDONE.contains(word)) {
            faults.push(Fault::at(&file.path, index + 1, format!("`{mark}`: do it, or open an issue")));
        }
    }
}

/// What to do instead, if one of the words of this name is banned.
fn verdict(name: &str) -> Option<&'static str> {
    let words = words_of(name);
    BANNED.iter().find(|(banned, _)| words.iter().any(|word| word == banned)).map(|(_, advice)| *advice)
}

/// The words of a `snake_case`, `kebab-case`, `camelCase` or `SHOUTED` name, in lower case.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut after_lower = false;
    for char in name.chars() {
        if char == '_' || char == '-' || (char.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = char.is_lowercase() || char.is_numeric();
        if char != '_'
            && char != '-'
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile::new(path, text)]).into_iter().map(|fault| fault.place).collect()
    }

    #[test]
    fn a_banned_word_is_found_in_every_way_of_writing_names() {
        let text =
            "struct OrderManager;\nfn batch_orders() {}\nconst ORDER_UTILS: u8 = 1;\nlet batchId = 2;\n";
        assert_eq!(places("a.rs", text), ["a.rs:1", "a.rs:2", "a.rs:3", "a.rs:4"]);
    }

    #[test]
    fn words_in_strings_and_comments_and_longer_words_are_free() {
        let text = "// The manager waits.\nlet a = \"batch_no\";\nfn uncommonly() {}\nstruct Utility;\n";
        assert_eq!(places("a.rs", text), Vec::<String>::new());
        assert_eq!(places("a.ts", "const a = 'helper' // util\n"), Vec::<String>::new());
        assert_eq!(places("a.sql", "-- the common case\nvalues ('misc'), (batch_id)\n"), ["a.sql:2"]);
    }

    #[test]
    fn the_glossary_s_own_word_and_the_shell_s_trait_may_stand() {
        assert_eq!(places("crates/a/src/a.rs", "enum Way { BatchPick }\n"), Vec::<String>::new());
        assert_eq!(places("src-tauri/main.rs", "use tauri::Manager;\n"), Vec::<String>::new());
        assert_eq!(places("crates/a/src/a.rs", "use tauri::Manager;\n"), ["crates/a/src/a.rs:1"]);
    }

    #[test]
    fn a_file_or_folder_may_not_carry_a_banned_word() {
        assert_eq!(places("ui/packages/kit/src/utils/time.ts", ""), ["ui/packages/kit/src/utils/time.ts"]);
        assert_eq!(places("crates/a/src/order-helpers.rs", ""), ["crates/a/src/order-helpers.rs"]);
    }

    #[test]
    fn a_mark_of_undone_work_is_found_in_code_and_not_in_papers() {
        let text = format!("# {}: later\n", UNDONE[0]);
        assert_eq!(places("scripts/a.sh", &text), ["scripts/a.sh:1"]);
        assert_eq!(places("docs/STYLE.md", &text), Vec::<String>::new());
    }
}
