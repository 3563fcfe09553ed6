//! Reads the text of a statement just so far as to say which tables it touches and which columns it pins to one value.
//!
//! It knows the small SQL of the hot path and no more: what it does not know it does not pin, so that a statement it
//! cannot follow is refused and not believed.

/// Words that end what came before them; none is a table's second name.
const CLAUSES: &[&str] = &[
    "select",
    "from",
    "where",
    "set",
    "on",
    "join",
    "left",
    "inner",
    "cross",
    "order",
    "group",
    "having",
    "values",
    "returning",
    "limit",
    "union",
    "do",
    "for",
    "using",
];

/// A table as a statement names it.
#[derive(Debug, PartialEq, Eq)]
pub struct Touched {
    pub table: String,
    alias: String,
}

/// What stands in a statement.
#[derive(Debug)]
pub struct Statement {
    tokens: Vec<String>,
    pub tables: Vec<Touched>,
    /// (table's name in the statement, or nothing; column; the one placeholder it equals).
    pins: Vec<(String, String, String)>,
    /// Columns that equal each other.
    joins: Vec<[(String, String); 2]>,
}

impl Statement {
    pub fn read(sql: &str) -> Self {
        let tokens = tokens(sql);
        let tables = tables(&tokens);
        let mut statement = Self { tokens, tables, pins: Vec::new(), joins: Vec::new() };
        statement.read_conditions();
        statement.read_insert();
        statement
    }

    /// Whether it reads and writes nothing.
    pub fn only_reads(&self) -> bool {
        self.tokens.first().is_some_and(|first| first == "select")
            && !self.tokens.iter().any(|it| it == "for")
    }

    /// The placeholder a column of a table is pinned to, by itself or by a column that it equals.
    pub fn pin(&self, touched: &Touched, column: &str) -> Option<&str> {
        let alone = self.tables.len() == 1;
        let is = |name: &str, other: &str| (alone && name.is_empty()) || name == other;
        let mut same = vec![(touched.alias.as_str(), column)];
        let mut next = 0;
        while let Some(&(alias, column)) = same.get(next) {
            let pinned = self.pins.iter().find(|(name, pinned, _)| is(name, alias) && pinned == column);
            if let Some((_, _, placeholder)) = pinned {
                return Some(placeholder);
            }
            for [(a, b), (c, d)] in &self.joins {
                for (one, other) in [((a, b), (c, d)), ((c, d), (a, b))] {
                    let other = (other.0.as_str(), other.1.as_str());
                    if *one.0 == *alias && *one.1 == *column && !same.contains(&other) {
                        same.push(other);
                    }
                }
            }
            next += 1;
        }
        None
    }

    /// Equalities of WHERE and of a join's ON; none of a bracket in which there is an OR, nor of what SET assigns.
    fn read_conditions(&mut self) {
        let loose = loose_brackets(&self.tokens);
        // Per open bracket: whether a condition is being read.
        let mut open = vec![false];
        let mut brackets = vec![0];
        for at in 0..self.tokens.len() {
            let token = self.tokens[at].as_str();
            let state = open.last_mut().unwrap();
            match token {
                "where" => *state = true,
                "on" => *state = self.tokens.get(at + 1).is_none_or(|next| next != "conflict"),
                _ if CLAUSES.contains(&token) => *state = false,
                "(" => {
                    let inherited = *state;
                    open.push(inherited);
                    brackets.push(at);
                }
                ")" => {
                    open.pop();
                    brackets.pop();
                }
                "=" if *state && brackets.iter().all(|bracket| !loose.contains(bracket)) => self.equal(at),
                _ => {}
            }
        }
    }

    /// `a.b = $1`, `$1 = a.b` or `a.b = c.d` around the token `at`.
    fn equal(&mut self, at: usize) {
        let left = name_before(&self.tokens, at);
        let right = name_after(&self.tokens, at);
        let (before, after) = (&self.tokens[at - 1], &self.tokens[at + 1]);
        match (left, right) {
            (Some(left), Some(right)) => self.joins.push([left, right]),
            (Some((name, column)), None) if is_placeholder(after) && ends(&self.tokens, at + 2) => {
                self.pins.push((name, column, after.clone()));
            }
            (None, Some((name, column))) if is_placeholder(before) && begins(&self.tokens, at - 1) => {
                self.pins.push((name, column, before.clone()));
            }
            _ => {}
        }
    }

    /// The columns of an INSERT: each is pinned to the placeholder of its place; `rows` where they are many.
    fn read_insert(&mut self) {
        let at = |word: &str| self.tokens.iter().position(|token| token == word);
        let (Some(into), Some(values)) = (at("into"), at("values")) else { return };
        let columns = places(&self.tokens[into + 2..values]);
        let given = places(&self.tokens[values + 1..]);
        for (place, column) in columns.iter().enumerate() {
            let [column] = column.as_slice() else { continue };
            let pin = match given.get(place).map(Vec::as_slice) {
                None if given.is_empty() => "rows".to_owned(),
                Some([value]) if is_placeholder(value) => value.clone(),
                _ => continue,
            };
            self.pins.push((self.tokens[into + 1].clone(), column.clone(), pin));
        }
    }

    /// The text with everything left out that differs from one run of it to the next: values, and how many.
    pub fn shape(&self) -> String {
        let mut shape: Vec<&str> = Vec::new();
        for token in &self.tokens {
            let token = if is_value(token) { "?" } else { token.as_str() };
            shape.push(token);
            if shape.ends_with(&["?", ",", "?"]) {
                shape.truncate(shape.len() - 2);
            } else if shape.ends_with(&["(", "?", ")", ",", "(", "?", ")"]) {
                shape.truncate(shape.len() - 4);
            }
        }
        // PostgreSQL gets rows as arrays of columns.
        let rows =
            [("select * from unnest ( ? )", "values"), ("values ( ? )", "values"), ("values ?", "values")];
        rows.into_iter().fold(shape.join(" "), |shape, (text, rows)| shape.replace(text, rows))
    }
}

/// Words in small letters, `$1`, `{}`, numbers, texts in quotes, and signs.
fn tokens(sql: &str) -> Vec<String> {
    let chars: Vec<char> = sql.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let word = |first: char| first.is_alphanumeric() || first == '_';
        let length = match rest {
            [' ' | '\n' | '\t', ..] => {
                at += 1;
                continue;
            }
            ['\'', ..] => 2 + rest[1..].iter().take_while(|char| **char != '\'').count(),
            ['$', ..] => 1 + rest[1..].iter().take_while(|char| char.is_ascii_digit()).count(),
            ['{', '}', ..] | ['<', '>' | '=', ..] | ['>', '=', ..] | ['|', '|', ..] => 2,
            [first, ..] if word(*first) => rest.iter().take_while(|char| word(**char)).count(),
            _ => 1,
        };
        tokens.push(rest.iter().take(length).collect::<String>().to_lowercase());
        at += length;
    }
    tokens
}

/// Every table after FROM, JOIN, UPDATE and INTO, and after a comma behind FROM.
fn tables(tokens: &[String]) -> Vec<Touched> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let names_one = match token.as_str() {
            "from" | "join" | "into" => true,
            // Not the UPDATE of ON CONFLICT, nor that of FOR UPDATE.
            "update" => at == 0,
            _ => false,
        };
        let mut next = at + 1;
        while names_one && tokens.get(next).is_some_and(|table| is_name(table)) {
            let table = tokens[next].clone();
            next += 1;
            if tokens.get(next).is_some_and(|word| word == "as") {
                next += 1;
            }
            let second = tokens.get(next).filter(|word| is_name(word));
            let alias = second.unwrap_or(&table).clone();
            next += usize::from(second.is_some());
            found.push(Touched { table, alias });
            if tokens.get(next).is_none_or(|sign| sign != ",") || token != "from" {
                break;
            }
            next += 1;
        }
    }
    found
}

/// Where the brackets begin in which an equality need not hold: those with an OR, and those after a NOT.
fn loose_brackets(tokens: &[String]) -> Vec<usize> {
    let mut loose = Vec::new();
    let mut open = vec![0];
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" => {
                open.push(at);
                if at > 0 && tokens[at - 1] == "not" {
                    loose.push(at);
                }
            }
            ")" => {
                open.pop();
            }
            "or" => loose.extend(open.last()),
            _ => {}
        }
    }
    loose
}

/// What stands between the commas of the first bracket; nothing when there is no bracket.
fn places(tokens: &[String]) -> Vec<Vec<String>> {
    if tokens.first().is_none_or(|first| first != "(") {
        return Vec::new();
    }
    let mut places = vec![Vec::new()];
    let mut depth = 0;
    for token in tokens {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 1 => places.push(Vec::new()),
            _ => {
                if let Some(place) = places.last_mut() {
                    place.push(token.clone());
                }
            }
        }
        if depth == 0 {
            break;
        }
    }
    places
}

/// `a.b` or `b` that ends before the token `at`, alone: nothing is added to it or taken from it.
fn name_before(tokens: &[String], at: usize) -> Option<(String, String)> {
    let column = at.checked_sub(1).filter(|place| is_name(&tokens[*place]))?;
    let qualified = column >= 2 && tokens[column - 1] == "." && is_name(&tokens[column - 2]);
    let first = if qualified { column - 2 } else { column };
    let alias = if qualified { tokens[first].clone() } else { String::new() };
    begins(tokens, first).then(|| (alias, tokens[column].clone()))
}

/// Whether an operand of an equality begins with the token `at`.
fn begins(tokens: &[String], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| ["(", "and", "or", "where", "on"].contains(&tokens[before].as_str()))
}

fn name_after(tokens: &[String], at: usize) -> Option<(String, String)> {
    let first = tokens.get(at + 1).filter(|word| is_name(word))?;
    let qualified = tokens.get(at + 2).is_some_and(|sign| sign == ".");
    let column = if qualified { tokens.get(at + 3)? } else { first };
    let alias = if qualified { first.clone() } else { String::new() };
    ends(tokens, at + if qualified { 4 } else { 2 }).then(|| (alias, column.clone()))
}

/// Whether an operand of an equality is over where the token `at` stands.
fn ends(tokens: &[String], at: usize) -> bool {
    tokens
        .get(at)
        .is_none_or(|token| [")", "and", "or"].contains(&token.as_str()) || CLAUSES.contains(&token.as_str()))
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && !CLAUSES.contains(&token)
        && !["and", "or", "not", "in", "is", "null", "case", "exists"].contains(&token)
}

fn is_placeholder(token: &str) -> bool {
    token.starts_with('$')
}

fn is_value(token: &str) -> bool {
    token.starts_with(['$', '\'', '{']) || token.starts_with(|first: char| first.is_ascii_digit())
}
