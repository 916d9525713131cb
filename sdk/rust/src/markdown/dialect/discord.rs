//! Discord's Markdown: <https://docs.discord.com/developers/reference#message-formatting>.

use super::style::{
    Around, Quote, Style, apart_backticks, backslash, has_no_backtick, markdown_link,
    percent_encoded,
};
use std::borrow::Cow;

pub static DISCORD: Style = Style {
    bold: ("**", "**"),
    italic: ("*", "*"),
    strike: ("~~", "~~"),
    code: ("`", "`"),
    code_fits: has_no_backtick,
    fence: Some(|language| (format!("```{language}\n"), "\n```")),
    heading: |level| match level {
        1 => ("# ", ""),
        2 => ("## ", ""),
        3 => ("### ", ""),
        _ => ("**", "**"),
    },
    quote: Quote::Before("> "),
    bullet: "- ",
    indent: "  ",
    rule: "———",
    has_tables: false,
    link: markdown_link,
    has_marked_links: true,
    address: |address| format!("<{}>", percent_encoded(address, &['<', '>'])),
    needs_edges: false,
    escape,
    verbatim: apart_backticks,
};

fn escape(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    let means_something = match c {
        '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '@' | '&' => true,
        '#' => around.starts_line || around.could_end_heading(),
        '-' | '+' | '=' => around.starts_line,
        '.' | ')' => around.could_number(),
        _ => false,
    };
    means_something.then(|| backslash(c))?
}
