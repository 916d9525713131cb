//! How a review ends, and what the message says of it.

use super::team::{BEFORE, HEAD, Team, issue, login, merge_request, merge_request_body, reply};
use push_notify_tests::{
    Backend, Delivery, OpenAi, Response, Robot, both,
    forge::{Fault, File},
    push_body,
};
use serde_json::json;
use std::time::Duration;

both!(
    a_merge_request_is_reviewed_and_the_message_tells_of_it,
    the_same_commit_is_reviewed_once,
    a_review_that_cannot_be_made_is_told_of_all_the_same,
    a_notification_does_not_wait_for_ever,
    a_retried_review_is_told_of_again,
    a_rule_about_reviews_tells_when_the_review_is_there,
);

async fn a_merge_request_is_reviewed_and_the_message_tells_of_it(on: Backend) {
    let team = Team::with(on, json!({"language": "zh-CN"}), |config| {
        config.server.timezone = "Asia/Shanghai".to_owned();
    })
    .await;
    team.host
        .merge_request(7, HEAD, vec![login(), File::added("go.sum", "h1:abc\n")]);
    let said = reply(
        "REQUEST_CHANGES",
        62,
        json!([issue(2, "HIGH"), issue(99, "LOW")]),
    );
    team.model.then(OpenAi::says(&said.to_string()));

    let (id, push_id) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    assert_eq!(review["decision"], "REQUEST_CHANGES");
    assert_eq!(review["score"], 62);
    assert_eq!(review["head_sha"], HEAD);
    assert_eq!(review["number"], 7);
    assert_eq!(review["tokens_used"], 28);
    assert_eq!(review["coverage"]["left_out"]["lock_file"], 1);
    let comments = review["comments"].as_array().expect("comments");
    assert_eq!(comments.len(), 2);
    assert_eq!(comments[0]["line"], 2);
    // A line that the diff does not show is none.
    assert_eq!(comments[1]["line"], json!(null));
    assert_eq!(
        comments[0]["body"],
        "**[SECURITY:HIGH]** The token is in the code."
    );

    let told = team.told(push_id).await;
    for part in [
        "需要修改",
        "One thing should be mended.",
        "src/login.go:2 \\[HIGH/SECURITY\\] The token is in the code.",
        "go.sum",
        " +08:00",
    ] {
        assert!(told.contains(part), "`{part}` is not in {told}");
    }
    let push = team.app.push_detail(push_id).await;
    assert_eq!(push["codeview"]["result"], "需要修改");
    let question = &team.questions()[0];
    for part in ["var token", "src/login.go", "backend", "Go"] {
        assert!(question.contains(part), "`{part}` is not in {question}");
    }
    assert!(
        !question.contains("h1:abc"),
        "a lock file is not asked about"
    );
    team.app.assert_nothing_leaked();
    team.app.stop().await;
}

async fn the_same_commit_is_reviewed_once(on: Backend) {
    let team = Team::start(on, json!({})).await;
    team.host.merge_request(7, HEAD, vec![login()]);
    team.host.compare(BEFORE, HEAD, vec![login()]);
    let said = reply("COMMENT", 80, json!([issue(2, "LOW")]));
    team.model
        .then(OpenAi::says(&said.to_string()).after(Duration::from_millis(300)));

    let (first, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    // While the first is under way, and after it.
    let (second, second_push) = team.deliver(Delivery::push(HEAD)).await;
    let second = team.ended(second).await;
    let (third, _) = team.deliver(merge_request(7, HEAD, "reopened")).await;
    let third = team.ended(third).await;
    for later in [&second, &third] {
        assert_eq!(later["status"], "completed");
        assert_eq!(later["same_as"], first);
        assert_eq!(later["comments_count"], 1);
        assert_eq!(later["tokens_used"], 0);
    }
    assert!(team.told(second_push).await.contains("src/login.go:2"));
    assert_eq!(team.model.count(), 1);
    team.app.stop().await;
}

async fn a_review_that_cannot_be_made_is_told_of_all_the_same(on: Backend) {
    let team = Team::with(on, json!({"language": "en-US"}), |config| {
        config.review.max_attempts = 1;
    })
    .await;
    // Drafts are left alone.
    let mut draft = merge_request_body(7, HEAD, "opened");
    draft["pull_request"]["draft"] = json!(true);
    let (id, push_id) = team.deliver(Delivery::new("pull_request", &draft)).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "skipped");
    assert_eq!(review["reason"], "the merge request is a draft");
    let told = team.told(push_id).await;
    assert!(
        told.contains("Not reviewed: the merge request is a draft"),
        "{told}"
    );
    assert!(!told.contains("未发现问题"), "{told}");

    // Nothing but files that nobody reads.
    let head = "d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1";
    team.host.merge_request(
        8,
        head,
        vec![
            File::added("package-lock.json", "{}\n"),
            File::binary("logo.png"),
        ],
    );
    let (id, _) = team.deliver(merge_request(8, head, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "skipped");
    assert_eq!(review["coverage"], json!(null));

    // The host does not answer.
    let head = "d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2";
    team.host.merge_request(9, head, vec![login()]);
    team.host
        .fault(Fault::new("GET", "/pulls/9/", Response::new(500, "oops")).always());
    let (id, push_id) = team.deliver(merge_request(9, head, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "failed");
    assert!(team.told(push_id).await.contains("Review failed: HTTP 500"));
    assert_eq!(team.model.count(), 0);

    // Tags, deleted branches and merges bring nothing to review.
    let merged = merge_request_body(7, HEAD, "closed");
    let (id, push_id) = team.deliver(Delivery::new("pull_request", &merged)).await;
    team.app.push_in_state(push_id, "delivered").await;
    team.app
        .get(&format!("/api/v1/reviews/{id}"))
        .await
        .expect(404);
    let mut deleted = push_body("0000000000000000000000000000000000000000");
    deleted["deleted"] = json!(true);
    deleted["commits"] = json!([]);
    let (id, _) = team.deliver(Delivery::new("push", &deleted)).await;
    team.app
        .get(&format!("/api/v1/reviews/{id}"))
        .await
        .expect(404);
    team.app.stop().await;
}

async fn a_notification_does_not_wait_for_ever(on: Backend) {
    let team = Team::start(on, json!({"language": "en-US"})).await;
    team.host.merge_request(7, HEAD, vec![login()]);
    team.model.then(Response::never());
    let (id, push_id) = team.deliver(merge_request(7, HEAD, "opened")).await;
    team.model.wait_for(1).await;
    let push = team.app.push_detail(push_id).await;
    assert_eq!(push["state"], "pending");
    team.app.advance(Duration::from_secs(901));
    let told = team.told(push_id).await;
    assert!(told.contains("Review not finished"), "{told}");
    assert_eq!(team.review(id).await["status"], "processing");
    team.app.stop().await;
}

async fn a_retried_review_is_told_of_again(on: Backend) {
    let team = Team::start(on, json!({"language": "en-US"})).await;
    team.host.merge_request(7, HEAD, vec![login()]);
    team.model.then(OpenAi::error(
        401,
        "invalid_api_key",
        "Incorrect API key provided.",
    ));
    let (id, push_id) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "failed", "{review:#}");
    assert_eq!(review["fallbacks"][0]["model"], "reviewer");
    assert!(team.told(push_id).await.contains("Review failed"));

    let said = reply("APPROVED", 97, json!([]));
    team.model.then(OpenAi::says(&said.to_string()));
    team.app
        .post(&format!("/api/v1/reviews/{id}/retry"), &json!({}))
        .await
        .expect(200);
    let review = team.ended(id).await;
    assert_eq!(review["status"], "completed");
    assert_eq!(review["triggered_by"], "retry");
    let pushes = review["pushes"].as_array().expect("pushes");
    assert_eq!(pushes.len(), 2);
    let again = pushes
        .iter()
        .filter_map(serde_json::Value::as_i64)
        .max()
        .expect("a push");
    let told = team.told(again).await;
    assert!(
        told.contains("Approved") && told.contains("未发现问题"),
        "{told}"
    );
    team.app.stop().await;
}

async fn a_rule_about_reviews_tells_when_the_review_is_there(on: Backend) {
    let mut team = Team::start(on, json!({})).await;
    let mut leads = Robot::at(&team.robot).target("leads");
    leads["scope"] = json!("rules");
    let leads = team.app.target(leads).await;
    let rule = json!({
        "name": "bad reviews", "match": {"review": {"decisions": ["REQUEST_CHANGES"]}}, "target_ids": [leads],
    });
    team.app.post("/api/v1/rules", &rule).await.expect(200);
    for (number, decision, heard) in [(7, "REQUEST_CHANGES", 2), (8, "APPROVED", 1)] {
        let head = number.to_string().repeat(40);
        team.host.merge_request(number, &head, vec![login()]);
        team.model
            .then(OpenAi::says(&reply(decision, 62, json!([])).to_string()));
        let answer = team
            .app
            .deliver(&team.repo, merge_request(number, &head, "opened"))
            .await
            .expect(200);
        let event = answer.data()["event_id"].as_i64().expect("an id");
        let made = answer.data()["push_ids"].as_array().expect("push_ids");
        assert_eq!(made.len(), 2, "both wait for the review");
        team.ended(event).await;
        let path = format!("/api/v1/pushes?event_id={event}");
        let list = team.app.get(&path).await.expect(200);
        assert_eq!(list.list().len(), heard, "{decision}");
        for push in list.list() {
            let id = push["id"].as_i64().expect("an id");
            team.app.push_in_state(id, "delivered").await;
        }
    }
    team.app.stop().await;
}
