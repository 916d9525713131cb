//! What a prompt for reviews says of the issues: description, locale, categories and severities.

use super::{change, made, review, shown};
use push_notify_tests::{Backend, TestApp, both};
use serde_json::{Value, json};

both!(categories_and_severities_are_a_prompts_own_or_the_usual_ones);

const USUAL_CATEGORIES: [&str; 6] = [
    "BUG",
    "SECURITY",
    "PERFORMANCE",
    "STYLE",
    "LOGIC",
    "MAINTAINABILITY",
];
const USUAL_SEVERITIES: [&str; 4] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

async fn categories_and_severities_are_a_prompts_own_or_the_usual_ones(on: Backend) {
    let app = TestApp::start(on).await;
    let id = made(&app, &review("usual")).await;
    let prompt = shown(&app, id).await;
    assert_eq!(prompt["categories"], json!(USUAL_CATEGORIES));
    assert_eq!(prompt["severities"], json!(USUAL_SEVERITIES));
    assert_eq!(prompt["description"], Value::Null);
    assert_eq!(prompt["locale"], Value::Null);
    assert_eq!(prompt["is_system"], false);

    let own = json!({
        "description": "for the front end",
        "locale": "en-US",
        "categories": ["BUG", "ACCESSIBILITY", "BUG", "I18N_2"],
        "severities": ["LOW", "CRITICAL"],
    });
    let changed = change(&app, id, own).await.expect(200);
    assert_eq!(changed.data()["version"], 1);
    let list = app.get("/api/v1/prompts?keyword=usual").await.expect(200);
    for prompt in [changed.data(), &list.list()[0]] {
        assert_eq!(prompt["description"], "for the front end");
        assert_eq!(prompt["locale"], "en-US");
        assert_eq!(
            prompt["categories"],
            json!(["BUG", "ACCESSIBILITY", "I18N_2"])
        );
        assert_eq!(prompt["severities"], json!(["CRITICAL", "LOW"]));
    }
    let renamed = change(&app, id, json!({"name": "still its own"})).await;
    assert_eq!(
        renamed.expect(200).data()["severities"],
        json!(["CRITICAL", "LOW"])
    );
    let usual = json!({"description": "", "locale": "", "categories": null, "severities": null});
    let changed = change(&app, id, usual).await.expect(200);
    assert_eq!(changed.data()["categories"], json!(USUAL_CATEGORIES));
    assert_eq!(changed.data()["severities"], json!(USUAL_SEVERITIES));
    assert_eq!(changed.data()["description"], Value::Null);
    assert_eq!(changed.data()["locale"], Value::Null);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_review_can_use_is_refused_by_name() {
    let app = TestApp::start(Backend::Sqlite).await;
    let id = made(&app, &review("sound")).await;
    let many: Vec<String> = (0..21).map(|number| format!("C{number}")).collect();
    for (field, value) in [
        ("categories", json!([])),
        ("categories", json!(["bug"])),
        ("categories", json!(["BUG FIX"])),
        ("categories", json!(["缺陷"])),
        ("categories", json!([""])),
        ("categories", json!(["X".repeat(33)])),
        ("categories", json!(many)),
        ("severities", json!([])),
        ("severities", json!(["BLOCKER"])),
        ("severities", json!(["high"])),
        ("locale", json!("fr-FR")),
        ("description", json!("x".repeat(501))),
    ] {
        change(&app, id, json!({field: value}))
            .await
            .expect(422)
            .names(field);
        let mut body = review("other");
        body[field] = value;
        app.post("/api/v1/prompts", &body)
            .await
            .expect(422)
            .names(field);
    }
    for (field, value) in [("categories", json!("BUG")), ("severities", json!([1]))] {
        change(&app, id, json!({field: value}))
            .await
            .expect(400)
            .names(field);
    }
    change(&app, id, json!({"categories": &many[..20]}))
        .await
        .expect(200);

    let mut message = json!({
        "name": "message", "type": "message", "target_type": "email", "content": "{{.CommitMsg}}",
        "description": "short", "locale": "en-US",
    });
    let second = made(&app, &message).await;
    assert_eq!(shown(&app, second).await["categories"], Value::Null);
    assert_eq!(shown(&app, second).await["locale"], "en-US");
    message["name"] = json!("another");
    for (field, value) in [
        ("categories", json!(["BUG"])),
        ("severities", json!(["LOW"])),
    ] {
        change(&app, second, json!({field: value}))
            .await
            .expect(422)
            .names(field);
        let mut body = message.clone();
        body[field] = value;
        app.post("/api/v1/prompts", &body)
            .await
            .expect(422)
            .names(field);
    }
    app.stop().await;
}
