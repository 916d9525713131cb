use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, time::Duration};

/// The plugin's own rules, enforced by the engine. The operator's limits win where they are lower.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Messages per target, such as `18/min`. The engine waits; nothing fails because of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Largest body, in bytes, that the far side takes. For information: the plugin does the cutting.
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

/// At most `count` in any `window`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    pub window: Duration,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("`{text}` is not a rate such as 5/s, 18/min or 100/h");
        let (count, unit) = text.split_once('/').ok_or_else(problem)?;
        let count = count.trim().parse::<u32>().map_err(|_| problem())?;
        let seconds = match unit.trim() {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            _ => return Err(problem()),
        };
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

impl Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
