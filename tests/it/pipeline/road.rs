//! From a signed push to delivered messages.

use push_notify_tests::{
    Backend, Delivery, DingTalk, Email, Robot, Security, Smtp, TestApp, both, push_body,
};
use serde_json::json;

both!(
    a_signed_push_reaches_dingtalk_and_mail_after_one_retry,
    a_merge_request_and_a_tag_reach_the_target,
    a_target_of_scope_repo_gets_only_its_repositories,
);

async fn a_signed_push_reaches_dingtalk_and_mail_after_one_retry(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::errcode(-1, "system busy"));
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::start(on).await;
    let token = format!("ghp-not-real-{}", smtp.address.port());
    app.secrets.push(token.clone());
    let repo = app
        .repo_with("backend", json!({"access_token": token}))
        .await;
    let chat = app.target(Robot::at(&robot).target("team")).await;
    let mail = app
        .target(
            Email::through(&smtp)
                .to(&["dev@example.com", "lead@example.com"])
                .target("list"),
        )
        .await;

    let commit = "def4560000000000000000000000000000000000";
    let answer = app
        .deliver(&repo, Delivery::push(commit))
        .await
        .expect_code(200, 200);
    let data = answer.data();
    assert_eq!(data["repo_id"], repo.id);
    assert_eq!(data["commits_count"], 1);
    assert_eq!(data["status"], "processing");
    assert_eq!(data["request_id"], answer.json["request_id"]);
    let push_ids: Vec<i64> = serde_json::from_value(data["push_ids"].clone()).expect("ids");
    assert_eq!(push_ids.len(), 2);
    assert_eq!(data["push_id"], push_ids[0]);

    for id in &push_ids {
        let push = app.push_in_state(*id, "delivered").await;
        assert_eq!(push["status"], "success");
        let outcomes: Vec<&str> = push["attempts"]
            .as_array()
            .expect("attempts")
            .iter()
            .filter_map(|attempt| attempt["outcome"].as_str())
            .collect();
        if push["target"]["id"] == chat {
            assert_eq!(outcomes, ["retry", "delivered"]);
            assert_eq!(push["retry_count"], 1);
            let detail = push["attempts"][0]["detail"].as_str().expect("a reason");
            assert!(detail.contains("system busy"), "{detail}");
        } else {
            assert_eq!(push["target"]["id"], mail);
            assert_eq!(outcomes, ["delivered"]);
        }
    }
    let messages = robot.messages();
    assert_eq!(messages.len(), 2, "one retry");
    assert_eq!(
        messages[0], messages[1],
        "the same message in both attempts"
    );
    let text = messages[1]["markdown"]["text"].as_str().expect("a text");
    for part in ["backend", "张三", "main", "feat: 新增登录功能"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["dev@example.com", "lead@example.com"]);
    assert!(mails[0].encrypted && mails[0].logged_in);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_merge_request_and_a_tag_reach_the_target(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;

    let user = json!({"login": "lisi"});
    let merge_request = json!({
        "action": "opened",
        "number": 7,
        "pull_request": {
            "number": 7, "title": "Add a login page", "state": "open", "draft": false, "merged": false,
            "html_url": "https://github.com/company/backend-service/pull/7", "user": user,
            "head": {"ref": "login", "sha": "aaa"}, "base": {"ref": "main", "sha": "bbb"},
        },
        "repository": push_body("x")["repository"],
        "sender": user,
    });
    let answer = app
        .deliver(&repo, Delivery::new("pull_request", &merge_request))
        .await
        .expect(200);
    let id = answer.data()["push_id"].as_i64().expect("a push");
    let push = app.push_in_state(id, "delivered").await;
    assert_eq!(push["commit"]["branch"], "login");

    let mut tag = push_body("ccc");
    tag["ref"] = json!("refs/tags/v1.0.0");
    tag["created"] = json!(true);
    tag["commits"] = json!([]);
    let answer = app
        .deliver(&repo, Delivery::new("push", &tag))
        .await
        .expect(200);
    let id = answer.data()["push_id"].as_i64().expect("a push");
    app.push_in_state(id, "delivered").await;

    let texts: Vec<String> = robot
        .messages()
        .iter()
        .map(|message| message["markdown"]["text"].to_string())
        .collect();
    assert!(
        texts[0].contains("Add a login page") && texts[0].contains("lisi"),
        "{}",
        texts[0]
    );
    assert!(texts[1].contains("v1.0.0"), "{}", texts[1]);
    app.stop().await;
}

async fn a_target_of_scope_repo_gets_only_its_repositories(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let linked = app.repo("linked").await;
    let other = app.repo("other").await;
    let mut body = Robot::at(&robot).target("team");
    body["scope"] = json!("repo");
    body["repo_ids"] = json!([linked.id]);
    let target = app.target(body).await;

    assert_eq!(app.push(&linked, "aaa").await.len(), 1);
    assert!(app.push(&other, "bbb").await.is_empty());
    let link = json!({"target_ids": [target]});
    app.post(&format!("/api/v1/repos/{}/targets", other.id), &link)
        .await
        .expect(200);
    assert_eq!(app.push(&other, "ccc").await.len(), 1);
    app.delete(&format!("/api/v1/targets/{target}/repos/{}", linked.id))
        .await
        .expect(200);
    assert!(app.push(&linked, "ddd").await.is_empty());
    app.stop().await;
}
