use super::source::{Setting, nearest};
use std::fmt;

/// What is wrong with a key, or not as most would want it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `delivery.max_attempts`, or the name of a variable of the environment.
    pub key: String,
    /// Where it was set: `config.toml, line 3`. None: nowhere, it is the default.
    pub place: Option<String>,
    /// What is wrong, and what to do about it.
    pub text: String,
}

impl Problem {
    pub(super) fn of(setting: &Setting, text: String) -> Self {
        Self {
            key: setting.key.clone(),
            place: Some(setting.place.clone()),
            text,
        }
    }

    /// Of a key, or of a section by one of its keys, wherever it was set last.
    pub(super) fn at(settings: &[Setting], key: &str, text: String) -> Self {
        let is_meant = |setting: &&Setting| {
            let below = setting.key.strip_prefix(key);
            below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
        };
        let last = settings.iter().rev().find(is_meant);
        Self {
            key: key.to_owned(),
            place: last.map(|setting| setting.place.clone()),
            text,
        }
    }

    /// Of a variable whose value is no text.
    pub(super) fn unreadable(name: &str) -> Self {
        Self {
            key: name.to_owned(),
            place: None,
            text: "is not valid UTF-8".to_owned(),
        }
    }

    /// Of a variable that looks like ours and sets nothing.
    pub(super) fn stray(name: &str, known: &[String]) -> Self {
        let rest = name.trim_start_matches("PUSH_NOTIFY_").to_lowercase();
        let meant = nearest(known, &rest.replacen('_', ".", 1)).map(|key| {
            let name = key.to_uppercase().replace('.', "__");
            format!("; did you mean PUSH_NOTIFY_{name}?")
        });
        Self {
            key: name.to_owned(),
            place: None,
            text: format!(
                "sets nothing: a section and a key are parted by two underscores{}",
                meant.unwrap_or_default()
            ),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "`{}` ({place}): {}", self.key, self.text),
            None => write!(f, "`{}`: {}", self.key, self.text),
        }
    }
}
