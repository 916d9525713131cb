//! Markdown as DingTalk shows it: a subset, where a line break must be asked for.

use message_text::hard_breaks;

/// A character that nobody sees, between two that would mean something together.
const APART: char = '\u{200b}';

/// `body` with its line breaks kept, and without what a commit message could smuggle in: images
/// (fetched by every reader) become links, and links to anything but web and mail addresses lose
/// their target.
pub(crate) fn for_dingtalk(body: &str) -> String {
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    hard_breaks(&harmless(body.trim()))
}

/// The engine's escapes are passed over, so that nothing they keep apart is taken for markup here.
/// DingTalk shows tags, and reads entities for what stands in them.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['!', ']', '<', '\\']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let marks = from.len() - from.trim_start_matches('!').len();
        if let Some(target) = from
            .strip_prefix("](")
            .filter(|target| !is_harmless_target(target))
        {
            // The parenthesis set apart makes it ordinary text.
            out.push_str("] (");
            rest = target;
        } else if marks > 0 && from[marks..].starts_with('[') {
            // The link form of the same: `![text](url)` without its mark. One before it must not
            // become its mark.
            out.push_str(&from[..marks - 1]);
            keep_apart(&mut out);
            rest = &from[marks..];
        } else if let Some(behind) = from.strip_prefix('\\') {
            rest = escape(&mut out, behind);
        } else if let Some(tag) = from.strip_prefix('<') {
            out.push('<');
            if is_foreign_tag(tag) {
                out.push(APART);
            }
            rest = tag;
        } else {
            // A run of marks at once: each by itself would be looked at again and again.
            let taken = marks.max(1);
            out.push_str(&from[..taken]);
            rest = &from[taken..];
        }
    }
    out.push_str(rest);
    out
}

/// Writes what a backslash escapes, and answers what is behind it.
fn escape<'a>(out: &mut String, behind: &'a str) -> &'a str {
    let Some(c) = behind.chars().next().filter(char::is_ascii_punctuation) else {
        out.push('\\');
        return behind;
    };
    match c {
        '<' => out.push_str("&lt;"),
        '&' => out.push_str("&amp;"),
        '!' if behind[1..].starts_with('[') => {
            out.push('!');
            keep_apart(out);
        }
        c => out.extend(['\\', c]),
    }
    &behind[1..]
}

/// Puts a character that nobody sees between an exclamation mark and the link that comes.
fn keep_apart(out: &mut String) {
    if out.ends_with('!') {
        out.push(APART);
    }
}

/// Whether `tag`, which follows `<`, would be one, other than those that templates colour and break
/// lines with, and addresses. Readers fetch what some of them name, and a template may have set a
/// stranger's name between angle brackets.
fn is_foreign_tag(tag: &str) -> bool {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let name: String = name
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let is_ours = ["font", "br"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own));
    let opens = tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    opens && !is_ours && !is_harmless_target(tag)
}

/// A line of plain text, as Markdown.
pub(crate) fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '>' | '!' | '~' | '|' => {
                out.extend(['\\', c])
            }
            c => out.push(c),
        }
    }
    out
}

/// `target` is what follows `](`.
fn is_harmless_target(target: &str) -> bool {
    let target = target.trim_start().trim_start_matches('<');
    ["http://", "https://", "mailto:", "dingtalk://"]
        .iter()
        .any(|scheme| {
            target
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
}
