use std::borrow::Cow;

/// Largest file that a model would be shown, in bytes.
const LARGEST: usize = 1 << 20;

/// A file's content when it is text of a size that anybody reads.
pub fn file(bytes: Vec<u8>) -> Option<String> {
    if bytes.len() > LARGEST || bytes.contains(&0) {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// A path as a part of an address: each name percent-encoded. None when it leads elsewhere.
pub fn path(path: &str) -> Option<String> {
    let odd = |name: &str| matches!(name, "" | "." | "..");
    if path.split('/').any(odd) {
        return None;
    }
    let names: Vec<String> = path.split('/').map(crate::crypto::percent_encode).collect();
    Some(names.join("/"))
}

/// The hunks of one file's diff, without the lines that name the file.
pub fn hunks(diff: &str) -> Option<&str> {
    if diff.starts_with("@@") {
        return Some(diff);
    }
    diff.find("\n@@").map(|at| &diff[at + 1..])
}

/// Whether git says in place of a diff that it shows none.
pub fn is_binary(diff: &str) -> bool {
    hunks(diff).is_none() && (diff.contains("Binary files ") || diff.contains("GIT binary patch"))
}

/// Added and removed lines, for hosts that do not count them.
pub fn counted(hunks: &str) -> (u32, u32) {
    let count = |sign: char| hunks.lines().filter(|line| line.starts_with(sign)).count();
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    (number(count('+')), number(count('-')))
}

/// At most `most` characters, the last of which says that there were more.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().count() <= most {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(most - 1).chain(['…']).collect())
}
