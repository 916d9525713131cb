//! An event that is replayed with a review: by the prompt of today, and what the first review said
//! stays.

use super::team::{HEAD, Team, login, merge_request, reply};
use push_notify_tests::{Backend, OpenAi, Response, both};
use serde_json::{Value, json};

both!(an_event_is_reviewed_again_with_the_prompt_of_today);

fn says(summary: &str) -> Response {
    let mut said = reply("APPROVED", 90, json!([]));
    said["summary"] = json!(summary);
    OpenAi::says(&said.to_string())
}

async fn an_event_is_reviewed_again_with_the_prompt_of_today(on: Backend) {
    let team = Team::start(on, json!({"language": "en-US"})).await;
    let prompt = json!({
        "name": "ours", "type": "codeview", "content": "Look at this closely: {{.DiffContent}}",
    });
    let prompt = team
        .app
        .post("/api/v1/prompts", &prompt)
        .await
        .expect(200)
        .id();
    let repo = format!("/api/v1/repos/{}", team.repo.id);
    let review = json!({"review": {"prompt_id": prompt}});
    team.app.put(&repo, &review).await.expect(200);
    team.host.merge_request(7, HEAD, vec![login()]);
    team.model.then(says("the first look"));
    let (event, push) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let first = team.ended(event).await;
    assert_eq!(first["summary"], "the first look", "{first:#}");
    team.told(push).await;

    let changed = json!({"content": "Look at this twice: {{.DiffContent}}"});
    team.app
        .put(&format!("/api/v1/prompts/{prompt}"), &changed)
        .await
        .expect(200);
    let path = format!("/api/v1/events/{event}/replay");
    let dry = team
        .app
        .post(&path, &json!({"dry_run": true, "review": true}))
        .await;
    let dry = dry.expect(200).data()["difference"].clone();
    let review = &dry["review"];
    assert_eq!(review["wanted"], true);
    assert_eq!(
        (&review["before"]["id"], &review["before"]["version"]),
        (&json!(prompt), &json!(1))
    );
    assert_eq!(review["after"][0]["version"], 2);
    let diff = review["diff"].as_str().expect("a diff");
    assert!(
        diff.contains("-Look at this closely") && diff.contains("+Look at this twice"),
        "{diff}"
    );
    assert_eq!(dry["event"]["total"], 0);
    assert_eq!(team.questions().len(), 1, "nobody is asked in a dry run");

    team.model.then(says("the second look"));
    let answer = team
        .app
        .post(&path, &json!({"review": true}))
        .await
        .expect(200);
    let again = answer.data()["push_ids"][0].as_i64().expect("a push");
    let told = team.told(again).await;
    assert!(told.contains("the second look"), "{told}");
    let second = team.review(event).await;
    assert_eq!(second["triggered_by"], "replay");
    assert_eq!(second["summary"], "the second look");
    let questions = team.questions();
    assert!(questions[1].contains("Look at this twice"), "{questions:?}");
    let pushes: &Vec<Value> = second["pushes"].as_array().expect("pushes");
    assert_eq!(
        pushes.len(),
        2,
        "the replay's own push tells of it, and no other"
    );
    let replay = format!("/api/v1/replays/{}", answer.data()["replay_id"]);
    let replay = team.app.get(&replay).await.expect(200).data().clone();
    let earlier = &replay["earlier_review"];
    assert_eq!(earlier["summary"], "the first look");
    assert_eq!(
        (&earlier["decision"], &earlier["score"]),
        (&json!("APPROVED"), &json!(90))
    );
    team.app.assert_nothing_leaked();
    team.app.stop().await;
}
