//! Deliveries as Gitee sends them, on the whole road.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use push_notify_tests::{Answer, Backend, DingTalk, Repo, Robot, TestApp, both};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

both!(
    a_signed_push_is_delivered_and_a_forged_one_refused,
    a_password_is_taken_where_the_repository_says_so,
    what_proves_a_delivery_is_not_kept_however_it_is_written,
    a_rehearsal_proves_itself_in_either_way,
);

const URL: &str = "https://gitee.com/company/backend-service";

fn repo(signature: &str) -> Value {
    json!({"url": URL, "type": "gitee", "config": {"signature": signature}})
}

fn sign(secret: &str, at: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(format!("{at}\n{secret}").as_bytes());
    BASE64.encode(mac.finalize().into_bytes())
}

fn in_hours(app: &TestApp, hours: i64) -> String {
    let now_ms = app.server.app().clock.now_ms();
    (now_ms + hours * 3_600_000).to_string()
}

/// A push as Gitee writes it, with what proves it in the body as well.
fn push(message: &str, token: &str, at: &str) -> Value {
    let commit = "def4560000000000000000000000000000000000";
    json!({
        "hook_name": "push_hooks", "password": token, "sign": token, "timestamp": at, "hook_id": 7,
        "ref": "refs/heads/main", "before": "1111111111111111111111111111111111111111", "after": commit,
        "created": false, "deleted": false,
        "commits": [{
            "id": commit, "message": message, "timestamp": "2026-01-19T22:00:00+08:00", "url": format!("{URL}/commit/{commit}"),
            "author": {"name": "张三", "email": "zhangsan@example.com", "username": "zhangsan"},
            "added": ["src/login.go"], "modified": [], "removed": null,
        }],
        "total_commits_count": 1, "commits_more_than_ten": false,
        "repository": {"full_name": "company/backend-service", "html_url": URL, "private": true},
        "sender": {"login": "zhangsan", "name": "张三"}, "enterprise": null,
    })
}

async fn deliver(app: &TestApp, repo: &Repo, token: &str, at: &str, body: &Value) -> Answer {
    let request = app.api.anonymous().request(Method::POST, &repo.path);
    let request = request
        .header("user-agent", "git-oschina-hook")
        .header("x-gitee-event", "Push Hook")
        .header("x-gitee-timestamp", at)
        .header("x-gitee-token", token)
        .json(body);
    app.api.send(request).await
}

async fn a_signed_push_is_delivered_and_a_forged_one_refused(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    // Without a word about it, deliveries are signed.
    let fields = json!({"url": URL, "type": "gitee"});
    let repo = app.repo_with("backend", fields).await;
    app.target(Robot::at(&robot).target("team")).await;
    let at = in_hours(&app, 0);
    let token = sign(&repo.secret, &at);
    app.secrets.push(token.clone());

    let body = push("feat: 新增登录功能", &token, &at);
    let answer = deliver(&app, &repo, &token, &at, &body).await.expect(200);
    let id = answer.data()["push_id"].as_i64().expect("a push");
    app.push_in_state(id, "delivered").await;
    let again = deliver(&app, &repo, &token, &at, &body).await.expect(200);
    assert_eq!(again.data()["push_id"], id, "the same delivery");
    let messages = robot.messages();
    assert_eq!(messages.len(), 1);
    let text = messages[0]["markdown"]["text"].as_str().expect("a text");
    for part in ["张三", "main", "feat: 新增登录功能"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }

    let other = push("feat: 另一个", &token, &at);
    let [an_hour_on, long_ago, long_ahead] = [1, -2, 2].map(|hours| in_hours(&app, hours));
    for (token, at, body) in [
        ("", &*at, &body),
        ("forged", &at, &body),
        (&repo.secret, &at, &body),
        (&sign("another-secret-not-real", &at), &at, &body),
        (&token, &an_hour_on, &body),
        (&sign(&repo.secret, &long_ago), &long_ago, &body),
        (&sign(&repo.secret, &long_ahead), &long_ahead, &body),
        // The signature was used for another body.
        (&token, &at, &other),
    ] {
        deliver(&app, &repo, token, at, body).await.expect(401);
    }
    assert_eq!(robot.messages().len(), 1);
    assert_not_on_disk(&app, on);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_password_is_taken_where_the_repository_says_so(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo_with("backend", repo("password")).await;
    app.target(Robot::at(&robot).target("team")).await;
    let at = in_hours(&app, 0);
    let body = push("feat: by password", &repo.secret, &at);
    for token in ["", "forged", &sign(&repo.secret, &at)] {
        deliver(&app, &repo, token, &at, &body).await.expect(401);
    }
    let answer = deliver(&app, &repo, &repo.secret, &at, &body).await;
    let id = answer.expect(200).data()["push_id"].as_i64();
    app.push_in_state(id.expect("a push"), "delivered").await;
    assert_not_on_disk(&app, on);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn what_proves_a_delivery_is_not_kept_however_it_is_written(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo_with("backend", repo("sign")).await;
    let encoded =
        |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    for form in [false, true] {
        // Signatures in base64 end with `=`, which a URL would not have.
        let at = (app.server.app().clock.now_ms() + i64::from(form)).to_string();
        let token = sign(&repo.secret, &at);
        app.secrets.extend([token.clone(), encoded(&token)]);
        let body = push("feat: 新增登录功能", &token, &at).to_string();
        let (kind, body) = match form {
            true => (
                "application/x-www-form-urlencoded",
                format!("payload={}", encoded(&body)),
            ),
            false => ("application/json", body),
        };
        let request = app.api.anonymous().request(Method::POST, &repo.path);
        let request = request
            .header("content-type", kind)
            .header("x-gitee-event", "Push Hook")
            .header("x-gitee-timestamp", &at)
            .header("x-gitee-token", encoded(&token))
            .body(body);
        app.api.send(request).await.expect(200);
    }
    assert_not_on_disk(&app, on);
    app.assert_nothing_leaked();
    app.stop().await;
}

/// Neither what the repository has as a secret nor what the body repeats of it.
fn assert_not_on_disk(app: &TestApp, on: Backend) {
    if on != Backend::Sqlite {
        return;
    }
    for (path, bytes) in app.database_files() {
        for secret in &app.secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
}

async fn a_rehearsal_proves_itself_in_either_way(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    app.target(Robot::at(&robot).target("team")).await;
    for signature in ["sign", "password"] {
        let repo = app.repo_with(signature, repo(signature)).await;
        let path = format!("/api/v1/repos/{}/test", repo.id);
        for _ in 0..2 {
            let answer = app.post(&path, &json!({})).await.expect(200);
            assert_eq!(answer.data()["status"], "success", "{}", answer.text);
        }
    }
    assert_eq!(robot.count(), 0);
    app.assert_nothing_leaked();
    app.stop().await;
}
