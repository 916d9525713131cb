//! `make bench`: what Push Notify costs, as ratios within one run on one machine. The goals are in DESIGN section 8.
//!
//! The server under measure is `target/release/push-notify`, a process of its own; so are the handler that it is compared
//! with and the far side that messages go to. This process makes the load. All of them share the cores, on both sides of
//! each ratio.

mod calm;
mod child;
mod far_side;
mod fetch;
mod hmac_only;
mod load;
mod measure;
mod payload;
mod place;
mod server;
mod stat;
mod table;

use anyhow::bail;
use calm::Watch;
use std::time::Instant;
use table::Table;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match std::env::args().nth(1).as_deref() {
        None => runtime.block_on(bench()),
        // This program again, as another process.
        Some(hmac_only::ROLE) => runtime.block_on(hmac_only::serve()),
        Some(far_side::ROLE) => runtime.block_on(far_side::serve()),
        Some(other) => bail!("unknown argument `{other}`: this takes none"),
    }
}

async fn bench() -> anyhow::Result<()> {
    let started = Instant::now();
    let place = place::Place::find()?;
    let watch = Watch::start().await?;
    let mut table = Table::default();
    say("idle: memory, CPU, start");
    measure::idle(&place, &watch, &mut table).await?;
    say("plugin calls");
    measure::plugin(&place, &watch, &mut table).await?;
    say("durable ingest and its latency");
    measure::ingest(&place, &watch, &mut table).await?;
    say("deliveries and CPU per event");
    measure::delivery(&place, &watch, &mut table).await?;
    say("one black hole among the channels");
    measure::black_hole(&place, &watch, &mut table).await?;
    table.note(watch.summary());
    table.note(format!(
        "the whole run took {} s",
        started.elapsed().as_secs()
    ));
    print!("{table}");
    Ok(())
}

/// Progress, apart from the result.
fn say(step: &str) {
    eprintln!("bench: {step}");
}
