use super::{config, message, send, server};
use crate::Email;
use mail_parser::{MessageParser, MimeHeaders};
use push_notify_sdk::{Channel, Failure, Message};
use serde_json::json;

fn bytes(message: Message) -> Vec<u8> {
    send(json!({}), message).1.message
}

fn header(bytes: &[u8], name: &str) -> Option<String> {
    let mail = MessageParser::default().parse(bytes).unwrap();
    mail.header_raw(name).map(|value| value.trim().to_owned())
}

#[test]
fn a_parser_reads_back_what_was_put_in() {
    let (_, sent) = send(json!({"from_name": "推送 Bot"}), message());
    let mail = MessageParser::default().parse(&sent.message).unwrap();
    assert_eq!(mail.subject(), Some("[pear-ledger] 代码提交通知"));
    assert_eq!(mail.message_id(), Some("push-17@push.example.com"));
    assert_eq!(mail.date().unwrap().to_timestamp(), 1_793_610_000);
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!(
        (from.name(), from.address()),
        (Some("推送 Bot"), Some("bot@example.com"))
    );
    let to: Vec<_> = mail
        .to()
        .unwrap()
        .iter()
        .map(|to| to.address().unwrap())
        .collect();
    assert_eq!(to, ["mei@example.com", "tom@example.com"]);
    let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
    let footer =
        "您收到此邮件，是因为 Push Notify 中 orchard-works/pear-ledger 的推送目标包含您的地址。";
    assert_eq!(
        text,
        format!("pear-ledger 提交了代码\n\n提交者: mei\n\n-- \n{footer}\n")
    );
    let html = mail.body_html(0).unwrap();
    assert!(
        html.contains("<h2>pear-ledger 提交了代码</h2>")
            && html.contains("<strong>提交者</strong>")
    );
}

#[test]
fn a_machine_wrote_it_and_says_so() {
    let bytes = bytes(message());
    assert_eq!(
        header(&bytes, "Auto-Submitted").as_deref(),
        Some("auto-generated")
    );
    assert_eq!(
        header(&bytes, "X-Auto-Response-Suppress").as_deref(),
        Some("All")
    );
    assert_eq!(header(&bytes, "MIME-Version").as_deref(), Some("1.0"));
    let list = header(&bytes, "List-Id");
    assert_eq!(
        list.as_deref(),
        Some("<pear-ledger.orchard-works.push.example.com>")
    );
}

#[test]
fn text_comes_first_and_html_last() {
    let bytes = bytes(message());
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let kind = |part: usize| {
        let kind = mail.part(part as u32).unwrap().content_type().unwrap();
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap())
    };
    assert_eq!(mail.parts.len(), 3);
    assert_eq!(
        [kind(0), kind(1), kind(2)],
        ["multipart/alternative", "text/plain", "text/html"]
    );
}

#[test]
fn escaped_markup_is_shown_as_its_characters_in_both_parts() {
    let body = r"my\_file\.rs \*not bold\* C:\\dir \n".to_owned();
    let bytes = bytes(Message { body, ..message() });
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let shown = r"my_file.rs *not bold* C:\dir \n";
    let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
    assert!(text.contains(&format!("\n\n{shown}\n\n-- \n")), "{text}");
    assert!(
        mail.body_html(0)
            .unwrap()
            .contains(&format!("<p>{shown}</p>"))
    );
}

#[test]
fn every_attempt_makes_the_same_bytes() {
    let again = Message {
        attempt: 7,
        ..message()
    };
    assert_eq!(bytes(message()), bytes(again));
    let other = Message {
        id: "push-18".to_owned(),
        ..message()
    };
    assert_ne!(bytes(message()), bytes(other));
}

#[test]
fn lines_end_in_crlf_and_are_short_enough() {
    let body = format!(
        "a\nb\r\nc\rd\n\n{}\n{}\n.\n..\n",
        "long ".repeat(2000),
        "長".repeat(2000)
    );
    let bytes = bytes(Message { body, ..message() });
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.is_ascii());
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        assert!(line.len() <= 998, "{} bytes", line.len());
    }
}

#[test]
fn no_part_of_a_message_becomes_a_header() {
    let evil = "x\r\nBcc: thief@example.com\r\n\r\nbody";
    let message = Message {
        id: evil.to_owned(),
        title: evil.to_owned(),
        repository: evil.to_owned(),
        origin: evil.to_owned(),
        ..message()
    };
    let (_, sent) = send(json!({"from_name": evil}), message);
    let mail = MessageParser::default().parse(&sent.message).unwrap();
    assert!(mail.bcc().is_none());
    assert_eq!(mail.subject(), Some("x Bcc: thief@example.com body"));
    assert_eq!(
        mail.message_id(),
        Some("x--Bcc--thief-example.com----body@x--Bcc--thief-example.com----body")
    );
    assert_eq!(mail.parts.len(), 3);
}

#[test]
fn the_body_cannot_end_its_part() {
    let plain = bytes(message());
    let kind = header(&plain, "Content-Type").unwrap();
    let boundary = kind
        .split("boundary=")
        .nth(1)
        .unwrap()
        .trim_matches('"')
        .to_owned();
    let body =
        format!("text\n--{boundary}\nContent-Type: text/html\n\n<b>smuggled</b>\n--{boundary}--\n");
    let bytes = bytes(Message { body, ..message() });
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.parts.len(), 3);
    assert!(mail.body_text(0).unwrap().contains("smuggled"));
}

#[test]
fn a_message_with_hardly_anything_is_still_a_mail() {
    let bytes = bytes(Message {
        id: "push-1".to_owned(),
        ..Message::default()
    });
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.message_id(), Some("push-1@localhost"));
    assert_eq!(header(&bytes, "List-Id"), None);
    assert_eq!(mail.date().unwrap().to_timestamp(), 0);
}

#[test]
fn a_date_beyond_reason_is_no_panic() {
    let host = server(|_| (250, ""));
    let dated = |created_at_ms: u64| {
        let message = Message {
            created_at_ms,
            ..message()
        };
        host.run(|| Email::send(config(json!({})), message))
    };
    assert!(dated(253_402_300_799_999).is_ok());
    for beyond in [253_402_300_800_000, u64::MAX] {
        assert!(matches!(dated(beyond), Err(Failure::Rejected(_))));
    }
}

/// The header as it is on the wire, folded.
fn lines(bytes: &[u8], name: &str) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head
        .split("\r\n")
        .skip_while(|line| !line.starts_with(&format!("{name}:")));
    let first = lines.next().unwrap().to_owned();
    let more = lines.take_while(|line| line.starts_with(' '));
    std::iter::once(first)
        .chain(more.map(str::to_owned))
        .collect()
}

fn sent(fields: serde_json::Value, message: Message) -> Vec<u8> {
    send(fields, message).1.message
}

#[test]
fn a_long_list_of_recipients_is_folded() {
    for (count, domain) in [
        (1, "example.com"),
        (2, "example.com"),
        (100, "example.com"),
        (500, "a-rather-long-name-of-a-department.example.com"),
    ] {
        let to: Vec<String> = (0..count).map(|i| format!("dev{i}@{domain}")).collect();
        let bytes = sent(json!({ "to": to }), message());
        for line in lines(&bytes, "To") {
            assert!(line.len() <= 78, "{} octets: {line}", line.len());
        }
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let parsed = mail.to().unwrap().iter();
        let parsed: Vec<_> = parsed.map(|to| to.address().unwrap().to_owned()).collect();
        assert_eq!(parsed, to);
    }
}

#[test]
fn international_addresses_leave_a_mail_in_ascii() {
    let to = [
        "dev@bücher.example",
        "mei@例子.测试",
        "jürgen@example.com",
        "tom@example.com",
    ];
    let bytes = sent(
        json!({"to": to, "from": "bot@bücher.example", "from_name": "Bücher"}),
        message(),
    );
    assert!(bytes.is_ascii());
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("bot@xn--bcher-kva.example"));
    assert_eq!(from.name(), Some("Bücher"));
    let header = lines(&bytes, "To").concat();
    assert!(
        header.starts_with("To: dev@xn--bcher-kva.example, mei@xn--fsqu00a.xn--0zwm56d, "),
        "{header}"
    );
    // One of whom only the name can be told: the others' mail does not need what it needs.
    assert!(
        header.contains("=?utf-8?b?asO8cmdlbkBleGFtcGxlLmNvbQ==?= :;")
            && header.ends_with("tom@example.com"),
        "{header}"
    );
}

#[test]
fn a_subject_arrives_as_it_is_in_short_lines() {
    for subject in [
        "plain",
        "[repo] fix: __init__ & <b> \"x\"",
        "张三 提交了代码",
        "mixed 张三 ascii 李四 and é",
        "=?utf-8?B?ZXZpbA==?=",
        "a =?utf-8?Q?=41?= b",
        "emoji 🍐🍐🍐",
        "\u{202e}evil\u{202c}",
        &"字".repeat(240),
        &"word ".repeat(48),
        &"x".repeat(240),
        "trailing dot.",
        "é",
    ] {
        let title = subject.to_owned();
        let bytes = bytes(Message { title, ..message() });
        let mail = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(mail.subject(), Some(subject.trim()));
        let longest_word = subject.split(' ').map(str::len).max().unwrap();
        for line in lines(&bytes, "Subject") {
            let least = longest_word + "Subject: ".len();
            assert!(line.len() <= 78.max(least) && line.is_ascii(), "{line}");
        }
    }
}

/// The built-in templates leave title and link to this channel.
#[test]
fn the_text_part_is_prose() {
    let body = "**main** · mei · 2 commits\n\n\
        - [3f2a9c1d](https://git.example.com/c/1) Fix `a\\_b`\n- *x*\n\n> 1 file left out\n";
    let mail = Message {
        title: "pear-ledger new commits: main".to_owned(),
        body: body.to_owned(),
        url: Some("https://git.example.com/compare".to_owned()),
        locale: "en-US".to_owned(),
        ..message()
    };
    let bytes = bytes(mail);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
    let expected = "pear-ledger new commits: main

main · mei · 2 commits

- 3f2a9c1d (https://git.example.com/c/1) Fix a\\_b
- x

1 file left out

View details: https://git.example.com/compare

-- 
You get this mail because a target of Push Notify for orchard-works/pear-ledger names your address.
";
    assert_eq!(text, expected);
}

#[test]
fn no_link_of_the_text_part_leads_elsewhere_than_to_the_web() {
    for url in ["javascript:alert(1)", "file:///etc/hosts", ""] {
        let mail = Message {
            url: Some(url.to_owned()),
            ..message()
        };
        let bytes = bytes(mail);
        let mail = MessageParser::default().parse(&bytes).unwrap();
        assert!(!mail.body_text(0).unwrap().contains("查看详情"), "{url}");
        assert!(!mail.body_html(0).unwrap().contains("查看详情"), "{url}");
    }
}
