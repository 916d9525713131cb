use super::style::{Quote, Style};

/// Text without any markup.
pub static PLAIN: Style = Style {
    bold: ("", ""),
    italic: ("", ""),
    strike: ("", ""),
    code: ("", ""),
    code_fits: |_| true,
    fence: None,
    heading: |_| ("", ""),
    quote: Quote::Before("> "),
    bullet: "- ",
    indent: "  ",
    rule: "---",
    has_tables: false,
    link: |address| (String::new(), format!(" ({address})")),
    has_marked_links: true,
    address: str::to_owned,
    needs_edges: false,
    escape: |_, _| None,
    verbatim: |_, _| None,
};
