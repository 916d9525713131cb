//! The counts and the queue that triggers keep, against the rows themselves.

use push_notify_tests::{Backend, Receiver, Response, TestApp, both, example_channel, until};
use serde_json::json;
use sqlx::{AnyPool, Row as _};
use std::collections::BTreeMap;

both!(
    counts_of_pushes_stay_right_under_a_mixed_load,
    counts_of_logs_stay_right
);

/// By what is counted. What is 0 throughout is left out.
type Counts = BTreeMap<String, Vec<i64>>;

/// What is kept, and what is counted now: read by one statement, so that nothing comes between. Its
/// rows are `kept` or `counted`, what is counted, and numbers.
async fn assert_same(pool: &AnyPool, sql: &'static str) -> Counts {
    let rows = sqlx::query(sql).fetch_all(pool).await.expect("counts");
    let of = |side: &str| -> Counts {
        let rows = rows.iter().filter(|row| row.get::<String, _>(0) == side);
        let named = rows.map(|row| {
            let numbers: Vec<i64> = (2..row.len()).map(|column| row.get(column)).collect();
            (row.get(1), numbers)
        });
        named
            .filter(|(_, numbers)| numbers.iter().any(|number| *number != 0))
            .collect()
    };
    assert_eq!(of("kept"), of("counted"));
    of("kept")
}

async fn assert_pushes_are_counted(pool: &AnyPool) -> Counts {
    assert_same(
        pool,
        "SELECT 'kept', part || ' ' || CAST(id AS TEXT), CAST(SUM(total) AS BIGINT), CAST(SUM(success) AS BIGINT),
            CAST(SUM(failed) AS BIGINT)
         FROM push_tallies GROUP BY part, id
         UNION ALL
         SELECT 'counted', k.part || ' ' || CAST(CASE k.part WHEN 'repo' THEN repo_id WHEN 'target' THEN target_id
                WHEN 'template' THEN template_id ELSE created_at / 900000000 END AS TEXT),
            COUNT(*), COUNT(CASE WHEN state = 'delivered' THEN 1 END),
            COUNT(CASE WHEN state NOT IN ('delivered', 'pending', 'parked') THEN 1 END)
         FROM pushes CROSS JOIN (SELECT 'repo' AS part UNION ALL SELECT 'target' UNION ALL SELECT 'template'
            UNION ALL SELECT 'quarter') k
         WHERE k.part <> 'template' OR template_id IS NOT NULL GROUP BY 1, 2
         UNION ALL
         SELECT 'kept', 'queue', COUNT(*), COALESCE(CAST(SUM(run_at % 1000000007) AS BIGINT), 0),
            COALESCE(CAST(SUM(attempts + COALESCE(lease, 0) % 1000000007) AS BIGINT), 0)
         FROM push_queue WHERE state IN ('pending', 'parked')
         UNION ALL
         SELECT 'counted', 'queue', COUNT(*), COALESCE(CAST(SUM(run_at % 1000000007) AS BIGINT), 0),
            COALESCE(CAST(SUM(attempts + COALESCE(lease, 0) % 1000000007) AS BIGINT), 0)
         FROM pushes WHERE state IN ('pending', 'parked')",
    )
    .await
}

/// Deliveries, refusals, retries and deletions at once; on PostgreSQL on two nodes, so that commits
/// overlap.
async fn counts_of_pushes_stay_right_under_a_mixed_load(on: Backend) {
    let receiver = Receiver::start().await;
    for _ in 0..20 {
        receiver.then(Response::json(400, &json!({})));
    }
    let mut app = TestApp::on(on)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .start()
        .await;
    let mut repos = Vec::new();
    for name in ["first", "second", "third"] {
        repos.push(app.repo(name).await);
    }
    for name in ["team", "others"] {
        let target =
            json!({"name": name, "type": "hook", "config": {"url": receiver.url("/hook")}});
        app.target(target).await;
    }
    let mut nodes = vec![];
    if on == Backend::Postgres {
        nodes.push(app.beside().start().await);
    }
    let apps: Vec<&TestApp> = std::iter::once(&app).chain(&nodes).collect();
    let deliver = async |node: usize| {
        let mut ids = Vec::new();
        for index in 0..30 {
            let app = apps[node % apps.len()];
            let repo = &repos[index % repos.len()];
            ids.extend(app.push(repo, &format!("commit{node}x{index}")).await);
        }
        ids
    };
    let (mut ids, more, third) = tokio::join!(deliver(0), deliver(1), deliver(2));
    ids.extend(more.into_iter().chain(third));
    let pool = app.server.app().db.read().clone();
    assert_pushes_are_counted(&pool).await;
    for id in &ids {
        until("the push to end", async || {
            let push = app.push_detail(*id).await;
            (push["status"] != "pending").then_some(())
        })
        .await;
    }
    let before = assert_pushes_are_counted(&pool).await;
    assert!(before.keys().any(|what| what.starts_with("template ")));
    let retry = async |ids: &[i64]| {
        let body = json!({ "push_ids": ids });
        app.post("/api/v1/pushes/batch-retry", &body)
            .await
            .expect(200)
    };
    let delete = async |ids: &[i64]| {
        let request = app
            .request(reqwest::Method::DELETE, "/api/v1/pushes/batch-delete")
            .json(&json!({ "push_ids": ids }));
        app.send(request).await.expect(200)
    };
    let (early, late) = ids.split_at(ids.len() / 2);
    let (retried, deleted, _) = tokio::join!(retry(early), delete(late), deliver(1));
    assert!(
        retried.data()["success"].as_i64() > Some(0),
        "{}",
        retried.text
    );
    assert_eq!(deleted.data()["success"], late.len());
    let after = assert_pushes_are_counted(&pool).await;
    assert_ne!(before, after);
    sqlx::query("DELETE FROM pushes")
        .execute(&pool)
        .await
        .expect("all are gone");
    assert_eq!(assert_pushes_are_counted(&pool).await, Counts::new());
    for node in nodes {
        node.stop().await;
    }
    app.stop().await;
}

async fn counts_of_logs_stay_right(on: Backend) {
    let app = TestApp::start(on).await;
    let pool = app.server.app().db.write().clone();
    let run = async |sql: &'static str| {
        sqlx::raw_sql(sql).execute(&pool).await.expect(sql);
    };
    run(
        "INSERT INTO system_logs (level, module, message, created_at)
         VALUES ('info', 'm', 'a', 1700000000000000), ('info', 'm', 'b', 1700000000000001),
            ('error', 'm', 'c', 1700000900000000), ('warn', 'm', 'd', 1700000000000000)",
    )
    .await;
    run("INSERT INTO ai_calls (model_id, purpose, input_summary, status, duration_ms, input_tokens, output_tokens, created_at)
         VALUES (1, 'verify', 'x', 'failed', 1, 1, 1, 1700000000000000), (1, 'verify', 'x', 'success', 1, 1, 1, 1700000000000000)")
    .await;
    run(
        "INSERT INTO operation_logs (username, action, object_type, detail, created_at)
         VALUES ('a', 'repo.create', 'repo', '', 1700000000000000)",
    )
    .await;
    run("DELETE FROM system_logs WHERE message IN ('b', 'c')").await;
    run("DELETE FROM ai_calls WHERE status = 'failed'").await;
    let kept = assert_same(
        &pool,
        "SELECT 'kept', log || ' ' || CAST(quarter AS TEXT) || ' ' || level, CAST(SUM(entries) AS BIGINT) FROM log_tallies
         GROUP BY log, quarter, level
         UNION ALL
         SELECT 'counted', log || ' ' || CAST(quarter AS TEXT) || ' ' || level, COUNT(*) FROM (
            SELECT 'system' AS log, created_at / 900000000 AS quarter, level FROM system_logs
            UNION ALL SELECT 'operation', created_at / 900000000, 'info' FROM operation_logs
            UNION ALL SELECT 'ai-call', created_at / 900000000, status FROM ai_calls
            UNION ALL SELECT 'system', -1, level FROM system_logs
            UNION ALL SELECT 'operation', -1, 'info' FROM operation_logs
            UNION ALL SELECT 'ai-call', -1, status FROM ai_calls) l
         GROUP BY log, quarter, level",
    );
    assert!(kept.await.len() >= 6);
    app.stop().await;
}
