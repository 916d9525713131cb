//! Markdown as cards show it: bold, italics, links and lists. Headings, quotes and code have no
//! marks of their own there.

use message_text::harmless;

/// The body in what cards understand of Markdown, with its line breaks kept.
pub(crate) fn for_cards(body: &str) -> String {
    let body = harmless(body);
    let mut out = String::with_capacity(body.len() + body.len() / 16);
    let mut fence: Option<&str> = None;
    let mut was_item = false;
    for line in body.lines() {
        let bare = line.trim();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                continue;
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                continue;
            }
            _ => {}
        }
        if bare.is_empty() {
            was_item = false;
            continue;
        }
        let is_item = fence.is_none() && is_item(line);
        if !out.is_empty() {
            // A single line break joins lines, but for those of a list.
            out.push_str(if is_item && was_item { "\n" } else { "\n\n" });
        }
        match fence {
            Some(_) => out.push_str(line),
            None => push_line(&mut out, line),
        }
        was_item = is_item;
    }
    out
}

fn push_line(out: &mut String, line: &str) {
    let mut rest = line.trim_end();
    while let Some(quoted) = rest.strip_prefix('>') {
        rest = quoted.trim_start();
    }
    match heading(rest) {
        Some(heading) if heading.contains('*') => out.push_str(heading),
        Some(heading) => out.push_str(&format!("**{heading}**")),
        None => out.push_str(rest),
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let marks = line.len() - text.len();
    let is_one = (1..=6).contains(&marks) && text.starts_with(' ');
    is_one.then(|| text.trim()).filter(|text| !text.is_empty())
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark));
    bullet || (behind.len() < line.len() && (behind.starts_with(". ") || behind.starts_with(") ")))
}
