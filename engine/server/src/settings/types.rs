use super::store;
use crate::app::App;
use jiff::tz::TimeZone;
use push_notify_core::{
    calendar::{Hours, WEEK, time_of_day},
    clock::Micros,
    i18n::Locale,
    id::UserId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// As `GET /settings` shows them, and as they are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    pub notify: Notify,
    pub preferences: Preferences,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Notify {
    /// Ids of channel plugins. By these the user is told that a target of theirs fails, the first
    /// one first: `email` is mail to the user's address, another is the target's `notice_target_id`
    /// if it is of that channel.
    pub channels: Vec<String>,
    pub quiet_hours: QuietHours,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct QuietHours {
    pub enabled: bool,
    /// HH:MM in the user's time zone; they may reach over midnight.
    pub start: String,
    pub end: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Preferences {
    pub language: Language,
    /// An IANA name.
    pub timezone: String,
    pub theme: Theme,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en-US")]
    English,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Light,
    Dark,
    Auto,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self {
            enabled: false,
            start: "22:00".to_owned(),
            end: "08:00".to_owned(),
        }
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: Language::default(),
            timezone: "UTC".to_owned(),
            theme: Theme::default(),
        }
    }
}

impl Settings {
    /// What is stored; the defaults where nothing is, or nothing that can be read.
    pub fn from_stored(json: Option<&str>) -> Self {
        json.and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default()
    }

    /// When the quiet hours end that are on at `now`; None: the user may be told things.
    pub fn quiet_until(&self, now: Micros) -> Option<Micros> {
        let quiet = &self.notify.quiet_hours;
        let hours = Hours {
            zone: self.preferences.zone(),
            start: time_of_day(&quiet.start)?,
            end: time_of_day(&quiet.end)?,
            days: WEEK.to_vec(),
        };
        hours.until(now).filter(|_| quiet.enabled)
    }
}

impl Preferences {
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC)
    }
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::Chinese => Self::Chinese,
            Language::English => Self::English,
        }
    }
}

/// The time zone in which this user counts days.
pub async fn timezone_of(app: &App, user_id: UserId) -> Result<TimeZone, sqlx::Error> {
    let stored = store::find(app.db.read(), user_id).await?;
    let settings = Settings::from_stored(stored.as_deref());
    Ok(settings.preferences.zone())
}

/// The zone that was asked for, else the user's.
pub async fn zone_or_own(
    app: &App,
    user_id: UserId,
    asked: Option<TimeZone>,
) -> Result<TimeZone, sqlx::Error> {
    match asked {
        Some(zone) => Ok(zone),
        None => timezone_of(app, user_id).await,
    }
}

#[cfg(test)]
mod tests;
