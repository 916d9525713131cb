use super::rows::{MINUTE, THEN, add_call, add_lines, done, failed, line};
use push_notify::log::system::{Level, Line};
use push_notify_tests::{Answer, Api, Backend, Site, TestApp, both};
use serde_json::Value;
use sqlx::Connection as _;

both!(
    a_file_has_exactly_the_rows_of_its_range,
    a_file_for_spreadsheets_runs_nothing,
    every_log_is_exported,
);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
/// Of the large export.
const ROWS: usize = 160_000;

async fn a_file_has_exactly_the_rows_of_its_range(on: Backend) {
    let app = TestApp::start(on).await;
    // Many at the same moment, more than are read at once; and the ends of the range.
    let mut lines: Vec<Line> = (0..700)
        .map(|number| line(Level::Info, &format!("row {number}"), THEN))
        .collect();
    lines.push(line(Level::Info, "before", THEN - 1));
    lines.push(line(Level::Info, "last", THEN + MINUTE));
    lines.push(line(Level::Info, "after", THEN + MINUTE + 1));
    add_lines(&app, &lines).await;
    let answer = export(&app, "system", "json").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"system-logs.json\""
    );
    let rows = answer.json.as_array().expect("one array");
    assert_eq!(rows.len(), 701);
    for (number, row) in rows[..700].iter().enumerate() {
        assert_eq!(row["message"], format!("row {number}"));
    }
    assert_eq!(rows[700]["message"], "last");

    let listed = app
        .get("/api/v1/logs/system?sort=id&order=asc&size=1")
        .await
        .expect(200);
    assert_eq!(rows[0], listed.data()["list"][0], "as in the list");
    let exported = app
        .get("/api/v1/logs/operations?action=log.export")
        .await
        .expect(200);
    assert_eq!(exported.data()["list"][0]["object_name"], "system");
    app.stop().await;
}

async fn a_file_for_spreadsheets_runs_nothing(on: Backend) {
    let app = TestApp::start(on).await;
    let messages = [
        "=HYPERLINK(\"https://example.com\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "two\nlines, \"quoted\"",
        "普通",
        "x;=1",
    ];
    let lines = messages.map(|message| line(Level::Error, message, THEN));
    add_lines(&app, &lines).await;
    let answer = export(&app, "system", "csv").await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let text = answer.text.strip_prefix('\u{feff}').unwrap_or(&answer.text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader
        .headers()
        .expect("a head")
        .iter()
        .map(str::to_owned)
        .collect();
    let column = head.iter().position(|name| name == "message");
    let cells: Vec<String> = reader
        .records()
        .map(|record| record.expect("a row")[column.expect("a column")].to_owned())
        .collect();
    let expected = messages.map(|message| match message.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{message}"),
        _ => message.replace(";=", ";'="),
    });
    assert_eq!(cells, expected);
    app.stop().await;
}

async fn every_log_is_exported(on: Backend) {
    let mut app = TestApp::start(on).await;
    add_call(&app, 1, done(), THEN).await;
    add_call(&app, 1, failed("quota"), THEN).await;
    app.repo("backend").await;
    let calls = export(&app, "ai-call", "json").await;
    assert_eq!(calls.json[1]["error"], "quota");
    assert_eq!(calls.json.as_array().map(Vec::len), Some(2));
    let path = "/api/v1/logs/export?type=operation&start_time=2026-01-01T00:00:00Z&end_time=2100-01-01T00:00:00Z";
    let operations = app.get(path).await.expect(200);
    assert!(operations.text.contains("Created repository: backend"));
    let nothing = export(&app, "operation", "json").await;
    assert_eq!(nothing.json, Value::Array(Vec::new()));
    app.stop().await;
}

/// Of the minute after `THEN`.
async fn export(app: &TestApp, log: &str, format: &str) -> Answer {
    let path = format!(
        "/api/v1/logs/export?type={log}&format={format}&start_time=2026-01-19T14:30:00Z&end_time=2026-01-19T14:31:00Z"
    );
    app.get(&path).await.expect(200)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_export_takes_no_more_memory_than_a_small_one() {
    let settings = format!("[auth]\nadmin_password = \"{PASSWORD}\"\n");
    let site = Site::new(Backend::Sqlite, BINARY, &settings).await;
    // Each connection of SQLite has a cache of its own: with one, what is left is the export's.
    let config = std::fs::read_to_string(&site.config).expect("the settings");
    let config = config.replace("[database]", "[database]\nconnections = 1");
    std::fs::write(&site.config, config).expect("it is written");
    let mut node = site.start().await;
    fill(&site, ROWS).await;
    let (api, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let small = "/api/v1/logs/export?type=system&start_time=2026-01-19T14:30:00Z&end_time=2026-01-19T14:30:01Z";
    api.get(small).await.expect(200);
    let before = node.peak_kib();
    let large = "/api/v1/logs/export?type=system&start_time=2026-01-19T14:30:00Z&end_time=2026-01-20T00:00:00Z";
    let request = api.request(reqwest::Method::GET, large);
    let mut response = request.send().await.expect("the server answers");
    assert_eq!(response.status(), 200);
    let (mut bytes, mut rows) = (0, 0);
    while let Some(chunk) = response.chunk().await.expect("it is not cut off") {
        bytes += chunk.len();
        rows += chunk.iter().filter(|byte| **byte == b'\n').count();
    }
    assert_eq!(rows, ROWS + 1, "the head and each row");
    let growth = node.peak_kib() - before;
    println!("{bytes} bytes, memory grew by {growth} KiB");
    assert!(bytes > 40 << 20, "{bytes}");
    assert!(growth < 14 << 10, "{growth} KiB for {bytes} bytes");
    node.terminate().await;
}

/// Writes rows past the server, a millisecond apart.
async fn fill(site: &Site, rows: usize) {
    let mut connection = sqlx::SqliteConnection::connect(site.database_url())
        .await
        .expect("the database");
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {rows})
         INSERT INTO system_logs (level, module, message, detail, created_at)
         SELECT 'info', 'pipeline', 'row ' || i || hex(zeroblob(100)), '{{\"n\":' || i || '}}', {THEN} + i * 1000 FROM n"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("the rows are written");
    connection.close().await.expect("it closes");
}
