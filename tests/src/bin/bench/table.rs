use crate::stat::Rounds;
use std::fmt;

/// The rows of the result, printed as one table.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

pub(crate) struct Row {
    what: String,
    measured: String,
    ratio: Option<f64>,
    goal: String,
    reached: &'static str,
}

/// What a row aims at, with the words after the number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64, &'static str),
    AtMost(f64, &'static str),
}

/// Rounds that are further apart than this say nothing about a goal.
const WIDEST_SPREAD: f64 = 0.5;

impl Table {
    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: measured.into(),
            ratio: None,
            goal: String::new(),
            reached: "",
        }
    }

    pub(crate) fn ratio(mut self, rounds: &Rounds) -> Self {
        self.ratio = Some(rounds.median());
        self
    }

    /// Compares the median of `rounds` with the goal, if the machine was calm.
    pub(crate) fn goal(mut self, goal: Goal, rounds: &Rounds, calm: bool) -> Self {
        let value = rounds.median();
        let (reached, text) = match goal {
            Goal::AtLeast(least, unit) => (value >= least, format!(">= {least}{unit}")),
            Goal::AtMost(most, unit) => (value <= most, format!("<= {most}{unit}")),
        };
        self.goal = text;
        self.reached = if !calm {
            "busy machine, not judged"
        } else if rounds.spread() > WIDEST_SPREAD {
            "rounds too far apart, not judged"
        } else if reached {
            "yes"
        } else {
            "no"
        };
        self
    }

    /// A goal that this run cannot judge, and why.
    pub(crate) fn goal_elsewhere(mut self, goal: &str, why: &'static str) -> Self {
        self.goal = goal.to_owned();
        self.reached = why;
        self
    }

    fn cells(&self) -> [String; 5] {
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2}x"));
        [
            self.what.clone(),
            self.measured.clone(),
            ratio.unwrap_or_default(),
            self.goal.clone(),
            self.reached.to_owned(),
        ]
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["row", "measured", "ratio", "goal", "reached"].map(str::to_owned);
        let lines: Vec<[String; 5]> = std::iter::once(head)
            .chain(self.rows.iter().map(Row::cells))
            .collect();
        let widths: [usize; 5] = std::array::from_fn(|column| {
            lines
                .iter()
                .map(|line| line[column].chars().count())
                .max()
                .unwrap_or_default()
        });
        for (index, line) in lines.iter().enumerate() {
            let cells: Vec<String> = line
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            writeln!(f, "{}", cells.join(" | ").trim_end())?;
            if index == 0 {
                writeln!(f, "{}", widths.map(|width| "-".repeat(width)).join("-|-"))?;
            }
        }
        for note in &self.notes {
            writeln!(f, "* {note}")?;
        }
        Ok(())
    }
}
