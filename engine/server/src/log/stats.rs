use super::Kind;
use crate::log::system::Level;
use push_notify_core::calendar::Day;
use schemars::JsonSchema;
use serde::Serialize;

/// What a log says over some days.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stats {
    pub level_distribution: Levels,
    pub daily_trend: Vec<DayCount>,
    /// The most frequent ones, among the newest 1000.
    pub top_errors: Vec<Repeated>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Levels {
    pub debug: i64,
    pub info: i64,
    pub warn: i64,
    pub error: i64,
}

#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayCount {
    /// `2026-01-13`
    pub date: String,
    pub count: i64,
}

#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Repeated {
    pub message: String,
    pub count: i64,
}

impl Stats {
    /// `counts` belong to `days`, one by one.
    pub fn new(days: &[Day], counts: &[Levels], top_errors: Vec<Repeated>) -> Self {
        let mut all = Levels::default();
        for counts in counts {
            for level in Level::ALL {
                all.add(level, counts.of(level));
            }
        }
        let daily_trend = days.iter().zip(counts).map(|(day, counts)| DayCount {
            date: day.date.to_string(),
            count: counts.total(),
        });
        Self {
            level_distribution: all,
            daily_trend: daily_trend.collect(),
            top_errors,
        }
    }
}

impl Levels {
    pub fn add(&mut self, level: Level, count: i64) {
        let place = match level {
            Level::Debug => &mut self.debug,
            Level::Info => &mut self.info,
            Level::Warn => &mut self.warn,
            Level::Error => &mut self.error,
        };
        *place += count;
    }

    fn of(&self, level: Level) -> i64 {
        match level {
            Level::Debug => self.debug,
            Level::Info => self.info,
            Level::Warn => self.warn,
            Level::Error => self.error,
        }
    }

    fn total(&self) -> i64 {
        self.debug + self.info + self.warn + self.error
    }
}

impl Kind {
    /// The level of rows that are counted under this name.
    pub(super) fn level(self, name: &str) -> Level {
        match (self, name) {
            (Self::AiCall, "failed") => Level::Error,
            (Self::System, name) => Level::of_name(name).unwrap_or(Level::Info),
            _ => Level::Info,
        }
    }

    /// The condition for a row that is an error, and what it says.
    pub(super) fn error(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::System => Some(("level = 'error'", "message")),
            Self::Operation => None,
            Self::AiCall => Some(("status = 'failed'", "COALESCE(error, '')")),
        }
    }
}
