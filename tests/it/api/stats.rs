//! `/api/v1/stats/*`.

use super::log::rows::{DAY, add_call, done, failed};
use push_notify_tests::{Backend, DingTalk, OpenAi, Response, Robot, TestApp, both};
use serde_json::{Value, json};

both!(
    the_overview_counts_everything_there_is,
    usage_is_summed_by_day_week_and_month,
    calls_of_models_are_counted_with_their_tokens,
    each_model_is_shown_with_what_it_cost,
    a_server_that_makes_up_its_tokens_breaks_no_sum,
    ranges_that_make_no_sense_are_refused,
);

async fn the_overview_counts_everything_there_is(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let idle = app.repo("idle").await;
    let inactive = json!({ "status": "inactive" });
    app.put(&format!("/api/v1/repos/{}", idle.id), &inactive)
        .await
        .expect(200);
    app.target(Robot::at(&robot).target("team")).await;
    for id in app.push(&repo, "aaa").await {
        app.push_in_state(id, "delivered").await;
    }
    let overview = app.get("/api/v1/stats/overview").await.expect(200);
    let data = overview.data();
    assert_eq!(data["repos"], json!({ "total": 2, "active": 1 }));
    assert_eq!(data["targets"]["total"], 1);
    assert_eq!(data["users"], 1);
    let figures = json!({ "total": 1, "success": 1, "failed": 0, "pending": 0, "rate": 100.0 });
    assert_eq!(data["pushes"], figures);
    assert_eq!(data["today"], figures);
    assert_eq!(data["ai_calls"]["total"], 0);
    app.stop().await;
}

async fn usage_is_summed_by_day_week_and_month(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    for id in app.push(&repo, "aaa").await {
        app.push_in_state(id, "delivered").await;
    }
    for (period, periods) in [("day", 30), ("week", 12), ("month", 12)] {
        let path = format!("/api/v1/stats/usage?period={period}&timezone=Asia/Shanghai");
        let usage = app.get(&path).await.expect(200);
        assert_eq!(usage.list().len(), periods, "{period}");
        let now = usage.list().last().unwrap();
        assert_eq!(now["pushes"]["total"], 1, "{period}: {now}");
        let before: i64 = usage.list()[..periods - 1]
            .iter()
            .filter_map(|sum| sum["pushes"]["total"].as_i64())
            .sum();
        assert_eq!(before, 0, "{period}");
    }
    app.stop().await;
}

async fn calls_of_models_are_counted_with_their_tokens(on: Backend) {
    let server = OpenAi::start().await;
    let app = TestApp::start(on).await;
    let model = async |name: &str, kind: &str| {
        let body = json!({
            "name": name, "type": kind, "api_url": server.completions_url(), "api_key": server.key,
        });
        let id = app.post("/api/v1/models", &body).await.expect(200).id();
        let path = format!("/api/v1/models/{id}/verify");
        app.post(&path, &json!({})).await.expect(200);
        id
    };
    model("sound", OpenAi::MODEL).await;
    let unsound = model("unsound", "nosuchmodel").await;
    add_call(&app, unsound, done(), app.server.app().clock.now_us()).await;
    let usage = app.get("/api/v1/stats/usage").await.expect(200);
    let today = usage.list().last().expect("a day");
    assert_eq!(
        today["ai_calls"],
        json!({ "total": 3, "success": 2, "failed": 1 })
    );
    let tokens: i64 = sqlx::query_scalar(
        "SELECT CAST(SUM(input_tokens + output_tokens) AS BIGINT) FROM ai_calls",
    )
    .fetch_one(app.server.app().db.read())
    .await
    .expect("a sum");
    assert!(tokens >= 1500);
    assert_eq!(today["tokens_used"], tokens);
    assert_eq!(usage.list()[0]["tokens_used"], 0);
    // The log's rows go; that the models were called stays, also of one that is deleted.
    sqlx::query("DELETE FROM ai_calls")
        .execute(app.server.app().db.write())
        .await
        .expect("the log is empty");
    app.delete(&format!("/api/v1/models/{unsound}"))
        .await
        .expect(200);
    let overview = app.get("/api/v1/stats/overview").await.expect(200);
    assert_eq!(
        overview.data()["ai_calls"],
        json!({ "total": 2, "success": 1, "failed": 1 })
    );
    app.stop().await;
}

async fn each_model_is_shown_with_what_it_cost(on: Backend) {
    let app = TestApp::start(on).await;
    let now = app.server.app().clock.now_us();
    let model = async |name: &str, prices: Value| {
        let mut body = json!({
            "name": name, "type": "m-1", "api_url": "https://ai.example.com/v1", "api_key": "sk-not-real",
        });
        let prices = prices.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(prices);
        app.post("/api/v1/models", &body).await.expect(200).id()
    };
    let cheap = model("cheap", json!({"input_price": 0.5, "output_price": 2})).await;
    let half = model("half", json!({"input_price": 0.5})).await;
    model("idle", json!({})).await;
    for created_at in [now, now, now - 40 * DAY] {
        add_call(&app, cheap, done(), created_at).await;
    }
    add_call(&app, half, failed("busy"), now).await;
    app.delete(&format!("/api/v1/models/{half}"))
        .await
        .expect(200);

    let usage = app.get("/api/v1/stats/usage").await.expect(200);
    assert_eq!(usage.list().len(), 30);
    let expected = json!([
        {
            "model_id": cheap, "model_name": "cheap", "calls": 2, "input_tokens": 2400, "output_tokens": 600,
            "cost": 0.0024,
        },
        {
            "model_id": half, "model_name": "half", "calls": 1, "input_tokens": 1200, "output_tokens": 300,
            "cost": null,
        },
    ]);
    assert_eq!(usage.data()["models"], expected);
    let longer = app
        .get("/api/v1/stats/usage?period=month")
        .await
        .expect(200);
    assert_eq!(longer.data()["models"][0]["calls"], 3);
    let before = "start_date=2020-01-01&end_date=2020-01-31";
    let before = app.get(&format!("/api/v1/stats/usage?{before}")).await;
    assert_eq!(before.expect(200).data()["models"], json!([]));
    app.stop().await;
}

async fn a_server_that_makes_up_its_tokens_breaks_no_sum(on: Backend) {
    let server = OpenAi::start().await;
    let app = TestApp::start(on).await;
    let body = json!({
        "name": "boaster", "type": OpenAi::MODEL, "api_url": server.completions_url(), "api_key": server.key,
    });
    app.post("/api/v1/models", &body).await.expect(200);
    let prompt = json!({"name": "trial", "type": "codeview", "content": "{{.FileContent}}"});
    let prompt = app.post("/api/v1/prompts", &prompt).await.expect(200).id();
    let answer = json!({
        "choices": [{"message": {"content": "because"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1e300, "completion_tokens": 1e300},
    });
    for _ in 0..3 {
        server.then(Response::json(200, &answer));
        let trial = json!({"test_data": {}});
        app.post(&format!("/api/v1/prompts/{prompt}/test"), &trial)
            .await
            .expect(200);
    }
    let usage = app.get("/api/v1/stats/usage").await.expect(200);
    assert_eq!(usage.data()["models"][0]["calls"], 3);
    assert!(usage.data()["models"][0]["input_tokens"].is_i64());
    app.stop().await;
}

async fn ranges_that_make_no_sense_are_refused(on: Backend) {
    let app = TestApp::start(on).await;
    for query in [
        "start_date=2026-02-01&end_date=2026-01-01",
        "start_date=2020-01-01&end_date=2026-01-01",
        "start_date=0001-01-01&end_date=0001-01-02",
        "start_date=x",
        "period=year",
        "timezone=Mars/Olympus",
    ] {
        app.get(&format!("/api/v1/stats/usage?{query}"))
            .await
            .expect(400);
    }
    app.stop().await;
}
