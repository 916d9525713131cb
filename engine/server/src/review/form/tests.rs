use super::{Change, named};
use crate::http::{ApiError, extract::Form};
use push_notify_core::{i18n::Locale, id::ModelId};
use push_notify_review::{Language, ReviewSettings, Severity, Shown, Style, Trigger};
use serde::de::DeserializeOwned;

fn changed(body: &str, settings: ReviewSettings) -> Result<ReviewSettings, ApiError> {
    let mut form = Form::parse(body.as_bytes())?;
    let change = Change::read(&mut form);
    form.finish()?;
    Ok(change.onto(settings))
}

fn some() -> ReviewSettings {
    ReviewSettings {
        on: Some(vec![Trigger::Push]),
        language: Language::English,
        ignore_patterns: vec!["dist/**".to_owned()],
        max_tokens: Some(5000),
        ..ReviewSettings::default()
    }
}

#[test]
fn what_a_body_names_changes_and_the_rest_stays() {
    let body = r#"{"review": {"style": "strict", "fallback_model_ids": [7, 3], "publish": ["status", "inline"]}}"#;
    let expected = ReviewSettings {
        style: Style::Strict,
        fallback_model_ids: vec![ModelId::new(7), ModelId::new(3)],
        publish: vec![Shown::Inline, Shown::Status],
        ..some()
    };
    assert_eq!(changed(body, some()).unwrap(), expected);
    assert_eq!(changed("{}", some()).unwrap(), some());
    assert_eq!(changed(r#"{"review": {}}"#, some()).unwrap(), some());
}

#[test]
fn null_makes_a_field_or_all_of_them_as_usual() {
    let body = r#"{"review": {"on": null, "language": null, "max_tokens": null, "ignore_patterns": null}}"#;
    assert_eq!(changed(body, some()).unwrap(), ReviewSettings::default());
    let all = changed(r#"{"review": null}"#, some()).unwrap();
    assert_eq!(all, ReviewSettings::default());
    assert_eq!(all.to_stored().unwrap(), None);
}

#[test]
fn nothing_can_be_asked_for_too() {
    let none = changed(r#"{"review": {"on": []}}"#, some()).unwrap();
    assert_eq!(none.on, Some(vec![]));
    assert!(!none.wants(Trigger::Push, true));
}

#[test]
fn what_is_shown_can_be_sent_back() {
    let shown = serde_json::to_value(some().in_force(true)).unwrap();
    assert_eq!(shown["enabled_for"], serde_json::json!(["push"]));
    let body = serde_json::json!({ "review": shown }).to_string();
    assert_eq!(changed(&body, some()).unwrap(), some());
}

#[test]
fn each_field_is_checked_and_named() {
    let too_many: Vec<String> = (0..101).map(|number| format!("{number}.go")).collect();
    let too_many = serde_json::json!(too_many).to_string();
    for (field, value) in [
        ("on", r#"["tag_push"]"#),
        ("language", r#""fr-FR""#),
        ("style", r#""rude""#),
        ("prompt_id", "0"),
        ("scene", r#""a\nb""#),
        ("fallback_model_ids", "[1, 1]"),
        ("fallback_model_ids", "[1,2,3,4,5,6,7,8,9,10,11]"),
        ("file_patterns", r#"["src/[a"]"#),
        ("file_patterns", &too_many),
        ("ignore_patterns", r#"["!*.go"]"#),
        ("ignore_patterns", r#"[" "]"#),
        ("severity_floor", r#""BAD""#),
        ("silent_when_clean", "1"),
        ("publish", r#"["everywhere"]"#),
        ("max_tokens", "3999"),
        ("max_tokens", "10000001"),
        ("daily_tokens", "-1"),
        ("ignore_pattern", "[]"),
    ] {
        let body = format!(r#"{{"review": {{"{field}": {value}}}}}"#);
        let error = changed(&body, some()).unwrap_err();
        let details: Vec<&str> = error
            .details
            .iter()
            .map(|text| text.as_str(Locale::English))
            .collect();
        let named = format!("review.{field} ");
        assert!(
            details.len() == 1 && details[0].starts_with(&named),
            "{body}: {details:?}"
        );
    }
}

#[test]
fn every_name_is_known() {
    fn all<T: DeserializeOwned>(names: &[&str]) -> bool {
        names.iter().all(|name| named::<T>(name).is_some())
    }
    assert!(all::<Trigger>(&Trigger::NAMES));
    assert!(all::<Language>(&Language::NAMES));
    assert!(all::<Style>(&Style::NAMES));
    assert!(all::<Severity>(&Severity::NAMES));
    assert!(all::<Shown>(&Shown::NAMES));
}
