//! On a database that is new nothing is known of its tables, and autovacuum, which finds it out,
//! does not come by: no statement of the road reads whole tables for that, or more of an index than
//! it needs.

use super::review::team::{Team, login, merge_request};
use push_notify_tests::{
    Backend, Delivery, DingTalk, OpenAi, Receiver, Repo, Response, Robot, TestApp, example_channel,
    until,
};
use serde_json::json;
use sqlx::{Connection as _, PgConnection, Row as _, postgres::PgRow};
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const EVENTS: usize = 400;
const SENDERS: usize = 8;
/// More than a minute, in which DingTalk's robots take so many messages.
const MINUTE: Duration = Duration::from_secs(61);
const OF_A_MINUTE: i64 = 18;

/// What PostgreSQL counted of a table.
#[derive(Debug)]
struct Table {
    name: String,
    inserted: i64,
    updated: i64,
    /// Of these, those that touched no index.
    updated_in_place: i64,
    read_by_scan: i64,
    read_by_index: i64,
}

/// What waits, retries, is merged, dies and is sent again, from empty tables to thousands of rows.
#[tokio::test(flavor = "multi_thread")]
async fn the_road_reads_no_whole_table_on_a_new_postgres() {
    let quick = Receiver::start().await;
    let seen = Mutex::new(HashSet::new());
    // Every other message at the second try.
    let flaky = Receiver::answering(move |request| {
        let id = request.header("idempotency-key").unwrap_or_default();
        let is_odd = id.bytes().last().is_some_and(|last| last % 2 == 1);
        let is_first = seen.lock().expect("no panic").insert(id.to_owned());
        match is_odd && is_first {
            true => Response::new(503, "later"),
            false => Response::json(200, &json!({})),
        }
    });
    let flaky = flaky.await;
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = is_mended.clone();
    let broken = Receiver::answering(move |_| match mended.load(Ordering::Relaxed) {
        true => Response::json(200, &json!({})),
        false => Response::new(400, "never"),
    });
    let broken = broken.await;
    let robot = DingTalk::start().await;

    let builder = TestApp::on(Backend::Postgres).config(|config| config.delivery.queue = 64);
    let builder = builder.plugin("hook", &example_channel(), &["http:${config.url}"]);
    let mut app = builder.start().await;
    forbid_autovacuum(&app).await;
    let repos = [app.repo("one").await, app.repo("two").await];
    for (name, receiver) in [("quick", &quick), ("flaky", &flaky), ("broken", &broken)] {
        let target =
            json!({"name": name, "type": "hook", "config": {"url": receiver.url("/hook")}});
        app.target(target).await;
    }
    let mut merging = Robot::at(&robot).target("team");
    merging["digest"] = json!({"enabled": true});
    app.target(merging).await;

    let app = Arc::new(app);
    deliver(&app, &repos).await;
    quick.wait_for(EVENTS).await;
    let waiting = async |most: i64| {
        until(&format!("at most {most} to wait"), async || {
            (total(&app, "pushes?status=pending").await <= most).then_some(())
        })
        .await;
    };
    // But for those that wait for the robot's rate: when its minute has passed they go out as few
    // messages.
    waiting(EVENTS as i64 - OF_A_MINUTE).await;
    app.advance(MINUTE);
    waiting(0).await;
    assert_eq!(total(&app, "dead-letters").await, EVENTS as i64);
    is_mended.store(true, Ordering::Relaxed);
    let replay = app.post("/api/v1/dead-letters/replay", &json!({})).await;
    let replay = replay.expect(202).data()["replay_id"].clone();
    until("the replay to end", async || {
        let answer = app.get(&format!("/api/v1/replays/{replay}")).await;
        (answer.data()["state"] == "completed").then_some(())
    })
    .await;
    waiting(0).await;
    assert_eq!(
        total(&app, "pushes?status=success").await,
        4 * EVENTS as i64
    );

    let app = Arc::into_inner(app).expect("the senders have ended");
    let tables = counted(app).await;
    let pushes = table(&tables, "pushes");
    assert!(pushes.inserted >= 5 * EVENTS as i64, "{pushes:?}");
    for table in &tables {
        // Less than its rows once, however often it was asked for some.
        assert!(table.read_by_scan < 100, "{table:#?}");
    }
    // An index that was not meant reads what a repository or a target ever had, for each of its
    // rows.
    for (name, most) in [
        ("pushes", 40),
        ("events", 40),
        ("push_queue", 40),
        ("push_attempts", 10),
    ] {
        let table = table(&tables, name);
        let each = table.read_by_index / table.inserted.max(1);
        assert!(each < most, "{each} for each row of {table:#?}");
    }
    assert!(
        pushes.updated_in_place * 5 > pushes.updated * 2,
        "most touch no index: {pushes:#?}"
    );
}

/// The queue of reviews is a table of its own.
#[tokio::test(flavor = "multi_thread")]
async fn reviews_read_no_whole_table_on_a_new_postgres() {
    const REVIEWS: u64 = 60;
    let team = Team::start(Backend::Postgres, json!({})).await;
    forbid_autovacuum(&team.app).await;
    let mut ids = Vec::new();
    for number in 1..=REVIEWS {
        let head = format!("{number:040}");
        team.host.merge_request(number, &head, vec![login()]);
        team.model.then(OpenAi::says("not what was asked for"));
        ids.push(team.deliver(merge_request(number, &head, "opened")).await.0);
    }
    for id in ids {
        team.ended(id).await;
    }
    for table in counted(team.app).await {
        assert!(table.read_by_scan < 100, "{table:#?}");
    }
}

/// Eight senders at a time, of which each sends every tenth delivery twice.
async fn deliver(app: &Arc<TestApp>, repos: &[Repo; 2]) {
    let senders = (0..SENDERS).map(|sender| {
        let (app, repo) = (app.clone(), repos[sender % 2].clone());
        tokio::spawn(async move {
            for index in (sender..EVENTS).step_by(SENDERS) {
                let delivery =
                    Delivery::push(&format!("commit{index:04}")).id(&format!("id-{index}"));
                app.deliver(&repo, delivery.clone()).await.expect(200);
                if index % 10 == 0 {
                    app.deliver(&repo, delivery).await.expect(200);
                }
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.expect("each is taken");
    }
}

async fn total(app: &TestApp, list: &str) -> i64 {
    let size = if list.contains('?') { "&" } else { "?" };
    let answer = app.get(&format!("/api/v1/{list}{size}size=1")).await;
    let answer = answer.expect(200);
    let total = &answer.data()["pagination"]["total"];
    total.as_i64().unwrap_or_else(|| panic!("{total}"))
}

/// As where it is switched off, or has not come by yet.
async fn forbid_autovacuum(app: &TestApp) {
    sqlx::raw_sql(
        "DO $$ DECLARE name TEXT; BEGIN
             FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                 EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
             END LOOP;
         END $$",
    )
    .execute(app.server.app().db.write())
    .await
    .expect("the tables are ours");
}

/// Stops the server: its sessions then tell what they did.
async fn counted(app: TestApp) -> Vec<Table> {
    let url = app.config.database.url.clone();
    app.server.stop().await;
    let mut connection = PgConnection::connect(&url).await.expect("it is there");
    // The committer's stay until the process ends, and tell only now and then.
    until("all sessions to be over", async || {
        let others: i64 = sqlx::query_scalar(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_one(&mut connection)
        .await
        .expect("a number");
        (others == 0).then_some(())
    })
    .await;
    let rows = sqlx::query(
        "SELECT relname::text, n_tup_ins, n_tup_upd, n_tup_hot_upd, seq_tup_read, COALESCE(idx_tup_fetch, 0)
         FROM pg_stat_user_tables WHERE relname <> '_sqlx_migrations' ORDER BY relname",
    )
    .fetch_all(&mut connection)
    .await
    .expect("counts");
    let table = |row: &PgRow| Table {
        name: row.get(0),
        inserted: row.get(1),
        updated: row.get(2),
        updated_in_place: row.get(3),
        read_by_scan: row.get(4),
        read_by_index: row.get(5),
    };
    let tables: Vec<Table> = rows.iter().map(table).collect();
    for table in &tables {
        println!("{table:?}");
    }
    tables
}

fn table<'a>(tables: &'a [Table], name: &str) -> &'a Table {
    let mut found = tables.iter().filter(|table| table.name == name);
    found.next().expect("a table")
}
