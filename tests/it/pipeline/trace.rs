//! A webhook is one trace, from its receipt to each delivery, for whoever runs a collector of
//! OpenTelemetry.

use super::review::team::{HEAD, Team, login, merge_request, reply};
use push_notify_tests::{
    Api, Backend, Collector, Delivery, DingTalk, OpenAi, Receiver, Response, Robot, SeenSpan, Site,
    TestApp, both, until,
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

both!(
    a_webhook_is_one_trace_to_each_attempt_at_each_delivery,
    a_trace_goes_on_after_a_kill,
    a_review_is_part_of_its_events_trace,
);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

async fn traced(on: Backend, collector: &Collector) -> TestApp {
    TestApp::on(on)
        .config(|config| config.otel.endpoint = collector.endpoint())
        .start()
        .await
}

fn named<'a>(spans: &'a [SeenSpan], name: &str) -> Vec<&'a SeenSpan> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// Panics when the spans are not of one trace, or hang on something that is not there.
#[track_caller]
fn one_trace(spans: &[SeenSpan]) -> &SeenSpan {
    let roots = named(spans, "receive");
    assert_eq!(roots.len(), 1, "{spans:#?}");
    for span in spans {
        assert_eq!(span.trace, roots[0].trace, "{span:#?}");
        let is_root = span.id == roots[0].id;
        let has_parent = spans.iter().any(|other| other.id == span.parent);
        assert!(is_root || has_parent, "{span:#?}");
    }
    roots[0]
}

async fn a_webhook_is_one_trace_to_each_attempt_at_each_delivery(on: Backend) {
    let collector = Collector::start().await;
    let mut app = traced(on, &collector).await;
    let repo = app.repo("backend").await;
    let robots = [DingTalk::start().await, DingTalk::start().await];
    robots[1].then(Response::new(503, "closed for lunch"));
    for (index, robot) in robots.iter().enumerate() {
        app.target(Robot::at(robot).target(&format!("team{index}")))
            .await;
    }
    let ids = app.push(&repo, "aaa").await;
    for id in &ids {
        app.push_in_state(*id, "delivered").await;
    }
    let spans = collector.with("deliver", 3).await;
    let root = one_trace(&spans);
    assert_eq!(root.parent, "");
    assert_eq!(root.attributes["outcome"], "accepted");
    assert_eq!(root.resource["service.name"], "push-notify");
    assert_eq!(named(&spans, "authenticate")[0].parent, root.id);
    let mut attempts = Vec::new();
    for span in named(&spans, "deliver") {
        assert_eq!(span.parent, root.id, "a delivery belongs to its event");
        assert!(
            spans
                .iter()
                .any(|other| other.name == "send" && other.parent == span.id)
        );
        assert_eq!(span.failed, span.attributes["outcome"] == "retry");
        let attribute = |name: &str| span.attributes[name].clone();
        attempts.push((
            attribute("push.id"),
            attribute("attempt"),
            attribute("outcome"),
        ));
    }
    attempts.sort();
    let told = |id: i64, attempt: &str, outcome: &str| {
        (id.to_string(), attempt.to_owned(), outcome.to_owned())
    };
    let expected = [
        told(ids[0], "1", "delivered"),
        told(ids[1], "1", "retry"),
        told(ids[1], "2", "delivered"),
    ];
    assert_eq!(attempts, expected);
    let said = format!("{spans:?}");
    for secret in &app.secrets {
        assert!(!said.contains(secret.as_str()), "{said}");
    }
    for request in robots.iter().flat_map(|robot| robot.requests()) {
        assert_eq!(request.header("traceparent"), None, "ids stay with us");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callers_trace_is_gone_on_with_when_the_delivery_is_authentic() {
    let collector = Collector::start().await;
    let mut app = traced(Backend::Sqlite, &collector).await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    app.target(Robot::at(&robot).target("team")).await;
    let forged = Delivery::push("evil").signed_with("not-the-secret");
    let forged = forged.header("traceparent", CALLER);
    app.deliver(&repo, forged).await.expect(401);
    let delivery = Delivery::push("aaa").header("traceparent", CALLER);
    app.deliver(&repo, delivery).await.expect(200);
    let quiet = format!("{}00", &CALLER[..53]);
    let delivery = Delivery::push("bbb").header("traceparent", &quiet);
    app.deliver(&repo, delivery).await.expect(200);
    robot.wait_for(2).await;
    // What was made until then is sent when the server stops.
    app.stop().await;
    let spans = collector.spans();
    let root = one_trace(&spans);
    let ids: Vec<&str> = CALLER.split('-').collect();
    assert_eq!(
        (root.trace.as_str(), root.parent.as_str()),
        (ids[1], ids[2])
    );
    assert_eq!(named(&spans, "deliver").len(), 1);
}

async fn a_trace_goes_on_after_a_kill(on: Backend) {
    let collector = Collector::start().await;
    let open = Arc::new(AtomicBool::new(false));
    let is_open = open.clone();
    let receiver = Receiver::answering(move |_| match is_open.load(Relaxed) {
        true => Response::json(200, &json!({})),
        false => Response::new(503, "closed for lunch"),
    })
    .await;
    let settings = format!(
        r#"
        [auth]
        admin_password = "Admin-not-real-1"
        [delivery]
        backoff_base_ms = 500
        backoff_cap_ms = 500
        breaker_after = 0
        [otel]
        endpoint = "{}"
        "#,
        collector.endpoint()
    );
    let site = Site::new(on, BINARY, &settings).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address)
        .login("admin", "Admin-not-real-1")
        .await;
    let secret = "webhook-secret-not-real";
    let repo = json!({
        "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
        "webhook_secret": secret,
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    let target = json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/")}});
    admin.post("/api/v1/targets", &target).await.expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let path = url.find("/webhook/").map(|at| &url[at..]).expect("a path");
    let request = admin.anonymous().request(reqwest::Method::POST, path);
    let delivery = Delivery::push("aaa").onto(request, secret);
    admin.send(delivery).await.expect(200);
    collector.with("deliver", 1).await;
    node.kill().await;

    open.store(true, Relaxed);
    let mut node = site.start().await;
    let spans = until("the delivery", async || {
        let spans = collector.spans();
        let is_delivered =
            |span: &SeenSpan| span.name == "deliver" && span.attributes["outcome"] == "delivered";
        spans.iter().any(is_delivered).then_some(spans)
    })
    .await;
    let root = named(&spans, "receive")[0];
    assert!(
        spans.iter().all(|span| span.trace == root.trace),
        "{spans:#?}"
    );
    for span in named(&spans, "deliver") {
        assert_eq!(span.parent, root.id);
    }
    node.kill().await;
}

async fn a_review_is_part_of_its_events_trace(on: Backend) {
    let collector = Collector::start().await;
    let endpoint = collector.endpoint();
    let review = json!({"on": ["merge_request"], "publish": ["summary"]});
    let team = Team::with(on, review, |config| config.otel.endpoint = endpoint).await;
    team.host.merge_request(1, HEAD, vec![login()]);
    let said = reply("APPROVED", 90, json!([])).to_string();
    team.model.then(OpenAi::says(&said));
    let (event, push) = team.deliver(merge_request(1, HEAD, "opened")).await;
    team.ended(event).await;
    team.published(event).await;
    team.app.push_in_state(push, "delivered").await;
    for name in ["review", "publish"] {
        collector.with(name, 1).await;
    }
    let spans = collector.with("deliver", 1).await;
    let root = one_trace(&spans);
    for name in ["review", "publish", "deliver"] {
        assert_eq!(named(&spans, name)[0].parent, root.id, "{name}");
    }
    let review = named(&spans, "review")[0];
    for name in ["gather", "ask", "settle"] {
        assert_eq!(named(&spans, name)[0].parent, review.id, "{name}");
    }
    assert_eq!(named(&spans, "ask")[0].attributes["plugin"], "openai");
    team.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_holds_up_nothing() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.otel.endpoint = "http://127.0.0.1:1".to_owned())
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    until("spans to be thrown away", async || {
        let page = app.get("/metrics").await.expect(200).text;
        let dropped = "push_notify_dropped_spans_total ";
        let line = page.lines().find_map(|line| line.strip_prefix(dropped))?;
        (line != "0").then_some(())
    })
    .await;
    let stopping = tokio::time::timeout(Duration::from_secs(15), app.stop());
    stopping.await.expect("it does not wait for the collector");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_collectors_token_goes_to_no_other_address() {
    let elsewhere = Receiver::start().await;
    let other = elsewhere.url("/v1/traces");
    let collector =
        Receiver::answering(move |_| Response::new(307, "").header("Location", other.clone()))
            .await;
    let token = (
        "Authorization".to_owned(),
        "Bearer test-not-real".to_owned(),
    );
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.otel.endpoint = collector.url("");
            config.otel.headers.extend([token]);
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.push(&repo, "aaa").await;
    collector.wait_for(1).await;
    let request = &collector.requests()[0];
    assert_eq!(
        request.header("authorization"),
        Some("Bearer test-not-real")
    );
    // A stop waits for what is being exported.
    app.stop().await;
    assert_eq!(elsewhere.count(), 0);
}
