//! The Markdown of Feishu's cards, JSON 2.0:
//! <https://open.feishu.cn/document/feishu-cards/card-json-v2-components>.

use super::style::{Around, Quote, Style, apart_backticks, labelled, markdown_link};
use std::borrow::Cow;

pub static FEISHU: Style = Style {
    bold: ("**", "**"),
    italic: ("*", "*"),
    strike: ("~~", "~~"),
    code: ("`", "`"),
    // Tags and entities may mean something in code, too.
    code_fits: |code| !code.contains(['`', '<', '&']),
    fence: Some(|language| (format!("```{language}\n"), "\n```")),
    heading: |level| match level {
        1 => ("# ", ""),
        2 => ("## ", ""),
        3 => ("### ", ""),
        4 => ("#### ", ""),
        _ => ("##### ", ""),
    },
    quote: Quote::Before("> "),
    bullet: "- ",
    indent: "    ",
    rule: "---",
    has_tables: true,
    link: markdown_link,
    has_marked_links: true,
    address: |address| labelled(address, escape),
    needs_edges: false,
    escape,
    verbatim: |c, around| match c {
        '<' if around
            .after()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '/') =>
        {
            Some(Cow::Borrowed("<\u{200b}"))
        }
        _ => apart_backticks(c, around),
    },
};

/// Escapes are numbers, as in HTML.
fn escape(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    let means_something = match c {
        '&' | '<' | '>' | '*' | '_' | '~' | '`' | '[' | ']' | '|' | '\\' | '$' => true,
        '#' => around.starts_line || around.could_end_heading(),
        '-' | '+' | '=' => around.starts_line,
        '.' | ')' => around.could_number(),
        // `:DONE:` is a picture.
        ':' => around.after().is_some_and(|c| c.is_ascii_uppercase()) && around.rest.contains(':'),
        _ => false,
    };
    means_something.then(|| Cow::Owned(format!("&#{};", u32::from(c))))
}
