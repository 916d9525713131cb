//! `/metrics`.

use push_notify_tests::{
    Answer, Api, Backend, Delivery, DingTalk, Response, Robot, TestApp, both, until,
};
use serde_json::json;
use std::collections::{HashMap, HashSet};

both!(metrics_tell_what_happened);

/// The samples by name with labels. Panics where it is not as Prometheus reads it.
#[track_caller]
fn samples(page: &str) -> HashMap<String, f64> {
    let mut described = HashSet::new();
    let mut samples = HashMap::new();
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let mut words = rest.splitn(3, ' ');
            let (keyword, name) = (words.next(), words.next().expect("a name"));
            assert!(words.next().is_some_and(|rest| !rest.is_empty()), "{line}");
            let fresh = described.insert((keyword.expect("a keyword"), name));
            assert!(fresh, "said twice: {line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').expect("a value");
        let bare = name.split('{').next().expect("a name");
        let of_histogram = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|end| bare.strip_suffix(end));
        let mut names = of_histogram.chain([bare]);
        let known = names.any(|name| {
            ["HELP", "TYPE"]
                .iter()
                .all(|word| described.contains(&(*word, name)))
        });
        assert!(known, "nobody says what {name} is");
        let before = samples.insert(name.to_owned(), value.parse().expect("a number"));
        assert_eq!(before, None, "{name} is there twice");
    }
    samples
}

async fn scrape(api: &Api) -> Answer {
    let page = api.get("/metrics").await.expect(200);
    let kind = page.header("content-type");
    assert_eq!(kind, Some("text/plain; version=0.0.4; charset=utf-8"));
    page
}

async fn metrics_tell_what_happened(on: Backend) {
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.max_attempts = 2)
        .start()
        .await;
    let repo = app.repo("a-repository-of-some-name").await;
    let robot = DingTalk::start().await;
    app.target(Robot::at(&robot).target("team")).await;
    robot.then(Response::new(503, "closed for lunch"));
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    robot
        .then(Response::new(503, "closed"))
        .then(Response::new(503, "closed"));
    let ids = app.push(&repo, "bbb").await;
    app.push_in_state(ids[0], "failed").await;
    let delivery = Delivery::push("ccc").id("the-same-one");
    app.deliver(&repo, delivery.clone()).await.expect(200);
    app.deliver(&repo, delivery).await.expect(200);
    app.deliver(&repo, Delivery::push("ddd").unsigned())
        .await
        .expect(401);
    app.anonymous()
        .post("/webhook/nowhere", &json!({}))
        .await
        .expect(404);

    let page = until("the third push to be counted", async || {
        let page = scrape(&app).await.text;
        let delivered =
            "push_notify_ended_pushes_total{channel=\"dingtalk\",state=\"delivered\"} 2";
        page.contains(delivered).then_some(page)
    })
    .await;
    let samples = samples(&page);
    let expected = [
        (
            r#"deliveries_total{provider="github",outcome="accepted"}"#,
            3.0,
        ),
        (
            r#"deliveries_total{provider="github",outcome="duplicate"}"#,
            1.0,
        ),
        (r#"refused_deliveries_total{reason="unauthenticated"}"#, 1.0),
        (r#"refused_deliveries_total{reason="unknown"}"#, 1.0),
        ("ack_seconds_count", 4.0),
        (r#"attempts_total{channel="dingtalk",outcome="retry"}"#, 3.0),
        (
            r#"attempts_total{channel="dingtalk",outcome="delivered"}"#,
            2.0,
        ),
        (
            r#"ended_pushes_total{channel="dingtalk",state="failed"}"#,
            1.0,
        ),
        (r#"send_seconds_count{channel="dingtalk"}"#, 5.0),
        ("queue_wait_seconds_count", 5.0),
        ("delivery_seconds_count", 2.0),
        ("commit_failures_total", 0.0),
        ("database_up", 1.0),
        ("failed_plugins", 0.0),
        (
            r#"quarantined_plugins{kind="provider",plugin="github"}"#,
            0.0,
        ),
        (
            r#"plugin_faults_total{kind="channel",plugin="dingtalk",fault="trap"}"#,
            0.0,
        ),
    ];
    for (name, value) in expected {
        let name = format!("push_notify_{name}");
        assert_eq!(samples.get(&name), Some(&value), "{name}\n{page}");
    }
    assert!(samples[r#"push_notify_plugin_calls_total{kind="channel",plugin="dingtalk"}"#] >= 5.0);
    assert!(samples["push_notify_commit_rows_sum"] >= 8.0);
    assert!(samples["process_open_fds"] > 3.0);
    assert!(samples["process_resident_memory_bytes"] > 1e6);
    assert!(samples["process_start_time_seconds"] > 1.7e9);
    assert!(
        !page.contains("a-repository-of-some-name"),
        "repositories are without number"
    );
    // What is looked up is kept for a while.
    until("the queue's figures", async || {
        let page = scrape(&app).await.text;
        let is = |sample: &str| page.contains(&format!("push_notify_{sample}\n"));
        let dead = is("pushes{status=\"failed\"} 1") && is("pushes{status=\"success\"} 2");
        let empty = is("queue_pushes{state=\"due\"} 0") && is("queue_pushes{state=\"waiting\"} 0");
        (dead && empty && is("oldest_due_seconds 0")).then_some(())
    })
    .await;
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scraper_needs_the_token_and_an_administrator_does_not() {
    let token = "scrape-token-not-real";
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.metrics.token = token.to_owned())
        .start()
        .await;
    app.secrets.push(token.to_owned());
    scrape(&app.anonymous().with_token(token)).await;
    scrape(&app).await;
    app.anonymous().get("/metrics").await.expect(401);
    app.anonymous()
        .with_token("another")
        .get("/metrics")
        .await
        .expect(401);
    let (_, user) = app.user("lisi", "user").await;
    user.get("/metrics").await.expect(403);
    app.get("/api/v1/system/config").await.expect(200);
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_an_address_of_their_own_metrics_and_probes_are_open() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let app = TestApp::on(Backend::Sqlite)
        .config(|config| config.metrics.listen = Some(address))
        .start()
        .await;
    let apart = Api::new(address);
    scrape(&apart).await;
    apart.get("/healthz").await.expect(200);
    apart.get("/readyz").await.expect(200);
    apart.get("/api/v1/system/health").await.expect(404);
    app.get("/metrics").await.expect(404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_that_are_switched_off_are_not_there() {
    let app = TestApp::on(Backend::Sqlite)
        .config(|config| config.metrics.enabled = false)
        .start()
        .await;
    app.get("/metrics").await.expect(404);
    app.stop().await;
}
