use super::compare::unchanged;
use push_notify_tests::{Backend, TestApp};

/// Only the numbers change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metrics_page_of_a_fresh_server() {
    let app = TestApp::start(Backend::Sqlite).await;
    let page = app.get("/metrics").await.expect(200);
    let lines = page.text.lines().map(|line| match line.rsplit_once(' ') {
        Some((sample, _)) if !line.starts_with('#') => format!("{sample} N"),
        _ => line.to_owned(),
    });
    let page: Vec<String> = lines
        .map(|line| line.replace(env!("CARGO_PKG_VERSION"), "VERSION"))
        .collect();
    unchanged("metrics", &page.join("\n"));
    app.stop().await;
}
