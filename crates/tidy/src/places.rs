//! No text of the repository may name a folder of the machine it was written on.
//! Folders that every Unix has (`/usr`, `/dev`, `/tmp`) are no business of this rule.

use crate::Fault;
use crate::tree::SourceFile;

/// Beginnings of paths that exist for one person only; put together here so that this file does not carry them.
const PRIVATE: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/wo", "rk/."),
    concat!("/tm", "p/brief"),
    concat!("C:\\Us", "ers\\"),
];

/// Finds lines that name such a path.
pub fn check(files: &[SourceFile]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(path) = PRIVATE.iter().find(|path| names(line, path)) {
                let what =
                    format!("names a path of one machine ({path}…); say where it is from the repository");
                faults.push(Fault::at(&file.path, index + 1, what));
            }
        }
    }
    faults
}

/// Whether the path stands in the line as the beginning of a path, not in the middle of a longer one.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | '}'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_and_a_route_is_not() {
        let mine = format!("see {}me/notes", PRIVATE[1]);
        let inside = ["src", "my_", "my-", "..", "${base}"]
            .map(|before| format!("{before}{}x\n", PRIVATE[0]))
            .concat();
        let text = format!("{mine}\nGET /api/home/today\n{inside}");
        let places: Vec<String> =
            check(&[SourceFile::new("docs/a.md", &text)]).into_iter().map(|fault| fault.place).collect();
        assert_eq!(places, ["docs/a.md:1"]);
    }
}
