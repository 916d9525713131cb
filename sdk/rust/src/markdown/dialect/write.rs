//! From the parser's events to a page.

mod block;
mod inline;

use super::{
    page::Page,
    style::{APART, Around, Style},
};
use crate::markdown::shallow;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

/// The text in a chat's dialect. `mention` is asked how a person is called, by the place in
/// `message.mentions`; where it has no answer, the name stands there.
pub fn render(
    markdown: &str,
    style: &'static Style,
    mention: &dyn Fn(usize) -> Option<String>,
) -> Page {
    let markdown = shallow(markdown);
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(style, mention);
    for event in Parser::new_ext(&markdown, options) {
        writer.take(event);
    }
    writer.flush();
    writer.page
}

/// A line of plain text in a chat's dialect, with nothing in it that would mean anything.
pub fn line(text: &str, style: &'static Style) -> Page {
    let mut writer = Writer::new(style, &|_| None);
    let words: Vec<&str> = text.split_whitespace().collect();
    writer.text = words.join(" ");
    writer.flush();
    writer.page
}

/// A label that leads to an address of the web, such as a chat without buttons has it.
pub fn link(label: &str, address: &str, style: &'static Style) -> String {
    let mut writer = Writer::new(style, &|_| None);
    writer.link(address, false);
    let words: Vec<&str> = label.split_whitespace().collect();
    writer.text = words.join(" ");
    writer.flush();
    writer.end_link();
    writer.page.into_text()
}

struct Writer<'a> {
    page: Page,
    style: &'static Style,
    mention: &'a dyn Fn(usize) -> Option<String>,
    /// Text that is not written yet: what a character means depends on its neighbours.
    text: String,
    /// Line breaks before what comes next.
    gap: usize,
    /// Nothing has been written since something was opened that begins with its content.
    glued: bool,
    /// What stands before each line, from the outermost block.
    blocks: Vec<Block>,
    /// Numbers of the next items of ordered lists.
    lists: Vec<Option<u64>>,
    /// Whether what is open was written at all.
    spans: Vec<bool>,
    bold: u32,
    /// Whether what is open counts among those.
    bolds: Vec<bool>,
    italic: u32,
    strike: u32,
    quotes: u32,
    links: Vec<Link>,
    /// Links and images in one whose text is not wanted.
    skipped: u32,
    /// The language and the text of a block of code.
    code: Option<(String, String)>,
    table: Option<Table>,
    starts_line: bool,
    /// A mark of the chat's was closed just now.
    closed: bool,
}

struct Block {
    /// Before its first line, until that is written.
    first: Option<String>,
    rest: &'static str,
}

enum Link {
    /// Where it was opened, and where it leads.
    Open(usize, String),
    /// It leads nowhere that is sound; the address is shown.
    Shown(String),
    /// It is in another one.
    Inner,
}

struct Table {
    columns: usize,
    cell: usize,
    is_head: bool,
}

impl<'a> Writer<'a> {
    fn new(style: &'static Style, mention: &'a dyn Fn(usize) -> Option<String>) -> Self {
        Self {
            page: Page::default(),
            style,
            mention,
            text: String::new(),
            gap: 1,
            glued: false,
            blocks: Vec::new(),
            lists: Vec::new(),
            spans: Vec::new(),
            bold: 0,
            bolds: Vec::new(),
            italic: 0,
            strike: 0,
            quotes: 0,
            links: Vec::new(),
            skipped: 0,
            code: None,
            table: None,
            starts_line: true,
            closed: false,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        if self.skipped > 0 {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => self.skipped += 1,
                Event::End(TagEnd::Link | TagEnd::Image) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Text(text) | Event::Html(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.text.push_str(&text),
            },
            Event::InlineHtml(tag) if is_line_break(&tag) => self.text.push('\n'),
            Event::InlineHtml(text) => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::Code(code) => self.code(&code),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Rule => self.rule(),
            Event::TaskListMarker(done) => {
                self.begin();
                self.page.push_whole(if done { "☑ " } else { "☐ " }, 2);
            }
            // None of these is asked for.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text.push_str(&text);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        self.flush();
        match tag {
            Tag::Strong => self.mark_bold(self.style.bold),
            Tag::Emphasis => {
                self.italic += 1;
                self.mark(self.style.italic, self.italic == 1);
            }
            Tag::Strikethrough => {
                self.strike += 1;
                self.mark(self.style.strike, self.strike == 1);
            }
            Tag::Link {
                link_type: LinkType::Email,
                ..
            } => self.links.push(Link::Inner),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                self.link(&dest_url, link_type == LinkType::Autolink);
            }
            Tag::Image { dest_url, .. } => self.link(&dest_url, false),
            Tag::Heading { level, .. } => {
                self.space(2);
                self.mark_bold((self.style.heading)(level as u8));
            }
            Tag::BlockQuote(_) => self.start_quote(),
            Tag::CodeBlock(kind) => {
                self.space(2);
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language_name(&language),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(first) => self.start_list(first),
            Tag::Item => self.start_item(),
            Tag::Table(columns) => self.start_table(columns.len()),
            Tag::TableHead => self.start_row(true),
            Tag::TableRow => self.start_row(false),
            Tag::TableCell => self.start_cell(),
            // What came before says how far away a paragraph is.
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if tag == TagEnd::HtmlBlock {
            self.text.truncate(self.text.trim_end().len());
        }
        self.flush();
        match tag {
            TagEnd::Strong => self.unmark_bold(),
            TagEnd::Emphasis => {
                self.italic -= 1;
                self.unmark();
            }
            TagEnd::Strikethrough => {
                self.strike -= 1;
                self.unmark();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::Heading(_) => {
                self.unmark_bold();
                self.gap = 1;
            }
            TagEnd::BlockQuote(_) => self.end_quote(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.space(self.between());
            }
            TagEnd::Item => self.end_item(),
            TagEnd::Table => {
                self.table = None;
                self.space(2);
            }
            TagEnd::TableHead => self.end_row(true),
            TagEnd::TableRow => self.end_row(false),
            TagEnd::TableCell => self.end_cell(),
            _ => self.space(self.between()),
        }
    }
}

fn is_line_break(tag: &str) -> bool {
    let tag: String = tag.chars().filter(|c| !c.is_whitespace()).collect();
    ["<br>", "<br/>"]
        .iter()
        .any(|br| tag.eq_ignore_ascii_case(br))
}

/// The first word behind a fence, where it can be the name of a language.
fn language_name(info: &str) -> String {
    let word = info.split_whitespace().next().unwrap_or_default();
    let is_sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_');
    match word.len() <= 20 && word.chars().all(is_sound) {
        true => word.to_owned(),
        false => String::new(),
    }
}
