//! The other ways to deliver: `/api/v1/webhooks/{provider}/{id}`, `/api/v1/webhooks/{provider}` and
//! `/api/v1/webhooks`; and how to set one up.

use push_notify_tests::{
    Answer, Backend, Delivery, DingTalk, Robot, TestApp, both, push_body, signature,
};
use reqwest::{
    Method,
    header::{ACCEPT_LANGUAGE, HeaderMap},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

both!(
    a_delivery_can_name_the_repository_by_id_or_by_url,
    a_delivery_that_names_its_repository_is_authenticated_all_the_same,
    two_repositories_of_one_url_are_told_apart_by_their_secrets,
    the_headers_tell_the_git_host,
    the_set_up_instructions_are_in_the_callers_language,
    the_set_up_instructions_use_the_labels_of_the_host,
);

fn body(url: &str, commit: &str) -> Value {
    let mut body = push_body(commit);
    body["repository"]["html_url"] = url.into();
    body["repository"]["clone_url"] = format!("{url}.git").into();
    body
}

async fn deliver(app: &TestApp, path: &str, delivery: Delivery, secret: &str) -> Answer {
    let api = app.anonymous();
    let request = api.request(Method::POST, path);
    api.send(delivery.onto(request, secret)).await
}

async fn a_delivery_can_name_the_repository_by_id_or_by_url(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let url = "https://github.com/company/by-url";
    let repo = app
        .repo_with("backend", json!({ "url": format!("{url}.git") }))
        .await;
    app.target(Robot::at(&robot).target("team")).await;

    let path = format!("/api/v1/webhooks/github/{}", repo.id);
    let delivery = Delivery::new("push", &body(url, "aaa"));
    let first = deliver(&app, &path, delivery.clone(), &repo.secret)
        .await
        .expect(200);
    assert_eq!(first.data()["status"], "processing");
    assert_eq!(first.data()["repo_id"], repo.id);

    let path = "/api/v1/webhooks/github";
    let again = deliver(&app, path, delivery, &repo.secret)
        .await
        .expect(200);
    assert_eq!(again.data()["duplicate"], true);
    assert_eq!(again.data()["event_id"], first.data()["event_id"]);
    let form = Delivery::new("push", &body(url, "bbb")).form();
    let second = deliver(&app, path, form, &repo.secret).await.expect(200);
    assert_eq!(second.data()["duplicate"], false);

    let mut large = body(url, "large");
    large["padding"] = json!("x".repeat(100_000));
    let large = Delivery::new("push", &large);
    deliver(&app, path, large, &repo.secret).await.expect(200);

    // Moved: the old URL is nobody's any more.
    let moved = json!({ "url": "https://github.com/company/moved" });
    app.put(&format!("/api/v1/repos/{}", repo.id), &moved)
        .await
        .expect(200);
    let late = Delivery::new("push", &body(url, "ccc"));
    deliver(&app, path, late, &repo.secret).await.expect(401);
    app.stop().await;
}

async fn a_delivery_that_names_its_repository_is_authenticated_all_the_same(on: Backend) {
    let mut app = TestApp::start(on).await;
    let url = "https://github.com/company/forged";
    let repo = app.repo_with("backend", json!({ "url": url })).await;
    let delivery = Delivery::new("push", &body(url, "aaa"));
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    for path in [by_id.as_str(), "/api/v1/webhooks/github"] {
        let forged = delivery.clone().signed_with("another-secret-not-real");
        deliver(&app, path, forged, &repo.secret).await.expect(401);
        let unsigned = delivery.clone().unsigned();
        deliver(&app, path, unsigned, &repo.secret)
            .await
            .expect(401);
    }
    for path in [
        "/api/v1/webhooks/github/999999",
        "/api/v1/webhooks/github/0",
        "/api/v1/webhooks/github/x",
        "/api/v1/webhooks/dingtalk",
        "/api/v1/webhooks/nobody",
    ] {
        deliver(&app, path, delivery.clone(), &repo.secret)
            .await
            .expect(401);
    }
    let other = format!("/api/v1/webhooks/gitlab/{}", repo.id);
    deliver(&app, &other, delivery, &repo.secret)
        .await
        .expect(401);
    for body in [
        "",
        "{}",
        "[",
        r#"{"repository": 7}"#,
        r#"{"repository": {"html_url": ["x"]}}"#,
    ] {
        let delivery = Delivery::raw("push", body);
        deliver(&app, "/api/v1/webhooks/github", delivery, &repo.secret)
            .await
            .expect(400);
    }
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], 0);
    app.stop().await;
}

async fn two_repositories_of_one_url_are_told_apart_by_their_secrets(on: Backend) {
    let mut app = TestApp::start(on).await;
    let url = "https://github.com/company/shared";
    let first = app.repo_with("first", json!({ "url": url })).await;
    let second = app
        .repo_with("second", json!({ "url": format!("{url}.git") }))
        .await;
    for repo in [second, first] {
        let delivery = Delivery::new("push", &body(url, "aaa"));
        let answer = deliver(&app, "/api/v1/webhooks/github", delivery, &repo.secret).await;
        assert_eq!(answer.expect(200).data()["repo_id"], repo.id);
    }
    app.stop().await;
}

async fn the_headers_tell_the_git_host(on: Backend) {
    let mut app = TestApp::start(on).await;
    // Nothing but the host tells these apart, not even the secret.
    let url = "https://git.example.com/company/everywhere";
    let fields =
        |kind: &str| json!({"url": url, "type": kind, "webhook_secret": "shared-secret-not-real"});
    let mut ids = std::collections::HashMap::new();
    for kind in ["github", "gitea", "gitlab", "gitee"] {
        ids.insert(kind, app.repo_with(kind, fields(kind)).await.id);
    }
    let path = "/api/v1/webhooks";
    let secret = "shared-secret-not-real";
    let mut push = body(url, "aaa");
    push["object_kind"] = "push".into();
    push["project"] = json!({"path_with_namespace": "company/everywhere", "web_url": url});
    // Signed as GitHub does it, which Gitea's descendants copy.
    for (headers, kind) in [
        (&[][..], "github"),
        (&["x-gitea-event"], "gitea"),
        (&["x-gogs-event"], "gitea"),
        (
            &["x-gogs-event", "x-gitea-event", "x-forgejo-event"],
            "gitea",
        ),
    ] {
        let mut delivery = Delivery::new("push", &push);
        for name in headers {
            delivery = delivery.header(name, "push");
        }
        let answer = deliver(&app, path, delivery, secret).await.expect(200);
        assert_eq!(answer.data()["repo_id"], ids[kind], "{headers:?}");
    }
    for (header, kind) in [("x-gitlab-event", "gitlab"), ("x-gitee-event", "gitee")] {
        let delivery = Delivery::new("push", &push)
            .header(header, "Push Hook")
            .header("x-webhook-secret", secret);
        let answer = deliver(&app, path, delivery, secret).await.expect(200);
        assert_eq!(answer.data()["repo_id"], ids[kind], "{header}");
    }

    // What is signed for one host is not taken for another.
    let forged = signature("another-secret-not-real", push.to_string().as_bytes());
    let delivery = Delivery::new("push", &push)
        .header("x-gitea-event", "push")
        .header("x-gitea-signature", &forged);
    deliver(&app, path, delivery, secret).await.expect(401);

    // Nobody's, or of a host that no plugin is for.
    let anonymous = app.anonymous();
    for header in ["x-nothing", "x-coding-event"] {
        let request = anonymous.request(Method::POST, path).json(&push);
        let refused = anonymous.send(request.header(header, "repo:push")).await;
        let refused = refused.expect(400);
        for name in ["X-Forgejo-Event", "X-Gitlab-Event", "X-GitHub-Event"] {
            assert!(refused.text.contains(name), "{}", refused.text);
        }
    }
    app.stop().await;
}

async fn the_set_up_instructions_use_the_labels_of_the_host(on: Backend) {
    let mut app = TestApp::start(on).await;
    let all = ["push", "merge_request", "tag_push"];
    for (kind, language, events, labels) in [
        (
            "github",
            "en",
            &all[..],
            "then Pushes, Pull requests, Pull request reviews;",
        ),
        ("github", "en", &["tag_push"], "then Pushes;"),
        (
            "github",
            "zh-CN",
            &["merge_request"],
            "勾选 Pull requests, Pull request reviews；",
        ),
        (
            "gitlab",
            "en",
            &all,
            "Push events, Merge request events, Tag push events",
        ),
        ("gitlab", "zh-CN", &["push"], "Trigger：Push events"),
        ("gitee", "en", &["tag_push", "push"], "Push, Tag Push"),
        (
            "gitee",
            "zh-CN",
            &["merge_request"],
            "选择事件：Pull Request",
        ),
        (
            "gitea",
            "en",
            &all,
            "Custom Events: Create, Delete, Push, Pull Request, Pull Request Synchronized, Pull Request Assigned, Pull Request Labeled, Pull Request Reviewed, Pull Request Review Requested.",
        ),
        (
            "gitea",
            "zh-CN",
            &["merge_request"],
            "自定义事件：合并请求、合并请求同步、合并请求指派、合并请求打标签、合并请求审查、请求审查。",
        ),
        (
            "gitea",
            "zh-CN",
            &["push", "tag_push"],
            "自定义事件：创建、删除、推送。",
        ),
    ] {
        let name = format!("{kind}-{language}-{}", events.join("-"));
        let fields = json!({"type": kind, "url": "https://git.example.com/company/backend", "webhook_events": events});
        let repo = app.repo_with(&name, fields).await;
        let path = format!("/api/v1/repos/{}/webhook-url", repo.id);
        let request = app
            .bare(Method::GET, &path)
            .header(ACCEPT_LANGUAGE, language);
        let said = app.send(request).await.expect(200).data()["instructions"].to_string();
        assert!(said.contains(labels), "{labels}: {said}");
        assert!(
            !said.contains("tag_push") && !said.contains("merge_request"),
            "{said}"
        );
    }
    app.stop().await;
}

async fn the_set_up_instructions_are_in_the_callers_language(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let path = format!("/api/v1/repos/{}/webhook-url", repo.id);
    let ask = async |language: &'static str| {
        let language = HeaderMap::from_iter([(ACCEPT_LANGUAGE, language.parse().unwrap())]);
        let request = app.request(Method::GET, &path).headers(language);
        app.send(request).await.expect(200)
    };
    let setup = ask("zh-CN").await;
    let url = setup.data()["webhook_url"].as_str().unwrap();
    assert!(url.contains("/webhook/"));
    let said = setup.data()["instructions"].to_string();
    assert!(said.contains(url) && said.contains("事件"), "{said}");
    assert!(!said.contains(&repo.secret));
    let said = ask("en").await.data()["instructions"].to_string();
    assert!(
        said.contains("Payload URL") && !said.contains("事件"),
        "{said}"
    );
    app.stop().await;
}

/// A request that announces a large body and sends none of it.
async fn announce(app: &TestApp, path: &str) -> TcpStream {
    let address = app.server.address();
    let mut tcp = TcpStream::connect(address).await.expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: notify.example.com\r\nContent-Length: 26214400\r\n\r\n"
    );
    tcp.write_all(head.as_bytes()).await.expect("it is sent");
    tcp
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_who_sends_nothing_keeps_nobody_out() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.webhook.memory_mib = 32)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    let mut idle = Vec::new();
    for _ in 0..10 {
        idle.push(announce(&app, &by_id).await);
        idle.push(announce(&app, "/api/v1/webhooks/github").await);
    }
    // The secret id has room of its own, for the largest body.
    let mut body = push_body("aaa");
    body["padding"] = json!("x".repeat(20_000_000));
    let delivery = Delivery::new("push", &body);
    let delivered = tokio::time::timeout(Duration::from_secs(8), app.deliver(&repo, delivery));
    delivered.await.expect("it is let in").expect(200);
    drop(idle);
    deliver(&app, &by_id, Delivery::push("bbb"), &repo.secret)
        .await
        .expect(200);
    app.stop().await;
}
