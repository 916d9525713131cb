//! Whom a review asks.

use super::team::{HEAD, Team, add_model, issue, login, merge_request, reply};
use push_notify_tests::{Backend, OpenAi, Response, both, forge::File};
use serde_json::json;

both!(
    the_next_model_is_asked_when_one_does_not_answer,
    prompts_are_chosen_by_language
);

async fn the_next_model_is_asked_when_one_does_not_answer(on: Backend) {
    let team = Team::start(on, json!({})).await;
    let (second, third) = (OpenAi::start().await, OpenAi::start().await);
    let second_id = add_model(&team.app, &second, "second").await;
    let third_id = add_model(&team.app, &third, "third").await;
    let change = json!({"review": {"fallback_model_ids": [second_id, third_id]}});
    team.app
        .put(&format!("/api/v1/repos/{}", team.repo.id), &change)
        .await
        .expect(200);
    team.host.merge_request(7, HEAD, vec![login()]);
    // Out of money, out of order; the third answers.
    let quota = OpenAi::error(
        429,
        "insufficient_quota",
        "You exceeded your current quota.",
    );
    team.model.then(quota);
    for _ in 0..2 {
        second.then(Response::new(503, "down").header("retry-after", "0"));
    }
    third.then(OpenAi::says(&reply("APPROVED", 90, json!([])).to_string()));

    let (id, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    assert_eq!(review["model"], "third");
    let missed: Vec<_> = review["fallbacks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["model"].clone())
        .collect();
    assert_eq!(missed, ["reviewer", "second"]);
    assert_eq!(
        (team.model.count(), second.count(), third.count()),
        (1, 2, 1)
    );
    let usage = team.app.get("/api/v1/logs/ai-calls").await.expect(200);
    assert_eq!(usage.data()["pagination"]["total"], 4);
    team.app.stop().await;
}

async fn prompts_are_chosen_by_language(on: Backend) {
    let team = Team::start(on, json!({"language": "en-US"})).await;
    let own = json!({
        "name": "our Go", "type": "codeview", "language": "golang",
        "content": "OUR GO RULES for {{.FileName}}{{if .FileContent}} whole: {{.FileContent}}{{end}}\n{{.DiffContent}}",
        "categories": ["SECURITY"],
    });
    team.app.post("/api/v1/prompts", &own).await.expect(200);
    let python = File::added("app.py", "print('x')\n");
    team.host.merge_request(7, HEAD, vec![login(), python]);
    team.host.content(
        HEAD,
        "src/login.go",
        "package login\nvar token = \"x\"\nfunc Login() {}\n// the end\n",
    );
    for _ in 0..2 {
        team.model.then(OpenAi::says(
            &reply("COMMENT", 70, json!([issue(2, "LOW")])).to_string(),
        ));
    }
    team.model
        .then(OpenAi::says(r#"{"summary": "Both parts are fine."}"#));

    let (id, _) = team.deliver(merge_request(7, HEAD, "opened")).await;
    let review = team.ended(id).await;
    assert_eq!(review["status"], "completed", "{review:#}");
    assert_eq!(review["summary"], "Both parts are fine.");
    let questions = team.questions();
    assert_eq!(questions.len(), 3, "one for each prompt, and the summary");
    assert!(
        questions[0].contains("OUR GO RULES for src/login.go"),
        "{}",
        questions[0]
    );
    assert!(questions[0].contains("// the end"), "{}", questions[0]);
    assert!(
        questions[0].contains("category is one of: SECURITY."),
        "{}",
        questions[0]
    );
    assert!(
        questions[1].contains("Python") && questions[1].contains("print('x')"),
        "{}",
        questions[1]
    );
    assert!(!questions[1].contains("OUR GO RULES"));
    assert!(questions[2].contains("One thing should be mended."));
    team.app.stop().await;
}
