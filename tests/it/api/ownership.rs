//! Whose things are whose: what users see, what they may change, and how things change hands.

mod giving;
mod limits;
mod sight;

use push_notify_core::config::Visibility;
use push_notify_tests::{Answer, Api, Backend, DingTalk, Robot, TestApp};
use serde_json::{Value, json};

async fn seeing(on: Backend, visibility: Visibility) -> TestApp {
    TestApp::on(on)
        .config(|config| config.auth.visibility = visibility)
        .start()
        .await
}

/// A repository, target, template and prompt of `by`, with an event, a dead letter, a review and a
/// replay.
struct Things {
    repo: i64,
    target: i64,
    template: i64,
    prompt: i64,
    event: i64,
    replay: i64,
}

fn repo_body(name: &str) -> Value {
    json!({"name": name, "url": format!("https://github.com/company/{name}"), "type": "github"})
}

async fn make(by: &Api, path: &str, body: Value) -> i64 {
    let path = format!("/api/v1/{path}");
    by.unrecorded().post(&path, &body).await.expect(200).id()
}

impl Things {
    async fn of(app: &TestApp, by: &Api, robot: &DingTalk, name: &str, number: i64) -> Self {
        let repo = make(by, "repos", repo_body(name)).await;
        let mut target = Robot::at(robot).target(name);
        target["scope"] = json!("repo");
        target["repo_ids"] = json!([repo]);
        let template = json!({
            "name": name, "type": "dingtalk", "scene": "commit_notify", "title": "x", "content": "{{.CommitMsg}}",
        });
        let prompt =
            json!({"name": name, "type": "codeview", "content": "Review {{.DiffContent}}"});
        let mut things = Self {
            repo,
            target: make(by, "targets", target).await,
            template: make(by, "templates", template).await,
            prompt: make(by, "prompts", prompt).await,
            event: 1000 + number,
            replay: 0,
        };
        things.replay = record(app, things.event, repo, things.target).await;
        things
    }

    fn paths(&self) -> Vec<String> {
        vec![
            format!("repos/{}", self.repo),
            format!("repos/{}/targets", self.repo),
            format!("targets/{}", self.target),
            format!("templates/{}", self.template),
            format!("templates/{}/versions", self.template),
            format!("prompts/{}", self.prompt),
            format!("prompts/{}/export", self.prompt),
            format!("events/{}", self.event),
            format!("pushes/{}", self.event),
            format!("reviews/{}", self.event),
            format!("replays/{}", self.replay),
        ]
    }
}

/// An event with a dead letter, a review, both under its id, a call of a model and a replay, whose
/// id is returned.
pub async fn record(app: &TestApp, event: i64, repo: i64, target: i64) -> i64 {
    let now = app.server.app().clock.now_us();
    let pool = app.server.app().db.write();
    for sql in [
        "INSERT INTO events (id, repo_id, uid, state, delivery_key, headers, body, received_at)
         VALUES ($1, $2, 'made up', 'accepted', 'made up', '', '', $4)",
        "INSERT INTO subjects (id, repo_id, key, kind, event_count, first_at, last_at)
         VALUES ($1, $2, 'made up', 'issue', 1, $4, $4)",
        "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, reason, attempts, run_at,
            created_at)
         VALUES ($1, $1, $2, $3, 'commit_notify', '', 'made up', 'failed', 'no answer', 3, $4, $4)",
        "INSERT INTO reviews (id, repo_id, kind, head_sha, triggered_by, state, attempts, run_at, due_by, created_at)
         VALUES ($1, $2, 'push', 'abc', 'webhook', 'completed', 1, $4, $4, $4)",
        "INSERT INTO ai_calls (model_id, repo_id, event_id, purpose, input_summary, status, duration_ms, input_tokens,
            output_tokens, created_at)
         VALUES (1, $2, $1, 'review', '', 'success', 5, 10, 20, $4)",
    ] {
        // Each statement names all values, so that one way of binding serves all.
        let sql = format!("{sql} RETURNING CAST($3 AS BIGINT)");
        sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql))
            .bind(event)
            .bind(repo)
            .bind(target)
            .bind(now)
            .fetch_one(pool)
            .await
            .expect("a row");
    }
    sqlx::query_scalar(
        "INSERT INTO replays (kind, state, selection, event_id, matched, replayed, skipped, mark_at, mark_id, run_at, username,
            created_at)
         VALUES ('event', 'completed', '{}', $1, 1, 1, 0, 0, 0, $2, 'admin', $2) RETURNING id",
    )
    .bind(event)
    .bind(now)
    .fetch_one(pool)
    .await
    .expect("a replay")
}

/// Of a list, the ids.
fn ids(answer: &Answer) -> Vec<i64> {
    let ids = answer.list().iter().map(|entry| entry["id"].as_i64());
    ids.map(Option::unwrap_or_default).collect()
}
