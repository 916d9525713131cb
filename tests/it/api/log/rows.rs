use push_notify::log::{
    ai_call::{self, Call, Outcome},
    system::{self, Level, Line},
};
use push_notify_core::id::{ModelId, RepoId};
use push_notify_tests::TestApp;

/// 2026-01-19T14:30:00Z
pub const THEN: i64 = 1_768_833_000_000_000;
pub const MINUTE: i64 = 60_000_000;
pub const DAY: i64 = 86_400_000_000;

pub fn line(level: Level, message: &str, created_at: i64) -> Line {
    Line {
        level,
        module: "pipeline".to_owned(),
        message: message.to_owned(),
        detail: None,
        request_id: None,
        client_ip: None,
        created_at,
    }
}

pub async fn add_lines(app: &TestApp, lines: &[Line]) {
    system::store::insert(&app.server.app().db, lines)
        .await
        .expect("the lines are written");
}

pub async fn add_call(app: &TestApp, model_id: i64, outcome: Outcome, created_at: i64) -> i64 {
    let mut connection = app.server.app().db.writer().await.expect("a connection");
    let call = Call {
        model_id: ModelId::new(model_id),
        repo_id: Some(RepoId::new(1)),
        event_id: None,
        purpose: "review",
        input_summary: "CODEVIEW: main.go".to_owned(),
        outcome,
        duration_ms: 2500,
        input_tokens: 1200,
        output_tokens: 300,
        request_id: Some("req-call".to_owned()),
        created_at,
    };
    ai_call::insert(&mut connection, &call)
        .await
        .expect("the call is written")
        .get()
}

pub fn done() -> Outcome {
    Outcome::Success {
        summary: "looks good".to_owned(),
    }
}

pub fn failed(reason: &str) -> Outcome {
    Outcome::Failed {
        reason: reason.to_owned(),
    }
}
