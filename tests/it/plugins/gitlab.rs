//! A GitLab repository, through a whole server.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use push_notify_tests::{Answer, Backend, DingTalk, Repo, Robot, TestApp, both, workspace};
use reqwest::Method;
use serde_json::json;
use sha2::Sha256;

both!(
    a_gitlab_push_reaches_dingtalk_and_a_forged_one_does_not,
    a_signing_token_is_taken_beside_a_secret_token_and_a_replay_is_harmless,
);

async fn a_gitlab_push_reaches_dingtalk_and_a_forged_one_does_not(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let url = "https://git.example.com/orchard-works/pear-ledger";
    let fields = json!({"type": "gitlab", "url": url});
    let repo = app.repo_with("pear-ledger", fields).await;
    app.target(Robot::at(&robot).target("team")).await;

    let path = format!("/api/v1/repos/{}/test", repo.id);
    let rehearsal = app.post(&path, &json!({})).await.expect(200);
    let data = rehearsal.data();
    assert_eq!(data["status"], "success", "{data}");
    assert_eq!(robot.count(), 0);

    let now = app.server.app().clock.now_us() / 1_000_000;
    let push = fixture("push.branch");
    for forged in [
        vec![],
        vec![("x-gitlab-token", "forged-not-real".to_owned())],
        signed(b"forged-not-real", "forged", now, &push),
        signed(repo.secret.as_bytes(), "late", now - 301, &push),
    ] {
        let answer = deliver(&app, &repo, &forged, &push).await;
        assert_eq!(answer.status, 401, "{forged:?}: {}", answer.text);
    }
    let pushes = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(pushes.data()["pagination"]["total"], 0);

    let token = |key: &str| {
        vec![
            ("x-gitlab-token", repo.secret.clone()),
            ("idempotency-key", key.to_owned()),
        ]
    };
    let answer = deliver(&app, &repo, &token("push-1"), &push).await;
    let id = answer.expect(200).data()["push_id"]
        .as_i64()
        .expect("a push");
    app.push_in_state(id, "delivered").await;
    // GitLab tries again with the same key.
    deliver(&app, &repo, &token("push-1"), &push)
        .await
        .expect(200);

    let merge_request = fixture("merge_request.opened");
    let headers = signed(repo.secret.as_bytes(), "mr-1", now, &merge_request);
    let answer = deliver(&app, &repo, &headers, &merge_request).await;
    let id = answer.expect(200).data()["push_id"]
        .as_i64()
        .expect("a push");
    app.push_in_state(id, "delivered").await;

    let texts: Vec<String> = robot
        .messages()
        .iter()
        .map(|message| message["markdown"]["text"].to_string())
        .collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].contains("feat: 新增称重功能"), "{}", texts[0]);
    assert!(texts[1].contains("Weigh the pears"), "{}", texts[1]);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_signing_token_is_taken_beside_a_secret_token_and_a_replay_is_harmless(on: Backend) {
    let mut app = TestApp::start(on).await;
    let url = "https://git.example.com/orchard-works/pear-ledger";
    let key = b"signing-key-not-real-of-32-bytes";
    let signing_token = format!("whsec_{}", BASE64.encode(key));
    app.secrets.push(signing_token.clone());
    let fields = json!({"type": "gitlab", "url": url, "webhook_secret": signing_token});
    let repo = app.repo_with("pear-ledger", fields).await;
    let now = app.server.app().clock.now_us() / 1_000_000;
    let push = fixture("push.branch");

    // The repository does not know the secret token that the hook has, too.
    let mut headers = signed(key, "push-1", now, &push);
    headers.push(("x-gitlab-token", "the-other-secret-not-real".to_owned()));
    let first = deliver(&app, &repo, &headers, &push).await.expect(200);
    assert_eq!(first.data()["duplicate"], false);
    let replay = deliver(&app, &repo, &headers, &push).await.expect(200);
    assert_eq!(replay.data()["duplicate"], true);
    assert_eq!(replay.data()["event_id"], first.data()["event_id"]);

    let other = fixture("merge_request.opened");
    for (headers, body) in [
        (&headers, &other),
        (&signed(key, "push-1", now - 301, &push), &push),
        (
            &signed(
                signing_token.trim_start_matches("whsec_").as_bytes(),
                "push-2",
                now,
                &push,
            ),
            &push,
        ),
        (&signed(b"", "push-3", now, &push), &push),
    ] {
        deliver(&app, &repo, headers, body).await.expect(401);
    }
    app.assert_nothing_leaked();
    app.stop().await;
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = workspace().join("plugins/provider-gitlab/fixtures");
    std::fs::read(folder.join(format!("{name}.json"))).expect("a fixture")
}

fn signed(key: &[u8], id: &str, seconds: i64, body: &[u8]) -> Vec<(&'static str, String)> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do");
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    let mac = BASE64.encode(mac.finalize().into_bytes());
    vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", format!("v1,{mac}")),
    ]
}

async fn deliver(app: &TestApp, repo: &Repo, headers: &[(&str, String)], body: &[u8]) -> Answer {
    let api = app.api.anonymous();
    let request = api
        .request(Method::POST, &repo.path)
        .header("content-type", "application/json")
        .body(body.to_vec());
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, value)
    });
    app.api.send(request).await
}
