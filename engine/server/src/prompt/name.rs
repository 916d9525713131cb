//! Names for prompts that nobody has named.

use std::{collections::HashSet, iter};

/// Of any prompt, in characters.
pub(super) const LONGEST: usize = 100;

/// The first of `NAME (copy)`, `NAME (copy 2)`, ... that is not taken.
pub(super) fn of_copy(name: &str, taken: &HashSet<String>) -> String {
    let more = (2_u32..).map(|number| format!(" (copy {number})"));
    first_free(name, iter::once(" (copy)".to_owned()).chain(more), taken)
}

/// The first of `NAME`, `NAME (2)`, ... that is not taken.
pub(super) fn of_builtin(name: &str, taken: &HashSet<String>) -> String {
    let more = (2_u32..).map(|number| format!(" ({number})"));
    first_free(name, iter::once(String::new()).chain(more), taken)
}

/// A long name is cut so that the end finds room.
fn first_free(
    name: &str,
    mut ends: impl Iterator<Item = String>,
    taken: &HashSet<String>,
) -> String {
    let with = |end: String| {
        let room = LONGEST.saturating_sub(end.chars().count());
        let start: String = name.chars().take(room).collect();
        format!("{}{end}", start.trim_end())
    };
    ends.find_map(|end| Some(with(end)).filter(|name| !taken.contains(name)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
