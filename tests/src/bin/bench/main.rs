//! `make bench`: what Push Notify costs, as ratios within one run on one machine. The goals stand
//! in `measure/`.
//!
//! The server under measure is `target/dist/push-notify`, a process of its own; so are the handler
//! that it is compared with and the far side that messages go to. This process makes the load, and
//! stands in for the Git host and the model of reviews. All of them share the cores, on both sides
//! of each ratio.

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

/// What can be measured by itself: `cargo run ... --bin bench -- ingest`.
const SECTIONS: [&str; 9] = [
    "idle",
    "plugin",
    "rules",
    "ingest",
    "delivery",
    "black-hole",
    "nodes",
    "lists",
    "review",
];

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        // This program again, as another process.
        Some(hmac_only::ROLE) => return runtime.block_on(hmac_only::serve()),
        Some(far_side::ROLE) => return runtime.block_on(far_side::serve()),
        _ => {}
    }
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| !SECTIONS.contains(&argument.as_str()))
    {
        bail!("`{unknown}` is not one of {}", SECTIONS.join(", "));
    }
    runtime.block_on(bench(&arguments))
}

/// All of them when none is named.
async fn bench(sections: &[String]) -> anyhow::Result<()> {
    let started = Instant::now();
    let place = place::Place::find()?;
    let watch = Watch::start().await?;
    let mut table = Table::default();
    for section in SECTIONS {
        if !sections.is_empty() && !sections.iter().any(|wanted| wanted == section) {
            continue;
        }
        say(section);
        match section {
            "idle" => measure::idle(&place, &watch, &mut table).await?,
            "plugin" => measure::plugin(&place, &watch, &mut table).await?,
            "rules" => measure::rules(&watch, &mut table).await?,
            "ingest" => measure::ingest(&place, &watch, &mut table).await?,
            "delivery" => measure::delivery(&place, &watch, &mut table).await?,
            "nodes" => measure::nodes(&place, &watch, &mut table).await?,
            "lists" => measure::lists(&place, &watch, &mut table).await?,
            "review" => measure::review(&place, &watch, &mut table).await?,
            _ => measure::black_hole(&place, &watch, &mut table).await?,
        }
    }
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
