//! Line breaks as Markdown has them.

/// A single newline joins two lines in Markdown; two spaces before it keep them apart.
pub fn hard_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut fenced = false;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        if is_fence(line) {
            fenced = !fenced;
        }
        out.push_str(line);
        if let Some(next) = lines.peek() {
            let separate = line.trim().is_empty()
                || next.trim().is_empty()
                || is_heading(line)
                || starts_block(next);
            if !separate && !fenced && !is_fence(line) && !line.ends_with("  ") {
                out.push_str("  ");
            }
            out.push('\n');
        }
    }
    out
}

/// Whether a line begins something that is set apart from the line before it anyhow.
fn starts_block(line: &str) -> bool {
    is_heading(line) || is_list_item(line) || is_fence(line)
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    rest.len() < line.len() && (rest.is_empty() || rest.starts_with(' '))
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after_number = &line[digits..];
    let bullet = ["- ", "* ", "+ "]
        .iter()
        .any(|bullet| line.starts_with(bullet));
    bullet || (digits > 0 && (after_number.starts_with(". ") || after_number.starts_with(") ")))
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}
