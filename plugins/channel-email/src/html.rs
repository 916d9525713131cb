//! The HTML part, made from the message's Markdown. A commit message is foreign text: tags in it
//! are shown as text, images are not fetched, and links lead to the web or to a mail address only.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use push_notify_sdk::markdown;

const FRAME_TOP: &str = r#"<body style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:680px;background:#ffffff;border:1px solid #e1e4e8;border-radius:6px"><tr><td style="padding:20px 28px;font:14px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',Arial,sans-serif;color:#24292f;word-break:break-word">
"#;
const FRAME_BOTTOM: &str = "</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n";

/// A whole document.
pub(crate) fn page(title: &str, markdown: &str) -> String {
    let mut page = String::with_capacity(markdown.len() * 2 + 2048);
    page.push_str("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>");
    push_escaped(&mut page, title);
    page.push_str("</title>\n</head>\n");
    page.push_str(FRAME_TOP);
    let markdown = markdown::shallow(markdown);
    html::push_html(&mut page, events(&markdown).into_iter());
    page.push_str(FRAME_BOTTOM);
    page
}

fn events(markdown: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut events = Vec::new();
    // Whether the link or image that is open has a start that was kept; they nest (an image in a
    // link).
    let mut open = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            // A block of tags is set as a paragraph of text.
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            // Templates and commit messages mean their line breaks.
            Event::SoftBreak => events.push(Event::HardBreak),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = mail_target(link_type, dest_url);
                let keep = leads_out(&dest_url);
                open.push(keep);
                if keep {
                    events.push(Event::Start(Tag::Link {
                        link_type: pulldown_cmark::LinkType::Inline,
                        dest_url,
                        title,
                        id,
                    }));
                }
            }
            Event::Start(Tag::Image {
                dest_url,
                title,
                id,
                ..
            }) => {
                // Inside a link its text is enough: links do not nest.
                let keep = leads_out(&dest_url) && !open.contains(&true);
                open.push(keep);
                if keep {
                    events.push(Event::Start(Tag::Link {
                        link_type: pulldown_cmark::LinkType::Inline,
                        dest_url,
                        title,
                        id,
                    }));
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if open.pop() == Some(true) {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            other => events.push(other),
        }
    }
    events
}

/// `<someone@example.com>` has no scheme of its own.
fn mail_target(link_type: pulldown_cmark::LinkType, target: CowStr<'_>) -> CowStr<'_> {
    match link_type {
        pulldown_cmark::LinkType::Email => format!("mailto:{target}").into(),
        _ => target,
    }
}

fn leads_out(target: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
}
