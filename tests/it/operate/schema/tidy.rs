//! One lay-out for SQL, however it was written.

/// What a line has at most, in bytes.
const WIDTH: usize = 100;

/// What needs no room above it.
const SHORT: [&str; 3] = ["CREATE INDEX", "CREATE UNIQUE INDEX", "CREATE SEQUENCE"];

/// A statement without comments. Columns and keys of a table have lines of their own, sorted.
pub fn tidied(sql: &str) -> String {
    let code = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or(line));
    let words: Vec<_> = code.flat_map(str::split_whitespace).collect();
    let sql = words
        .join(" ")
        .replace("( ", "(")
        .replace(" )", ")")
        .replace("public.", "");
    if SHORT.iter().any(|head| sql.starts_with(head)) {
        return wrapped(&sql);
    }
    if !sql.starts_with("CREATE TABLE") {
        return format!("\n{}", wrapped(&sql));
    }
    let (head, rest) = sql.split_once('(').expect("what it consists of");
    let (list, options) = rest.rsplit_once(')').expect("its end");
    let mut lines = parts(list);
    lines.sort_unstable();
    lines.extend(Some(options.trim()).filter(|options| !options.is_empty()));
    format!("\n{}\n    {}\n", head.trim_end(), lines.join("\n    "))
}

/// What stands between commas that are in no parentheses.
fn parts(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = list.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    });
    parts.map(str::trim).collect()
}

fn wrapped(sql: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in sql.split(' ') {
        if width > 0 && width + 1 + word.len() > WIDTH {
            text.push_str("\n    ");
            width = 4;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += word.len();
    }
    text + "\n"
}
