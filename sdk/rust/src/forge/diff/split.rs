use super::entry::Entry;
use crate::FileChange;

/// Most files that are told. An entry takes some 20 bytes of a text and many times that in memory.
const MOST_FILES: usize = 10_000;
/// Most bytes of patches: what a call hands over, and the text that they are cut from, are in
/// memory together.
const MOST_BYTES: usize = 8 << 20;

/// The files of a diff.
#[derive(Debug)]
pub struct Split {
    pub files: Vec<FileChange>,
    /// There were more.
    pub cut: bool,
}

/// None: it is no diff. What is beyond the bounds keeps its place in the list without its patch.
pub fn split(text: &str) -> Option<Split> {
    if !text.trim().is_empty() && !text.starts_with(Entry::START) {
        return None;
    }
    let mut split = Split {
        files: Vec::new(),
        cut: false,
    };
    let mut left = MOST_BYTES;
    let mut rest = text;
    while let Some((entry, after)) = Entry::read(rest) {
        if split.files.len() == MOST_FILES {
            split.cut = true;
            break;
        }
        let change = entry.normalised(left);
        let patch = change.as_ref().and_then(|change| change.patch.as_ref());
        left -= patch.map_or(0, String::len);
        split.files.extend(change);
        rest = after;
    }
    Some(split)
}
