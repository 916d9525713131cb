use super::fence::Fences;

/// Makes a text that somebody else wrote one that only says something: hosts and robots take a line
/// such as `/merge` as a command of whoever posts it, and `@all` calls everybody. A block of code
/// commands nobody, and stays as it is.
pub fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let mut fences = Fences::of(text);
    for line in text.split_inclusive('\n') {
        let is_code = fences.have_next(line);
        let words = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let is_command = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric());
        if !is_code && words.strip_prefix('/').is_some_and(is_command) {
            inert.push_str(&line[..line.len() - words.len()]);
            inert.push('\\');
            inert.push_str(words);
        } else {
            inert.push_str(line);
        }
    }
    quiet(&inert)
}

/// With a mark that nobody sees between `@` and `all`.
fn quiet(text: &str) -> String {
    let mut quiet = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at + 1);
        quiet.push_str(before);
        let name_ends = |name: &str| !name.starts_with(|c: char| c.is_alphanumeric());
        let all = after.get(..3).filter(|all| all.eq_ignore_ascii_case("all"));
        if all.is_some() && name_ends(&after[3..]) {
            quiet.push('\u{200b}');
        }
        rest = after;
    }
    quiet.push_str(rest);
    quiet
}
