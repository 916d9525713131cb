//! What the body of `PUT /settings` changes.

use super::{
    Language, Settings,
    types::{QuietHours, Theme},
};
use crate::{
    app::App,
    http::{
        ApiError,
        extract::{Body, Form, FromForm},
    },
    plugin,
};
use jiff::tz::TimeZone;
use push_notify_core::{calendar::time_of_day, i18n::Text};
use push_notify_manifest::Kind;

/// The body. What it does not name stays.
#[derive(Default)]
pub struct Changes {
    channels: Option<Vec<String>>,
    quiet: Quiet,
    language: Option<Language>,
    timezone: Option<String>,
    theme: Option<Theme>,
}

#[derive(Default)]
struct Quiet {
    enabled: Option<bool>,
    start: Option<String>,
    end: Option<String>,
}

impl FromForm for Changes {
    const EXAMPLE: &'static str = r#"{
        "notify": {"channels": ["dingtalk"], "quiet_hours": {"enabled": true, "start": "22:00", "end": "08:00"}},
        "preferences": {"language": "zh-CN", "timezone": "Asia/Shanghai", "theme": "dark"}
    }"#;

    fn read(form: &mut Form) -> Self {
        let notify = form.nested("notify", |notify| {
            let channels = notify.texts("channels");
            (channels, notify.nested("quiet_hours", Quiet::read))
        });
        let (channels, quiet) = notify.unwrap_or_default();
        let preferences = form.nested("preferences", |preferences| Self {
            language: language(preferences),
            timezone: timezone(preferences),
            theme: theme(preferences),
            ..Self::default()
        });
        Self {
            channels,
            quiet: quiet.unwrap_or_default(),
            ..preferences.unwrap_or_default()
        }
    }
}

impl Quiet {
    fn read(form: &mut Form) -> Self {
        Self {
            enabled: form.boolean("enabled"),
            start: form.optional_line("start", 20),
            end: form.optional_line("end", 20),
        }
    }
}

/// `settings` with what the body names.
pub(super) fn change(
    app: &App,
    body: Body<Changes>,
    mut settings: Settings,
) -> Result<Settings, ApiError> {
    let (changes, mut form) = body.parts();
    if let Some(channels) = changes.channels {
        let loaded = plugin::loaded(&app.host, Kind::Channel);
        if !channels.iter().all(|channel| loaded.contains(channel)) {
            let problem = plugin::unknown_type(&app.host, Kind::Channel);
            form.refuse("notify.channels", &problem);
        }
        settings.notify.channels = channels;
    }
    let quiet = &mut settings.notify.quiet_hours;
    replace(&mut quiet.enabled, changes.quiet.enabled);
    replace(&mut quiet.start, changes.quiet.start);
    replace(&mut quiet.end, changes.quiet.end);
    if quiet.enabled {
        check_times(&mut form, quiet);
    }
    let preferences = &mut settings.preferences;
    replace(&mut preferences.language, changes.language);
    replace(&mut preferences.timezone, changes.timezone);
    replace(&mut preferences.theme, changes.theme);
    form.finish()?;
    Ok(settings)
}

fn replace<T>(value: &mut T, with: Option<T>) {
    if let Some(with) = with {
        *value = with;
    }
}

fn language(form: &mut Form) -> Option<Language> {
    let name = form.choice("language", &["zh-CN", "en-US"])?;
    Some(match name {
        "en-US" => Language::English,
        _ => Language::Chinese,
    })
}

fn theme(form: &mut Form) -> Option<Theme> {
    let name = form.choice("theme", &["light", "dark", "auto"])?;
    Some(match name {
        "dark" => Theme::Dark,
        "auto" => Theme::Auto,
        _ => Theme::Light,
    })
}

/// As the time zone database spells it.
fn timezone(form: &mut Form) -> Option<String> {
    let name = form.optional_line("timezone", 64)?;
    let zone = TimeZone::get(&name).ok();
    let known = zone.and_then(|zone| zone.iana_name().map(str::to_owned));
    if known.is_none() {
        let problem = Text::new(
            "必须是IANA时区，例如Asia/Shanghai",
            "must be an IANA time zone such as Asia/Shanghai",
        );
        form.refuse("timezone", &problem);
    }
    known
}

/// While quiet hours are off, a front end may leave anything in their fields.
fn check_times(form: &mut Form, quiet: &QuietHours) {
    let mut sound = true;
    for (name, time) in [("start", &quiet.start), ("end", &quiet.end)] {
        if time_of_day(time).is_none() {
            let problem = Text::new(
                "必须是HH:MM格式的时间，例如22:00",
                "must be a time of day such as 22:00",
            );
            form.refuse(&format!("notify.quiet_hours.{name}"), &problem);
            sound = false;
        }
    }
    if sound && quiet.start == quiet.end {
        let problem = Text::new("不能与开始时间相同", "must differ from the start");
        form.refuse("notify.quiet_hours.end", &problem);
    }
}
