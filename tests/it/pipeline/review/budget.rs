//! What a review may cost, and what it says of the rest.

use super::team::{HEAD, Team, login, merge_request, reply};
use push_notify_tests::{Backend, OpenAi, Response, forge::File};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_thousand_files_stay_within_budget_and_the_rest_is_named() {
    let team = Team::start(
        Backend::Sqlite,
        json!({"language": "en-US", "max_tokens": 60_000}),
    )
    .await;
    let mut files = File::many(2_990);
    files.extend((0..10).map(|number| {
        let text = "let answer = 41 + 1; // and some more\n".repeat(4_000);
        File::added(&format!("src/large_{number}.rs"), &text)
    }));
    team.host.merge_request(7, HEAD, files);
    let (id, push_id) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    let coverage = &review["coverage"];
    let count = |value: &serde_json::Value| value.as_u64().unwrap_or_default();
    let (reviewed, over, large) = (
        count(&coverage["reviewed"]),
        count(&coverage["left_out"]["budget"]),
        count(&coverage["left_out"]["too_large"]),
    );
    assert_eq!(reviewed + over + large, 3_000, "{coverage:#}");
    assert!(reviewed > 100 && over > 100 && large == 10, "{coverage:#}");
    let asked: usize = team.questions().iter().map(String::len).sum();
    assert!(asked < 60_000 * 3, "{asked} bytes were asked");
    let told = team.told(push_id).await;
    assert!(
        told.contains(&format!(
            "{over} files not reviewed (over the token budget)"
        )),
        "{told}"
    );
    team.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_up_day_skips_reviews_and_says_so() {
    let team = Team::start(
        Backend::Sqlite,
        json!({"language": "en-US", "daily_tokens": 4_000}),
    )
    .await;
    team.host.merge_request(7, HEAD, vec![login()]);
    team.model.then(costly());
    let (first, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    assert_eq!(team.ended(first).await["tokens_used"], 3_900);
    let other = "dddddddddddddddddddddddddddddddddddddddd";
    team.host.merge_request(8, other, vec![login()]);
    let (second, push_id) = team.deliver(merge_request(8, other, "opened")).await;
    let review = team.ended(second).await;
    assert_eq!(review["status"], "failed", "{review:#}");
    assert!(
        team.told(push_id)
            .await
            .contains("the token budget of the day is used up")
    );
    assert_eq!(team.model.count(), 1);
    team.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reviews_under_way_may_use_is_waited_for() {
    let team = Team::start(
        Backend::Sqlite,
        json!({"language": "en-US", "max_tokens": 60_000, "daily_tokens": 60_000}),
    )
    .await;
    team.host.merge_request(7, HEAD, vec![login()]);
    let other = "dddddddddddddddddddddddddddddddddddddddd";
    team.host.merge_request(8, other, vec![login()]);
    // The first may use all of the day, and uses little.
    let said = OpenAi::says(&reply("APPROVED", 90, json!([])).to_string());
    team.model
        .then(said.clone().after(Duration::from_millis(1_500)))
        .then(said);
    let (first, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    team.model.wait_for(1).await;
    let (second, _) = team.deliver(merge_request(8, other, "opened")).await;
    let review = team.ended(second).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    assert_eq!(team.review(first).await["status"], "completed");
    team.app.stop().await;
}

/// An answer for which the server counts 3 900 tokens.
fn costly() -> Response {
    let said = reply("APPROVED", 90, json!([])).to_string();
    Response::json(
        200,
        &json!({
            "id": "chatcmpl-not-real", "object": "chat.completion", "model": OpenAi::MODEL,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 3_000, "completion_tokens": 900, "total_tokens": 3_900},
        }),
    )
}
