//! Values of strangers in Markdown (CommonMark with GitHub's extensions): commit messages, names,
//! branches and files are shown as they were written, and make no markup of their own.
//!
//! What has to be escaped depends on where in the message a value ends up, and a value must not
//! change before the template has compared, measured and cut it. So a value's characters that could
//! become markup are only marked on their way in (`mark`): each is replaced by a noncharacter that
//! stands for it, which templates pass on like any other. The finished text knows by that which of
//! its characters are a stranger's and which the template's, and escapes the former where they
//! stand (`write`).

pub(super) mod mark;
mod write;

use gotmpl::Value;
use std::{borrow::Cow, sync::Arc};

/// The end of the key of a value that is an address.
const ADDRESS: &str = "Url";

/// The Markdown that shows `text` as it is. To be called once for each text: a second call would
/// escape again.
pub fn escape_markdown(text: &str) -> Cow<'_, str> {
    match mark::marked(text) {
        Some(marked) => Cow::Owned(write::written(marked)),
        None => Cow::Borrowed(text),
    }
}

/// As [`escape_markdown`], for one line of prose in which `code` stays code. `change` is asked what
/// to show of each.
pub fn escape_prose(line: &str, change: impl Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(line.len() + line.len() / 4);
    let push_prose = |text: &mut String, prose: &str| {
        let prose = change(prose);
        text.push_str(mark::marked(&prose).as_deref().unwrap_or(&prose));
    };
    let mut rest = line;
    while let Some((prose, code, behind)) = write::first_code(rest) {
        push_prose(&mut text, prose);
        text.push_str(&write::code_span(&mark::unmarkable(&change(code)), 1));
        rest = behind;
    }
    push_prose(&mut text, rest);
    write::written(text)
}

/// `text` as code within a line.
pub fn markdown_code(text: &str) -> String {
    let line = text.replace(char::is_control, " ");
    write::code_span(&line, 1)
}

/// A message that was made of [`marked`] values, with these escaped.
pub(super) fn finished(body: String) -> String {
    write::written(body)
}

/// The data with all strings in it marked, at any depth. What has nothing to mark is shared.
///
/// A string under a key that ends in `Url` stays what it is if it is an http or https address
/// without white space, brackets of any kind, quotes, backslashes or control characters; any other
/// becomes empty.
pub(super) fn marked(data: &Value) -> Value {
    changed(data, false).unwrap_or_else(|| data.clone())
}

/// None: nothing of it has to be changed.
fn changed(value: &Value, address: bool) -> Option<Value> {
    match value {
        Value::String(text) if address && !is_address(text) => {
            (!text.is_empty()).then(|| Value::String(Arc::from("")))
        }
        Value::String(text) => {
            let marked = match address {
                true => mark::marked_address(text),
                false => mark::marked(text),
            };
            marked.map(|marked| Value::String(marked.into()))
        }
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
