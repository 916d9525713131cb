//! What a model's reply says. It is not to be trusted: it may be cut, damaged, wrapped in prose, or
//! repeat JSON that stood in the diff. What can be read of it counts; whether that is all of it is
//! told with it, because nobody approves what was read in part.

mod finding;
mod gather;
mod json;
mod names;

use crate::{Decision, Severity};
use gather::{Gathered, has_id, is_finding, is_review, is_review_by_one_name, repeats};
use json::Found;

/// Of one reply.
const MOST_ISSUES: usize = 100;
const LONGEST_MESSAGE: usize = 4_000;
const LONGEST_SUMMARY: usize = 20_000;
const LONGEST_PATH: usize = 1_000;

/// A reply, read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 0 to 100.
    pub score: Option<u32>,
    pub decision: Option<Decision>,
    pub summary: String,
    pub issues: Vec<Finding>,
    /// All of it was read, without a guess. Otherwise there may be more issues than these.
    pub is_whole: bool,
}

/// An issue as the model put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: Option<String>,
    pub line: Option<u32>,
    /// None: the model names none that is known.
    pub severity: Option<Severity>,
    pub category: String,
    pub message: String,
    pub suggestion: Option<String>,
}

impl Reply {
    /// Reads a reply. The objects that repeat `id`, which only the question had, are the answer.
    /// Without such a one, one that looks like a review is taken if it is the only one: of two,
    /// nobody knows which stood in the diff, and neither decides. Text that is no JSON is a
    /// summary.
    pub fn read(text: &str, id: &str) -> Self {
        let answer = json::without_thoughts(text);
        if let Some(ours) = Self::ours(answer, id) {
            return ours;
        }
        if answer.len() < text.len()
            && let Some(thought) = Self::ours(text, id)
        {
            // It may not have been the last word.
            let is_whole = false;
            return Self {
                is_whole,
                ..thought
            };
        }
        if let Some(inside) = json::unquoted(answer)
            && let Some(ours) = Self::ours(&inside, id).or_else(|| Self::only(&inside))
        {
            return ours;
        }
        Self::only(answer).unwrap_or_else(|| Self {
            summary: clean(prose(answer), LONGEST_SUMMARY),
            ..Self::default()
        })
    }

    /// What the objects say that repeat the id.
    fn ours(text: &str, id: &str) -> Option<Self> {
        let (found, all) = json::objects(text);
        let mut ours: Vec<&Found> = Vec::new();
        for one in &found {
            // A broken one around it may be prose with a brace in it, unless the id is its own.
            let is_ours = repeats(&one.object, id) || (one.is_sure && has_id(&one.object, id));
            if is_ours && !ours.last().is_some_and(|last| overlap(last, one)) {
                ours.push(one);
            }
        }
        if ours.is_empty() {
            ours.extend(found.iter().find(|found| has_id(&found.object, id)));
        }
        let first = *ours.first()?;
        let is_around = |other: &Found| {
            other.range.start < first.range.start && other.range.end > first.range.start
        };
        let mut others = found
            .iter()
            .filter(|other| !is_around(other) && ours.iter().all(|ours| !overlap(ours, other)));
        let mut gathered = Gathered::default();
        for found in &ours {
            gathered.read(&found.object);
            gathered.is_whole &= found.is_sure && ends_well(text, found);
        }
        // An issue that fell out of the list.
        gathered.is_whole &= all && !others.any(|other| is_finding(&other.object));
        Some(gathered.reply())
    }

    /// What the only object says that looks like a review; or those that look like issues, where
    /// there is none.
    fn only(text: &str) -> Option<Self> {
        let (found, all) = json::objects(text);
        let mut outermost: Vec<&Found> = Vec::new();
        for found in &found {
            let is_within = outermost.last().is_some_and(|last| overlap(last, found));
            if !is_within && (is_review_by_one_name(&found.object) || is_finding(&found.object)) {
                outermost.push(found);
            }
        }
        let mut gathered = Gathered::default();
        let reviews = |is: fn(&json::Object) -> bool| {
            let reviews = outermost.iter().filter(|found| is(&found.object));
            reviews.copied().collect::<Vec<_>>()
        };
        let mut candidates = reviews(is_review);
        if candidates.is_empty() {
            candidates = reviews(is_review_by_one_name);
        }
        match candidates[..] {
            [] if outermost.is_empty() => return None,
            [] => {
                for found in &outermost {
                    gathered.read_issue(&found.object);
                }
                gathered.is_whole = false;
            }
            [only] => {
                gathered.read(&only.object);
                let is_alone = outermost.len() == 1;
                gathered.is_whole &= all && is_alone && only.is_sure && ends_well(text, only);
            }
            _ => {
                for review in &candidates {
                    gathered.read(&review.object);
                }
                return Some(Self {
                    score: None,
                    decision: None,
                    is_whole: false,
                    ..gathered.reply()
                });
            }
        }
        Some(gathered.reply())
    }
}

fn overlap(one: &Found, other: &Found) -> bool {
    one.range.start < other.range.end && other.range.start < one.range.end
}

/// Whether what stands behind an object is not more of it: a quote within a text can look like its
/// end.
fn ends_well(text: &str, found: &Found) -> bool {
    let is_entry = text[..found.range.start].trim_end().ends_with(['[', ',']);
    let behind = text[found.range.end..].trim_start();
    let behind = match behind.strip_prefix(']') {
        Some(behind) if is_entry => behind.trim_start(),
        _ => behind,
    };
    let is_next_entry = || is_entry && behind.starts_with(',');
    is_next_entry() || !behind.starts_with([',', '}', ']', ':', '"', '\'', '\\'])
}

/// A reply without a review in it, as far as it is text for people: what comes before the first
/// JSON.
fn prose(text: &str) -> &str {
    let text = json::without_fences(text);
    let start = [
        json::first_object(text),
        text.starts_with(['{', '[', '"']).then_some(0),
    ];
    let Some(start) = start.into_iter().flatten().min() else {
        return text;
    };
    let before = text[..start].trim_end();
    let before = before.strip_suffix("json").unwrap_or(before);
    let before = before.trim_end_matches(['`', '[', '{']).trim_end();
    // `Here is my review:`
    match before.ends_with([':', '：']) {
        true => before.rsplit_once('\n').map_or("", |(before, _)| before),
        false => before,
    }
}

/// Trimmed, at most about `longest` characters, without control characters that no database or host
/// takes.
fn clean(text: &str, longest: usize) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let mut letters = text.trim().chars().filter(kept);
    let mut text: String = letters.by_ref().take(longest).collect();
    if letters.next().is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests;
