//! How mail servers behave, and what becomes of a mail then.

use push_notify_tests::{Action, Backend, Email, Security, Smtp, Stage, TestApp};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_mail_server_answers_decides_what_happens_next() {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.plugins.timeout_ms = 3000)
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).target("list")).await;
    let only = || Stage::Recipient("dev@example.com".to_owned());
    let cases = [
        (
            Stage::Greeting,
            Action::say("421 4.3.2 Shutting down"),
            "delivered",
            2,
        ),
        (Stage::Greeting, Action::HangUp, "delivered", 2),
        (
            Stage::Starttls,
            Action::say("454 4.7.0 TLS not available"),
            "delivered",
            2,
        ),
        (
            Stage::Login,
            Action::say("454 4.7.0 Temporary authentication failure"),
            "delivered",
            2,
        ),
        (
            Stage::Login,
            Action::say("535 5.7.8 Authentication credentials invalid"),
            "misconfigured",
            1,
        ),
        (
            Stage::Sender,
            Action::say("452 4.3.1 Insufficient storage"),
            "delivered",
            2,
        ),
        (
            Stage::Sender,
            Action::say("550 5.7.1 Not your address"),
            "rejected",
            1,
        ),
        (
            only(),
            Action::say("550 5.1.1 No such mailbox"),
            "rejected",
            1,
        ),
        (
            Stage::Data,
            Action::say("554 5.5.1 No valid recipients"),
            "rejected",
            1,
        ),
        (
            Stage::Message,
            Action::say("552 5.3.4 Too large"),
            "rejected",
            1,
        ),
        (Stage::Message, Action::HangUp, "delivered", 2),
        (
            Stage::Message,
            Action::Late(Duration::from_millis(300)),
            "delivered",
            1,
        ),
        (Stage::Message, Action::Never, "delivered", 2),
    ];
    for (index, (stage, action, state, attempts)) in cases.into_iter().enumerate() {
        // A kept connection would not come by the first stages again.
        smtp.close_connections();
        let what = format!("{stage:?} {action:?}");
        smtp.on(stage, action);
        let ids = app.push(&repo, &format!("commit{index}")).await;
        let push = app.push_in_state(ids[0], state).await;
        assert_eq!(
            push["attempts"].as_array().map(Vec::len),
            Some(attempts),
            "{what}: {push:#}"
        );
    }
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_starttls_never_gets_the_password() {
    let smtp = Smtp::start(Security::None).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.delivery.max_attempts = 1)
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).with("tls", "starttls").target("list"))
        .await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "misconfigured").await;
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|reason| reason.contains("STARTTLS")),
        "{push:#}"
    );
    assert!(smtp.mails().is_empty());
    assert!(
        !smtp.heard().iter().any(|line| line.starts_with("AUTH")),
        "{:?}",
        smtp.heard()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let smtp = Smtp::start(Security::Implicit).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.network.extra_roots.clear();
            config.delivery.max_attempts = 1;
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).target("list")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "misconfigured").await;
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|reason| reason.contains("TLS") || reason.contains("certificate")),
        "{push:#}"
    );
    assert!(smtp.mails().is_empty());
    app.stop().await;
}
