//! Blanks comments and literals out of Rust, TypeScript and SQL, and finds the functions of Rust.
//!
//! It is a scanner, not a parser: it knows where strings and comments end, counts braces, and is right about
//! code that rustfmt has seen. It does not look into macros, nor into a TypeScript regular expression, whose
//! quote can blank the rest of its line.

/// Which language's literals to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Nested comments, raw strings, lifetimes.
    Rust,
    /// Three kinds of quotes; also the templates of Vue.
    TypeScript,
    /// Comments behind two dashes, strings in single quotes.
    Sql,
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its bare name.
    pub name: String,
    /// The line of its `fn`, counted from one.
    pub line: usize,
    /// Lines from its `fn` to its closing brace.
    pub length: usize,
}

/// The same text with every comment and the content of every literal made of spaces; lines stay lines.
pub fn blanked(text: &str, language: Language) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match language {
            Language::Rust => rust_literal(&chars, at),
            Language::TypeScript => typescript_literal(&chars, at),
            Language::Sql => sql_literal(&chars, at),
        };
        match end {
            Some(end) => {
                out.extend(chars[at..end].iter().map(|&char| if char == '\n' { '\n' } else { ' ' }));
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// Every function of a Rust text that has a body, in the order of their first lines.
pub fn functions(text: &str) -> Vec<Function> {
    let code: Vec<char> = blanked(text, Language::Rust).chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    for at in 0..code.len() {
        if code[at] == '\n' {
            line += 1;
        }
        if let Some((name, after)) = function_name(&code, at)
            && let Some(open) = body_start(&code, after)
        {
            let close = closing_brace(&code, open);
            let length = 1 + code[at..close].iter().filter(|&&char| char == '\n').count();
            found.push(Function { name, line, length });
        }
    }
    found
}

/// How many lines of a Rust text stand outside its `#[cfg(test)]` modules.
pub fn lines_without_tests(text: &str) -> usize {
    let code: Vec<char> = blanked(text, Language::Rust).chars().collect();
    let mark: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut tests = 0;
    let mut at = 0;
    while at < code.len() {
        if code[at..].starts_with(&mark)
            && let Some(open) = body_start(&code, at + mark.len())
        {
            let close = closing_brace(&code, open);
            tests += 1 + code[at..close].iter().filter(|&&char| char == '\n').count();
            at = close;
        }
        at += 1;
    }
    text.lines().count().saturating_sub(tests)
}

/// The index after the comment or literal that begins at `at`, if one does.
fn rust_literal(chars: &[char], at: usize) -> Option<usize> {
    match chars[at] {
        '/' => comment(chars, at, true),
        '"' => Some(quoted(chars, at, '"', true)),
        'r' | 'b' | 'c' if !follows_word(chars, at) => raw_string(chars, at),
        '\'' => character(chars, at),
        _ => None,
    }
}

fn typescript_literal(chars: &[char], at: usize) -> Option<usize> {
    match chars[at] {
        '/' => comment(chars, at, false),
        '`' => Some(quoted(chars, at, '`', true)),
        quote @ ('"' | '\'') => Some(quoted(chars, at, quote, false)),
        _ => None,
    }
}

fn sql_literal(chars: &[char], at: usize) -> Option<usize> {
    match chars[at] {
        '-' if chars.get(at + 1) == Some(&'-') => Some(line_end(chars, at)),
        '\'' => Some(quoted(chars, at, '\'', true)),
        _ => None,
    }
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|&char| char == '\n').map_or(chars.len(), |length| at + length)
}

fn comment(chars: &[char], at: usize, nested: bool) -> Option<usize> {
    match chars.get(at + 1)? {
        '/' => Some(line_end(chars, at)),
        '*' => {
            let mut depth = 1;
            let mut here = at + 2;
            while here < chars.len() && depth > 0 {
                match (chars[here], chars.get(here + 1)) {
                    ('*', Some('/')) => (depth, here) = (depth - 1, here + 2),
                    ('/', Some('*')) if nested => (depth, here) = (depth + 1, here + 2),
                    _ => here += 1,
                }
            }
            Some(here)
        }
        _ => None,
    }
}

fn quoted(chars: &[char], at: usize, quote: char, spans_lines: bool) -> usize {
    let mut here = at + 1;
    while here < chars.len() {
        match chars[here] {
            '\\' => here += 1,
            '\n' if !spans_lines => return here,
            char if char == quote => return here + 1,
            _ => {}
        }
        here += 1;
    }
    chars.len()
}

/// `r"…"`, `br#"…"#`, `c"…"` and their like; `None` for a plain word that begins with these letters.
fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    let mut here = at;
    while here < at + 2 && matches!(chars.get(here), Some('r' | 'b' | 'c')) {
        here += 1;
    }
    let is_raw = chars[at..here].contains(&'r');
    let hashes = chars[here..].iter().take_while(|&&char| char == '#').count();
    let open = here + hashes;
    match chars.get(open)? {
        '"' if is_raw => {
            let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let close = (open + 1..chars.len()).find(|&close| chars[close..].starts_with(&end));
            Some(close.map_or(chars.len(), |close| close + end.len()))
        }
        '"' if hashes == 0 => Some(quoted(chars, open, '"', true)),
        '\'' if hashes == 0 && chars[at] == 'b' => character(chars, open),
        _ => None,
    }
}

/// A character literal, told from a lifetime by the quote that closes it.
fn character(chars: &[char], at: usize) -> Option<usize> {
    match chars.get(at + 1)? {
        '\\' => chars.get(at + 3..)?.iter().position(|&char| char == '\'').map(|len| at + 4 + len),
        _ => (chars.get(at + 2) == Some(&'\'')).then_some(at + 3),
    }
}

fn follows_word(chars: &[char], at: usize) -> bool {
    at > 0 && is_word(chars[at - 1])
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The name after a `fn` that stands at `at`, and the index after it.
fn function_name(code: &[char], at: usize) -> Option<(String, usize)> {
    if !code[at..].starts_with(&['f', 'n', ' ']) || follows_word(code, at) {
        return None;
    }
    let name: String = code[at + 3..].iter().take_while(|&&char| is_word(char)).collect();
    let after = at + 3 + name.chars().count();
    (!name.is_empty()).then_some((name, after))
}

/// The brace that opens a body, unless a semicolon ends the item before it.
fn body_start(code: &[char], from: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, char) in code.iter().enumerate().skip(from) {
        match char {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn closing_brace(code: &[char], open: usize) -> usize {
    let mut depth = 0;
    for (at, char) in code.iter().enumerate().skip(open) {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, usize, usize)> {
        functions(text).into_iter().map(|function| (function.name, function.line, function.length)).collect()
    }

    #[test]
    fn a_function_is_counted_from_its_name_to_its_closing_brace() {
        let text =
            "/// Says.\npub async fn first(\n    a: [u8; 2],\n) -> u8 {\n    a[0]\n}\n\nfn second() {}\n";
        assert_eq!(names(text), [("first".to_owned(), 2, 5), ("second".to_owned(), 8, 1)]);
    }

    #[test]
    fn a_function_without_a_body_and_a_function_pointer_are_not_counted() {
        assert_eq!(names("trait T { fn asked(&self) -> u8; }\ntype F = fn(u8) -> u8;\n"), []);
    }

    #[test]
    fn braces_in_strings_characters_and_comments_do_not_count() {
        let text = "fn a() {\n    let x = \"}}\"; // }\n    let y = '}'; /* } /* } */ } */\n    let z = r#\"}\"\"#;\n    b'}';\n}\nfn b() {}\n";
        assert_eq!(names(text), [("a".to_owned(), 1, 6), ("b".to_owned(), 7, 1)]);
    }

    #[test]
    fn lifetimes_are_not_characters_and_escapes_do_not_end_them() {
        let text =
            "fn a<'a>(x: &'a str) -> &'a str {\n    let q = '\\'';\n    let u = '\\u{7d}';\n    x\n}\n";
        assert_eq!(names(text), [("a".to_owned(), 1, 5)]);
    }

    #[test]
    fn a_nested_function_is_counted_by_itself_too() {
        assert_eq!(
            names("fn a() {\n    fn b() {\n    }\n}\n"),
            [("a".to_owned(), 1, 4), ("b".to_owned(), 2, 2)]
        );
    }

    #[test]
    fn a_test_module_does_not_add_to_the_length_of_its_file() {
        let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        assert_eq!(lines_without_tests(text), 2);
        assert_eq!(lines_without_tests("#[cfg(test)]\nmod tests;\nfn a() {}\n"), 3);
    }

    #[test]
    fn typescript_templates_span_lines_and_plain_quotes_do_not() {
        let text = "const a = `one\ntwo`;\nconst b = don't;\nconst c = 1;\n";
        let code = blanked(text, Language::TypeScript);
        assert!(!code.contains("two"));
        assert!(code.contains("const c = 1;"));
        assert_eq!(code.lines().count(), text.lines().count());
    }
}
