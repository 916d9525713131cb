//! Who sends slowly, reads nothing or comes in crowds takes nothing from others. Through real
//! sockets.

use push_notify_core::config::{Config, Connections};
use push_notify_tests::{Answer, Backend, Delivery, Repo, TestApp};
use serde_json::json;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

const SECOND: Duration = Duration::from_secs(1);
/// Longer than anything here is allowed to take.
const LONG: Duration = Duration::from_secs(20);

async fn start(settings: impl FnOnce(&mut Config)) -> (TestApp, Repo) {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.connections = Connections {
                head_seconds: 2,
                body_seconds: 5,
                grace_seconds: 1,
                ..config.connections
            };
            settings(config);
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    (app, repo)
}

async fn connect(app: &TestApp) -> TcpStream {
    let connected = TcpStream::connect(app.server.address()).await;
    connected.expect("it listens")
}

/// From another address of this machine.
async fn connect_from(app: &TestApp, address: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    let from: SocketAddr = format!("{address}:0").parse().expect("an address");
    socket.bind(from).expect("an address of this machine");
    let connected = socket.connect(app.server.address()).await;
    connected.expect("it listens")
}

fn head(method: &str, path: &str, fields: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: notify.example.com\r\n{fields}\r\n")
}

async fn send(tcp: &mut TcpStream, text: &str) {
    tcp.write_all(text.as_bytes()).await.expect("it is sent");
}

/// The status line of the next answer; empty when the connection ends without one.
async fn status(tcp: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    match timeout(LONG, tcp.read_exact(&mut answer)).await {
        Ok(Ok(_)) => String::from_utf8_lossy(&answer[9..]).into_owned(),
        Ok(Err(_)) => String::new(),
        Err(_) => panic!("no answer and no end"),
    }
}

async fn is_answered(app: &TestApp, address: &str) -> bool {
    let mut tcp = connect_from(app, address).await;
    send(&mut tcp, &head("GET", "/healthz", "")).await;
    status(&mut tcp).await == "200"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_comes_drop_by_drop_is_given_up() {
    let (app, repo) = start(|_| {}).await;
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    let length = "Content-Length: 1000000\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n";
    let json = "Content-Type: application/json\r\n";
    for (path, fields, drop) in [
        (repo.path.as_str(), length.to_owned(), "x"),
        (repo.path.as_str(), chunked.to_owned(), "1\r\nx\r\n"),
        (by_id.as_str(), length.to_owned(), "x"),
        (by_id.as_str(), chunked.to_owned(), "1\r\nx\r\n"),
        ("/api/v1/webhooks/github", length.to_owned(), "x"),
        (
            "/api/v1/auth/login",
            format!("{json}Content-Length: 1000\r\n"),
            " ",
        ),
        (
            "/api/v1/auth/login",
            format!("{json}{chunked}"),
            "1\r\n \r\n",
        ),
    ] {
        let mut tcp = connect(&app).await;
        send(&mut tcp, &head("POST", path, &fields)).await;
        // As long as the grace lasts. What came after it could be met by a reset instead of the
        // answer.
        for _ in 0..8 {
            send(&mut tcp, drop).await;
            tokio::time::sleep(SECOND / 10).await;
        }
        assert_eq!(status(&mut tcp).await, "408", "{path} {fields}");
    }
    // Fast enough for a while, but not in time.
    let mut tcp = connect(&app).await;
    send(&mut tcp, &head("POST", &repo.path, length)).await;
    let began = Instant::now();
    for _ in 0..45 {
        send(&mut tcp, &"x".repeat(1000)).await;
        tokio::time::sleep(SECOND / 10).await;
    }
    assert_eq!(status(&mut tcp).await, "408");
    assert!(began.elapsed() > 4 * SECOND, "{:?}", began.elapsed());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_does_not_end_and_a_connection_that_says_nothing_are_given_up() {
    let (app, _) = start(|_| {}).await;
    for begun in ["", "GET", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut tcp = connect(&app).await;
        send(&mut tcp, begun).await;
        let began = Instant::now();
        while began.elapsed() < 4 * SECOND && tcp.write_all(b"y").await.is_ok() {
            tokio::time::sleep(SECOND / 5).await;
            if begun.is_empty() {
                break;
            }
        }
        let answer = status(&mut tcp).await;
        assert!(
            matches!(answer.as_str(), "" | "408" | "400"),
            "{begun:?}: {answer}"
        );
        assert!(began.elapsed() < 6 * SECOND, "{begun:?}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_that_do_not_come_take_no_memory_from_those_that_do() {
    let (app, repo) = start(|config| {
        config.webhook.memory_mib = 32;
        config.connections.grace_seconds = 15;
        config.connections.body_seconds = 30;
    })
    .await;
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    let mut slow = Vec::new();
    for index in 0..200 {
        let mut tcp = connect(&app).await;
        let path = if index % 2 == 0 { &by_id } else { &repo.path };
        send(
            &mut tcp,
            &head("POST", path, "Transfer-Encoding: chunked\r\n"),
        )
        .await;
        send(&mut tcp, "1\r\n{\r\n").await;
        slow.push(tcp);
    }
    let mut body = push_notify_tests::push_body("aaa");
    body["padding"] = json!("x".repeat(5_000_000));
    for path in [&repo.path, &by_id] {
        let delivery = Delivery::new("push", &body);
        let request = app.anonymous().request(reqwest::Method::POST, path);
        let request = delivery.onto(request, &repo.secret);
        let answer: Answer = timeout(8 * SECOND, app.api.send(request))
            .await
            .expect("it is let in");
        answer.expect(200);
    }
    drop(slow);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_reads_are_not_kept_for_ever() {
    let (app, _) = start(|_| {}).await;
    let mut tcp = connect(&app).await;
    // Megabytes of answers.
    let asked = head("GET", "/api/v1/doc", "").repeat(200);
    let began = Instant::now();
    let cut = async {
        while tcp.write_all(asked.as_bytes()).await.is_ok() {
            tokio::time::sleep(SECOND / 10).await;
        }
    };
    timeout(LONG, cut).await.expect("the server closes it");
    assert!(began.elapsed() < 10 * SECOND);
    // Who reads what he asked for gets it, however much it is.
    let mut tcp = connect(&app).await;
    send(&mut tcp, &head("GET", "/api/v1/doc", "").repeat(20)).await;
    send(&mut tcp, &head("GET", "/healthz", "Connection: close\r\n")).await;
    let mut all = Vec::new();
    let read = timeout(LONG, tcp.read_to_end(&mut all)).await;
    read.expect("it ends").expect("it is read");
    assert_eq!(
        String::from_utf8_lossy(&all)
            .matches("HTTP/1.1 200")
            .count(),
        21
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_no_more_connections_than_its_share() {
    let (app, repo) = start(|config| {
        config.connections.per_address = 6;
        config.connections.grace_seconds = 15;
        config.connections.body_seconds = 30;
    })
    .await;
    let mut slow = Vec::new();
    for _ in 0..6 {
        let mut tcp = connect_from(&app, "127.0.0.9").await;
        send(
            &mut tcp,
            &head("POST", &repo.path, "Content-Length: 1000000\r\n\r\n{"),
        )
        .await;
        slow.push(tcp);
    }
    // So that all of them are under way.
    tokio::time::sleep(SECOND).await;
    let mut one_more = connect_from(&app, "127.0.0.9").await;
    assert_eq!(status(&mut one_more).await, "503");
    assert!(is_answered(&app, "127.0.0.10").await);
    slow.pop();
    tokio::time::sleep(SECOND).await;
    assert!(is_answered(&app, "127.0.0.9").await);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_wait_for_nothing_give_way() {
    let (app, _) = start(|config| {
        config.connections.per_address = 8;
        config.connections.most = 12;
        config.connections.head_seconds = 60;
    })
    .await;
    let mut idle = Vec::new();
    for index in 0..40 {
        let address = format!("127.0.0.{}", 20 + index % 4);
        idle.push(connect_from(&app, &address).await);
    }
    assert!(is_answered(&app, "127.0.0.20").await);
    assert!(is_answered(&app, "127.0.0.99").await);
    assert_eq!(status(&mut idle[0]).await, "");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_has_as_many_connections_as_it_needs_and_its_clients_their_share() {
    let (app, repo) = start(|config| {
        config.connections.per_address = 3;
        config.connections.grace_seconds = 15;
        config.connections.body_seconds = 30;
        config.server.trusted_proxies = vec!["127.0.0.9/32".parse().expect("a range")];
    })
    .await;
    let slow = async |client: &str| {
        let mut tcp = connect_from(&app, "127.0.0.9").await;
        let fields = format!("Content-Length: 1000000\r\nX-Forwarded-For: {client}:4711\r\n\r\n{{");
        send(&mut tcp, &head("POST", &repo.path, &fields)).await;
        tcp
    };
    let mut held = Vec::new();
    for client in 0..30 {
        held.push(slow(&format!("198.51.100.{client}")).await);
    }
    tokio::time::sleep(SECOND).await;
    assert!(is_answered(&app, "127.0.0.9").await);
    for _ in 0..3 {
        held.push(slow("203.0.113.7").await);
    }
    tokio::time::sleep(SECOND).await;
    assert_eq!(status(&mut slow("203.0.113.7").await).await, "429");
    app.stop().await;
}
