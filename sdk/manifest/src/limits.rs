use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, time::Duration};

/// The plugin's own rules, enforced by the engine. The operator's limits win where they are lower.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Messages per target, such as `18/min`, or `100/min, 5/s` where the far side counts in two
    /// windows. The engine waits; nothing fails because of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rates>,
    /// How long the far side takes nothing from a sender that exceeds its rate, such as `10min`.
    /// When the plugin says that this happened, the engine leaves the target alone for so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<Span>,
    /// Largest body, in bytes, that the far side takes. The plugin does the cutting; the engine
    /// keeps a digest below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_body_bytes: Option<u64>,
    /// Deadline of one call, host calls included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Linear memory of one instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// Calls at the same time for one target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        let zero = |value: Option<u64>| value == Some(0);
        for (key, value) in [
            ("limits.max_body_bytes", self.max_body_bytes),
            ("limits.timeout_ms", self.timeout_ms),
            ("limits.memory_mib", self.memory_mib.map(u64::from)),
            ("limits.concurrency", self.concurrency.map(u64::from)),
        ] {
            if zero(value) {
                return Err((key, "must not be 0".to_owned()));
            }
        }
        Ok(())
    }
}

/// A time of whole seconds, minutes or hours: `30s`, `10min`, `1h`. At most an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

/// At most `count` in any `window`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    pub window: Duration,
}

/// One rate, or two that hold at the same time, each with a window of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    first: Rate,
    second: Option<Rate>,
}

impl Rates {
    pub fn iter(&self) -> impl Iterator<Item = Rate> {
        [Some(self.first), self.second].into_iter().flatten()
    }

    /// As many of the last ones must be known to tell whether there may be one more.
    pub fn memory(&self) -> usize {
        self.iter()
            .map(|rate| rate.count as usize)
            .max()
            .unwrap_or_default()
    }
}

impl From<Rate> for Rates {
    fn from(first: Rate) -> Self {
        Self {
            first,
            second: None,
        }
    }
}

impl FromStr for Rates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((first, second)) = text.split_once(',') else {
            return text.parse().map(Rate::into);
        };
        let (first, second): (Rate, Rate) = (first.trim().parse()?, second.trim().parse()?);
        if first.window == second.window {
            return Err(format!("both rates of `{text}` are for the same time"));
        }
        Ok(Self {
            first,
            second: Some(second),
        })
    }
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.second.map_or(Ok(()), |second| write!(f, ", {second}"))
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is not a rate such as 5/s, 18/min or 100/h");
        let (count, unit) = text.split_once('/').ok_or_else(problem)?;
        let count = count.trim().parse::<u32>().map_err(|_| problem())?;
        let seconds = seconds(unit.trim()).ok_or_else(problem)?;
        if count == 0 {
            return Err(problem());
        }
        Ok(Self {
            count,
            window: Duration::from_secs(seconds),
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.window.as_secs() {
            1 => "s",
            60 => "min",
            _ => "h",
        };
        write!(f, "{}/{unit}", self.count)
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem =
            || format!("`{text}` is not a time such as 30s, 10min or 1h, from a second to an hour");
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (count, unit) = text.split_at(digits);
        let count = count.parse::<u64>().map_err(|_| problem())?;
        let seconds = seconds(unit.trim()).ok_or_else(problem)?;
        match count.saturating_mul(seconds) {
            1..=3600 => Ok(Self(Duration::from_secs(count * seconds))),
            _ => Err(problem()),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            3600 => f.write_str("1h"),
            seconds if seconds % 60 == 0 => write!(f, "{}min", seconds / 60),
            seconds => write!(f, "{seconds}s"),
        }
    }
}

fn seconds(unit: &str) -> Option<u64> {
    match unit {
        "s" => Some(1),
        "min" => Some(60),
        "h" => Some(3600),
        _ => None,
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Rates {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rates {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
