//! Slack's mrkdwn: <https://docs.slack.dev/messaging/formatting-message-text>.

use super::style::{Around, Quote, Style, entity, has_no_backtick, percent_encoded};
use std::borrow::Cow;

pub static SLACK: Style = Style {
    bold: ("*", "*"),
    italic: ("_", "_"),
    strike: ("~", "~"),
    code: ("`", "`"),
    code_fits: has_no_backtick,
    fence: Some(|_| ("```\n".to_owned(), "\n```")),
    heading: |_| ("*", "*"),
    quote: Quote::Before("> "),
    bullet: "• ",
    indent: "    ",
    rule: "———",
    has_tables: false,
    link: |address| (format!("<{}|", written(address)), ">".to_owned()),
    has_marked_links: false,
    address: |address| format!("<{}>", written(address)),
    needs_edges: true,
    escape,
    verbatim,
};

fn written(address: &str) -> String {
    percent_encoded(address, &['<', '>', '|']).replace('&', "&amp;")
}

/// There are escapes for `&`, `<` and `>` only. In place of the marks stand characters that look
/// like them, but within words and between blanks, where they are none.
fn escape(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    let is_mark = !around.is_in_word() && !around.is_apart();
    Some(Cow::Borrowed(match c {
        // An escaped one makes a quote, too.
        '>' if around.starts_line => "\u{200b}&gt;",
        '*' if is_mark => "∗",
        '_' if is_mark => "ˍ",
        '~' if is_mark => "∼",
        '`' => "ˋ",
        _ => return entity(c),
    }))
}

fn verbatim(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    super::style::apart_backticks(c, around).or_else(|| entity(c))
}
