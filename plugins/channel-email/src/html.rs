//! The HTML part, made from the message's Markdown. A commit message is foreign text: tags in it
//! are shown as text, images are not fetched, and links lead to the web or to a mail address only.

use crate::{footer, text::begins_with_heading};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use push_notify_sdk::{
    Message,
    card::{self, Tone},
    markdown,
};
use std::fmt::Write as _;

/// What a client in the dark changes, and a narrow one. Clients that strip it show the page as its
/// inline styles have it.
const STYLE: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
pre{padding:12px;overflow-x:auto;background:#f6f8fa;border-radius:4px}\
code{font:13px/1.5 Consolas,Menlo,monospace}\
a{color:#0969da}\
blockquote{margin:12px 0;padding-left:12px;border-left:3px solid #d0d7de}\
@media (max-width:480px){.page{padding:0!important}.text{padding:16px!important}}\
@media (prefers-color-scheme:dark){\
.page{background:#0d1117!important}\
.card{background:#161b22!important;border-right-color:#30363d!important;border-bottom-color:#30363d!important;\
border-left-color:#30363d!important}\
.text{color:#e6edf3!important}\
.foot{color:#8b949e!important;border-color:#30363d!important}\
.text a{color:#58a6ff!important}\
.text .button{background:#1f6feb!important}\
.text .button a{color:#ffffff!important}\
pre,code{background:#0d1117!important}}";

/// What a list of mails shows beside the subject, in characters.
const PREVIEW: usize = 140;

const BUTTONS: usize = 3;

/// A whole document.
pub(crate) fn page(title: &str, message: &Message) -> String {
    let markdown = card::text(message);
    let markdown = markdown::shallow(&markdown);
    let mut text = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut text, events(&markdown).into_iter());
    let language = match footer::speaks_english(message) {
        true => "en",
        false => "zh-CN",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body class=\"page\" style=\"margin:0;padding:0;background:#f4f5f7\">\n\
         <div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">{preview}</div>\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"page\" align=\"center\" \
         style=\"padding:24px 12px;background:#f4f5f7\">\n\
         <table role=\"presentation\" class=\"card\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
         style=\"max-width:680px;background:#ffffff;border:1px solid #e1e4e8;border-top:4px solid {colour};border-radius:6px\">\
         <tr><td class=\"text\" style=\"padding:20px 28px;text-align:left;color:#24292f;word-break:break-word;\
         font:14px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',Arial,sans-serif\">\n{head}<div class=\"body\">\n{text}</div>\n{buttons}\
         <p class=\"foot\" style=\"margin:24px 0 0;padding-top:12px;border-top:1px solid #e1e4e8;color:#57606a;font-size:12px\">\
         {footer}</p>\n</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n",
        title = escaped(title),
        preview = escaped(&preview(&message.body)),
        colour = colour(message),
        head = head(title, message),
        buttons = buttons(message),
        footer = escaped(&footer::why(message)),
    )
}

/// What it is about, and how that is.
fn head(title: &str, message: &Message) -> String {
    let mut head = String::new();
    if let Some(state) = card::state(message) {
        let _ = writeln!(
            head,
            "<p class=\"state\" style=\"margin:0 0 4px;color:{colour};font-size:13px;font-weight:600\">&#9679; {state}</p>",
            colour = colour(message),
            state = escaped(&state),
        );
    }
    if !begins_with_heading(&message.body) {
        let _ = writeln!(
            head,
            "<h1 style=\"margin:0 0 12px;font-size:18px;line-height:1.4\">{}</h1>",
            escaped(title)
        );
    }
    head
}

/// Where there is more: a table with a coloured cell is what all clients show as a button.
fn buttons(message: &Message) -> String {
    let buttons = card::buttons(message, BUTTONS).into_iter();
    let cells = buttons
        .filter(|button| leads_out(&button.url))
        .map(|button| {
            format!(
                "<td class=\"button\" style=\"border-radius:6px;background:#0969da\"><a href=\"{url}\" \
                 style=\"display:inline-block;padding:9px 18px;color:#ffffff;font-weight:600;text-decoration:none\">{label}</a></td>",
                url = escaped(&button.url).replace('"', "&quot;"),
                label = escaped(&button.label),
            )
        });
    let cells: Vec<String> = cells.collect();
    if cells.is_empty() {
        return String::new();
    }
    format!(
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:20px 0 4px\"><tr>{}</tr></table>\n",
        cells.join("<td width=\"8\"></td>")
    )
}

/// Whether it is bad, at a glance.
fn colour(message: &Message) -> &'static str {
    match Tone::of(message) {
        Tone::Good => "#1a7f37",
        Tone::Bad => "#cf222e",
        Tone::Warning => "#bf8700",
        Tone::Busy | Tone::Neutral => "#0969da",
    }
}

/// The beginning of the text, for the list of mails.
fn preview(markdown: &str) -> String {
    let mut preview = String::new();
    for event in Parser::new(&markdown::shallow(markdown)).skip_while(is_heading()) {
        match event {
            Event::Text(text) | Event::Code(text) => preview.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => preview.push(' '),
            _ => {}
        }
        if preview.len() > 4 * PREVIEW {
            break;
        }
    }
    let words: Vec<&str> = preview.split_whitespace().collect();
    words.join(" ").chars().take(PREVIEW).collect()
}

/// True of what belongs to a heading at the start: the subject says that.
fn is_heading() -> impl FnMut(&Event<'_>) -> bool {
    let mut first = true;
    let mut inside = false;
    move |event| {
        if std::mem::take(&mut first) {
            inside = matches!(event, Event::Start(Tag::Heading { .. }));
        }
        let was = inside;
        inside = inside && !matches!(event, Event::End(TagEnd::Heading(_)));
        was
    }
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

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out
}
