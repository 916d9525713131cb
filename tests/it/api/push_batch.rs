//! `/api/v1/pushes/batch-retry` and `/api/v1/pushes/batch-delete`.

use push_notify_tests::{Answer, Backend, DingTalk, Response, Robot, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    each_push_of_a_batch_is_retried_for_itself,
    what_has_ended_is_deleted_with_its_attempts,
    what_is_older_than_a_date_is_deleted,
    with_ids_and_a_date_only_the_older_ones_of_the_ids_are_deleted,
    what_breaks_for_one_push_does_not_keep_a_batch_from_the_others,
);

async fn delete(app: &TestApp, body: Value) -> Answer {
    let request = app.request(reqwest::Method::DELETE, "/api/v1/pushes/batch-delete");
    app.send(request.json(&body)).await
}

async fn each_push_of_a_batch_is_retried_for_itself(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::errcode(300005, "token is not exist"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let failed = app.push(&repo, "aaa").await[0];
    app.push_in_state(failed, "misconfigured").await;
    let delivered = app.push(&repo, "bbb").await[0];
    app.push_in_state(delivered, "delivered").await;
    let path = "/api/v1/pushes/batch-retry";
    let body = json!({ "push_ids": [delivered, failed, 999_999, failed] });
    let answer = app.post(path, &body).await.expect(200);
    let data = answer.data();
    assert_eq!(
        (&data["total"], &data["success"], &data["failed"]),
        (&json!(3), &json!(1), &json!(2))
    );
    assert_eq!(data["results"][0]["push_id"], failed);
    assert_eq!(data["results"][0]["status"], "success");
    let new = data["results"][0]["new_push_id"].as_i64().expect("a push");
    assert_eq!(data["results"][1]["code"], 409);
    assert_eq!(data["results"][2]["code"], 70001);
    assert!(data["results"][2]["message"].is_string());
    app.push_in_state(new, "delivered").await;
    let again = app
        .post(path, &json!({ "push_ids": [failed] }))
        .await
        .expect(200);
    assert_eq!(again.data()["results"][0]["code"], 409);
    app.post(path, &json!({}))
        .await
        .expect(422)
        .names("push_ids");
    app.post(path, &json!({ "push_ids": "1" }))
        .await
        .expect(400)
        .names("push_ids");
    let many: Vec<i64> = (1..=501).collect();
    app.post(path, &json!({ "push_ids": many }))
        .await
        .expect(422)
        .names("push_ids");
    app.stop().await;
}

async fn what_has_ended_is_deleted_with_its_attempts(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let delivered = app.push(&repo, "aaa").await[0];
    app.push_in_state(delivered, "delivered").await;
    robot.then(Response::new(429, "").header("retry-after", "600"));
    let waiting = app.push(&repo, "bbb").await[0];
    app.push_after(waiting, 1).await;
    let answer = delete(&app, json!({ "push_ids": [delivered, waiting, 999_999] }))
        .await
        .expect(200);
    let data = answer.data();
    assert_eq!(
        (&data["total"], &data["success"], &data["failed"]),
        (&json!(3), &json!(1), &json!(2))
    );
    let of = |id: i64| {
        let results = data["results"].as_array().expect("results");
        let found = results.iter().find(|one| one["push_id"] == id);
        found.cloned().expect("one for each push")
    };
    assert_eq!(
        of(delivered),
        json!({ "push_id": delivered, "status": "success" })
    );
    assert_eq!(of(waiting)["code"], 409);
    assert_eq!(of(999_999)["code"], 70001);
    app.get(&format!("/api/v1/pushes/{delivered}"))
        .await
        .expect_code(404, 70001);
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM push_attempts WHERE push_id = $1")
        .bind(delivered)
        .fetch_one(app.server.app().db.read())
        .await
        .expect("a count");
    assert_eq!(left, 0);
    app.advance(Duration::from_secs(601));
    app.push_in_state(waiting, "delivered").await;
    app.stop().await;
}

async fn what_is_older_than_a_date_is_deleted(on: Backend) {
    let app = TestApp::start(on).await;
    let pool = app.server.app().db.write().clone();
    // 700 of one day, more than one transaction takes; every tenth still waits. One of the day
    // after, at its first moment in Shanghai.
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 701)
         INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, created_at)
         SELECT i, i, 1, 1, 's', 'c', 'm', CASE WHEN i % 10 = 0 THEN 'parked' ELSE 'delivered' END, 1, 0,
            CASE WHEN i = 701 THEN 1718035200000000 ELSE 1718000000000000 END
         FROM n",
    )
    .execute(&pool)
    .await
    .expect("pushes");
    let none = delete(&app, json!({ "before_date": "2024-06-10" }))
        .await
        .expect(200);
    assert_eq!(none.data()["total"], 0);
    let body = json!({ "push_ids": [], "before_date": "2024-06-11", "timezone": "Asia/Shanghai" });
    let answer = delete(&app, body).await.expect(200);
    assert_eq!(
        (&answer.data()["total"], &answer.data()["success"]),
        (&json!(630), &json!(630))
    );
    assert!(answer.data().get("more").is_none());
    let list = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(list.data()["pagination"]["total"], 71);
    assert_eq!(list.list()[0]["id"], 701);
    delete(&app, json!({})).await.expect(422).names("push_ids");
    for wrong in ["2024-02-30", "yesterday"] {
        delete(&app, json!({ "before_date": wrong }))
            .await
            .expect(422)
            .names("before_date");
    }
    delete(&app, json!({ "before_date": 20_240_611 }))
        .await
        .expect(400)
        .names("before_date");
    app.stop().await;
}

/// Of different events, one every day from 10 June 2024 on. Their ids, from 1001, are none that the
/// server gives soon.
async fn add_pushes(app: &TestApp, count: i64, state: &str) {
    for number in 1..=count {
        sqlx::query(
            "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, created_at)
             VALUES ($1, $1, 1, 1, 's', 'c', 'm', $2, 1, 0, $3)",
        )
        .bind(1000 + number)
        .bind(state)
        .bind(1_718_000_000_000_000 + (number - 1) * 86_400_000_000)
        .execute(app.server.app().db.write())
        .await
        .expect("a push");
    }
}

async fn with_ids_and_a_date_only_the_older_ones_of_the_ids_are_deleted(on: Backend) {
    let app = TestApp::start(on).await;
    add_pushes(&app, 6, "delivered").await;
    let body = json!({ "push_ids": [1001, 1002, 1004, 1005], "before_date": "2024-06-13" });
    let answer = delete(&app, body).await.expect(200);
    let results = answer.data()["results"].as_array().expect("results");
    let codes: Vec<(i64, i64)> = results
        .iter()
        .filter_map(|one| {
            Some((
                one["push_id"].as_i64()?,
                one["code"].as_i64().unwrap_or(200),
            ))
        })
        .collect();
    assert_eq!(codes, [(1001, 200), (1002, 200), (1004, 409), (1005, 409)]);
    assert_eq!(answer.data()["success"], 2);
    delete(&app, json!({ "push_ids": [1004, 1005] }))
        .await
        .expect(200);
    delete(&app, json!({ "before_date": "2024-06-14" }))
        .await
        .expect(200);
    let left = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(left.list().len(), 1);
    let log = app
        .get("/api/v1/logs/operations?action=push.delete")
        .await
        .expect(200);
    let said: Vec<&str> = log
        .list()
        .iter()
        .filter_map(|entry| entry["detail"].as_str())
        .collect();
    assert!(said[0].ends_with("(< 2024-06-14 UTC)"), "{said:?}");
    assert!(said[1].ends_with("(1004-1005)"), "{said:?}");
    assert!(said[2].ends_with("(1001-1002)"), "{said:?}");
    app.stop().await;
}

async fn what_breaks_for_one_push_does_not_keep_a_batch_from_the_others(on: Backend) {
    let app = TestApp::start(on).await;
    add_pushes(&app, 600, "rejected").await;
    // Deletions go in runs; that of the last one breaks.
    let refuse = match on {
        Backend::Sqlite => {
            "CREATE TRIGGER refusing BEFORE DELETE ON pushes WHEN OLD.id = 1600 BEGIN SELECT RAISE(ABORT, 'no'); END;
             CREATE TRIGGER stopping BEFORE INSERT ON pushes WHEN NEW.retry_of = 1002 BEGIN SELECT RAISE(ABORT, 'no'); END"
        }
        Backend::Postgres => {
            "CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
             CREATE TRIGGER refusing BEFORE DELETE ON pushes FOR EACH ROW WHEN (OLD.id = 1600) EXECUTE FUNCTION refuse();
             CREATE TRIGGER stopping BEFORE INSERT ON pushes FOR EACH ROW WHEN (NEW.retry_of = 1002) EXECUTE FUNCTION refuse()"
        }
    };
    sqlx::raw_sql(refuse)
        .execute(app.server.app().db.write())
        .await
        .expect("triggers");
    let path = "/api/v1/pushes/batch-retry";
    let answer = app
        .post(path, &json!({ "push_ids": [1001, 1002, 1003] }))
        .await;
    let answer = answer.expect(200);
    let results = &answer.data()["results"];
    assert_eq!(results[0]["status"], "success", "{}", answer.text);
    assert_eq!(results[1]["code"], 500);
    assert_eq!(results[2]["status"], "success");
    app.post(path, &json!({ "push_ids": [1002] }))
        .await
        .expect(500);

    let ids: Vec<i64> = (1101..=1600).collect();
    let answer = delete(&app, json!({ "push_ids": ids })).await.expect(200);
    assert_eq!(answer.data()["success"], 256);
    assert_eq!(answer.data()["results"][256]["code"], 500);
    delete(&app, json!({ "push_ids": [1600] }))
        .await
        .expect(500);
    let by_date = delete(&app, json!({ "before_date": "2027-01-01" })).await;
    let by_date = by_date.expect(200);
    assert_eq!(by_date.data()["more"], true, "{}", by_date.text);
    assert!(by_date.data()["success"].as_i64() > Some(0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_id_of_a_deleted_push_is_not_given_again_after_a_restart() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let mut newest = 0;
    for commit in ["aaa", "bbb"] {
        newest = app.push(&repo, commit).await[0];
        app.push_in_state(newest, "delivered").await;
    }
    delete(&app, json!({ "push_ids": [newest] }))
        .await
        .expect(200);
    let again = app.beside();
    app.server.stop().await;
    let again = again.start().await;
    let next = again.push(&repo, "ccc").await[0];
    assert!(next > newest, "{next}");
    again.stop().await;
}
