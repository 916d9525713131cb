//! Markdown as people read it where no far side makes anything of it.

use crate::harmless::leads_to;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use push_notify_sdk::markdown;

/// A space that the engine puts where a line begins, because Markdown would take white space for
/// markup there.
const NO_BREAK_SPACE: char = '\u{a0}';

/// The text that the Markdown shows. Lists keep their marks, a link has its address behind it
/// where that is not its text, and an image is the text that describes it.
pub fn plain(markdown: &str) -> String {
    written(markdown, Writer::default())
}

/// The same for a small screen, where an address takes the room of what there is to say: without
/// those behind links.
pub fn bare(markdown: &str) -> String {
    let writer = Writer {
        is_bare: true,
        ..Writer::default()
    };
    written(markdown, writer)
}

fn written(markdown: &str, mut writer: Writer) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let markdown = markdown::shallow(markdown);
    for event in Parser::new_ext(&markdown, options) {
        writer.event(event);
    }
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line ends to come before the next text.
    owed: usize,
    /// The next number of each list that is open, or none of one with bullets.
    lists: Vec<Option<u64>>,
    /// Of each link that is open, its address and where its text began.
    links: Vec<(String, usize)>,
    in_code: bool,
    is_bare: bool,
    /// Nothing follows the mark of an item yet; its own paragraph begins on that line.
    at_mark: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(code) => self.push(&code),
            Event::SoftBreak | Event::HardBreak => self.owe(1),
            Event::Rule => {
                self.owe(2);
                self.push("---");
                self.owe(2);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::HtmlBlock => {
                self.owe(if self.lists.is_empty() { 2 } else { 1 });
            }
            Tag::Table(_) => self.owe(2),
            Tag::CodeBlock(_) => {
                self.owe(2);
                self.in_code = true;
            }
            Tag::List(first) => {
                self.owe(if self.lists.is_empty() { 2 } else { 1 });
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::TableCell if !self.out.ends_with('\n') && self.owed == 0 => self.push(" | "),
            Tag::Link { dest_url, .. } => {
                self.settle();
                self.links.push((dest_url.into_string(), self.out.len()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => {
                self.owe(if self.lists.is_empty() { 2 } else { 1 });
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.owe(2);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.owe(if self.lists.is_empty() { 2 } else { 1 });
            }
            TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow => self.owe(1),
            TagEnd::Table => self.owe(2),
            TagEnd::Link => self.address(),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.at_mark = false;
        self.owe(1);
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.push(&"  ".repeat(depth));
        self.push(&mark);
        self.at_mark = true;
    }

    /// The address of the link that ends here, behind its text.
    fn address(&mut self) {
        let Some((address, start)) = self.links.pop() else {
            return;
        };
        let text = self.out.get(start..).unwrap_or_default();
        let is_said = text == address || address.strip_prefix("mailto:") == Some(text);
        if !self.is_bare && leads_to(&address, &["http://", "https://", "mailto:"]) && !is_said {
            self.out.push_str(&format!(" ({address})"));
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_code {
            return self.push(text);
        }
        let spaces = text.trim_start_matches(NO_BREAK_SPACE);
        let count = (text.len() - spaces.len()) / NO_BREAK_SPACE.len_utf8();
        if count > 0 && (self.owed > 0 || self.out.is_empty()) {
            self.push(&" ".repeat(count));
            return self.push(spaces);
        }
        self.push(text);
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.settle();
        self.out.push_str(text);
        self.at_mark = false;
    }

    fn owe(&mut self, ends: usize) {
        if !self.at_mark {
            self.owed = self.owed.max(ends);
        }
    }

    fn settle(&mut self) {
        if !self.out.is_empty() {
            let there = self.out.len() - self.out.trim_end_matches('\n').len();
            let missing = self.owed.saturating_sub(there);
            self.out.extend(std::iter::repeat_n('\n', missing));
        }
        self.owed = 0;
    }
}
