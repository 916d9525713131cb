use super::{config, message, send};
use crate::{Matrix, content::LIMIT, html};
use push_notify_sdk::{Field, Link, Message, Updates};
use serde_json::{Value, json};

#[test]
fn fields_and_links_stand_below_the_text() {
    let message = Message {
        url: Some("https://git.example.com/?a=1&b".to_owned()),
        fields: vec![Field {
            name: "stage".to_owned(),
            value: "<test>".to_owned(),
            short: true,
        }],
        links: vec![
            Link {
                label: "Log".to_owned(),
                url: "https://git.example.com/log".to_owned(),
            },
            Link {
                label: "Strange".to_owned(),
                url: "javascript:x".to_owned(),
            },
        ],
        ..message("A & B", "text")
    };
    let sent: Value = send(json!({}), message).1.json();
    assert_eq!(
        sent["body"],
        "A & B\n\ntext\nstage: <test>\nLog: https://git.example.com/log"
    );
    let html = "<h4><a href=\"https://git.example.com/?a=1&amp;b\">A &amp; B</a></h4>\n<p>text</p>\n\
                <b>stage</b>: &lt;test&gt;<br>\n<a href=\"https://git.example.com/log\">Log</a><br>\n";
    assert_eq!(sent["formatted_body"], html);
}

#[test]
fn what_strangers_smuggle_in_is_text() {
    for (markdown, shown) in [
        ("<img src=x>", "<p>&lt;img src=x&gt;</p>\n"),
        (
            "![p](https://img.example.com/p.png)",
            "<p><a href=\"https://img.example.com/p.png\">p</a></p>\n",
        ),
        ("[a](javascript:alert(1))", "<p>a</p>\n"),
        ("[Mei](mention:0)", "<p>Mei</p>\n"),
        (
            "<mei@example.com>",
            "<p><a href=\"mailto:mei@example.com\">mei@example.com</a></p>\n",
        ),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
    ] {
        assert_eq!(html::of(markdown), shown);
    }
}

#[test]
fn an_event_is_within_the_limit_in_both_forms() {
    for unit in ["x", "張", "\"", "<", "\u{1}", "- - ", "> ", "`a`", "|\n"] {
        let body = unit.repeat(100_000);
        let (result, request) = send(json!({}), message("t", &body));
        assert!(
            request.text().len() <= LIMIT,
            "{unit:?}: {}",
            request.text().len()
        );
        assert!(result.unwrap().note.unwrap().contains("left out"));
        let host = super::homeserver(200, super::OK);
        let handle = "$old:example.com".to_owned();
        let followed = host.run(|| Matrix::update(config(json!({})), handle, message("t", &body)));
        assert!(followed.is_ok());
        assert!(host.requests()[0].text().len() <= LIMIT, "{unit:?}");
    }
}
