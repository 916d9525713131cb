//! Nobody fills the disk for the others.

use push_notify::retention;
use push_notify_tests::{Answer, Backend, Delivery, Repo, TestApp, both, push_body, until};
use serde_json::{Value, json};

both!(
    a_repository_that_used_up_its_room_is_refused_until_retention_makes_some,
    the_repositories_of_one_owner_share_their_room,
    what_is_parked_has_bounds_of_its_own,
    what_was_counted_wrong_is_put_right,
);

const KIB: usize = 1 << 10;

/// About so many bytes, also when they are packed.
fn large(commit: &str, bytes: usize) -> Delivery {
    let mut body = push_body(commit);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let random = (0..bytes).map(|_| letters[usize::from(rand::random::<u8>() % 64)] as char);
    body["padding"] = json!(random.collect::<String>());
    Delivery::new("push", &body)
}

async fn deliver(app: &TestApp, repo: &Repo, kib: usize) -> Answer {
    let commit = hex::encode(rand::random::<[u8; 20]>());
    app.deliver(repo, large(&commit, kib * KIB)).await
}

async fn room(app: &TestApp, repo: &Repo) -> Value {
    let repo = app.get(&format!("/api/v1/repos/{}", repo.id)).await;
    repo.expect(200).data()["storage"].clone()
}

async fn problems(app: &TestApp) -> Vec<Value> {
    let health = app.get("/api/v1/system/health").await.expect(200);
    let problems = health.data()["problems"].as_array().expect("problems");
    problems
        .iter()
        .map(|problem| problem["code"].clone())
        .collect()
}

async fn run(app: &TestApp, sql: &'static str) {
    let done = sqlx::query(sql).execute(app.server.app().db.write()).await;
    done.expect(sql);
}

async fn a_repository_that_used_up_its_room_is_refused_until_retention_makes_some(on: Backend) {
    let builder = TestApp::on(on).config(|config| config.storage.repo_mib = 1);
    let mut app = builder.start().await;
    let repo = app.repo("backend").await;
    let other = app.repo("other").await;
    for _ in 0..3 {
        deliver(&app, &repo, 300).await.expect(200);
    }
    assert_eq!(problems(&app).await, [] as [Value; 0]);
    // From the largest to the smallest: what still fits is still taken.
    for (kib, status) in [(5000, 503), (1100, 503), (300, 503), (200, 503), (1, 200)] {
        let answer = deliver(&app, &repo, kib).await.expect(status);
        if status == 503 {
            assert_eq!(answer.header("retry-after"), Some("3600"));
            assert!(answer.text.contains("storage.repo_mib"), "{}", answer.text);
        }
    }
    until("the server to tell of it", async || {
        (problems(&app).await == ["storage_full"]).then_some(())
    })
    .await;
    deliver(&app, &other, 300).await.expect(200);
    let used = room(&app, &repo).await;
    assert_eq!(used["most_bytes"], 1 << 20);
    assert!(used["stored_bytes"].as_i64() > Some(900 << 10), "{used}");
    assert_eq!(used["owner_most_bytes"], 16_384_i64 << 20);
    let metrics = app.get("/metrics").await;
    assert!(
        metrics
            .text
            .contains(r#"push_notify_refused_deliveries_total{reason="storage_full"} 4"#)
    );

    // Bodies go before their events.
    run(
        &app,
        "UPDATE events SET received_at = received_at - 40 * 86400000000",
    )
    .await;
    retention::prune(app.server.app()).await.expect("it passes");
    deliver(&app, &repo, 300).await.expect(200);
    run(
        &app,
        "UPDATE events SET received_at = received_at - 400 * 86400000000",
    )
    .await;
    retention::prune(app.server.app()).await.expect("it passes");
    assert_eq!(room(&app, &repo).await["stored_bytes"], 0);
    app.stop().await;
}

async fn the_repositories_of_one_owner_share_their_room(on: Backend) {
    let builder = TestApp::on(on).config(|config| config.storage.owner_mib = 1);
    let mut app = builder.start().await;
    let one = app.repo("one").await;
    let two = app.repo("two").await;
    let of_another = app.repo("three").await;
    let of_a_team = app.repo("four").await;
    for (repo, sql) in [
        (
            &one,
            "UPDATE repos SET owner_id = 7, team_id = NULL WHERE id = $1",
        ),
        (
            &two,
            "UPDATE repos SET owner_id = 7, team_id = NULL WHERE id = $1",
        ),
        (
            &of_another,
            "UPDATE repos SET owner_id = 8, team_id = NULL WHERE id = $1",
        ),
        (
            &of_a_team,
            "UPDATE repos SET owner_id = NULL, team_id = 7 WHERE id = $1",
        ),
    ] {
        let changed = sqlx::query(sql).bind(repo.id);
        changed
            .execute(app.server.app().db.write())
            .await
            .expect(sql);
    }
    app.server.app().changed();
    deliver(&app, &one, 600).await.expect(200);
    deliver(&app, &two, 300).await.expect(200);
    for repo in [&one, &two] {
        let answer = deliver(&app, repo, 300).await.expect(503);
        assert!(answer.text.contains("storage.owner_mib"), "{}", answer.text);
    }
    for repo in [&of_another, &of_a_team] {
        deliver(&app, repo, 600).await.expect(200);
    }
    let used = room(&app, &two).await;
    assert!(
        used["owner_stored_bytes"].as_i64() > Some(900 << 10),
        "{used}"
    );
    app.stop().await;
}

async fn what_is_parked_has_bounds_of_its_own(on: Backend) {
    let builder = TestApp::on(on).config(|config| {
        config.storage.parked_repo_mib = 1;
        config.storage.parked_mib = 2;
    });
    let mut app = builder.start().await;
    let repos = [
        app.repo("one").await,
        app.repo("two").await,
        app.repo("three").await,
    ];
    let mut off = app.config.clone();
    let github = off.plugins.each.get_mut("github");
    github.expect("it is in the defaults").enabled = false;
    app.server.reload(&off).await.expect("it reloads");
    for repo in &repos[..2] {
        deliver(&app, repo, 900).await.expect(202);
    }
    deliver(&app, &repos[0], 300).await.expect(503);
    deliver(&app, &repos[2], 900).await.expect(503);
    deliver(&app, &repos[2], 100).await.expect(202);
    let used = room(&app, &repos[0]).await;
    assert_eq!(used["parked_events"], 1);
    assert!(used["parked_bytes"].as_i64() > Some(900 << 10), "{used}");

    let body = json!({"state": "parked", "repo_id": repos[0].id});
    let request = app.request(reqwest::Method::DELETE, "/api/v1/events/batch-delete");
    app.send(request.json(&body)).await.expect(200);
    deliver(&app, &repos[0], 20).await.expect(202);
    app.stop().await;
}

async fn what_was_counted_wrong_is_put_right(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    deliver(&app, &repo, 100).await.expect(200);
    let right = room(&app, &repo).await["stored_bytes"].clone();
    push_notify::storage::recount(app.server.app())
        .await
        .expect("it counts");
    assert_eq!(room(&app, &repo).await["stored_bytes"], right);
    run(
        &app,
        "UPDATE repo_storage SET stored_bytes = stored_bytes + 12345",
    )
    .await;
    push_notify::storage::recount(app.server.app())
        .await
        .expect("it counts");
    assert_eq!(room(&app, &repo).await["stored_bytes"], right);
    app.stop().await;
}
