//! Messages as people see them, for tests of whoever writes any.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What people wrote, or could write.
pub fn strangers() -> Vec<String> {
    serde_json::from_str(include_str!("../../../tests/strangers.json")).unwrap_or_default()
}

/// What a message is made of, as GitHub's Markdown reads it: its text, and the rest.
#[derive(Debug, Default)]
pub struct Read {
    pub text: String,
    /// Where links lead.
    pub links: Vec<String>,
    /// Names of everything but text, code, links and paragraphs.
    pub markup: Vec<String>,
}

pub fn read(markdown: &str) -> Read {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut read = Read::default();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) | Event::Code(text) => read.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => read.text.push('\n'),
            Event::Start(Tag::Paragraph) => {}
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => {
                read.text.push('\n');
            }
            Event::Start(Tag::Link { dest_url, .. }) => read.links.push(dest_url.into_string()),
            Event::Start(tag) => read.markup.push(format!("{tag:?}")),
            Event::End(_) => {}
            other => read.markup.push(format!("{other:?}")),
        }
    }
    read
}

/// Lines without the white space at their ends, and without those that are blank: Markdown keeps
/// neither. Characters that are for use within a program come out as what stands for what cannot be
/// shown.
pub fn normal(text: &str) -> String {
    let inner = |c: char| ('\u{fdd0}'..='\u{fdef}').contains(&c) || c == '\u{1fffe}';
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.replace(inner, "\u{fffd}").replace('\u{a0}', " ");
    let text = text.replace('\t', "    ");
    let lines = text.lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
