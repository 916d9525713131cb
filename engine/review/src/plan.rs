//! Which files are asked about together, and which do not fit.

use crate::{
    Coverage, Reason, diff,
    tokens::{self, estimate},
};
use std::{collections::HashMap, ops::Range};

/// A file that is to be reviewed.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub old_path: Option<String>,
    /// A key of `prompt::language`.
    pub language: Option<&'static str>,
    pub patch: String,
    /// Which of the review's prompts it is asked about with.
    pub prompt: usize,
}

/// One question to a model.
#[derive(Debug, PartialEq, Eq)]
pub struct Question {
    pub prompt: usize,
    pub parts: Vec<Part>,
    /// Of the parts, about.
    pub tokens: u32,
}

/// Some or all hunks of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// By its place in the list.
    pub file: usize,
    /// Of its diff, in bytes.
    pub range: Range<usize>,
}

/// In tokens.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// What one question may hold of diffs.
    pub question: u32,
    /// What all questions and answers may come to.
    pub total: u32,
    /// What each question costs besides its diffs, its answer included.
    pub overhead: u32,
}

/// What the number in front of a line costs.
const PER_LINE: u32 = 2;
/// What stands around a file's name; the name itself stands above the diff and, for some, in the
/// prompt.
const PER_FILE: u32 = 6;

/// The questions about `files`, in their order. `alone` says of each prompt whether it takes one
/// file at a time. What does not fit is put down in `coverage`, a file as a whole; a smaller one
/// after it may still fit.
pub fn plan(
    files: &[File],
    alone: &[bool],
    limits: Limits,
    coverage: &mut Coverage,
) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    // The question of each prompt that has room.
    let mut open: HashMap<usize, usize> = HashMap::new();
    let mut spent: u32 = 0;
    // Two thirds: the numbers come on top.
    let most_bytes = tokens::bytes(limits.question) / 3 * 2;
    for (at, file) in files.iter().enumerate() {
        let Some(pieces) = diff::pieces(&file.patch, most_bytes) else {
            coverage.leave_out(&file.path, Reason::TooLarge);
            continue;
        };
        let is_alone = alone.get(file.prompt).copied().unwrap_or_default();
        let name = name(file);
        let sizes: Vec<u32> = pieces
            .iter()
            .map(|piece| size(piece).saturating_add(name))
            .collect();
        let all: u32 = sizes.iter().fold(0, |sum, size| sum.saturating_add(*size));
        let room = open
            .get(&file.prompt)
            .filter(|_| !is_alone && sizes.len() == 1);
        let room = room
            .filter(|question| questions[**question].tokens.saturating_add(all) <= limits.question);
        let new_questions = if room.is_some() {
            0
        } else {
            sizes.len() as u32
        };
        let overhead = limits.overhead.saturating_mul(new_questions);
        let cost = match is_alone {
            // A question about one file has the file itself besides.
            true => limits.question.saturating_mul(new_questions),
            false => all,
        };
        let after = spent.saturating_add(cost).saturating_add(overhead);
        if after > limits.total {
            coverage.leave_out(&file.path, Reason::Budget);
            continue;
        }
        spent = after;
        coverage.reviewed += 1;
        if let Some(question) = room {
            let question = &mut questions[*question];
            question.tokens += all;
            question.parts.push(Part {
                file: at,
                range: 0..file.patch.len(),
            });
            continue;
        }
        let mut start = 0;
        for (piece, tokens) in pieces.iter().zip(sizes) {
            let range = start..start + piece.len();
            start = range.end;
            open.insert(file.prompt, questions.len());
            questions.push(Question {
                prompt: file.prompt,
                parts: vec![Part { file: at, range }],
                tokens,
            });
        }
    }
    questions
}

impl Question {
    /// The same in two questions. None: it is about one hunk.
    pub fn halves(&self, files: &[File]) -> Option<[Self; 2]> {
        if let [part] = &self.parts[..] {
            let patch = files[part.file].patch.get(part.range.clone())?;
            let first = diff::first_half(patch)?;
            let middle = part.range.start + first;
            let file = part.file;
            let half = |range| self.of(vec![Part { file, range }], files);
            return Some([half(part.range.start..middle), half(middle..part.range.end)]);
        }
        let (first, second) = self.parts.split_at(self.parts.len() / 2);
        let half = |parts: &[Part]| self.of(parts.to_vec(), files);
        (!first.is_empty()).then(|| [half(first), half(second)])
    }

    fn of(&self, parts: Vec<Part>, files: &[File]) -> Self {
        let sizes = parts.iter().map(|part| {
            let file = &files[part.file];
            let piece = file.patch.get(part.range.clone()).unwrap_or_default();
            size(piece).saturating_add(name(file))
        });
        Self {
            prompt: self.prompt,
            tokens: sizes.fold(0, u32::saturating_add),
            parts,
        }
    }
}

fn name(file: &File) -> u32 {
    let name = estimate(&file.path).saturating_mul(2);
    name.saturating_add(PER_FILE)
}

fn size(piece: &str) -> u32 {
    let lines = u32::try_from(piece.lines().count()).unwrap_or(u32::MAX);
    estimate(piece).saturating_add(lines.saturating_mul(PER_LINE))
}

#[cfg(test)]
mod tests;
