//! Telegram's HTML: <https://core.telegram.org/bots/api#html-style>.

use super::style::{Around, Quote, Style, entity, percent_encoded};
use std::borrow::Cow;

pub static TELEGRAM: Style = Style {
    bold: ("<b>", "</b>"),
    italic: ("<i>", "</i>"),
    strike: ("<s>", "</s>"),
    code: ("<code>", "</code>"),
    code_fits: |_| true,
    fence: Some(fence),
    heading: |_| ("<b>", "</b>"),
    quote: Quote::Around("<blockquote>", "</blockquote>"),
    bullet: "• ",
    indent: "   ",
    rule: "———",
    has_tables: false,
    link: |address| {
        let address = written(address);
        (format!("<a href=\"{address}\">"), "</a>".to_owned())
    },
    has_marked_links: true,
    address: written,
    needs_edges: false,
    escape,
    verbatim: |c, _| entity(c),
};

fn fence(language: &str) -> (String, &'static str) {
    match language {
        "" => ("<pre>".to_owned(), "</pre>"),
        language => (
            format!("<pre><code class=\"language-{language}\">"),
            "</code></pre>",
        ),
    }
}

fn written(address: &str) -> String {
    percent_encoded(address, &['<', '>']).replace('&', "&amp;")
}

/// Names behind an `@` are called wherever they stand, but not behind a character that nobody sees.
fn escape(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    let calls = c == '@'
        && !around.before.is_some_and(char::is_alphanumeric)
        && around
            .after()
            .is_some_and(|c| c.is_alphanumeric() || c == '_');
    match calls {
        true => Some(Cow::Borrowed("@\u{200b}")),
        false => entity(c),
    }
}
