//! Mail as a server sees it.

use mail_parser::MimeHeaders as _;
use push_notify_tests::{Action, AioSmtpd, Backend, Email, Security, Smtp, Stage, TestApp, both};
use serde_json::{Value, json};

both!(
    a_mail_that_is_put_off_is_sent_again_under_the_same_message_id,
    each_recipient_has_an_outcome_and_only_who_has_not_got_it_is_tried_again,
);

async fn a_mail_that_is_put_off_is_sent_again_under_the_same_message_id(on: Backend) {
    let smtp = Smtp::start(Security::Starttls).await;
    smtp.on(Stage::Message, Action::say("451 4.3.0 Try again later"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).target("list")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(outcomes(&push), ["retry", "delivered"]);
    assert!(
        push["attempts"][0]["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("451")),
        "{push:#}"
    );
    let seen = smtp.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1], "the same bytes, so one Message-ID");
    assert_eq!(smtp.mails().len(), 1);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn each_recipient_has_an_outcome_and_only_who_has_not_got_it_is_tried_again(on: Backend) {
    let smtp = Smtp::start(Security::Starttls).await;
    let recipient = |name: &str| Stage::Recipient(format!("{name}@example.com"));
    smtp.on(recipient("busy"), Action::say("451 4.2.1 Mailbox busy"));
    smtp.on(recipient("gone"), Action::say("550 5.1.1 No such mailbox"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let to = ["good@example.com", "busy@example.com", "gone@example.com"];
    app.target(Email::through(&smtp).to(&to).target("list"))
        .await;

    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "partial").await;
    assert_eq!(push["status"], "failed", "somebody did not get it");
    assert_eq!(outcomes(&push), ["retry", "partial"]);
    let first = push["attempts"][0]["detail"].as_str().expect("a reason");
    assert!(
        first.contains("busy@example.com") && first.contains("451"),
        "{first}"
    );
    let last = push["error_msg"].as_str().expect("a reason");
    assert!(
        last.contains("gone@example.com") && last.contains("550"),
        "{last}"
    );
    let mails = smtp.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].to, ["good@example.com"]);
    assert_eq!(mails[1].to, ["busy@example.com"]);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));

    // By hand, once the mailbox is there: to nobody else.
    let answer = app
        .post(&format!("/api/v1/pushes/{}/retry", ids[0]), &json!({}))
        .await
        .expect(200);
    let new = answer.data()["new_push_id"].as_i64().expect("a push");
    app.push_in_state(new, "delivered").await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 3);
    assert_eq!(mails[2].to, ["gone@example.com"]);
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_text_first_then_html_with_the_headers_of_a_notification() {
    let smtp = Smtp::start(Security::Implicit).await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("后端服务").await;
    let to = ["dev@example.com", "lead@example.com"];
    let target = app
        .target(
            Email::through(&smtp)
                .to(&to)
                .with("from_name", "通知")
                .target("list"),
        )
        .await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    let mail = smtp.mails().remove(0);
    assert!(mail.encrypted && mail.logged_in);
    assert_eq!(mail.from, "notify@example.com");
    let message = mail.parse();
    assert!(message.content_type().is_some_and(
        |kind| kind.c_type == "multipart" && kind.c_subtype.as_deref() == Some("alternative")
    ));
    let kinds: Vec<String> = message
        .parts
        .iter()
        .skip(1)
        .filter_map(|part| part.content_type())
        .map(|kind| {
            format!(
                "{}/{}",
                kind.c_type,
                kind.c_subtype.as_deref().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(kinds, ["text/plain", "text/html"]);
    let subject = message.subject().expect("a subject");
    assert!(subject.contains("后端服务"), "{subject}");
    let text = message.body_text(0).expect("a text").into_owned();
    assert!(text.contains("feat: 新增登录功能 aaa"), "{text}");
    let link = text
        .lines()
        .find_map(|line| line.strip_prefix("查看详情: "));
    let link = link.expect("a line that says where there is more");
    assert!(link.starts_with("https://github.com/"), "{text}");
    assert!(
        !text.contains("**") && !text.contains("](") && !text.contains("##"),
        "{text}"
    );
    let html = message.body_html(0).expect("HTML").into_owned();
    assert!(
        html.contains("feat: 新增登录功能 aaa") && html.contains("<h1"),
        "{html}"
    );
    let button = format!("<a href=\"{link}\" style=\"display:inline-block;");
    assert!(html.contains(&button), "{html}");
    assert!(message.date().is_some());
    assert_eq!(
        mail.header("Auto-Submitted").as_deref(),
        Some("auto-generated")
    );
    let list = mail.header("List-Id").expect("List-Id");
    assert!(
        list.contains("backend-service") && list.ends_with('>'),
        "{list}"
    );
    let id = mail.header("Message-ID").expect("Message-ID");
    assert!(
        id.starts_with('<') && id.ends_with("@notify.example.com>"),
        "{id}"
    );
    assert_eq!(message.to().map(|to| to.iter().count()), Some(2));
    assert!(
        mail.raw.iter().all(u8::is_ascii),
        "nothing that an old relay could break"
    );

    // Another push is another mail.
    let ids = app.push(&repo, "bbb").await;
    app.push_in_state(ids[0], "delivered").await;
    assert_ne!(smtp.mails()[1].header("Message-ID"), Some(id));
    let shown = app
        .get(&format!("/api/v1/targets/{target}"))
        .await
        .expect(200);
    assert_eq!(shown.data()["config"]["password"], "******");
    app.assert_nothing_leaked();
    app.stop().await;
}

/// As a front end sends it that knows of no `tls`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_choice_of_tls_a_port_other_than_465_is_starttls() {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let target = Email::through(&smtp).with("tls", "").target("list");
    let target = app.target(target).await;
    let shown = app.get(&format!("/api/v1/targets/{target}")).await;
    assert_eq!(shown.expect(200).data()["config"]["tls"], Value::Null);
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    let mail = smtp.mails().remove(0);
    assert!(mail.encrypted && mail.logged_in);
    app.stop().await;
}

/// A server that none of us wrote.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_mail_server_takes_the_mail() {
    let server = AioSmtpd::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("后端服务").await;
    let target = json!({
        "name": "list", "type": "email",
        "config": {
            "smtp_host": "127.0.0.1", "smtp_port": server.address.port(), "tls": "starttls",
            "from": "notify@example.com", "to": ["dev@example.com", "lead@example.com"],
        },
    });
    app.target(target).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    let mail = server.wait_for(1).await.remove(0);
    assert_eq!(
        mail.header("X-MailFrom").as_deref(),
        Some("notify@example.com")
    );
    assert_eq!(
        mail.header("X-RcptTo").as_deref(),
        Some("dev@example.com, lead@example.com")
    );
    let message = mail.parse();
    assert!(
        message
            .subject()
            .is_some_and(|subject| subject.contains("后端服务"))
    );
    assert!(
        message
            .body_text(0)
            .is_some_and(|text| text.contains("feat: 新增登录功能 aaa"))
    );
    app.stop().await;
}

fn outcomes(push: &Value) -> Vec<&str> {
    let attempts = push["attempts"].as_array().expect("attempts");
    attempts
        .iter()
        .filter_map(|attempt| attempt["outcome"].as_str())
        .collect()
}
