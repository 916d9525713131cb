use crate::{
    calm::Watch,
    place::Place,
    server::{Prepared, Settings},
    stat::Rounds,
    table::{Goal, Row, Table},
};
use std::time::{Duration, Instant};

const STARTS: usize = 7;
const LOOK: Duration = Duration::from_secs(5);

/// Start with cached plugins, memory and CPU of a server that nobody talks to, and the binary's
/// size.
pub(crate) async fn idle(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let prepared = Prepared::new(place, Settings::default())?;
    // Compiles the plugins, makes the database and the first administrator.
    let first = Instant::now();
    let process = prepared.until_it_answers(prepared.start()?)?;
    let first = first.elapsed();
    process.stop().await;
    let calm = watch.is_calm().await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let process = prepared.until_it_answers(prepared.start()?)?;
        starts.push(started.elapsed().as_secs_f64() * 1e3);
        process.stop().await;
    }
    let starts = Rounds::new(starts);
    table.push(
        Row::new(
            "start to ready, plugins cached",
            format!(
                "{:.0} ms (the very first: {:.0} ms)",
                starts.median(),
                first.as_secs_f64() * 1e3
            ),
        )
        .goal(Goal::AtMost(100.0, " ms"), &starts, calm),
    );
    let process = prepared.until_it_answers(prepared.start()?)?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = process.cpu_seconds_of_threads()?;
    tokio::time::sleep(LOOK).await;
    let cpu = process.cpu_seconds_of_threads()? - before;
    let cpu = Rounds::new([cpu / LOOK.as_secs_f64() * 100.0]);
    let memory = Rounds::new([process.memory_mib()?]);
    let row = Row::new("idle memory (RSS)", format!("{:.1} MiB", memory.median()));
    table.push(row.goal(Goal::AtMost(32.0, " MiB"), &memory, true));
    let row = Row::new("idle CPU over 5 s", format!("{:.2} %", cpu.median()));
    table.push(row.goal(Goal::AtMost(0.05, " %"), &cpu, true));
    let bytes = std::fs::metadata(&place.server)?.len();
    table.push(Row::new(
        "binary, official plugins inside",
        format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
    ));
    process.stop().await;
    Ok(())
}
