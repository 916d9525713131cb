use push_notify_tests::TestApp;
use serde_json::{Map, Value, json};

/// 2026-01-19T14:30:00Z
pub const THEN: i64 = 1_768_833_000_000_000;
pub const SECOND: i64 = 1_000_000;
pub const HOUR: i64 = 3600 * SECOND;

/// A review as the pipeline leaves it, under the id of an event: one of a merge request, completed
/// without a fault. `fields` are columns with other values; null leaves one out.
pub async fn add(app: &TestApp, id: i64, repo_id: i64, fields: Value) {
    let mut row = json!({
        "kind": "merge_request", "head_sha": "9fceb02d0ae598e95dc970b74767f19372d61af8", "branch": "feature", "number": 42,
        "title": "feat: 新增登录功能", "author": "张三", "url": "https://github.com/company/backend-service/pull/42",
        "triggered_by": "webhook", "state": "completed", "attempts": 1, "run_at": THEN, "due_by": THEN + 900 * SECOND,
        "decision": "APPROVED", "score": 95, "summary": "没有发现问题。", "model": "test-model", "input_tokens": 2000,
        "output_tokens": 500, "created_at": THEN, "started_at": THEN + SECOND, "completed_at": THEN + 9_500_000,
    });
    let row = row.as_object_mut().expect("an object");
    row.extend(fields.as_object().cloned().unwrap_or_default());
    row.insert("id".to_owned(), json!(id));
    row.insert("repo_id".to_owned(), json!(repo_id));
    row.retain(|_, value| !value.is_null());
    insert(app, row).await;
}

async fn insert(app: &TestApp, row: &Map<String, Value>) {
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let places: Vec<String> = (1..=row.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "INSERT INTO reviews ({}) VALUES ({})",
        columns.join(", "),
        places.join(", ")
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for value in row.values() {
        query = match value {
            Value::Number(number) => query.bind(number.as_i64().expect("a whole number")),
            Value::String(text) => query.bind(text.clone()),
            // JSON columns are text.
            other => query.bind(other.to_string()),
        };
    }
    query
        .execute(app.server.app().db.write())
        .await
        .expect("the review is written");
}
