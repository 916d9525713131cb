//! Values of strangers in Markdown: commit messages, names, branches and files must not make links, images or tags.

use gotmpl::Value;
use std::{borrow::Cow, sync::Arc};

/// The end of the key of a value that is an address.
const ADDRESS: &str = "Url";

/// `[` and `]` become `\[` and `\]`, `<` becomes `&lt;`. A backslash is doubled where it would undo that, so before a bracket and at
/// the end, where the template's own text may go on with one. To be called once for each text: a second call would escape again.
pub fn escape_markdown(text: &str) -> Cow<'_, str> {
    match text.contains(['[', ']', '<', '\\']) {
        true => Cow::Owned(escape(text)),
        false => Cow::Borrowed(text),
    }
}

/// The data with all strings in it escaped, at any depth. What has nothing to escape is shared.
///
/// A string under a key that ends in `Url` stays as it is if it is an http or https address without white space,
/// brackets of any kind, quotes, backslashes or control characters; any other becomes empty.
pub(super) fn escaped(data: &Value) -> Value {
    changed(data, false).unwrap_or_else(|| data.clone())
}

/// None: nothing of it has to be changed.
fn changed(value: &Value, address: bool) -> Option<Value> {
    match value {
        Value::String(text) if address => (!is_address(text)).then(|| Value::String(Arc::from(""))),
        Value::String(text) => match escape_markdown(text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(Value::String(text.into())),
        },
        Value::List(items) => {
            let changed = items.iter().map(|item| changed(item, address));
            let changed: Vec<Option<Value>> = changed.collect();
            changed.iter().any(Option::is_some).then(|| {
                let kept = items.iter().zip(changed);
                let kept = kept.map(|(item, changed)| changed.unwrap_or_else(|| item.clone()));
                Value::List(kept.collect())
            })
        }
        Value::Map(fields) => {
            let mut changed_fields = fields.iter().filter_map(|(key, item)| {
                Some((key.clone(), changed(item, key.ends_with(ADDRESS))?))
            });
            let first = changed_fields.next()?;
            let mut fields = fields.as_ref().clone();
            fields.extend(std::iter::once(first).chain(changed_fields));
            Some(Value::Map(Arc::new(fields)))
        }
        _ => None,
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
