//! Values of strangers in Markdown: commit messages, names, branches and files must not make links, images or tags.

use serde_json::Value;

/// The end of the key of a value that is an address.
const ADDRESS: &str = "Url";

/// Escapes all strings in `value`, at any depth: `[` and `]` become `\[` and `\]`, `<` becomes `&lt;`. A backslash is
/// doubled where it would undo that, so before a bracket and at the end, where the template's own text may go on with
/// one.
///
/// A string under a key that ends in `Url` stays as it is if it is an http or https address without white space,
/// brackets of any kind, quotes, backslashes or control characters; any other becomes empty. To be called once for each
/// data: a second call would escape again.
pub fn escape_markdown(value: &mut Value) {
    visit(value, false);
}

fn visit(value: &mut Value, address: bool) {
    match value {
        Value::String(text) if address => {
            if !is_address(text) {
                text.clear();
            }
        }
        Value::String(text) => {
            if text.contains(['[', ']', '<', '\\']) {
                *text = escape(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, address)),
        Value::Object(fields) => {
            for (key, item) in fields {
                visit(item, key.ends_with(ADDRESS));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '\\' {
            backslashes += 1;
        } else {
            if matches!(c, '[' | ']') {
                out.extend(std::iter::repeat_n('\\', backslashes + 1));
            }
            backslashes = 0;
        }
        match c {
            '<' => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    out
}

fn is_address(text: &str) -> bool {
    let host = ["https://", "http://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &text[scheme.len()..])
    });
    let risky = |c: char| {
        let marks = ['[', ']', '(', ')', '{', '}', '<', '>', '"', '\'', '`', '\\'];
        c.is_whitespace() || c.is_control() || marks.contains(&c)
    };
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && !text.contains(risky)
}
