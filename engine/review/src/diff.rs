//! Unified diffs: which lines of a file they show, and how they read with numbers.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The lines of the new file that a file's diff shows.
#[derive(Debug, Default)]
pub struct Shown(HashMap<u32, Place>);

/// Where a line of the new file stands elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// In the old file, unless the line was added.
    pub old_line: Option<u32>,
    /// In the diff: the line below the first `@@` is 1.
    pub position: u32,
}

impl Shown {
    pub fn of(patch: &str) -> Self {
        let mut lines = HashMap::new();
        for line in Lines::of(patch) {
            if let Some(new) = line.new {
                let place = Place {
                    old_line: line.old,
                    position: line.position,
                };
                lines.insert(new, place);
            }
        }
        Self(lines)
    }

    pub fn place(&self, line: u32) -> Option<Place> {
        self.0.get(&line).copied()
    }
}

/// The diff with the number of each line of the new file in front of it, so that nobody has to
/// count.
pub fn numbered(patch: &str) -> String {
    let mut text = String::with_capacity(patch.len() + patch.len() / 4);
    for line in Lines::of(patch) {
        match line.new {
            Some(number) => text.push_str(&format!("{number:>5} ")),
            None if line.text.starts_with("@@") => {}
            None => text.push_str("      "),
        }
        text.push_str(line.text);
        text.push('\n');
    }
    text
}

/// The diff in pieces of at most `most` bytes, each of whole hunks. None: a hunk is larger.
pub fn pieces(patch: &str, most: usize) -> Option<Vec<&str>> {
    if patch.len() <= most {
        return Some(vec![patch]);
    }
    let mut pieces = Vec::new();
    let (mut start, mut end) = (0, 0);
    for hunk in hunks(patch) {
        if hunk.len() > most {
            return None;
        }
        if end + hunk.len() - start > most {
            pieces.push(&patch[start..end]);
            start = end;
        }
        end += hunk.len();
    }
    pieces.push(&patch[start..end]);
    Some(pieces)
}

/// How long about the first half is, of whole hunks. None: there is one hunk only.
pub fn first_half(patch: &str) -> Option<usize> {
    let mut ends = hunks(patch).scan(0, |end, hunk| {
        *end += hunk.len();
        Some(*end)
    });
    let first = ends.next().filter(|end| *end < patch.len())?;
    let before_middle = ends.take_while(|end| *end <= patch.len() / 2);
    Some(before_middle.last().unwrap_or(first))
}

/// The hunks, with their headers; what stands before the first is a part of it.
fn hunks(patch: &str) -> impl Iterator<Item = &str> {
    let mut rest = patch;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let after_first = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let end = rest[after_first..]
            .find("\n@@")
            .map_or(rest.len(), |at| after_first + at + 1);
        // A second header may follow the first at once.
        let end = if rest[after_first..].starts_with("@@") {
            after_first
        } else {
            end
        };
        let (hunk, left) = rest.split_at(end);
        rest = left;
        Some(hunk)
    })
}

/// A line of a diff, with its numbers in the old and the new file.
struct Line<'a> {
    text: &'a str,
    old: Option<u32>,
    new: Option<u32>,
    position: u32,
}

struct Lines<'a> {
    rest: std::str::Lines<'a>,
    old: u32,
    new: u32,
    /// None before the first hunk.
    position: Option<u32>,
}

impl<'a> Lines<'a> {
    fn of(patch: &'a str) -> Self {
        Self {
            rest: patch.lines(),
            old: 0,
            new: 0,
            position: None,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let text = self.rest.next()?;
        if let Some((old, new)) = header(text) {
            (self.old, self.new) = (old, new);
            // Each header but the first counts as a line.
            self.position = Some(self.position.map_or(0, |at| at.saturating_add(1)));
            return Some(Line {
                text,
                old: None,
                new: None,
                position: self.position.unwrap_or_default(),
            });
        }
        let Some(position) = &mut self.position else {
            return Some(Line {
                text,
                old: None,
                new: None,
                position: 0,
            });
        };
        *position = position.saturating_add(1);
        let position = *position;
        let (in_old, in_new) = match text.as_bytes().first() {
            Some(b'+') => (false, true),
            Some(b'-') => (true, false),
            // `\ No newline at end of file`
            Some(b'\\') => (false, false),
            _ => (true, true),
        };
        let take = |counts: bool, number: &mut u32| {
            let taken = counts.then_some(*number);
            *number = number.saturating_add(u32::from(counts));
            taken
        };
        Some(Line {
            text,
            old: take(in_old, &mut self.old),
            new: take(in_new, &mut self.new),
            position,
        })
    }
}

/// Where a hunk begins in the old and the new file: `@@ -12,7 +14,9 @@`.
fn header(line: &str) -> Option<(u32, u32)> {
    let ranges = line.strip_prefix("@@ -")?;
    let (old, rest) = ranges.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let start = |range: &str| range.split(',').next()?.parse().ok();
    Some((start(old)?, start(new)?))
}

#[cfg(test)]
mod tests;
