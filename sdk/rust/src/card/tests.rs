use super::{Button, Called, Tone, buttons, called, state, text, title};
use crate::{Field, Link, Mention, Mentioned, Message, Severity};

fn message(state: &str, severity: Option<Severity>) -> Message {
    Message {
        state: Some(state.to_owned()),
        severity,
        locale: "zh-CN".to_owned(),
        ..Message::default()
    }
}

#[test]
fn the_state_says_how_bad_it_is_and_the_severity_how_bad_it_is_beyond_that() {
    for (name, severity, tone) in [
        ("failed", None, Tone::Bad),
        ("failed", Some(Severity::Medium), Tone::Warning),
        ("merged", Some(Severity::Critical), Tone::Good),
        ("resolved", Some(Severity::High), Tone::Good),
        ("running", None, Tone::Busy),
        ("never heard of", None, Tone::Neutral),
        ("never heard of", Some(Severity::High), Tone::Bad),
        ("closed", Some(Severity::Low), Tone::Neutral),
    ] {
        assert_eq!(
            Tone::of(&message(name, severity)),
            tone,
            "{name} {severity:?}"
        );
    }
    let by_action = Message {
        action: Some("failed".to_owned()),
        ..Message::default()
    };
    assert_eq!(Tone::of(&by_action), Tone::Bad);
}

#[test]
fn a_state_is_a_word_of_the_readers_language() {
    assert_eq!(state(&message("failed", None)).as_deref(), Some("失败"));
    let mut english = message("changes_requested", None);
    english.locale = "en-US".to_owned();
    assert_eq!(state(&english).as_deref(), Some("changes requested"));
    assert_eq!(
        state(&message("in\nreview", None)).as_deref(),
        Some("in review")
    );
    assert_eq!(state(&message(" ", None)), None);
}

#[test]
fn a_title_is_one_short_line_and_never_missing() {
    let titled = |title: &str| Message {
        title: title.to_owned(),
        ..Message::default()
    };
    assert_eq!(title(&titled("two\r\nlines"), 50), "two lines");
    assert_eq!(title(&titled(&"題".repeat(90)), 50).chars().count(), 50);
    assert_eq!(title(&titled(" \n"), 50), "Push Notify");
}

#[test]
fn fields_are_lines_of_text_below_the_body() {
    let field = Field {
        name: "*Env*".to_owned(),
        value: "prod\n# <!here>".to_owned(),
        short: true,
    };
    let message = Message {
        body: "text\n".to_owned(),
        fields: vec![field],
        ..Message::default()
    };
    assert_eq!(
        text(&message),
        "text\n\n**\\*Env\\***: prod \\# \\<\\!here\\>"
    );
}

#[test]
fn buttons_lead_to_the_web_only() {
    let link = |label: &str, url: &str| Link {
        label: label.to_owned(),
        url: url.to_owned(),
    };
    let mut message = Message {
        url: Some("https://git.example.com/1".to_owned()),
        links: vec![link("a", "javascript:x"), link("b", "https://b.example/ x")],
        ..Message::default()
    };
    let more = Button {
        label: "查看详情".to_owned(),
        url: "https://git.example.com/1".to_owned(),
    };
    assert_eq!(buttons(&message, 3), [more]);
    message.links = ["1", "2", "3"]
        .map(|n| link(n, "https://b.example"))
        .to_vec();
    assert_eq!(buttons(&message, 2).len(), 2);
    message.url = Some("ftp://x".to_owned());
    message.links.clear();
    assert_eq!(buttons(&message, 2), []);
}

#[test]
fn a_handle_that_is_none_calls_nobody() {
    let who = |who| Mention {
        name: "Mei".to_owned(),
        who,
    };
    let message = Message {
        mentions: vec![
            who(Mentioned::Handle("U1".to_owned())),
            who(Mentioned::Handle("U1> <!here".to_owned())),
            who(Mentioned::Everyone),
            who(Mentioned::Unknown),
        ],
        ..Message::default()
    };
    let called = |place| called(&message, place, |c| c.is_ascii_alphanumeric());
    assert_eq!(called(0), Some(Called::Handle("U1")));
    assert_eq!(called(1), None);
    assert_eq!(called(2), Some(Called::Everyone));
    assert_eq!(called(3), None);
    assert_eq!(called(9), None);
}
