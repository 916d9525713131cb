use super::Ledger;
use crate::{
    calm::Watch,
    child::Role,
    far_side,
    load::Load,
    payload::payloads,
    place::Place,
    server::{Server, Settings},
    stat::Rounds,
    table::{Goal, Row, Table},
};
use anyhow::ensure;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
/// Of the healthy repository, for each of its targets: one black hole is among fifty.
const EVENTS: u64 = 300;
const HEALTHY: usize = 49;
const SENDS: u64 = EVENTS * HEALTHY as u64;
/// What the black hole has waiting before the first round: more than it may hold in memory.
const BACKLOG: u64 = 1_500;
const TRICKLE_PER_SECOND: u64 = 100;

/// What a channel that never answers costs the healthy ones: in each round once with a trickle of
/// events for the black hole, and once with the same trickle for a target that answers.
pub(crate) async fn black_hole(
    place: &Place,
    watch: &Watch,
    table: &mut Table,
) -> anyhow::Result<()> {
    let far = Role::start(far_side::ROLE).await?;
    let server = Server::start(place, Settings::default()).await?;
    let healthy = server
        .repo_with_targets("healthy", far.address, HEALTHY)
        .await?;
    let aside = server
        .repo_with_target("aside", far.address, far_side::ASIDE)
        .await?;
    let hole = server
        .repo_with_target("hole", far.address, far_side::NEVER)
        .await?;
    let load = |path: &str, connections, most| Load {
        address: server.address,
        path: path.to_owned(),
        payloads: Arc::new(payloads()),
        connections,
        most,
        time: Duration::from_secs(60),
    };
    server.explain(load(&hole.path, 16, BACKLOG).run().await)?;
    let mut ledger = Ledger::open(&server.database()).await?;
    let calm = watch.is_calm().await?;
    let main = load(&healthy.path, 16, EVENTS);
    let one = [load(&aside.path, 1, 1), load(&hole.path, 1, 1)];
    let (mut rates, mut p99s) = ([vec![], vec![]], [vec![], vec![]]);
    for round in 0..=ROUNDS {
        for (side, one) in one.iter().enumerate() {
            let trickle = tokio::spawn(trickle(one.clone()));
            let expected = far_side::count(far.address)? + SENDS;
            let started = Instant::now();
            let outcome = server.explain(main.run().await)?;
            ensure!(
                outcome.answered == EVENTS,
                "only {} webhooks were answered",
                outcome.answered
            );
            let settled = ledger.settled(&server, &healthy, &far, expected);
            settled.await?;
            let rate = SENDS as f64 / started.elapsed().as_secs_f64();
            trickle.abort();
            if round > 0 {
                rates[side].push(rate);
                p99s[side].push(Rounds::new(outcome.latencies_us).at(0.99));
            }
        }
    }
    let [without, with] = rates;
    let ratio = Rounds::ratio(&with, &without);
    let median = |values: &[f64]| Rounds::new(values.to_vec()).median();
    let measured = format!(
        "{:.0}/s; without one {:.0}/s",
        median(&with),
        median(&without)
    );
    let row = Row::new("49 healthy channels beside a black hole", measured);
    table.push(
        row.ratio(&ratio)
            .goal(Goal::AtLeast(0.95, "x"), &ratio, calm),
    );
    let [without, with] = p99s;
    let ratio = Rounds::ratio(&with, &without);
    let measured = format!(
        "{:.1} ms; without one {:.1} ms",
        median(&with) / 1e3,
        median(&without) / 1e3
    );
    let row = Row::new("their ack p99 at 16 conn.", measured);
    table.push(row.ratio(&ratio).goal(Goal::AtMost(1.2, "x"), &ratio, calm));
    Ok(())
}

/// One event at a time, evenly, until it is aborted.
async fn trickle(one: Load) {
    let mut ticks = tokio::time::interval(Duration::from_millis(1000 / TRICKLE_PER_SECOND));
    loop {
        ticks.tick().await;
        if let Err(error) = one.run().await {
            crate::say(&format!("a side event failed: {error:#}"));
            return;
        }
    }
}
