//! What gateways, programs and people make of a delivery and of its address on the way.

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};
use push_notify_tests::{Answer, Backend, Delivery, Payload, Proof, TestApp, push_body};
use reqwest::Method;
use serde_json::json;
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gateway_packed_is_read_and_what_the_host_signed_is_what_it_wrote() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.server.max_webhook_bytes = 1 << 20)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    let zlib = |bytes: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    let bare = |bytes: &[u8]| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    let same = |bytes: &[u8]| bytes.to_vec();
    let bomb = |_: &[u8]| gzip(&vec![b' '; 40 << 20]);
    let half = |bytes: &[u8]| gzip(bytes)[..50].to_vec();
    type Pack<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;
    let cases: [(&str, Pack<'_>, u16); 13] = [
        ("gzip", &gzip, 200),
        ("GZIP", &gzip, 200),
        ("x-gzip", &gzip, 200),
        ("deflate", &zlib, 200),
        ("deflate", &bare, 200),
        ("identity", &same, 200),
        ("", &same, 200),
        ("gzip", &same, 400),
        ("gzip", &half, 400),
        ("gzip", &bomb, 413),
        ("br", &same, 415),
        ("zstd", &same, 415),
        ("gzip, gzip", &gzip, 415),
    ];
    for (index, (coding, pack, expected)) in cases.into_iter().enumerate() {
        for path in [&repo.path, &by_id] {
            let delivery = Delivery::push(&format!("commit{index}"));
            let body = pack(delivery.body());
            let request = app.anonymous().request(Method::POST, path);
            let request = delivery.onto(request, &repo.secret).body(body);
            let answer = app
                .api
                .send(request.header("content-encoding", coding))
                .await;
            assert_eq!(answer.status, expected, "{index} {coding}: {}", answer.text);
            if expected == 415 {
                assert_eq!(answer.header("accept-encoding"), Some("gzip, deflate"));
                assert!(answer.text.contains("gzip"), "{}", answer.text);
            }
        }
    }
    // What was changed on the way, packed or not, is not authentic.
    let forged = Delivery::push("aaa").signed_with("another-secret-not-real");
    let body = gzip(forged.body());
    let request = app.anonymous().request(Method::POST, &repo.path);
    let request = forged.onto(request, &repo.secret).body(body);
    let answer = app.api.send(request.header("content-encoding", "gzip"));
    answer.await.expect(401);
    // The admin API says that it wants none.
    let request = app.request(Method::POST, "/api/v1/repos");
    let request = request.header("content-type", "application/json");
    let request = request.header("content-encoding", "gzip");
    let answer = app.api.send(request.body(gzip(b"{}"))).await.expect(415);
    assert!(answer.text.contains("Content-Encoding"), "{}", answer.text);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_says_what_it_is_and_not_whether_it_is_somebodys() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    let nobody = "/webhook/00000000000000000000000000000000";
    let mut said = std::collections::HashSet::new();
    for path in [
        repo.path.as_str(),
        nobody,
        "/webhook/x",
        "/webhook/%00",
        by_id.as_str(),
        "/api/v1/webhooks/github/999999",
        "/api/v1/webhooks/github/x",
        "/api/v1/webhooks/github",
        "/api/v1/webhooks/nobody",
        "/api/v1/webhooks",
    ] {
        for path in [path.to_owned(), format!("{path}/"), format!("{path}?key=1")] {
            let answer = app.anonymous().get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert_eq!(answer.data()["method"], "POST");
            said.insert(answer.json["message"].to_string());
            let head = app.anonymous().request(Method::HEAD, &path);
            let head = app.api.send(head).await;
            assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
            let other = app.anonymous().request(Method::PUT, &path);
            assert_eq!(app.api.send(other).await.status, 405, "{path}");
        }
    }
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        !said
            .iter()
            .any(|said| said.contains(env!("CARGO_PKG_VERSION")))
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slash_at_the_end_is_the_same_address() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    for path in [
        repo.path.as_str(),
        by_id.as_str(),
        "/api/v1/webhooks/github",
        "/api/v1/webhooks",
    ] {
        for path in [path.to_owned(), format!("{path}/"), format!("{path}/?a=b")] {
            let request = app.anonymous().request(Method::POST, &path);
            let request = Delivery::push("aaa").onto(request, &repo.secret);
            let answer = app.api.send(request).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        }
    }
    app.stop().await;
}

/// Nothing in the answers tells what there is: the same, whether or not there is such a repository.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_prove_himself_learns_nothing_of_what_there_is() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let other = |url: &str| {
        let mut body = push_body("aaa");
        body["repository"]["html_url"] = url.into();
        body["repository"]["clone_url"] = format!("{url}.git").into();
        body["repository"]["url"] = url.into();
        body
    };
    let known = "https://github.com/company/backend-service";
    let unknown = "https://github.com/company/nobody";
    let without_url = json!({"repository": {}});
    let there = format!("/api/v1/webhooks/github/{}", repo.id);
    let elsewhere = format!("/api/v1/webhooks/gitlab/{}", repo.id);
    let paths = [
        there.as_str(),
        "/api/v1/webhooks/github/999999",
        "/api/v1/webhooks/github/0",
        "/api/v1/webhooks/github/-1",
        "/api/v1/webhooks/github/x",
        "/api/v1/webhooks/github/99999999999999999999",
        elsewhere.as_str(),
        "/api/v1/webhooks/gitee/7",
        "/api/v1/webhooks/gitea/7",
        "/api/v1/webhooks/nobody/7",
        "/api/v1/webhooks/dingtalk/7",
        "/api/v1/webhooks/github",
        "/api/v1/webhooks/gitlab",
        "/api/v1/webhooks/nobody",
        "/api/v1/webhooks",
    ];
    let shown = |answer: &Answer| {
        let mut json = answer.json.clone();
        json["request_id"] = "".into();
        (answer.status, json.to_string())
    };
    let mut said = std::collections::HashSet::new();
    for path in paths {
        for url in [known, unknown] {
            for delivery in [
                Delivery::new("push", &other(url)).unsigned(),
                Delivery::new("push", &other(url)).signed_with("another-secret-not-real"),
                Delivery::new("push", &other(url))
                    .unsigned()
                    .header("x-webhook-secret", "wrong"),
            ] {
                let request = app.anonymous().request(Method::POST, path);
                let answer = app.api.send(delivery.onto(request, "")).await;
                assert_eq!(answer.status, 401, "{path} {url}: {}", answer.text);
                said.insert(shown(&answer));
            }
        }
    }
    assert_eq!(said.len(), 1, "{said:#?}");
    // What is wrong with the delivery itself is said, to anybody alike.
    let mut said = std::collections::HashSet::new();
    for path in ["/api/v1/webhooks/github", "/api/v1/webhooks/nobody"] {
        let request = app.anonymous().request(Method::POST, path);
        let delivery = Delivery::new("push", &without_url);
        let answer = app.api.send(delivery.onto(request, "")).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        said.insert(shown(&answer));
    }
    assert_eq!(said.len(), 1, "{said:#?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_that_were_cut_and_byte_order_marks_are_read_of_every_host() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    for host in Payload::HOSTS {
        let proof = Proof::of(host);
        let secret = proof.secret();
        app.secrets.push(secret.clone());
        let fields = json!({
            "type": host, "url": format!("https://{host}.example.com/company/cut"),
            "webhook_secret": secret, "config": proof.config(),
        });
        let repo = app.repo_with(host, fields).await;
        let push = Payload::of(host)
            .into_iter()
            .find(|payload| payload.name.starts_with("push.") && has_message(&payload.body))
            .expect("a push with a commit");
        let cases: [(&str, &[u8], &str); 8] = [
            ("a high half", b"", r"cut \ud83d"),
            ("a low half", b"", r"\ude00 cut"),
            ("both, apart", b"", r"\ud83d and \ude00"),
            ("the wrong way round", b"", r"\ude00\ud83d"),
            ("at the end", b"", r"\udbff"),
            ("a whole pair and a half", b"", r"\ud83d\ude00\ud83d"),
            ("a byte order mark", b"\xef\xbb\xbf", "sound"),
            ("a byte order mark and a half", b"\xef\xbb\xbf", r"\udfff"),
        ];
        for (index, (how, before, piece)) in cases.into_iter().enumerate() {
            let body = [before, with_message(&push.body, piece).as_slice()].concat();
            let payload = push.with(how, body);
            let request = app.anonymous().request(Method::POST, &repo.path);
            let now = app.server.app().clock.now_us() / 1000 + index as i64;
            let id = format!("{host}-{index}");
            let request = payload.onto(request, proof, Some(&secret), &id, now);
            let answer = app.api.send(request).await;
            assert_eq!(answer.status, 200, "{host}, {how}: {}", answer.text);
            let event = format!("/api/v1/events/{}", answer.data()["event_id"]);
            let event = app.get(&event).await.expect(200);
            let replaced = event.text.contains('\u{fffd}');
            assert_eq!(replaced, piece != "sound", "{host}, {how}: {}", event.text);
        }
    }
    app.stop().await;
}

fn message(body: &[u8]) -> Option<usize> {
    let text = str::from_utf8(body).ok()?;
    let commits = text.find("\"commits\"")?;
    let name = commits + text.get(commits..)?.find("\"message\"")? + "\"message\"".len();
    let quote = text.get(name..)?.find('"')?;
    Some(name + quote + 1)
}

fn has_message(body: &[u8]) -> bool {
    message(body).is_some()
}

/// With `piece` at the start of the first commit message.
fn with_message(body: &[u8], piece: &str) -> Vec<u8> {
    let at = message(body).expect("a message");
    let (before, after) = body.split_at(at);
    [before, piece.as_bytes(), b" ", after].concat()
}
