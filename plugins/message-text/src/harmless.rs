//! Markdown for a far side that shows it, without what a stranger could smuggle in.

/// A character that nobody sees, between two that would mean something together.
const APART: char = '\u{200b}';

/// Where a link may lead.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// Images, which every reader would fetch, become links; links to anything but web and mail
/// addresses lose their target; tags are text. People who are named by links that only the engine
/// understands keep their names. What is escaped stays so.
pub fn harmless(markdown: &str) -> String {
    let text = markdown.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(at) = rest.find(['!', ']', '<', '\\']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let marks = from.len() - from.trim_start_matches('!').len();
        if let Some(behind) = from.strip_prefix("](") {
            rest = link(&mut out, behind);
        } else if marks > 0 {
            // All at once: a run of them is looked at but once. `![text](url)` loses its mark, and
            // one before it must not become its mark.
            rest = &from[marks..];
            let is_image = rest.starts_with('[');
            out.push_str(&from[..marks - usize::from(is_image)]);
            if is_image {
                keep_apart(&mut out);
            }
        } else if let Some(behind) = from.strip_prefix('\\') {
            rest = escape(&mut out, behind);
        } else if let Some(tag) = from.strip_prefix('<') {
            out.push('<');
            let opens = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?');
            if tag.starts_with(opens) && !leads_to(tag, &SCHEMES) {
                out.push(APART);
            }
            rest = tag;
        } else {
            // A run of marks at once: each by itself would be looked at again and again.
            let taken = marks.max(1);
            out.push_str(&from[..taken]);
            rest = &from[taken..];
        }
    }
    out.push_str(rest);
    out
}

/// Nobody is called by what only looks like a name behind `@`. Mail addresses stay what they are.
pub fn quiet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = [' '; 2];
    for c in text.chars() {
        let [earlier, last] = before;
        if last == '@' && !earlier.is_ascii_alphanumeric() && (c.is_alphanumeric() || c == '_') {
            out.push(APART);
        }
        out.push(c);
        before = [last, c];
    }
    out
}

/// What follows `](`, and answers what is behind what was written of it.
fn link<'a>(out: &mut String, behind: &'a str) -> &'a str {
    if let Some(behind) = mention(behind)
        && let Some(start) = start_of_name(out)
    {
        out.remove(start);
        return behind;
    }
    let target = behind.trim_start().trim_start_matches('<');
    // The parenthesis set apart makes it ordinary text.
    out.push_str(match leads_to(target, &SCHEMES) {
        true => "](",
        false => "] (",
    });
    behind
}

/// What is behind the target that names a person, if it is one.
fn mention(target: &str) -> Option<&str> {
    let place = target.strip_prefix("mention:")?;
    let behind = place.trim_start_matches(|c: char| c.is_ascii_digit());
    behind.strip_prefix(')')
}

/// Where the bracket is that a name begins with. Names are not long.
fn start_of_name(out: &str) -> Option<usize> {
    const LONGEST_NAME: usize = 500;
    let from = out.floor_char_boundary(out.len().saturating_sub(LONGEST_NAME));
    out[from..].rfind('[').map(|at| from + at)
}

/// Writes what a backslash escapes, and answers what is behind it.
fn escape<'a>(out: &mut String, behind: &'a str) -> &'a str {
    out.push('\\');
    match behind.chars().next().filter(char::is_ascii_punctuation) {
        Some(c) => {
            out.push(c);
            let behind = &behind[1..];
            if c == '!' && behind.starts_with('[') {
                out.push(APART);
            }
            behind
        }
        None => behind,
    }
}

fn keep_apart(out: &mut String) {
    if out.ends_with('!') {
        out.push(APART);
    }
}

pub(crate) fn leads_to(target: &str, schemes: &[&str]) -> bool {
    schemes.iter().any(|scheme| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}
