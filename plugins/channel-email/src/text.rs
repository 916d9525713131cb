//! The text part: the message's Markdown, which reads well as it is but for the escapes that keep
//! foreign text from being markup.

/// A space that the engine puts where a line begins, because Markdown would take white space for
/// markup there.
const NO_BREAK_SPACE: char = '\u{a0}';

/// Backslash escapes (CommonMark section 2.4) as the characters that they stand for. Code has none.
pub(crate) fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut fence: Option<&str> = None;
    for line in markdown.split_inclusive('\n') {
        match fence {
            Some(open) => {
                let bare = line.trim();
                if bare.starts_with(open) && bare.trim_start_matches(&open[..1]).is_empty() {
                    fence = None;
                }
                text.push_str(line);
            }
            None => {
                fence = opening(line);
                match fence {
                    Some(_) => text.push_str(line),
                    None => push_line(&mut text, line),
                }
            }
        }
    }
    text
}

/// The fence that a line begins with (CommonMark section 4.5).
fn opening(line: &str) -> Option<&str> {
    let behind = ["`", "~"].map(|mark| line.trim_start_matches(mark));
    let behind = behind.into_iter().min_by_key(|behind| behind.len())?;
    let (fence, info) = line.split_at(line.len() - behind.len());
    (fence.len() >= 3 && !(fence.starts_with('`') && info.contains('`'))).then_some(fence)
}

fn push_line(text: &mut String, line: &str) {
    let mut rest = line.trim_start_matches(NO_BREAK_SPACE);
    let spaces = (line.len() - rest.len()) / NO_BREAK_SPACE.len_utf8();
    text.extend(std::iter::repeat_n(' ', spaces));
    while let Some(at) = rest.find(['\\', '`']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        rest = match from.strip_prefix('\\') {
            Some(behind) if behind.starts_with(|c: char| c.is_ascii_punctuation()) => {
                text.push_str(&behind[..1]);
                &behind[1..]
            }
            Some(behind) => {
                text.push('\\');
                behind
            }
            None => {
                let end = code(from);
                text.push_str(&from[..end]);
                &from[end..]
            }
        };
    }
    text.push_str(rest);
}

/// How far the code goes that a line begins with (CommonMark section 6.1), or the backticks when
/// none does.
fn code(line: &str) -> usize {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let marks = run(line);
    let mut at = marks;
    while let Some(found) = line[at..].find('`') {
        let length = run(&line[at + found..]);
        at += found + length;
        if length == marks {
            return at;
        }
    }
    marks
}
