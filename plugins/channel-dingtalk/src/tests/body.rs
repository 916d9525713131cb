use super::{OK, config, dingtalk, message, send};
use crate::{Dingtalk, body::LIMIT};
use push_notify_sdk::{Channel, Failure, testing::Request};
use serde_json::{Value, json};

fn text(request: &Request) -> String {
    let sent: Value = request.json();
    sent["markdown"]["text"].as_str().unwrap().to_owned()
}

#[test]
fn the_people_to_alert_are_named_in_the_text() {
    let at = json!({"at_mobiles": ["13800000000"], "at_user_ids": ["user01"], "at_all": true});
    let (_, request) = send(at, message("t", "body"));
    let sent: Value = request.json();
    let expected = json!({"atMobiles": ["13800000000"], "atUserIds": ["user01"], "isAtAll": true});
    assert_eq!(sent["at"], expected);
    assert_eq!(text(&request), "body\n\n@13800000000 @user01");
}

#[test]
fn a_body_at_the_limit_is_not_cut() {
    let frame = send(json!({}), message("t", "x")).1.text().len() - 1;
    let (result, request) = send(json!({}), message("t", &"x".repeat(LIMIT - frame)));
    assert_eq!(request.text().len(), LIMIT);
    assert_eq!(result.unwrap().note, None);
    let (result, request) = send(json!({}), message("t", &"x".repeat(LIMIT - frame + 1)));
    assert!(request.text().len() <= LIMIT);
    assert!(result.unwrap().note.is_some());
}

#[test]
fn a_long_text_is_cut_at_a_character_and_says_so() {
    for unit in [
        "x", "é", "張", "🍐", "\"", "\\", "\u{1}", "a\t", "line\n", "a\n\n",
    ] {
        for offset in 0..4 {
            let body = format!("{}{}", "y".repeat(offset), unit.repeat(30_000));
            let (result, request) =
                send(json!({"at_mobiles": ["13800000000"]}), message("t", &body));
            let sent = request.text().len();
            assert!(sent <= LIMIT && sent > LIMIT - 64, "{unit:?}: {sent} bytes");
            let text = text(&request);
            assert!(
                text.ends_with(" bytes left out）\n\n@13800000000"),
                "{unit:?}"
            );
            let note = result.unwrap().note.unwrap();
            assert!(note.contains("bytes left out"), "{note}");
        }
    }
}

#[test]
fn the_note_counts_the_bytes_left_out() {
    let (result, request) = send(json!({}), message("t", &"x".repeat(50_000)));
    let kept = text(&request).chars().filter(|c| *c == 'x').count();
    let left_out = 50_000 - kept;
    assert!(text(&request).contains(&format!("{left_out} bytes left out")));
    assert!(
        result
            .unwrap()
            .note
            .unwrap()
            .contains(&format!("{left_out} bytes"))
    );
}

#[test]
fn a_title_is_one_line_and_never_missing() {
    let title = |title: &str| -> String {
        let sent: Value = send(json!({}), message(title, "b")).1.json();
        sent["markdown"]["title"].as_str().unwrap().to_owned()
    };
    assert_eq!(title("two\r\nlines"), "two lines");
    assert_eq!(title(" \n "), "orchard-works/pear-ledger");
    assert_eq!(title(&"題".repeat(50_000)).chars().count(), 201);
}

#[test]
fn an_empty_body_shows_the_title() {
    for (title, shown) in [
        ("Title", "Title"),
        (
            "__init__ ![a](https://b.example.com)",
            r"\_\_init\_\_ \!\[a\](https://b.example.com)",
        ),
        ("<b> & #1", "&lt;b\\> &amp; \\#1"),
    ] {
        assert_eq!(text(&send(json!({}), message(title, " \n")).1), shown);
    }
}

#[test]
fn too_many_people_to_alert_are_misconfigured() {
    let at = json!({"at_user_ids": vec!["u".repeat(200); 100]});
    let host = dingtalk(200, OK);
    let result = host.run(|| Dingtalk::send(config(at), message("t", "b")));
    assert!(
        matches!(result, Err(Failure::Misconfigured(_))),
        "{result:?}"
    );
}
