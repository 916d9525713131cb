use push_notify_template::escape_prose;

/// What nobody sees, and what keeps two characters from being one mark.
const APART: char = '\u{200b}';

/// Languages of code that hosts show as something else: as pictures that can hold links, as tables,
/// as formulas, as a change that one click makes.
#[rustfmt::skip]
const ACTIVE: [&str; 35] = [
    "actdiag", "blockdiag", "bpmn", "bytefield", "c4plantuml", "d2", "dbml", "diagramsnet", "ditaa", "dot", "erd", "excalidraw", "geojson",
    "graphviz", "json:table", "latex", "math", "mermaid", "nomnoml", "nwdiag", "packetdiag", "pikchr", "plantuml", "puml", "rackdiag",
    "seqdiag", "stl", "structurizr", "suggestion", "svgbob", "symbolator", "tex", "topojson", "vega", "vegalite",
];

/// The words as they are, and nothing that acts: no mentions, which would call people, no
/// references, no commands at the start of a line, which GitLab would carry out, no links, no
/// images, which would tell their server who reads, no tags, no headings that could be taken for
/// ours. Code stays code, between fences and within a line.
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut fence: Option<&str> = None;
    let mut was_prose = false;
    for line in text.trim().lines() {
        let is_prose = fence.is_none() && opening(line).is_none() && !line.trim().is_empty();
        if !out.is_empty() {
            // Not all hosts keep a line apart from the next one.
            out.push_str(if was_prose && is_prose { "  \n" } else { "\n" });
        }
        was_prose = is_prose;
        match (fence, ticks(line)) {
            (None, _) => match opening(line) {
                Some((ticks, language)) => {
                    fence = Some(ticks);
                    out.extend([ticks, language]);
                }
                None => prose(line, &mut out),
            },
            (Some(open), Some((ticks, info)))
                if ticks.starts_with(open) && info.trim().is_empty() =>
            {
                fence = None;
                out.push_str(line);
            }
            (Some(_), _) => out.push_str(line),
        }
    }
    if let Some(open) = fence {
        out.push('\n');
        out.push_str(open);
    }
    out
}

/// The same on one line.
pub(super) fn in_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let words: Vec<&str> = text.split_whitespace().collect();
    prose(&words.join(" "), &mut out);
    out
}

/// Whether the text begins with something that has to begin a line.
pub(super) fn is_block(text: &str) -> bool {
    opening(text.trim().lines().next().unwrap_or_default()).is_some()
}

/// The marks of the fence that a line opens, and the language of what is between.
fn opening(line: &str) -> Option<(&str, &str)> {
    let (ticks, info) = ticks(line).filter(|(_, info)| !info.contains('`'))?;
    let language = info.split_whitespace().next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '.' | '_');
    let is_plain = language.chars().all(is_name)
        && !ACTIVE
            .iter()
            .any(|name| language.eq_ignore_ascii_case(name));
    Some((ticks, if is_plain { language } else { "" }))
}

/// The marks of a fence that a line begins with, and what follows them (CommonMark section 4.5).
fn ticks(line: &str) -> Option<(&str, &str)> {
    let start = line.trim_start_matches(' ');
    let mark = start
        .chars()
        .next()
        .filter(|mark| matches!(mark, '`' | '~'))?;
    let count = start.chars().take_while(|letter| *letter == mark).count();
    let is_fence = count >= 3 && line.len() - start.len() <= 3;
    is_fence.then(|| start.split_at(count))
}

fn prose(line: &str, out: &mut String) {
    let shown = escape_prose(line, quiet);
    let words = shown.trim_start();
    let (indent, words) = shown.split_at(shown.len() - words.len());
    out.push_str(indent);
    if words.starts_with('/') {
        out.push('\\');
    }
    out.push_str(words);
}

/// Hosts look for people, issues and addresses in what is left when the Markdown is read, where no
/// escape helps.
fn quiet(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // The last letters, in lower case.
    let mut word = String::new();
    for (at, letter) in text.char_indices() {
        let behind = &text[at + letter.len_utf8()..];
        let next = behind.chars().next();
        let is_before_number = next.is_some_and(|next| next.is_ascii_digit());
        let is_apart = match letter {
            '@' => true,
            ':' => behind.starts_with("//"),
            '!' => is_before_number || next == Some('['),
            '#' | '$' | '%' | '&' | '^' | '~' => is_before_number,
            // GH-12, and www.example.com
            '-' => is_before_number && word == "gh",
            '.' => word == "www",
            _ => false,
        };
        if letter == '.' && is_apart {
            out.push(APART);
        }
        out.push(letter);
        if letter != '.' && is_apart {
            out.push(APART);
        }
        match letter.is_ascii_alphanumeric() {
            true if word.len() < 8 => word.push(letter.to_ascii_lowercase()),
            true => {}
            false => word.clear(),
        }
    }
    out
}
