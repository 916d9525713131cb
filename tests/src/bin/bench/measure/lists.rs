mod logs;

use crate::{
    calm::Watch,
    place::Place,
    say,
    stat::Rounds,
    table::{Goal, Row, Table},
};
use anyhow::ensure;
use jiff::tz::TimeZone;
use push_notify::{
    owner::Sight,
    push::{
        Status,
        stats::Span,
        store::{self, Wanted},
    },
};
use push_notify_core::{
    clock::Clock,
    id::{RepoId, TargetId},
};
use push_notify_db::{Db, page::Page};
use sqlx::{AnyPool, Row as _};
use std::time::{Duration, Instant};

/// Pushes, and rows of the system log.
const ROWS: i64 = 1_000_000;
const REPOS: i64 = 50;
const TARGETS: i64 = 20;
/// The target that most of the failures are not of.
const HEALTHY: i64 = 7;
const NOW: i64 = 1_750_000_000_000_000;
/// How long it took until the rows were there: 30 days, at random times.
const PERIOD: i64 = 30 * 86_400_000_000;
/// What a list may take, in look-ups of one row.
const MOST: f64 = 50.0;
const ROUNDS: usize = 5;
/// A round's time is the median of its calls.
const CALLS: usize = 21;

/// Lists and statistics over a million rows on SQLite, against reading one row by its primary key
/// in the same run.
pub(crate) async fn lists(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let directory = place.directory()?;
    let config = push_notify_core::config::load(None)?;
    let db = Db::open(&config.database, directory.path(), &Clock::default()).await?;
    let started = Instant::now();
    fill(&db).await?;
    logs::fill(&db).await?;
    say(&format!("filled in {} s", started.elapsed().as_secs()));
    let calm = watch.is_calm().await?;
    let pool = db.read();
    let one = Wanted::default;
    let mut cases: Vec<(&str, Wanted, Page)> = Vec::new();
    let mut case = |what, wanted, number| {
        let page = Page {
            number,
            ..Page::first("p.created_at")
        };
        cases.push((what, wanted, page));
    };
    case("pushes, first page", one(), 1);
    case("pushes, page 50 000", one(), 50_000);
    case("pushes, last page", one(), 100_000);
    let repo_id = Some(RepoId::new(3));
    case("pushes of a repository", Wanted { repo_id, ..one() }, 1);
    let target_id = Some(TargetId::new(HEALTHY));
    case("pushes of a target", Wanted { target_id, ..one() }, 1);
    for (what, status) in [
        ("pushes delivered", Status::Success),
        ("pushes failed", Status::Failed),
        ("pushes waiting", Status::Pending),
    ] {
        let status = Some(status);
        case(what, Wanted { status, ..one() }, 1);
    }
    let status = Some(Status::Success);
    case(
        "pushes delivered, page 40 000",
        Wanted { status, ..one() },
        40_000,
    );
    let status = Some(Status::Failed);
    let wanted = Wanted {
        target_id,
        status,
        ..one()
    };
    case("pushes failed, of a target that rarely fails", wanted, 1);
    let status = Some(Status::Pending);
    let wanted = Wanted {
        repo_id,
        status,
        ..one()
    };
    case("pushes waiting, of a repository", wanted, 1);
    let from = Some(NOW - PERIOD / 2);
    let to = Some(NOW - PERIOD / 2 + 3_600_000_000);
    case("pushes of an hour", Wanted { from, to, ..one() }, 1);
    let to = Some(NOW - PERIOD / 4);
    case(
        "pushes of a week (counted to 10 000)",
        Wanted { from, to, ..one() },
        1,
    );

    let lookup = async || by_key(pool).await;
    let base = Timed::of(lookup).await?;
    table.push(Row::new(
        format!("a row of {ROWS} by its primary key, SQLite"),
        format!("{:.0} us", base.median_us()),
    ));
    let mut judge = |what: &str, timed: Timed, goal: bool| {
        let ratio = Rounds::ratio(&timed.0, &base.0);
        let row = Row::new(what, format!("{:.0} us", timed.median_us())).ratio(&ratio);
        table.push(match goal {
            true => row.goal(Goal::AtMost(MOST, "x"), &ratio, calm),
            false => row,
        });
    };
    for (what, wanted, page) in &cases {
        let timed = Timed::of(async || {
            let (entries, total) = store::list(&db, wanted, page).await?;
            ensure!(!entries.is_empty() && total.count > 0, "nothing is listed");
            Ok(())
        });
        judge(what, timed.await?, true);
    }
    let zone = TimeZone::get("Asia/Shanghai")?;
    let timed = Timed::of(async || {
        let span = Span::new(&zone, NOW, None, None)?;
        let counts = store::by_day(&db, &span.days, Sight::All).await?;
        let report = span.report(&counts);
        ensure!(report.this_month.pushes.total > 0, "{report:?}");
        Ok(())
    });
    judge("statistics of pushes", timed.await?, true);
    for (what, timed) in logs::measure(&db, &zone).await? {
        judge(what, timed, true);
    }
    let wanted = Wanted {
        keyword: Some("needle".to_owned()),
        ..one()
    };
    let started = Instant::now();
    store::list(&db, &wanted, &Page::first("p.created_at")).await?;
    judge(
        "search for a rare word, once",
        Timed(vec![started.elapsed().as_secs_f64(); ROUNDS]),
        false,
    );
    table.note(format!(
        "lists: {ROWS} pushes of {REPOS} repositories and {TARGETS} targets over 30 days, as many log rows and a fifth of operations; 5 % of the pushes failed, 2 % of the log are errors"
    ));
    db.close().await;
    Ok(())
}

/// Seconds, of each round.
struct Timed(Vec<f64>);

impl Timed {
    async fn of(call: impl AsyncFn() -> anyhow::Result<()>) -> anyhow::Result<Self> {
        let mut rounds = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let mut calls = Vec::with_capacity(CALLS);
            for _ in 0..CALLS {
                let started = Instant::now();
                call().await?;
                calls.push(started.elapsed().as_secs_f64());
            }
            rounds.push(Rounds::new(calls).median());
        }
        Ok(Self(rounds))
    }

    fn median_us(&self) -> f64 {
        Duration::from_secs_f64(Rounds::new(self.0.iter().copied()).median()).as_secs_f64() * 1e6
    }
}

async fn by_key(pool: &AnyPool) -> anyhow::Result<()> {
    let row = sqlx::query("SELECT id, state, commit_msg, created_at FROM pushes WHERE id = $1")
        .bind(ROWS / 2)
        .fetch_one(pool)
        .await?;
    ensure!(row.try_get::<i64, _>("id")? == ROWS / 2);
    Ok(())
}

/// As the server would leave it: every push had its triggers, 5 % failed, a few wait. Columns as
/// wide as usual.
async fn fill(db: &Db) -> anyhow::Result<()> {
    const BATCH: i64 = 50_000;
    for from in (1..=ROWS).step_by(BATCH as usize) {
        let mut transaction = db.begin().await?;
        sqlx::query(
            "WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             INSERT INTO pushes (id, event_id, repo_id, target_id, template_id, scene, commit_id, commit_msg, state,
                reason, attempts, run_at, title, body, pushed_at, created_at)
             SELECT i, i, 1 + i * 7919 % $3, 1 + i / 3 % $4, 1, 'commit_notify', hex(randomblob(20)),
                'fix: the ' || hex(randomblob(12)) || ' of the orchard',
                CASE WHEN i > $5 - 400 THEN 'pending' WHEN i / 3 % $4 = $6 AND i % 1000 <> 0 THEN 'delivered'
                    WHEN i % 20 = 0 THEN 'failed' ELSE 'delivered' END,
                NULL, 1, $7 - ($5 - i) * ($8 / $5), 'a title of the usual length', hex(randomblob(200)),
                $7 - ($5 - i) * ($8 / $5), $7 - ($5 - i) * ($8 / $5)
             FROM n",
        )
        .bind(from)
        .bind(from + BATCH - 1)
        .bind(REPOS)
        .bind(TARGETS)
        .bind(ROWS)
        .bind(HEALTHY - 1)
        .bind(NOW)
        .bind(PERIOD)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
    }
    Ok(())
}
