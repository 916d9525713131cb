use crate::owner_alert::store::Failing;
use jiff::{Timestamp, tz::TimeZone};
use push_notify_core::{i18n::Locale, id::TargetId};
use push_notify_template::testing::{read, strangers};

fn failing() -> Failing {
    let since: Timestamp = "2026-01-19T06:30:00Z".parse().unwrap();
    Failing {
        target_id: TargetId::new(7),
        name: "on [duty](https://evil.example.com)".to_owned(),
        channel: "dingtalk".to_owned(),
        since: since.as_microsecond(),
        error: Some("503:\nclosed for <b>lunch</b>".to_owned()),
        ..Failing::default()
    }
}

#[test]
fn it_says_which_target_since_when_and_why() {
    let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
    let message = failing().message(Locale::Chinese, &shanghai);
    assert!(message.title.contains("推送失败"), "{}", message.title);
    let text = message.plain();
    for part in ["ID 7", "2026-01-19 14:30 +08:00", "503: closed for"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
    let message = failing().message(Locale::English, &TimeZone::UTC);
    let text = message.plain();
    assert!(text.contains("since 2026-01-19 06:30 +00:00."), "{text}");
}

#[test]
fn words_of_others_make_no_links_and_no_tags() {
    let message = failing().message(Locale::English, &TimeZone::UTC);
    let text = message.markdown();
    assert!(!text.contains("[duty]("), "{text}");
    assert!(text.contains("closed for \\<b>lunch\\</b>"), "{text}");
}

#[test]
fn what_others_wrote_is_shown_as_it_is_and_makes_nothing() {
    let lines = strangers().into_iter();
    for value in lines.filter(|value| !value.contains(['\n', '\r', '\t', '\u{fdd0}'])) {
        let failing = Failing {
            name: value.clone(),
            error: Some(value.clone()),
            ..failing()
        };
        let message = failing.message(Locale::English, &TimeZone::UTC);
        let made = message.markdown();
        let shown = read(&made);
        assert!(
            shown.text.matches(value.trim()).count() >= 3,
            "{value:?} gave {made:?}"
        );
        assert!(
            shown.links.is_empty() && shown.markup.len() == 1,
            "{value:?} gave {made:?}: {shown:?}"
        );
    }
}
