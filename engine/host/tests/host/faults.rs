use crate::setup::{Setup, load, logged, message, misbehaving, note, send, settings, source};
use push_notify_host::{CallError, Failure, Party, PluginState, Settings};
use serde_json::json;
use std::time::{Duration, Instant};

fn trap(result: Result<impl std::fmt::Debug, CallError>) -> String {
    match result {
        Err(CallError::Trap(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn endless_loop_ends_with_its_cpu_budget() {
    let setup = Setup::new().with(|config| config.limits.cpu = Duration::from_millis(200));
    let host = setup.misbehaving().await;
    let start = Instant::now();
    let reason = trap(send(&host, json!({"mode": "loop"})).await);
    assert_eq!(reason, "CPU time over its budget of 200 ms");
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn endless_loop_leaves_the_thread_to_others() {
    let host = Setup::new().misbehaving().await;
    let channel = misbehaving(&host);
    // One thread for both: only the guest's yielding lets the second one in.
    let spin = tokio::spawn(async move {
        let settings = settings(json!({"mode": "loop"}));
        channel.send(&message(), &settings).await
    });
    tokio::task::yield_now().await;
    let start = Instant::now();
    assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
    assert!(
        start.elapsed() < Duration::from_millis(500),
        "{:?}",
        start.elapsed()
    );
    assert!(!spin.is_finished());
    trap(spin.await.unwrap());
}

#[tokio::test]
async fn memory_hog_ends_at_its_cap() {
    let host = Setup::new().misbehaving().await;
    let reason = trap(send(&host, json!({"mode": "hog"})).await);
    assert_eq!(reason, "memory over its cap of 64 MiB");
    let small = Setup::new().with(|config| config.limits.memory_mib = 8);
    let host = small.misbehaving().await;
    let reason = trap(send(&host, json!({"mode": "hog"})).await);
    assert_eq!(reason, "memory over its cap of 8 MiB");
}

#[tokio::test]
async fn panic_gives_its_own_words_as_the_reason() {
    crate::setup::log();
    let host = Setup::new().misbehaving().await;
    let reason = trap(send(&host, json!({"mode": "panic"})).await);
    assert!(reason.contains("panicked at"), "{reason}");
    assert!(reason.contains("as configured"), "{reason}");
    let log = logged();
    let line = log
        .lines()
        .find(|line| line.contains("as configured"))
        .unwrap();
    assert!(line.contains("plugin.id=\"misbehaving\""), "{line}");
}

#[tokio::test]
async fn flood_of_log_lines_is_cut() {
    crate::setup::log();
    let host = Setup::new().misbehaving().await;
    assert_eq!(note(&host, json!({"mode": "flood"})).await, "flooded");
    let log = logged();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("flood ")).collect();
    assert_eq!(lines.len(), 100);
    assert!(
        lines
            .iter()
            .all(|line| line.contains(" [31m forged line plugin.kind="))
    );
    assert!(log.contains("further lines of this call are dropped"));
}

#[tokio::test]
async fn oversized_note_is_cut_because_the_message_is_out() {
    let host = Setup::new().misbehaving().await;
    let note = note(&host, json!({"mode": "oversized"})).await;
    assert!(note.len() < 3000, "{}", note.len());
}

#[tokio::test]
async fn oversized_answer_costs_its_call() {
    let host = Setup::new().misbehaving().await;
    match send(&host, json!({"mode": "amplified"})).await {
        Err(CallError::Output(problem)) => assert_eq!(problem, "more than 4 MiB in one answer"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_calls_are_unharmed_beside_bad_ones() {
    let setup = Setup::new().with(|config| {
        config.limits.cpu = Duration::from_millis(300);
        config.quarantine.traps = 1000;
    });
    let host = setup.misbehaving().await;
    let call = |mode: &'static str| {
        let channel = misbehaving(&host);
        tokio::spawn(async move {
            let settings = settings(json!({"mode": mode}));
            channel.send(&message(), &settings).await
        })
    };
    let bad: Vec<_> = ["loop", "hog", "panic", "amplified"]
        .repeat(3)
        .into_iter()
        .map(call)
        .collect();
    let good: Vec<_> = (0..50).map(|_| call("ok")).collect();
    for call in good {
        assert!(matches!(call.await.unwrap(), Ok(Ok(_))));
    }
    let mut traps = 0;
    for call in bad {
        let trapped = matches!(call.await.unwrap().unwrap_err(), CallError::Trap(_));
        traps += u64::from(trapped);
    }
    // On a busy machine `amplified` runs out of its CPU time before it answers.
    assert!((9..=12).contains(&traps), "{traps}");
    let info = &host.plugins()[0];
    assert_eq!((info.calls, info.traps), (62, traps));
}

fn of(target: i64, mode: &str) -> Settings {
    Settings {
        party: Party::Target(target),
        ..settings(json!({"mode": mode}))
    }
}

#[tokio::test]
async fn one_that_traps_again_and_again_keeps_nobody_else_out() {
    let host = Setup::new().misbehaving().await;
    let channel = misbehaving(&host);
    for _ in 0..20 {
        trap(channel.send(&message(), &of(1, "panic")).await);
    }
    assert_eq!(host.plugins()[0].state, PluginState::Active);
    channel
        .send(&message(), &of(2, "ok"))
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn traps_of_several_end_in_quarantine_which_opens_for_the_first_that_works() {
    let host = Setup::new().misbehaving().await;
    let channel = misbehaving(&host);
    for target in 1..=3 {
        trap(channel.send(&message(), &of(target, "panic")).await);
    }
    let refused = channel.send(&message(), &of(1, "ok")).await;
    let Err(CallError::Quarantined(reason)) = refused else {
        panic!("not quarantined")
    };
    assert!(
        reason.starts_with("calls for 3 targets in a row trapped, the last one: panicked at"),
        "{reason}"
    );
    assert_eq!(host.plugins()[0].state, PluginState::Quarantined { reason });
    assert!(
        host.manifest(push_notify_manifest::Kind::Channel, "misbehaving")
            .is_some()
    );
    // Another function of it is another matter.
    let probed = channel.probe(&of(1, "ok")).await;
    assert!(
        !matches!(probed, Err(CallError::Quarantined(_))),
        "{probed:?}"
    );

    channel
        .send(&message(), &of(4, "ok"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(host.plugins()[0].state, PluginState::Active);
    channel
        .send(&message(), &of(1, "ok"))
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_plugin_in_quarantine_is_let_out_when_it_is_loaded_again() {
    let host = Setup::new().misbehaving().await;
    let channel = misbehaving(&host);
    for target in 1..=3 {
        trap(channel.send(&message(), &of(target, "panic")).await);
    }
    let grants = &crate::setup::EVERYTHING[..3];
    load(&host, vec![source("misbehaving", grants)]).await;
    assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
}

#[tokio::test]
async fn failures_that_the_plugin_chose_are_no_traps() {
    let host = Setup::new().misbehaving().await;
    for _ in 0..10 {
        let answer = send(&host, json!({"mode": "nonsense"})).await.unwrap();
        let reason = "no mode `nonsense`".to_owned();
        assert_eq!(answer, Err(Failure::Misconfigured(reason)));
    }
    assert_eq!(host.plugins()[0].traps, 0);
}

#[tokio::test]
async fn cache_is_kept_between_calls_within_bounds() {
    let host = Setup::new().misbehaving().await;
    assert_eq!(
        note(&host, json!({"mode": "cache"})).await,
        "true false true true true"
    );
}

#[tokio::test]
async fn cache_is_used_so_often_in_one_call() {
    let host = Setup::new().misbehaving().await;
    assert_eq!(note(&host, json!({"mode": "cache_much"})).await, "200");
}

#[tokio::test]
async fn work_of_the_host_counts_as_the_guests() {
    let setup = Setup::new().with(|config| config.limits.cpu = Duration::from_millis(200));
    let host = setup.misbehaving().await;
    let start = Instant::now();
    let reason = trap(send(&host, json!({"mode": "digest"})).await);
    assert_eq!(reason, "CPU time over its budget of 200 ms");
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn memory_of_all_is_bounded_and_no_plugins_fault() {
    let setup = Setup::new().with(|config| config.limits.total_memory_mib = 16);
    let host = setup.misbehaving().await;
    for _ in 0..3 {
        let busy = CallError::Busy("there is no memory left for plugins");
        assert_eq!(send(&host, json!({"mode": "hog"})).await, Err(busy));
        // What it took is given back.
        assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
    }
    assert_eq!(host.plugins()[0].traps, 0);
}

#[tokio::test]
async fn call_that_waits_too_long_for_its_turn_is_told_so() {
    let setup = Setup::new().with(|config| {
        config.limits.instances = 2;
        config.limits.timeout = Duration::from_millis(300);
    });
    let host = setup.misbehaving().await;
    let calls = (0..4).map(|_| send(&host, json!({"mode": "loop"})));
    let ends = futures_util::future::join_all(calls).await;
    let busy = CallError::Busy("too many calls of this kind are under way");
    assert!(ends.contains(&Err(busy)), "{ends:?}");
    assert!(ends.contains(&Err(CallError::Deadline(Duration::from_millis(300)))));
}

#[tokio::test]
async fn headers_beyond_count_cost_the_request_only() {
    let host = Setup::new().misbehaving().await;
    let config = json!({"mode": "get_with_headers", "url": "http://127.0.0.1:1"});
    let reason = "more than 100 headers or 64 KiB of them".to_owned();
    assert_eq!(
        send(&host, config).await,
        Ok(Err(Failure::Rejected(reason)))
    );
}
