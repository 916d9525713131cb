use crate::setup::{EVERYTHING, Setup, load, message, note, send, settings, source};
use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use push_notify_host::{CallError, Failure, Host, NetworkPolicy, Settings};
use serde_json::json;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
};

/// Serves `router` on a loopback port for as long as the test lives; the base URL.
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

async fn refusal(host: &Host, url: &str) -> String {
    match send(host, json!({"mode": "get", "url": url})).await {
        Ok(Err(Failure::Misconfigured(reason))) => reason,
        other => panic!("{url}: {other:?}"),
    }
}

async fn with_grants(grants: &[&str]) -> Host {
    let host = Setup::new().host();
    load(&host, vec![source("misbehaving", grants)]).await;
    host
}

#[tokio::test]
async fn granted_host_is_reached() {
    let url = serve(hello()).await;
    let host = Setup::new().misbehaving().await;
    assert_eq!(
        note(&host, json!({"mode": "get", "url": url})).await,
        "200 hello"
    );
}

#[tokio::test]
async fn request_says_who_sends_it() {
    let agent =
        |headers: HeaderMap| async move { headers["user-agent"].to_str().unwrap().to_owned() };
    let url = serve(Router::new().route("/", get(agent))).await;
    let host = Setup::new().misbehaving().await;
    let answer = note(&host, json!({"mode": "get", "url": url})).await;
    assert_eq!(
        answer,
        format!("200 push-notify/{}", env!("CARGO_PKG_VERSION"))
    );
}

#[tokio::test]
async fn permission_needs_both_keys() {
    let url = serve(hello()).await;
    let asked = with_grants(&["smtp:${config.smtp_host}", "http:hooks.example.com"]).await;
    assert_eq!(
        refusal(&asked, &url).await,
        format!(
            "http to {url} is not granted: add \"http:${{config.url}}\" to plugins.misbehaving.grants"
        )
    );
    let nothing = with_grants(&[]).await;
    let direct = send(&nothing, json!({"mode": "secret_host", "token": "ab"}))
        .await
        .unwrap();
    let reason = "a secret cannot be a part of the host".to_owned();
    assert_eq!(direct, Err(Failure::Rejected(reason)));
    // A grant that the manifest does not ask for opens nothing.
    let granted = with_grants(&["http:127.0.0.1", &format!("http:{url}")]).await;
    assert!(refusal(&granted, &url).await.contains("is not granted"));
}

#[tokio::test]
async fn private_address_is_refused_unless_the_operator_lists_it() {
    let url = serve(hello()).await;
    let closed = Setup::new().with(|config| config.network = NetworkPolicy::default());
    let closed = closed.misbehaving().await;
    let told = "127.0.0.1 is a private address: add \"127.0.0.0/8\" or the like to network.allow";
    assert_eq!(refusal(&closed, &url).await, told);
    // By name, and in every other spelling of the same address.
    let port = url.rsplit(':').next().unwrap();
    for host in ["localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let text = refusal(&closed, &format!("http://{host}:{port}")).await;
        assert!(text.contains("is a private address"), "{host}: {text}");
    }
    let metadata = refusal(&closed, "http://169.254.169.254/latest/meta-data").await;
    assert!(metadata.contains("169.254.0.0/16"), "{metadata}");
    let open = Setup::new().misbehaving().await;
    let by_name = format!("http://localhost:{port}");
    assert_eq!(
        note(&open, json!({"mode": "get", "url": by_name})).await,
        "200 hello"
    );
}

#[tokio::test]
async fn redirect_is_an_answer_and_not_a_way_out() {
    let inside = serve(hello()).await;
    let away = move || async move { (StatusCode::FOUND, [(header::LOCATION, inside)]) };
    let url = serve(Router::new().route("/", get(away))).await;
    let host = Setup::new().misbehaving().await;
    assert_eq!(
        note(&host, json!({"mode": "get", "url": url})).await,
        "302 "
    );
}

#[tokio::test]
async fn requests_in_a_call_are_counted() {
    let url = serve(hello()).await;
    let host = Setup::new().misbehaving().await;
    assert_eq!(
        note(&host, json!({"mode": "get_many", "url": url})).await,
        "50 Error::Denied(\"a call may make at most 50 http requests\")"
    );
}

#[tokio::test]
async fn answer_over_the_cap_is_not_read_to_its_end() {
    let big = Router::new().route("/", get(|| async { "x".repeat(2000) }));
    let url = serve(big).await;
    let setup = Setup::new().with(|config| config.limits.http_body_bytes = 1000);
    let host = setup.misbehaving().await;
    match send(&host, json!({"mode": "get", "url": url}))
        .await
        .unwrap()
    {
        Err(Failure::Rejected(reason)) => {
            assert_eq!(
                reason,
                "the answer is too large; it may have been delivered"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_at_home_is_worth_a_retry() {
    let host = Setup::new().misbehaving().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    match send(&host, json!({"mode": "get", "url": url}))
        .await
        .unwrap()
    {
        Err(Failure::Retry { reason, .. }) => assert!(!reason.contains("http://"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn https_needs_a_certificate_that_is_trusted() {
    let (acceptor, certificate) = crate::mail_server::tls();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut tls = acceptor.accept(tcp).await?;
                tls.read_exact(&mut [0; 10]).await?;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecure";
                tls.write_all(answer).await?;
                tls.shutdown().await
            });
        }
    });
    let config = json!({"mode": "get", "url": url});
    let stranger = Setup::new().misbehaving().await;
    match send(&stranger, config.clone()).await.unwrap() {
        Err(Failure::Retry { reason, .. }) => assert!(reason.contains("certificate"), "{reason}"),
        other => panic!("{other:?}"),
    }
    let setup = Setup::new().with(|config| config.extra_roots_pem = vec![certificate]);
    assert_eq!(note(&setup.misbehaving().await, config).await, "200 secure");
}

#[tokio::test]
async fn hanging_channel_keeps_no_webhook_out() {
    let arrived = Arc::new(Notify::new());
    let here = Arc::clone(&arrived);
    let hang = move || async move {
        here.notify_one();
        std::future::pending::<&str>().await
    };
    let url = serve(Router::new().route("/", get(hang))).await;
    let host = Setup::new()
        .with(|config| config.limits.instances = 1)
        .host();
    load(
        &host,
        vec![source("misbehaving", &EVERYTHING), source("trapper", &[])],
    )
    .await;
    let channel = crate::setup::misbehaving(&host);
    let hanging = tokio::spawn(async move {
        let settings = settings(json!({"mode": "get", "url": url}));
        channel.send(&message(), &settings).await
    });
    arrived.notified().await;
    let provider = host.provider("trapper").unwrap();
    provider.probe(&Settings::default()).await.unwrap().unwrap();
    assert!(!hanging.is_finished());
    hanging.abort();
}

fn black_hole() -> Router {
    Router::new().route("/", get(|| async { std::future::pending::<&str>().await }))
}

fn hasty() -> Setup {
    Setup::new().with(|config| config.limits.timeout = Duration::from_millis(800))
}

#[tokio::test]
async fn slow_answer_ends_in_time_for_the_plugin_to_say_so() {
    let url = serve(black_hole()).await;
    let host = hasty().misbehaving().await;
    let start = Instant::now();
    match send(&host, json!({"mode": "get", "url": url}))
        .await
        .unwrap()
    {
        Err(Failure::Retry { reason, .. }) => assert_eq!(reason, "no answer in time"),
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() < Duration::from_millis(800));
}

#[tokio::test]
async fn deadline_covers_host_calls() {
    let url = serve(black_hole()).await;
    let host = hasty().with_unlimited_requests().misbehaving().await;
    let start = Instant::now();
    let answer = send(&host, json!({"mode": "get_forever", "url": url})).await;
    assert_eq!(answer, Err(CallError::Deadline(Duration::from_millis(800))));
    assert!(
        start.elapsed() < Duration::from_millis(1500),
        "{:?}",
        start.elapsed()
    );
    // No trap: the far side may be to blame.
    assert_eq!(host.plugins()[0].traps, 0);
}

impl Setup {
    fn with_unlimited_requests(self) -> Self {
        self.with(|config| config.limits.http_requests = u32::MAX)
    }
}
