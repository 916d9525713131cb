use crate::setup::{SECRET, Setup, settings};
use hmac::{Hmac, KeyInit, Mac};
use push_notify_host::{CallError, Delivery, Host, Reception, Rejection, Webhook};
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

fn signed(body: &str) -> Webhook {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    webhook(
        body,
        "x-test-signature",
        &hex::encode(mac.finalize().into_bytes()),
    )
}

fn webhook(body: &str, header: &str, value: &str) -> Webhook {
    Webhook {
        method: "POST".to_owned(),
        path: String::new(),
        query: String::new(),
        headers: vec![
            ("x-test-delivery".to_owned(), "delivery-1".to_owned()),
            (header.to_owned(), value.to_owned()),
        ],
        body: body.to_owned().into(),
        received_ms: None,
    }
}

async fn receive(host: &Host, webhook: Webhook) -> Result<Result<Delivery, Rejection>, CallError> {
    let settings = settings(json!({"webhook_secret": SECRET}));
    let plugin = host.provider("trapper").unwrap();
    let received = plugin.receive(webhook, &settings).await?;
    Ok(received.map(|reception| match reception {
        Reception::Delivery(delivery) => delivery,
        Reception::Challenge(_) => panic!("it asks for nothing"),
    }))
}

#[tokio::test]
async fn signed_delivery_becomes_an_event_of_this_provider() {
    let host = Setup::new().trapper().await;
    let delivery = receive(&host, signed("octo/repo main"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(delivery.id.as_deref(), Some("delivery-1"));
    assert_eq!(delivery.events[0].provider, "trapper");
    assert_eq!(
        delivery.events[0].git_ref.as_deref(),
        Some("refs/heads/main")
    );
    assert_eq!(delivery.events[0].repository.full_name, "octo/repo");
}

#[tokio::test]
async fn forged_delivery_is_unauthenticated() {
    let host = Setup::new().trapper().await;
    let forged = webhook("octo/repo main", "x-test-signature", "00");
    let rejection = receive(&host, forged).await.unwrap().unwrap_err();
    assert_eq!(
        rejection,
        Rejection::Unauthenticated("wrong signature".to_owned())
    );
}

#[tokio::test]
async fn secret_sent_as_a_header_is_equal_and_unseen() {
    let host = Setup::new().trapper().await;
    let right = webhook("octo/repo main", "x-test-token", SECRET);
    receive(&host, right).await.unwrap().unwrap();
    let wrong = webhook("octo/repo main", "x-test-token", "test-secret-not-rael");
    let rejection = receive(&host, wrong).await.unwrap().unwrap_err();
    let reason = "wrong token test-secret-not-rael".to_owned();
    assert_eq!(rejection, Rejection::Unauthenticated(reason));
}

#[tokio::test]
async fn other_rejections_come_through() {
    let host = Setup::new().trapper().await;
    let malformed = receive(&host, signed("nothing"))
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(malformed, Rejection::Malformed("no branch".to_owned()));
    let ignored = receive(&host, signed("octo/repo ignored"))
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(ignored, Rejection::Ignored("as asked".to_owned()));
}

#[tokio::test]
async fn trap_costs_one_delivery() {
    let host = Setup::new().trapper().await;
    match receive(&host, signed("octo/repo boom")).await {
        Err(CallError::Trap(reason)) => assert!(reason.contains("the body says boom"), "{reason}"),
        other => panic!("{other:?}"),
    }
    receive(&host, signed("octo/repo main"))
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn deadline_of_the_manifest_covers_cpu_time() {
    let patient = Setup::new().with(|config| config.limits.cpu = Duration::from_secs(60));
    let host = patient.trapper().await;
    let answer = receive(&host, signed("octo/repo forever")).await;
    assert_eq!(
        answer.unwrap_err(),
        CallError::Deadline(Duration::from_secs(2))
    );
}

#[tokio::test]
async fn event_of_an_unknown_kind_is_refused_by_name() {
    let host = Setup::new().trapper().await;
    let refused = receive(&host, signed("octo/repo strange")).await;
    let reason = "this engine does not know the event kind `coup`".to_owned();
    assert_eq!(refused.unwrap().unwrap_err(), Rejection::Ignored(reason));
}

#[tokio::test]
async fn event_that_is_too_large_is_shortened() {
    let host = Setup::new().trapper().await;
    let delivery = receive(&host, signed("octo/repo endless")).await;
    let delivery = delivery.unwrap().unwrap();
    let shortened = delivery.shortened.unwrap();
    assert_eq!(delivery.events[0].commits.len() + shortened.commits, 80_000);
    assert_eq!(delivery.events[0].total_commits, Some(80_000));
}

#[tokio::test]
async fn large_body_passes() {
    let host = Setup::new().trapper().await;
    let body = format!("octo/repo {}", "x".repeat(3 << 20));
    let delivery = receive(&host, signed(&body)).await.unwrap().unwrap();
    // The branch alone is three MiB twice over, which is more than an event may have.
    let shown = delivery.events[0].branch.clone().unwrap();
    assert!(shown.ends_with("xxx…") && shown.len() < 5000);
    assert_eq!(
        delivery.shortened.unwrap().to_string(),
        "shortened: 2 texts cut"
    );
}

#[tokio::test]
async fn names_are_one_line() {
    let host = Setup::new().trapper().await;
    let body = "octo/repo main\n\n# Approved\r\n\u{202e}";
    let delivery = receive(&host, signed(body)).await.unwrap().unwrap();
    assert_eq!(
        delivery.events[0].branch.clone().unwrap(),
        "main # Approved"
    );
}
