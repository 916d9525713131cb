//! `make demo`: one signed GitHub push on its way to a DingTalk robot and a mailbox, against
//! stand-ins, step by step.

use anyhow::{Context as _, bail, ensure};
use push_notify_tests::{
    Backend, Delivery, DingTalk, Email, Robot, Security, Smtp, TestApp, push_body,
};
use serde_json::Value;
use std::time::{Duration, Instant};

const COMMIT: &str = "9c1f3c0a6d5f4c0e8a7b2d1e3f405162738495a6";
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(15);

/// Ends with status 1 when something was not delivered.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // In a task, so that a panic of the stand-ins ends like any other failure.
    tokio::spawn(demo()).await.context("the demo broke")?
}

async fn demo() -> anyhow::Result<()> {
    step("a DingTalk robot and a mail server that stand in for the real ones");
    let robot = DingTalk::start().await;
    let mail = Smtp::start(Security::Starttls).await;
    robot.then(DingTalk::errcode(-1, "system busy"));
    say(&format!(
        "robot  {} (it will refuse the first message: errcode -1)",
        robot.url("/robot/send")
    ));
    say(&format!("mail   smtp://{} (STARTTLS, login)", mail.address));

    step("the server, on SQLite in a temporary folder");
    let mut app = TestApp::start(Backend::Sqlite).await;
    say(&format!("listens on http://{}", app.server.address()));
    for plugin in app.get("/api/v1/plugins").await.expect(200).list() {
        say(&format!(
            "plugin {} {} ({}), {}",
            text(plugin, "id"),
            text(plugin, "version"),
            text(plugin, "kind"),
            text(plugin, "state")
        ));
    }

    step("a repository and two targets, by the admin API");
    let repo = app.repo("backend-service").await;
    say(&format!("repository {}: webhook {}", repo.id, repo.path));
    let robot_id = app.target(Robot::at(&robot).target("developers")).await;
    let mail_id = app
        .target(
            Email::through(&mail)
                .with("from_name", "Push Notify")
                .target("mailing list"),
        )
        .await;
    say(&format!(
        "target {robot_id}: DingTalk robot; target {mail_id}: mail to dev@example.com"
    ));

    step("a push, signed as GitHub does it");
    let delivery =
        Delivery::new("push", &push_body(COMMIT)).id("5d0b6a52-0000-4000-8000-000000000001");
    let forged = app
        .deliver(
            &repo,
            delivery.clone().signed_with("another-secret-not-real"),
        )
        .await;
    ensure!(
        forged.status == 401,
        "a forged delivery was answered {}",
        forged.status
    );
    say("with a wrong signature: 401");
    let first = app.deliver(&repo, delivery.clone()).await;
    ensure!(
        first.status == 200,
        "the delivery was answered {}: {}",
        first.status,
        first.text
    );
    say(&format!("with the right one: 200 {}", first.data()));
    let again = app.deliver(&repo, delivery).await;
    let same = again.data()["push_ids"] == first.data()["push_ids"];
    ensure!(
        same && again.data()["duplicate"] == true,
        "a redelivery made something new: {}",
        again.text
    );
    say("once more: 200, and the same pushes");

    step("what became of it");
    let ids = first.data()["push_ids"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    ensure!(ids.len() == 2, "there are {} pushes and not 2", ids.len());
    for id in ids.iter().filter_map(Value::as_i64) {
        report(&settled(&app, id).await?);
    }

    step("the message at the robot");
    let messages = robot.messages();
    ensure!(
        messages.len() == 2,
        "the robot saw {} requests and not 2",
        messages.len()
    );
    let markdown = &messages[1]["markdown"];
    say(&format!("title: {}", text(markdown, "title")));
    quote(text(markdown, "text"));

    step("the mail");
    let mails = mail.mails();
    ensure!(
        mails.len() == 1,
        "there are {} mails and not one",
        mails.len()
    );
    say(&format!(
        "envelope: {} to {}",
        mails[0].from,
        mails[0].to.join(", ")
    ));
    let parsed = mails[0].parse();
    for (name, value) in parsed.headers_raw() {
        say(&format!("{name}: {}", value.replace("\r\n", "").trim()));
    }
    say(&format!(
        "subject in clear: {}",
        parsed.subject().unwrap_or_default()
    ));
    let body = parsed.body_text(0).context("a mail without a text part")?;
    quote(&body);

    app.stop().await;
    println!("\nDelivered.");
    Ok(())
}

/// The push's record, when its state is final. Fails when that is anything but delivered.
async fn settled(app: &TestApp, id: i64) -> anyhow::Result<Value> {
    let started = Instant::now();
    loop {
        let push = app.push_detail(id).await;
        match text(&push, "state") {
            "delivered" => return Ok(push),
            "pending" if started.elapsed() < DELIVERY_TIMEOUT => {
                tokio::time::sleep(Duration::from_millis(20)).await
            }
            state => bail!("push {id} is {state}: {push:#}"),
        }
    }
}

fn report(push: &Value) {
    say(&format!(
        "push {} to {}: {}",
        push["id"],
        text(&push["target"], "name"),
        text(push, "state")
    ));
    for attempt in push["attempts"].as_array().into_iter().flatten() {
        let detail = attempt["detail"]
            .as_str()
            .map(|detail| format!(": {detail}"))
            .unwrap_or_default();
        say(&format!(
            "  attempt {} at {}, {} ms, {}{detail}",
            attempt["attempt"],
            text(attempt, "started_at"),
            attempt["duration_ms"],
            text(attempt, "outcome"),
        ));
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn step(title: &str) {
    println!("\n== {title}");
}

fn say(line: &str) {
    println!("   {line}");
}

fn quote(text: &str) {
    for line in text.trim_end().lines() {
        println!("   | {line}");
    }
}
