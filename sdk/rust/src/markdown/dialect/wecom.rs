//! WeCom's two kinds of Markdown: <https://developer.work.weixin.qq.com/document/path/99110>.

use super::style::{
    APART, Around, Quote, Style, apart_backticks, backslash, has_no_backtick, labelled,
    markdown_link, percent_encoded,
};
use std::borrow::Cow;

/// `markdown`: headings, bold, links, code within a line and quotes.
pub static WECOM: Style = Style {
    bold: ("**", "**"),
    italic: ("", ""),
    strike: ("", ""),
    code: ("`", "`"),
    code_fits: |code| !code.contains(['`', '<', '&']),
    fence: None,
    heading: hashes,
    quote: Quote::Before("> "),
    bullet: "• ",
    indent: "  ",
    rule: "———",
    has_tables: false,
    link: markdown_link,
    has_marked_links: false,
    address: written,
    needs_edges: false,
    escape: apart,
    verbatim: |_, _| None,
};

/// `markdown_v2`: those, and lists, tables, blocks of code, and italics; but nobody can be called.
pub static WECOM_V2: Style = Style {
    bold: ("**", "**"),
    italic: ("*", "*"),
    strike: ("", ""),
    code: ("`", "`"),
    code_fits: has_no_backtick,
    fence: Some(|language| (format!("```{language}\n"), "\n```")),
    heading: hashes,
    quote: Quote::Before("> "),
    bullet: "- ",
    indent: "  ",
    rule: "---",
    has_tables: true,
    link: markdown_link,
    has_marked_links: true,
    address: |address| labelled(address, escaped),
    needs_edges: false,
    escape: escaped,
    verbatim: apart_backticks,
};

fn hashes(level: u8) -> (&'static str, &'static str) {
    match level {
        1 => ("# ", ""),
        2 => ("## ", ""),
        3 => ("### ", ""),
        _ => ("#### ", ""),
    }
}

fn written(address: &str) -> String {
    percent_encoded(address, &['<', '>'])
}

/// There are no escapes: what would mean something is set apart by a character that nobody sees.
fn apart(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    let after = around.after();
    let opens_tag = |c: char| c.is_ascii_alphabetic() || matches!(c, '@' | '/' | '!' | '?');
    let comes_apart = match c {
        '<' => after.is_some_and(opens_tag),
        '&' => after.is_some_and(|c| c.is_ascii_alphabetic() || c == '#'),
        '*' => after == Some('*'),
        ']' => matches!(after, Some('(' | '[')),
        // The character that looks like it.
        '`' => return Some(Cow::Borrowed("ˋ")),
        '#' | '>' if around.starts_line => return Some(Cow::Owned(format!("{APART}{c}"))),
        _ => false,
    };
    comes_apart.then(|| Cow::Owned(format!("{c}{APART}")))
}

fn escaped(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    let means_something = match c {
        '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '&' => true,
        '#' => around.starts_line || around.could_end_heading(),
        '-' | '+' | '=' => around.starts_line,
        '.' | ')' => around.could_number(),
        _ => false,
    };
    means_something.then(|| backslash(c))?
}
