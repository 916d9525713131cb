//! `make demo`: a push, a pipeline that breaks and is mended, an alert and its end, and what a
//! source of no known kind has to say, on their way to six stand-ins.

mod chats;
mod story;

use anyhow::{Context as _, ensure};
use chats::Chats;
use push_notify_tests::{Answer, Backend, Repo, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// Where messages are changed in their place.
const CHANGING: [&str; 2] = ["Slack", "Telegram"];

/// Ends with status 1 when something was not delivered.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // In a task, so that a panic of the stand-ins ends like any other failure.
    tokio::spawn(demo()).await.context("the demo broke")?
}

async fn demo() -> anyhow::Result<()> {
    step("the server, on SQLite in a temporary folder");
    let mut app = TestApp::start(Backend::Sqlite).await;
    say(&format!("listens on http://{}", app.server.address()));
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    for kind in ["provider", "channel", "ai"] {
        let of_kind = plugins
            .list()
            .iter()
            .filter(|plugin| plugin["kind"] == kind);
        let ids: Vec<&str> = of_kind.map(|plugin| text(plugin, "id")).collect();
        say(&format!("{kind} plugins: {}", ids.join(", ")));
    }

    step("six targets, at stand-ins for the real ones, and three sources");
    let chats = Chats::start().await;
    for (name, id) in chats.targets(&mut app).await {
        let note = match name {
            "DingTalk" => ": it will refuse the first message",
            name if CHANGING.contains(&name) => ": what follows changes the first message",
            _ => "",
        };
        say(&format!("target {id} {name}{note}"));
    }
    let kinds = json!({"webhook_events": ["push", "pipeline"]});
    let code = app.repo_with("backend-service", kinds).await;
    let monitor = json!({"type": "alertmanager", "url": "https://alerts.example.com"});
    let monitor = app.repo_with("monitoring", monitor).await;
    let (mapping, report) = story::backup();
    let backup = json!({
        "type": "generic", "url": "https://backup.example.com", "config": {"mapping": mapping},
    });
    let backup = app.repo_with("backup", backup).await;

    step("a push, signed as GitHub does it");
    let delivery = story::push();
    let forged = delivery.clone().signed_with("another-secret-not-real");
    let forged = app.deliver(&code, forged).await;
    ensure!(
        forged.status == 401,
        "a forged delivery was answered {}",
        forged.status
    );
    say("with a wrong signature: 401");
    let first = app.deliver(&code, delivery.clone()).await;
    all_delivered(&app, "with the right one", &first).await?;
    let again = app.deliver(&code, delivery).await;
    let same = again.data()["push_ids"] == first.data()["push_ids"];
    ensure!(
        same && again.data()["duplicate"] == true,
        "a redelivery made something new: {}",
        again.text
    );
    say("once more: 200, and the same messages");
    latest(&chats)?;

    step("a pipeline breaks");
    let broken = app.deliver(&code, story::run("failure", 814)?).await;
    all_delivered(&app, "a run that failed", &broken).await?;
    let still = app.deliver(&code, story::run("failure", 815)?).await;
    ensure!(
        pushes(&still).is_empty(),
        "what is no news was told: {}",
        still.text
    );
    say("another run that failed: 200, and nobody is told what they know");
    latest(&chats)?;

    step("it is mended");
    let mended = app.deliver(&code, story::run("success", 816)?).await;
    all_delivered(&app, "a run that succeeded", &mended).await?;
    latest(&chats)?;

    step("an alert fires");
    let fired = bearing(&app, &monitor, &story::alert(false)).await;
    all_delivered(&app, "Alertmanager's webhook", &fired).await?;
    latest(&chats)?;

    step("and ends");
    let ended = bearing(&app, &monitor, &story::alert(true)).await;
    all_delivered(&app, "Alertmanager's webhook", &ended).await?;
    latest(&chats)?;

    step("JSON of a source of no known kind, by a mapping");
    say(&report.to_string());
    let told = bearing(&app, &backup, &report).await;
    all_delivered(&app, "the report", &told).await?;
    latest(&chats)?;

    step("what there is to read now");
    for (name, messages) in chats.seen()? {
        let edits: usize = messages.iter().map(|message| message.edits).sum();
        let (most, changed) = match CHANGING.contains(&name) {
            true => (4, 2),
            false => (6, 0),
        };
        let right = messages.len() == most && edits == changed;
        ensure!(
            right,
            "{name} has {} messages, changed {edits} times",
            messages.len()
        );
        let changes = match changed {
            0 => String::new(),
            _ => ": pipeline and alert are one each, changed when they ended".to_owned(),
        };
        say(&format!("{name:9} {most} messages{changes}"));
    }
    app.assert_nothing_leaked();
    app.stop().await;
    println!("\nDelivered.");
    Ok(())
}

/// Posts JSON with the webhook secret as a bearer token.
async fn bearing(app: &TestApp, repo: &Repo, body: &Value) -> Answer {
    let request = app.anonymous().request(Method::POST, &repo.path);
    let request = request.bearer_auth(&repo.secret).json(body);
    app.api.send(request).await
}

fn pushes(answer: &Answer) -> Vec<i64> {
    let ids = answer.data()["push_ids"].as_array().into_iter().flatten();
    ids.filter_map(Value::as_i64).collect()
}

/// Waits until all six messages of a delivery arrived, and reports who had to try again.
async fn all_delivered(app: &TestApp, what: &str, answer: &Answer) -> anyhow::Result<()> {
    ensure!(
        answer.status == 200,
        "{what} was answered {}: {}",
        answer.status,
        answer.text
    );
    let ids = pushes(answer);
    ensure!(
        ids.len() == 6,
        "{what}: {} messages and not 6: {}",
        ids.len(),
        answer.text
    );
    say(&format!("{what}: 200, {} messages", ids.len()));
    for id in ids {
        let push = settled(app, id).await?;
        let attempts = push["attempts"].as_array().map_or(0, Vec::len);
        if attempts > 1 {
            let name = text(&push["target"], "name");
            let why = text(&push["attempts"][0], "detail");
            say(&format!(
                "{name}: delivered at attempt {attempts}, after \"{why}\""
            ));
        }
    }
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
            state => anyhow::bail!("push {id} is {state}: {push:#}"),
        }
    }
}

/// The message that each reader has got or found changed.
fn latest(chats: &Chats) -> anyhow::Result<()> {
    for (name, messages) in chats.seen()? {
        let message = messages
            .last()
            .with_context(|| format!("{name} has no message"))?;
        let changed = match message.edits {
            0 => "",
            _ => ", in the place of the former",
        };
        println!("\n   {name}{changed}");
        for line in message.text.trim_end().lines() {
            println!("   | {line}");
        }
    }
    Ok(())
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
