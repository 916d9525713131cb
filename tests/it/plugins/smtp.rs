//! How mail servers behave, and what becomes of a mail then.

use push_notify::mail::Mailer;
use push_notify_tests::{Action, Authority, Backend, Email, Security, Smtp, Stage, TestApp};
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

/// What servers offer, as some write it.
fn hello(offers: &[&str]) -> Action {
    let last = offers.len() - 1;
    let line = |(at, offer): (usize, &&str)| match at == last {
        true => format!("250 {offer}"),
        false => format!("250-{offer}"),
    };
    let lines: Vec<String> = offers.iter().enumerate().map(line).collect();
    Action::Say(lines.join("\r\n"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_offers_is_read_in_any_case() {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.mail.ehlo_name = "push.example.com".to_owned())
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).target("list")).await;
    let roots = [Authority::get().root()];
    let own = Mailer::new(&smtp.as_own_mail(), &roots);
    let own = own.expect("sound").expect("a server");
    for (index, (plain, encrypted)) in [
        ("STARTTLS", "AUTH PLAIN LOGIN"),
        ("starttls", "auth plain login"),
        ("StartTLS", "Auth Plain"),
        ("starttls", "AUTH login"),
        ("STARTTLS", "auth XOAUTH2 PLAIN"),
    ]
    .into_iter()
    .enumerate()
    {
        let greet = || {
            smtp.close_connections();
            smtp.on(Stage::Hello, hello(&["stand-in", "8bitmime", plain]));
            smtp.on(Stage::Hello, hello(&["stand-in", encrypted, "8bitmime"]));
        };
        greet();
        own.check().await.expect(plain);
        greet();
        let ids = app.push(&repo, &format!("commit{index}")).await;
        let push = app.push_in_state(ids[0], "delivered").await;
        assert_eq!(
            push["attempts"].as_array().map(Vec::len),
            Some(1),
            "{push:#}"
        );
    }
    let heard = smtp.heard();
    assert!(
        heard.contains(&"EHLO push.example.com".to_owned()),
        "{heard:?}"
    );
    // The engine's own mail has the name from its own settings.
    assert!(heard.contains(&"EHLO [127.0.0.1]".to_owned()), "{heard:?}");
    app.assert_nothing_leaked();
    app.stop().await;
}

/// Somebody between us and the server adds answers before TLS begins, to have them taken for the
/// server's over TLS.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_said_before_tls_is_taken_for_something_said_over_it() {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.delivery.max_attempts = 1)
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).target("list")).await;
    let roots = [Authority::get().root()];
    let own = Mailer::new(&smtp.as_own_mail(), &roots);
    let own = own.expect("sound").expect("a server");
    for (index, more) in [
        "250-stand-in\r\n250 AUTH PLAIN",
        "250 stand-in",
        "220 again",
        "235 2.7.0 you are in\r\n250 Ok\r\n250 Ok\r\n354 Go\r\n250 Ok",
        "x",
    ]
    .into_iter()
    .enumerate()
    {
        let inject = || {
            smtp.close_connections();
            smtp.on(Stage::Starttls, Action::Say(format!("220 Go\r\n{more}")));
        };
        inject();
        let problem = own.check().await.expect_err("nobody to trust");
        assert!(problem.to_string().contains("TLS"), "{problem}");
        inject();
        let ids = app.push(&repo, &format!("commit{index}")).await;
        app.push_in_state(ids[0], "failed").await;
    }
    let heard = smtp.heard();
    assert!(
        !heard.iter().any(|line| line.starts_with("AUTH")),
        "{heard:?}"
    );
    assert!(smtp.mails().is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_the_server_cannot_take_fails_alone() {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let to = [
        "dev@bücher.example",
        "jürgen@example.com",
        "tom@example.com",
    ];
    app.target(Email::through(&smtp).to(&to).target("list"))
        .await;
    // Not even 8BITMIME.
    smtp.on(Stage::Hello, hello(&["stand-in", "STARTTLS"]));
    smtp.on(Stage::Hello, hello(&["stand-in", "AUTH PLAIN"]));
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "partial").await;
    let reason = push["error_msg"].as_str().expect("a reason");
    assert!(
        reason.contains("jürgen@example.com") && reason.contains("SMTPUTF8"),
        "{reason}"
    );
    let mail = smtp.mails().remove(0);
    assert_eq!(mail.to, ["dev@xn--bcher-kva.example", "tom@example.com"]);
    let header = mail.header("To").expect("To");
    assert!(header.contains("dev@xn--bcher-kva.example"), "{header}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_named_without_scheme_or_port() {
    let app = TestApp::start(Backend::Sqlite).await;
    let smtp = Smtp::start(Security::None).await;
    for (index, (host, is_sound)) in [
        ("smtp.example.com", true),
        ("smtp.example.com.", true),
        ("mail_1.example.com", true),
        ("bücher.example", true),
        ("localhost", true),
        ("192.0.2.1", true),
        ("2001:db8::1", true),
        ("[2001:db8::1]", true),
        ("smtp.example.com:465", false),
        ("smtp.example.com:", false),
        ("192.0.2.1:25", false),
        ("[2001:db8::1]:25", false),
        ("[smtp.example.com]", false),
        ("smtp://smtp.example.com", false),
        ("smtp.example.com/", false),
        ("a..b", false),
        (".", false),
        ("user@smtp.example.com", false),
    ]
    .into_iter()
    .enumerate()
    {
        let body = Email::through(&smtp)
            .with("smtp_host", host)
            .target(&format!("list{index}"));
        let answer = app.post("/api/v1/targets", &body).await;
        match is_sound {
            true => drop(answer.expect(200)),
            false => answer.expect(422).names("config.smtp_host"),
        }
    }
    app.stop().await;
}
