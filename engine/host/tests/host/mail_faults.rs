//! Mail servers that do not play by the rules, and guests that do not.

use crate::{
    mail::{failure, mail, misconfigured, retry, server, with_login},
    setup::{SECRET, note, send},
};
use push_notify_host::Failure;
use std::time::{Duration, Instant};

const TO: [&str; 1] = ["a@example.com"];

#[tokio::test]
async fn answers_out_of_step_end_the_session() {
    let (server, host) = server(|script| script.data = "250 ok").await;
    for connections in 1..3 {
        let reason = retry(failure(&host, mail(&server, "none", &TO)).await);
        assert_eq!(reason, "the server's answers are out of step: 250 ok");
        assert_eq!(server.connections(), connections);
    }
    let (server, host) = self::server(|script| script.content = "354 go on").await;
    for connections in 1..3 {
        let reason = retry(failure(&host, mail(&server, "none", &TO)).await);
        assert_eq!(reason, "the server's answers are out of step: 354 go on");
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn verdict_does_not_wait_for_politeness() {
    let (server, host) = server(|script| {
        script.reset = "";
        script.content = "554 5.7.1 looks like spam";
    })
    .await;
    let start = Instant::now();
    let reason = "SMTP 554 5.7.1 looks like spam".to_owned();
    let verdict = failure(&host, mail(&server, "none", &TO)).await;
    assert_eq!(verdict, Failure::Rejected(reason));
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn quoted_login_is_hidden() {
    let (server, host) = server(|script| {
        script.login = "535 no such login:";
        script.reset = "";
    })
    .await;
    let config = with_login(mail(&server, "none", &TO));
    let reason = misconfigured(failure(&host, config).await);
    assert_eq!(reason, "SMTP 535 no such login: AUTH PLAIN [login]");
    assert!(!reason.contains(SECRET));
}

#[tokio::test]
async fn configured_server_is_the_configured_port_and_tls() {
    let (server, host) = server(|_| {}).await;
    let mut config = mail(&server, "none", &TO);
    config["mode"] = "mail_elsewhere".into();
    let reason = misconfigured(failure(&host, config).await);
    assert!(
        reason.ends_with("is not granted: the settings have another smtp_port"),
        "{reason}"
    );
    let reason = misconfigured(failure(&host, mail(&server, "unknown", &TO)).await);
    assert_eq!(
        reason,
        "smtp with tls `none` is not granted: the settings have another tls"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn one_call_sends_ten_mails() {
    let (server, host) = server(|_| {}).await;
    let mut config = mail(&server, "none", &TO);
    config["mode"] = "mail_much".into();
    let told = note(&host, config.clone()).await;
    assert!(told.starts_with("10 "), "{told}");
    assert!(told.contains("a call may send at most 10 mails"), "{told}");
    send(&host, config).await.unwrap().unwrap();
    assert_eq!(server.mails().len(), 20);
}
