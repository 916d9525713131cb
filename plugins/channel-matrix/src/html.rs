//! HTML of a message's Markdown. Tags in it are shown as text, images are not fetched, and links
//! lead to the web or to a mail address only.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};
use push_notify_sdk::markdown;

pub(crate) fn of(markdown: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let markdown = markdown::shallow(markdown);
    // Whether the start of a link or image that is open was kept; they nest (an image in a link).
    let mut open = Vec::new();
    let events = Parser::new_ext(&markdown, options).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        // A block of tags is set as a paragraph of text.
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        // Templates and commit messages mean their line breaks.
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Start(Tag::Link {
            link_type: LinkType::Email,
            dest_url,
            ..
        }) => start(&mut open, format!("mailto:{dest_url}").into()),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            start(&mut open, dest_url)
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            (open.pop() == Some(true)).then_some(Event::End(TagEnd::Link))
        }
        other => Some(other),
    });
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events);
    out
}

/// A link, where it leads somewhere and is in no other.
fn start<'a>(open: &mut Vec<bool>, dest_url: CowStr<'a>) -> Option<Event<'a>> {
    let leads_out = ["http://", "https://", "mailto:"].iter().any(|scheme| {
        dest_url
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let keep = leads_out && !open.contains(&true);
    open.push(keep);
    keep.then(|| {
        Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url,
            title: "".into(),
            id: "".into(),
        })
    })
}

pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}
