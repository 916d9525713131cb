//! Figures by day, week or month.

use super::overview::{Calls, Pushes};
use crate::{http::Listed, push::Stats};
use jiff::{ToSpan as _, civil::Date};
use push_notify_core::{calendar::Day, id::ModelId};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Day,
    Week,
    Month,
}

/// What one period came to.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub struct Use {
    /// The first day: of a week the Monday, of a month the 1st.
    pub date: String,
    pub pushes: Pushes,
    pub ai_calls: Calls,
    /// Of the calls, both ways.
    pub tokens_used: i64,
}

/// Figures by period, and of the whole time by model.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Usage {
    #[serde(flatten)]
    pub periods: Listed<Use>,
    pub models: Vec<ModelUse>,
}

/// What one model came to.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub struct ModelUse {
    pub model_id: ModelId,
    pub model_name: String,
    pub calls: i64,
    pub input_tokens: i64,
    pub output_tokens: i64,
    /// By the model's prices of today; null unless it has both.
    pub cost: Option<f64>,
}

impl Period {
    pub const NAMES: [&'static str; 3] = ["day", "week", "month"];

    pub fn named(name: &str) -> Self {
        match name {
            "week" => Self::Week,
            "month" => Self::Month,
            _ => Self::Day,
        }
    }

    /// The first day of the period that `date` is in.
    pub fn first(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => {
                let since_monday = i64::from(date.weekday().to_monday_zero_offset());
                date.saturating_sub(since_monday.days())
            }
            Self::Month => date.first_of_month(),
        }
    }

    /// As many as are shown when no first day is asked for, this one included.
    pub fn usual_start(self, last: Date) -> Date {
        match self {
            Self::Day => last.saturating_sub(29.days()),
            Self::Week => self.first(last).saturating_sub(11.weeks()),
            Self::Month => self.first(last).saturating_sub(11.months()),
        }
    }

    /// Sums of days, oldest first. The others are those of `days`, which ascend.
    pub fn sums(self, days: &[Day], pushes: &[Stats], calls: &[Calls], tokens: &[i64]) -> Vec<Use> {
        let mut sums: Vec<(Date, Stats, Calls, i64)> = Vec::new();
        for (((day, pushes), calls), tokens) in days.iter().zip(pushes).zip(calls).zip(tokens) {
            let first = self.first(day.date);
            if sums.last().is_none_or(|(date, ..)| *date != first) {
                sums.push((first, Stats::default(), Calls::default(), 0));
            }
            if let Some((_, pushed, called, used)) = sums.last_mut() {
                *pushed = *pushed + *pushes;
                called.total += calls.total;
                called.success += calls.success;
                called.failed += calls.failed;
                *used += tokens;
            }
        }
        let shown = |(date, pushes, ai_calls, tokens_used): (Date, Stats, Calls, i64)| Use {
            date: date.to_string(),
            pushes: pushes.into(),
            ai_calls,
            tokens_used,
        };
        sums.into_iter().map(shown).collect()
    }
}

#[cfg(test)]
mod tests;
