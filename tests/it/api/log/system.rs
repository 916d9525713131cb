use super::rows::{THEN, line};
use push_notify::log::system::{self, Level};
use push_notify_tests::{Answer, Api, Backend, Site, TestApp, both, until};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

both!(what_the_server_says_is_kept_in_the_database_and_the_file);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";

async fn what_the_server_says_is_kept_in_the_database_and_the_file(on: Backend) {
    let settings = format!(
        "[auth]\nadmin_password = \"{PASSWORD}\"\n[log]\nfile = \"server.log\"\ndatabase_level = \"debug\"\n"
    );
    let site = Site::new(on, BINARY, &settings).await;
    let mut node = site.start().await;
    let (api, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let request = api
        .request(reqwest::Method::GET, "/api/v1/repos/999")
        .header("x-request-id", "req-of-the-test");
    api.send(request).await.expect(404);
    let found = until("the line about the request", async || {
        let answer = search(&api, "req-of-the-test").await;
        (answer.data()["pagination"]["total"] == 1).then_some(answer)
    })
    .await;
    let entry = &found.data()["list"][0];
    assert_eq!(entry["level"], "INFO");
    assert_eq!(entry["module"], "web");
    assert_eq!(entry["request_id"], "req-of-the-test");
    assert_eq!(entry["client_ip"], "127.0.0.1");
    assert_eq!(entry["detail"]["http.status"], 404);
    assert_eq!(entry["detail"]["http.path"], "/api/v1/repos/999");

    // A delivery to nowhere: its path, which could be a secret, is in no line.
    let request = api
        .request(reqwest::Method::POST, "/webhook/id-not-real")
        .header("x-request-id", "req-of-a-delivery")
        .body("{}");
    api.send(request).await.expect(404);
    until("the line about the delivery", async || {
        let answer = search(&api, "req-of-a-delivery").await;
        (answer.data()["pagination"]["total"] == 1).then_some(())
    })
    .await;
    let secret = search(&api, "id-not-real").await;
    assert_eq!(secret.data()["pagination"]["total"], 0);

    assert!(node.terminate().await.success());
    let file = std::fs::read_to_string(site.folder().join("server.log")).expect("a log file");
    assert!(file.contains("listening on"), "{file}");
    assert!(file.trim_end().ends_with("stopped"), "{file}");
    let node = site.start().await;
    let (api, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let last = api
        .get("/api/v1/logs/system?keyword=stopping")
        .await
        .expect(200);
    assert_eq!(last.data()["pagination"]["total"], 1, "{}", last.text);
    let first = api
        .get("/api/v1/logs/system?keyword=listening")
        .await
        .expect(200);
    assert!(first.data()["pagination"]["total"].as_i64() >= Some(1));
}

async fn search(api: &Api, keyword: &str) -> Answer {
    api.get(&format!("/api/v1/logs/system?keyword={keyword}"))
        .await
        .expect(200)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_log_that_cannot_be_written() {
    let app = TestApp::start(Backend::Sqlite).await;
    let parts = app.server.app().clone();
    let (sender, lines) = system::queue();
    let dropped = lines.dropped().clone();
    let stop = CancellationToken::new();
    let writing = tokio::spawn(system::run(parts.clone(), lines, stop.clone()));

    let held = parts.db.begin().await.expect("the only writer");
    let begun = Instant::now();
    for number in 0..20_000 {
        sender.offer(line(Level::Info, "flood", THEN + number));
    }
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert!(dropped.count() > 10_000, "{dropped:?}");
    let begun = Instant::now();
    app.get("/api/v1/logs/system").await.expect(200);
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    drop(held);

    // One line for those that were missing when it was made, another for what was dropped after
    // that.
    let missing = dropped.count();
    until("the lines about what is missing", async || {
        let answer = search(&app, "were dropped").await;
        let entries = answer.data()["list"].as_array().expect("a list").clone();
        let told = entries.iter().map(|entry| {
            assert_eq!(entry["level"], "WARN");
            assert_eq!(entry["module"], "log");
            let message = entry["message"].as_str().expect("a message");
            let count = message.strip_suffix(" log lines were dropped");
            count
                .and_then(|count| count.parse::<u64>().ok())
                .expect("a number")
        });
        (told.sum::<u64>() == missing).then_some(())
    })
    .await;
    // The end waits for the rest.
    sender.offer(line(Level::Info, "the last line", THEN));
    stop.cancel();
    writing.await.expect("it ends");
    let last = search(&app, "the last line").await;
    assert_eq!(last.data()["pagination"]["total"], 1);
    let kept = search(&app, "flood").await;
    assert_eq!(
        kept.data()["pagination"]["total"].as_u64(),
        Some(20_000 - missing)
    );
    app.stop().await;
}
