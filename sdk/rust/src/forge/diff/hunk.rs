use super::entry::line;

/// How each begins.
pub(super) const START: &str = "@@ -";

pub(super) struct Hunk<'a> {
    pub(super) additions: u32,
    pub(super) deletions: u32,
    /// What follows it.
    pub(super) rest: &'a str,
}

/// The hunk that the text begins with. It is as long as its header says: a line that was taken away
/// may look like anything, such as the `---` of another file.
pub(super) fn read(text: &str) -> Option<Hunk<'_>> {
    let mut rest = text;
    let (mut old, mut new) = lengths(line(&mut rest)?)?;
    let (mut additions, mut deletions) = (0, 0);
    while old > 0 || new > 0 {
        let after = rest;
        match line(&mut rest).map(|line| line.bytes().next()) {
            Some(Some(b'+')) => {
                additions += 1;
                new = new.saturating_sub(1);
            }
            Some(Some(b'-')) => {
                deletions += 1;
                old = old.saturating_sub(1);
            }
            // An empty line that lost its space on the way.
            Some(Some(b' ') | None) => {
                old = old.saturating_sub(1);
                new = new.saturating_sub(1);
            }
            Some(Some(b'\\')) => {}
            _ => {
                rest = after;
                break;
            }
        }
    }
    // `\ No newline at end of file`, about the line before.
    if rest.starts_with('\\') {
        line(&mut rest);
    }
    Some(Hunk {
        additions,
        deletions,
        rest,
    })
}

/// Lines of the old and the new file, from `@@ -1,7 +1,9 @@`, where 1 is left out.
fn lengths(header: &str) -> Option<(u32, u32)> {
    let (ranges, _) = header.strip_prefix(START)?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let length = |range: &str| match range.split_once(',') {
        Some((_, length)) => length.parse().ok(),
        None => Some(1),
    };
    Some((length(old)?, length(new)?))
}
