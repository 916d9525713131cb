//! What far sides answer and strangers write, at its largest, through the real plugins under their
//! real limits: nothing traps.

use push_notify_tests::{
    Backend, Delivery, DingTalk, Email, Receiver, Response, Robot, Security, Smtp, TestApp,
    push_body,
};
use serde_json::json;

/// Many tests share a machine, and what a call takes is measured by the clock.
const CPU_MS: u64 = 10_000;

async fn assert_nothing_trapped(app: &TestApp) {
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    for plugin in plugins.list() {
        assert_eq!(plugin["traps"], 0, "{plugin:#}");
        assert_eq!(plugin["state"], "active", "{plugin:#}");
    }
}

/// As large as an answer may be.
fn filled(start: &str, middle: &str, end: &str) -> String {
    let room = (10 << 20) - start.len() - end.len() - 1;
    format!("{start}{}{end}", middle.repeat(room / middle.len()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_far_side_answers_what_it_likes_and_breaks_no_channel() {
    let answers = [
        filled("[", "0,", "0]"),
        filled("[", "[],", "0]"),
        filled("", "[", ""),
        filled("{\"errcode\":[", "{},", "0]}"),
        filled("{\"errcode\":0,\"x\":[", "0,", "0]}"),
        filled("{\"errcode\":40035,\"errmsg\":\"", "x", "\"}"),
        filled("{\"errcode\":40035,\"errmsg\":\"", "\\n", "\"}"),
        filled("{\"errcode\":40035,\"errmsg\":\"", "\\u5b57", "\"}"),
        filled("{\"errcode\":\"", "1", "\"}"),
        filled("{\"errcode\":", "1", "}"),
        filled("{", "\"a\":0,", "\"errcode\":40035}"),
        filled("{\"errcode\":40035,\"errmsg\":", "{\"a\":", ""),
        filled("<html>", "&lt;", "</html>"),
        "\0".repeat(10 << 20),
        // The last one: it asks to be left alone for a long time.
        filled("{\"status\":1111,\"wait\":", "9", "}"),
    ];
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.delivery.breaker_after = 0;
            config.delivery.max_attempts = 1;
            config.plugins.cpu_ms = CPU_MS;
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    let far = Receiver::start().await;
    let target = Robot::at(&robot).with("api_url", far.url("")).target("far");
    app.target(target).await;
    for (index, answer) in answers.into_iter().enumerate() {
        let start = answer[..40].to_owned();
        far.then(Response::new(200, answer));
        let id = app.push(&repo, &format!("commit{index}")).await[0];
        let push = app.push_after(id, 1).await;
        let detail = &push["attempts"][0]["detail"];
        let detail = detail.as_str().unwrap_or_default();
        assert!(!detail.contains("the plugin"), "{start}: {detail}");
    }
    assert_nothing_trapped(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markdown_of_strangers_is_sent_however_it_is_nested() {
    const LENGTH: usize = 120_000;
    let line = |piece: &str| piece.repeat(LENGTH / piece.len());
    let bodies = [
        line(">"),
        line("> "),
        line("- "),
        line("* > 1. + "),
        line("1. "),
        line("["),
        line("!["),
        line("[a]("),
        line("*a_"),
        line("**a "),
        line("`a``b"),
        line("<"),
        line("|a|b\n|-|-\n"),
        line(">\n"),
        line("a\n=\n"),
        format!("{}a\n{}", "- ".repeat(32), "\n".repeat(LENGTH)),
        format!("{}a\n{}", ">".repeat(LENGTH / 2), "b\n".repeat(LENGTH / 4)),
        format!("{}|\n{}|\n{}", line("|a"), line("|-"), line("|\n")),
    ];
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.delivery.max_attempts = 1;
            config.plugins.cpu_ms = CPU_MS;
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Email::through(&smtp).target("list")).await;
    let robot = DingTalk::start().await;
    app.target(Robot::at(&robot).target("team")).await;
    for (index, body) in bodies.iter().enumerate() {
        let most = body.floor_char_boundary(60_000);
        for kind in ["email", "dingtalk"] {
            let template = json!({
                "name": format!("{kind} {index}"), "type": kind, "scene": "commit_notify", "is_default": true,
                "title": "{{.RepoName}}", "content": format!("{}\n\n{{{{.CommitMsg}}}}", &body[..most]),
            });
            app.post("/api/v1/templates", &template).await.expect(200);
        }
        let mut push = push_body(&format!("{index}"));
        push["commits"][0]["message"] = json!(body);
        push["commits"][0]["modified"] = json!([body]);
        push["head_commit"]["message"] = json!(body);
        let delivery = Delivery::new("push", &push);
        let answer = app.deliver(&repo, delivery).await.expect(200);
        for id in answer.data()["push_ids"].as_array().expect("pushes") {
            let id = id.as_i64().expect("an id");
            app.push_in_state(id, "delivered").await;
        }
    }
    assert_nothing_trapped(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_longest_names_that_anybody_can_push_are_events_and_no_traps() {
    const LENGTH: usize = 4 << 20;
    let long = |piece: &str| piece.repeat(LENGTH / piece.len());
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.plugins.cpu_ms = CPU_MS)
        .start()
        .await;
    let repo = app.repo("backend").await;
    // Twice as long when they are written in JSON.
    let half = |piece: &str| long(piece)[..LENGTH / 2].to_owned();
    let created = |name: String, kind: &str| {
        let mut body = push_body("aaa");
        body["ref"] = json!(name);
        body["ref_type"] = json!(kind);
        Delivery::new("create", &body)
    };
    let pushed = |field: &str, value: String| {
        let mut body = push_body("aaa");
        let place = field
            .split('/')
            .fold(&mut body, |at, key| match key.parse::<usize>() {
                Ok(index) => &mut at[index],
                Err(_) => &mut at[key],
            });
        *place = json!(value);
        Delivery::new("push", &body)
    };
    let deliveries = [
        // Nearly as long as a delivery may be.
        created("x".repeat(24 << 20), "tag"),
        created("\"".repeat(12 << 20), "tag"),
        created(long("字"), "tag"),
        created(half("\""), "tag"),
        created("v1".to_owned(), &long("x")),
        pushed("ref", format!("refs/heads/{}", long("x"))),
        pushed("ref", format!("refs/heads/{}", half("\\"))),
        pushed("after", long("1")),
        pushed("repository/full_name", format!("a/{}", long("x"))),
        pushed("repository/html_url", format!("https://a/{}", long("x"))),
        pushed("sender/login", long("x")),
        pushed("pusher/name", half("\n")),
        pushed("commits/0/message", half("\n")),
        pushed("commits/0/id", long("1")),
        pushed("commits/0/author/name", long("😀")),
        pushed("commits/0/modified/0", long("x/")),
        pushed("unknown", long("x")),
    ];
    for (index, delivery) in deliveries.into_iter().enumerate() {
        let answer = app.deliver(&repo, delivery).await;
        assert!(
            matches!(answer.status, 200 | 400),
            "{index}: {}",
            answer.text
        );
    }
    assert_nothing_trapped(&app).await;
    app.stop().await;
}
