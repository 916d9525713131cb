use crate::{
    mail_server::{MailServer, Mode, Script},
    setup::{SECRET, Setup, load, log, logged, note, send, source},
};
use push_notify_host::{Failure, Host, NetworkPolicy};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) async fn server(change: impl FnOnce(&mut Script)) -> (MailServer, Host) {
    let mut script = Script::default();
    change(&mut script);
    let server = MailServer::start(script).await;
    let root = server.certificate_pem.clone();
    let setup = Setup::new().with(|config| config.extra_roots_pem = vec![root]);
    let host = setup.misbehaving().await;
    (server, host)
}

pub(crate) fn mail(server: &MailServer, tls: &str, to: &[&str]) -> Value {
    json!({
        "mode": "mail", "smtp_host": "127.0.0.1", "smtp_port": server.address.port(), "tls": tls, "to": to
    })
}

pub(crate) fn with_login(mut config: Value) -> Value {
    config["username"] = "user@example.com".into();
    config["token"] = SECRET.into();
    config
}

pub(crate) async fn failure(host: &Host, config: Value) -> Failure {
    send(host, config).await.unwrap().unwrap_err()
}

pub(crate) fn misconfigured(failure: Failure) -> String {
    match failure {
        Failure::Misconfigured(reason) => reason,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn retry(failure: Failure) -> String {
    match failure {
        Failure::Retry { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_recipient_has_its_own_outcome() {
    let (server, host) = server(|_| {}).await;
    let to = [
        "a@example.com",
        "unknown@example.com",
        "full@example.com",
        "b@例え.example",
    ];
    let told = note(&host, mail(&server, "none", &to)).await;
    assert_eq!(
        told,
        "a@example.com=250 unknown@example.com=550 full@example.com=452 b@例え.example=250"
    );
    let mail = "From: sender@example.com\nSubject: the title\n\nthe body\n";
    assert_eq!(server.mails(), [mail]);
    assert!(
        server
            .commands()
            .contains(&"RCPT TO:<b@xn--r8jz45g.example>".to_owned())
    );
    assert!(server.commands().contains(&"EHLO [127.0.0.1]".to_owned()));
}

#[tokio::test]
async fn no_mail_is_sent_when_nobody_is_accepted() {
    let (server, host) = server(|_| {}).await;
    let told = note(&host, mail(&server, "none", &["unknown@example.com"])).await;
    assert_eq!(told, "unknown@example.com=550");
    assert!(server.mails().is_empty());
    assert_eq!(server.commands().last().unwrap(), "RSET");
}

#[tokio::test]
async fn login_works_in_every_mode_and_stays_out_of_the_log() {
    log();
    for (mode, tls) in [
        (Mode::Plain, "none"),
        (Mode::Starttls, "starttls"),
        (Mode::Implicit, "implicit"),
    ] {
        let (server, host) = server(|script| script.mode = mode).await;
        let told = note(&host, with_login(mail(&server, tls, &["a@example.com"]))).await;
        assert_eq!(told, "a@example.com=250", "{tls}");
        // user@example.com and test-secret-not-real, by RFC 4616.
        let login = "AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20AdGVzdC1zZWNyZXQtbm90LXJlYWw=";
        assert!(server.commands().contains(&login.to_owned()), "{tls}");
        let log = logged();
        assert!(
            !log.contains("AHVzZXJAZXhhbXBsZS5jb20A")
                && !log.contains("dGVzdC1zZWNyZXQtbm90LXJlYWw")
        );
    }
}

#[tokio::test]
async fn login_takes_what_the_server_offers() {
    let (server, host) = server(|script| script.extensions = vec!["AUTH LOGIN"]).await;
    note(&host, with_login(mail(&server, "none", &["a@example.com"]))).await;
    assert!(
        server
            .commands()
            .contains(&"dGVzdC1zZWNyZXQtbm90LXJlYWw=".to_owned())
    );
    let (server, host) = self::server(|script| script.extensions = vec![]).await;
    let config = with_login(mail(&server, "none", &["a@example.com"]));
    let reason = misconfigured(failure(&host, config).await);
    assert!(reason.contains("offers no login"), "{reason}");
}

#[tokio::test]
async fn starttls_is_never_left_out() {
    let (server, host) = server(|_| {}).await;
    let config = with_login(mail(&server, "starttls", &["a@example.com"]));
    let reason = misconfigured(failure(&host, config).await);
    assert!(
        reason.starts_with("SMTP 530 the server does not offer STARTTLS"),
        "{reason}"
    );
    assert!(
        !server
            .commands()
            .iter()
            .any(|command| command.starts_with("AUTH"))
    );
}

#[tokio::test]
async fn answer_slipped_in_before_tls_ends_the_session() {
    let (server, host) = server(|script| {
        script.mode = Mode::Starttls;
        script.injected = "\r\n250 forged";
    })
    .await;
    retry(failure(&host, mail(&server, "starttls", &["a@example.com"])).await);
    assert_eq!(server.commands(), ["EHLO [127.0.0.1]", "STARTTLS"]);
}

#[tokio::test]
async fn certificate_must_be_trusted() {
    for (mode, tls) in [(Mode::Starttls, "starttls"), (Mode::Implicit, "implicit")] {
        let server = MailServer::start(Script {
            mode,
            ..Script::default()
        })
        .await;
        let host = Setup::new().misbehaving().await;
        let reason = misconfigured(failure(&host, mail(&server, tls, &["a@example.com"])).await);
        assert!(
            reason.starts_with("SMTP 530 TLS: invalid peer certificate"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn connection_serves_several_mails_without_delay() {
    for (mode, tls) in [
        (Mode::Plain, "none"),
        (Mode::Starttls, "starttls"),
        (Mode::Implicit, "implicit"),
    ] {
        let (server, host) = server(|script| script.mode = mode).await;
        let config = mail(&server, tls, &["a@example.com"]);
        note(&host, config.clone()).await;
        let start = Instant::now();
        for _ in 0..10 {
            note(&host, config.clone()).await;
        }
        assert_eq!(
            (server.connections(), server.mails().len()),
            (1, 11),
            "{tls}"
        );
        // A delayed acknowledgement costs 40 ms a mail.
        assert!(
            start.elapsed() < Duration::from_millis(300),
            "{tls}: {:?}",
            start.elapsed()
        );
        // Other credentials, another session.
        note(&host, with_login(config)).await;
        assert_eq!(server.connections(), 2, "{tls}");
    }
}

#[tokio::test]
async fn stale_connection_is_replaced_without_a_second_mail() {
    let (server, host) = server(|script| script.mails_per_connection = 1).await;
    let config = mail(&server, "none", &["a@example.com"]);
    for _ in 0..3 {
        assert_eq!(note(&host, config.clone()).await, "a@example.com=250");
    }
    assert_eq!((server.connections(), server.mails().len()), (3, 3));
}

#[tokio::test]
async fn refusals_of_the_server_come_through() {
    let (server, host) = server(|script| script.content = "554 5.7.1 looks like spam").await;
    let config = mail(&server, "none", &["a@example.com"]);
    let reason = "SMTP 554 5.7.1 looks like spam".to_owned();
    assert_eq!(
        failure(&host, config.clone()).await,
        Failure::Rejected(reason)
    );
    // A refusal is an answer: the session goes on.
    failure(&host, config).await;
    assert_eq!((server.connections(), server.mails().len()), (1, 2));

    let (server, host) = self::server(|script| script.greeting = "421 too busy").await;
    let reason = retry(failure(&host, mail(&server, "none", &["a@example.com"])).await);
    assert_eq!(reason, "SMTP 421 too busy");
}

#[tokio::test]
async fn permission_and_address_are_checked_as_for_http() {
    let (server, _) = server(|_| {}).await;
    let config = mail(&server, "none", &["a@example.com"]);
    let ungranted = Setup::new().host();
    load(&ungranted, vec![source("misbehaving", &[])]).await;
    assert_eq!(
        misconfigured(failure(&ungranted, config.clone()).await),
        "smtp to 127.0.0.1 is not granted: add \"smtp:${config.smtp_host}\" to plugins.misbehaving.grants"
    );
    let closed = Setup::new().with(|config| config.network = NetworkPolicy::default());
    let closed = closed.misbehaving().await;
    assert_eq!(
        misconfigured(failure(&closed, config).await),
        "127.0.0.1 is a private address: add \"127.0.0.0/8\" or the like to network.allow"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn address_cannot_carry_a_command() {
    let (server, host) = server(|_| {}).await;
    for address in [
        "a@example.com>\r\nDATA",
        "a@example.com\nRSET",
        "nobody",
        "",
    ] {
        match failure(&host, mail(&server, "none", &[address])).await {
            Failure::Rejected(reason) => assert!(reason.ends_with("is not an address"), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(server.connections(), 0);
}
