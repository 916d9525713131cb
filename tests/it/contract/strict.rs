//! Nothing that is sent is silently left unread, at any endpoint.

use super::world::World;
use push_notify_tests::{Answer, Backend, OpenApi, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

/// What hosts, probes and scrapers call with whatever their set-up adds.
fn is_lenient(path: &str) -> bool {
    !path.starts_with("/api/") || path.starts_with("/api/v1/webhooks")
}

/// The path of something that there is, where the endpoint is about one.
fn filled(world: &World, path: &str) -> String {
    let noun = path.split('/').nth(3).unwrap_or_default();
    let id = match noun {
        "repos" => "repo",
        "targets" => "target",
        "templates" => "template",
        "prompts" => "prompt",
        "models" => "model",
        "pushes" => "failed_push",
        "events" => "event",
        "users" => "other_user",
        "teams" => "team",
        "rules" => "rule",
        "people" => "person",
        _ => "",
    };
    let id = world.values.get(id).cloned().unwrap_or(json!(1));
    let path = path.replace("{id}", &id.to_string());
    let path = path.replace("{repo_id}", &world.values["repo"].to_string());
    path.replace("{user_id}", &world.values["admin"].to_string())
}

async fn ask(app: &TestApp, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let method = method.parse::<Method>().expect("a method");
    let mut request = app.api.request(method, path);
    if let Some(body) = body {
        request = request.header("content-type", "application/json");
        request = request.body(body.to_string());
    }
    app.api.send(request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_refuses_parameters_and_fields_that_it_does_not_know() {
    let mut world = World::build(Backend::Sqlite).await;
    let team = json!({"name": "strict"});
    let team = world
        .app
        .post("/api/v1/teams", &team)
        .await
        .expect(200)
        .id();
    world.values.insert("team", json!(team));
    let rule = json!({"name": "strict", "mode": "mute", "status": "inactive"});
    let rule = world
        .app
        .post("/api/v1/rules", &rule)
        .await
        .expect(200)
        .id();
    world.values.insert("rule", json!(rule));
    let app = &world.app;
    let doc = OpenApi::of(&app.anonymous()).await;
    let mut problems = Vec::new();
    let mut tried = (0, 0);
    for operation in doc.operations() {
        // There are no reviews here: nobody is told more of one than that.
        if is_lenient(operation.path) || operation.path.starts_with("/api/v1/reviews/") {
            continue;
        }
        let path = filled(&world, operation.path);
        let what = format!("{} {path}", operation.method);
        let strange = format!("{path}?strange_parameter=1");
        tried.0 += 1;
        let answer = ask(app, &operation.method, &strange, None).await;
        if answer.status != 400 || !answer.details().contains("strange_parameter") {
            problems.push(format!(
                "{what}?strange_parameter: {} {}",
                answer.status, answer.text
            ));
        }
        if operation.method == "GET" || operation.path.ends_with("/import") {
            continue;
        }
        tried.1 += 1;
        let body = json!({"strange_field": 1});
        let answer = ask(app, &operation.method, &path, Some(&body)).await;
        let refused = matches!(answer.status, 400 | 422);
        if !refused || !answer.details().contains("strange_field") {
            problems.push(format!(
                "{what} strange_field: {} {}",
                answer.status, answer.text
            ));
        }
    }
    assert!(tried.0 > 90 && tried.1 > 45, "{tried:?}");
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems:\n{}",
        problems.join("\n")
    );
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_lists_are_paged_by_the_same_names_and_say_so() {
    let world = World::build(Backend::Sqlite).await;
    let app = &world.app;
    let doc = OpenApi::of(&app.anonymous()).await;
    let mut lists = 0;
    for operation in doc.operations() {
        let parameters = operation.parameters();
        let has = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
        if is_lenient(operation.path) || !(has("page") || has("size")) {
            continue;
        }
        lists += 1;
        assert!(
            has("page") && has("size") && has("sort") == has("order"),
            "{}",
            operation.path
        );
        for parameter in &parameters {
            let name = parameter.name;
            let elsewhere = [
                "limit",
                "offset",
                "per_page",
                "page_size",
                "q",
                "search",
                "since",
                "until",
            ];
            assert!(!elsewhere.contains(&name), "{}: {name}", operation.path);
        }
        let path = filled(&world, operation.path);
        let answer = ask(app, "GET", &format!("{path}?page_size=5"), None).await;
        assert!(
            answer.details().contains("did you mean size?"),
            "{path}: {}",
            answer.text
        );
    }
    assert!(lists > 12, "{lists}");
    world.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_within_fields_are_refused_too_and_the_one_that_was_meant_is_named() {
    let world = World::build(Backend::Sqlite).await;
    let app = &world.app;
    let repo = format!("/api/v1/repos/{}", world.values["repo"]);
    let target = format!("/api/v1/targets/{}", world.values["target"]);
    for (path, body, expected) in [
        (
            &repo,
            json!({"webhook_event": ["push"]}),
            "webhook_event is not known here; did you mean webhook_events?",
        ),
        (
            &repo,
            json!({"modelId": 1}),
            "modelId is not known here; did you mean model_id?",
        ),
        (
            &repo,
            json!({"review": {"severity": "HIGH"}}),
            "review.severity is not known here",
        ),
        (
            &repo,
            json!({"review": {"ignore_pattern": []}}),
            "did you mean ignore_patterns?",
        ),
        (
            &repo,
            json!({"branch": "main", "template_id": 7}),
            "branch is not known here",
        ),
        (
            &target,
            json!({"branch": "main", "template_id": 7}),
            "template_id is not known here",
        ),
        (
            &target,
            json!({"digest": {"minimum": 2}}),
            "digest.minimum is not known here",
        ),
        (&target, json!({"repo_id": [1]}), "did you mean repo_ids?"),
        (
            &target,
            json!({"quiet_hours": {"begin": "22:00"}}),
            "quiet_hours.begin is not known here",
        ),
        (&target, json!({"Name": "x"}), "did you mean name?"),
    ] {
        let answer = app.put(path, &body).await.expect(422);
        assert!(
            answer.details().contains(expected),
            "{body}: {}",
            answer.text
        );
    }
    world.app.stop().await;
}
