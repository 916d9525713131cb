mod team;

use crate::{
    calm::Watch,
    load::Load,
    payload::Payload,
    place::Place,
    say,
    stat::Rounds,
    table::{Row, Table},
};
use anyhow::ensure;
use push_notify_tests::OpenAi;
use std::time::{Duration, Instant};
use team::{Team, reply};

const ROUNDS: usize = 5;
/// Of one round.
const REVIEWS: usize = 400;
const EVENTS: usize = 2_000;
/// Reviews at the same time.
const AT_ONCE: usize = 16;
/// Of one merge request: files, and bytes of each one's diff.
const FILES: usize = 5;
const DIFF: usize = 2 << 10;

/// The same where memory is looked at.
const HELD: usize = 100;
const HELD_AT_ONCE: usize = 128;
const HELD_FILES: usize = 20;
const HELD_DIFF: usize = 10 << 10;
/// How long the model takes then: longer than it takes until all reviews have asked.
const THINKS: Duration = Duration::from_secs(4);
/// More than a review asks it.
const MOST_QUESTIONS: usize = 12;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What a review costs besides the model's own time: the host and the model of these answer at
/// once.
pub(crate) async fn review(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    rate(place, watch, table).await?;
    memory(place, table).await
}

/// From the webhook of a merge request to its message and to what the host shows, against the same
/// webhook without a review.
async fn rate(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let mut team = Team::start(place, AT_ONCE).await?;
    let mut with = Figures::default();
    let mut without = Figures::default();
    // The figures have no goal; the notes below the table say how calm it was.
    watch.is_calm().await?;
    for round in 0..=ROUNDS {
        let questions = team.model.count();
        for _ in 0..REVIEWS {
            team.model.then(OpenAi::says(&reply()));
        }
        let load = team.open(REVIEWS, FILES, DIFF);
        let reviewed = Figures::of(&mut team, &load).await?;
        let asked = team.model.count() - questions;
        ensure!(asked == REVIEWS, "{REVIEWS} reviews asked {asked} times");
        let load = team.without_review(EVENTS);
        let plain = Figures::of(&mut team, &load).await?;
        // The first round is a warm-up.
        if round > 0 {
            with.add(reviewed);
            without.add(plain);
        }
    }
    let (shown, expected) = (team.host.inline().len(), (ROUNDS + 1) * REVIEWS * 2);
    ensure!(
        shown == expected,
        "{shown} of {expected} comments are shown"
    );
    let median = |values: &[f64]| Rounds::new(values.to_vec()).median();
    let measured = format!(
        "{:.0}/s; without a review {:.0}/s",
        median(&with.per_second),
        median(&without.per_second)
    );
    let ratio = Rounds::ratio(&with.per_second, &without.per_second);
    let what = format!("end to end with a review, {AT_ONCE} at a time");
    table.push(Row::new(what, measured).ratio(&ratio));
    let measured = format!(
        "{:.2} ms; without a review {:.2} ms",
        median(&with.cpu_ms),
        median(&without.cpu_ms)
    );
    let ratio = Rounds::ratio(&with.cpu_ms, &without.cpu_ms);
    table.push(Row::new("CPU per event with a review", measured).ratio(&ratio));
    table.note(format!(
        "reviewed: a GitHub merge request, {:.1} KiB, of {FILES} files with {} KiB of diffs; one question to the model; two comments \
         and a summary at the host; the host and the model answer at once",
        Payload::merge_request(1).body.len() as f64 / 1024.0,
        (FILES * DIFF) >> 10,
    ));
    Ok(())
}

/// By round.
#[derive(Default)]
struct Figures {
    per_second: Vec<f64>,
    /// Of the server's process, for one event.
    cpu_ms: Vec<f64>,
}

impl Figures {
    async fn of(team: &mut Team, load: &Load) -> anyhow::Result<[f64; 2]> {
        let before = team.server.process.cpu_seconds()?;
        let took = team.deliver(load).await?;
        let cpu = team.server.process.cpu_seconds()? - before;
        let events = load.most as f64;
        Ok([events / took.as_secs_f64(), cpu * 1e3 / events])
    }

    fn add(&mut self, [per_second, cpu_ms]: [f64; 2]) {
        self.per_second.push(per_second);
        self.cpu_ms.push(cpu_ms);
    }
}

/// What a server holds for reviews that wait for their model.
async fn memory(place: &Place, table: &mut Table) -> anyhow::Result<()> {
    say("review: memory");
    let mut team = Team::start(place, HELD_AT_ONCE).await?;
    for _ in 0..HELD * MOST_QUESTIONS {
        team.model.then(OpenAi::says(&reply()).after(THINKS));
    }
    let load = team.open(HELD, HELD_FILES, HELD_DIFF);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = team.server.process.memory_mib()?;
    let started = Instant::now();
    let expected = team.send(&load).await?;
    while team.model.count() < HELD {
        ensure!(
            started.elapsed() < THINKS,
            "only {} of {HELD} reviews are under way at once",
            team.model.count()
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let waiting = team.server.process.memory_mib()?;
    team.settled(expected).await?;
    let questions = team.model.count() / HELD;
    let peak = team.server.process.peak_memory_mib()?;
    let diffs = (HELD_FILES * HELD_DIFF) as f64 / f64::from(1 << 20);
    let each = (peak - idle) / HELD as f64;
    let measured = format!(
        "{each:.2} MiB each at the peak, {:.2} MiB while all wait for a first answer; idle {idle:.0} MiB, peak {peak:.0} MiB",
        (waiting - idle) / HELD as f64,
    );
    let what = format!("memory of {HELD} reviews under way, by their diffs");
    table.push(Row::new(what, measured).ratio(&Rounds::new([each / diffs])));
    table.note(format!(
        "reviews under way: {HELD_FILES} files with {} KiB of diffs; {questions} questions to a model that takes {} s for each",
        (HELD_FILES * HELD_DIFF) >> 10,
        THINKS.as_secs(),
    ));
    Ok(())
}
