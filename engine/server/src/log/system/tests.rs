use super::{Level, Line, Recorder, line::module, queue};
use crate::telemetry::gate::Gated;
use push_notify_core::clock::Clock;
use std::sync::Arc;
use tracing::{Dispatch, level_filters::LevelFilter};
use tracing_subscriber::prelude::*;

/// What the database would get of what `say` says.
fn recorded(level: LevelFilter, say: impl FnOnce()) -> Vec<Line> {
    let (sender, mut lines) = queue();
    let recorder = Gated {
        layer: Recorder::new(sender, Clock::default()),
        wants: Arc::new(move |metadata| Recorder::wants(level, metadata)),
    };
    let subscriber = tracing_subscriber::registry().with(recorder);
    tracing::dispatcher::with_default(&Dispatch::new(subscriber), say);
    let mut taken = Vec::new();
    lines.take_now(&mut taken, usize::MAX);
    taken
}

fn line(message: &str) -> Line {
    Line {
        level: Level::Info,
        module: "server".to_owned(),
        message: message.to_owned(),
        detail: None,
        request_id: None,
        client_ip: None,
        created_at: 1,
    }
}

#[test]
fn a_line_has_its_fields_and_those_of_the_span_around_it() {
    let lines = recorded(LevelFilter::INFO, || {
        let span = tracing::info_span!("request", request.id = "req-1", client.ip = "192.0.2.7");
        let _around = span.entered();
        let _inner = tracing::info_span!("inner").entered();
        tracing::warn!(push.id = 7, error = %"gone", ok = false, "cannot {}", "send");
        tracing::info!(request.id = "req-2", "other");
    });
    let [first, second] = &lines[..] else {
        panic!("{lines:#?}");
    };
    assert_eq!(first.level, Level::Warn);
    assert_eq!(first.message, "cannot send");
    assert_eq!(first.module, "log");
    assert_eq!(first.request_id.as_deref(), Some("req-1"));
    assert_eq!(first.client_ip.as_deref(), Some("192.0.2.7"));
    let detail: serde_json::Value = serde_json::from_str(first.detail.as_deref().unwrap()).unwrap();
    assert_eq!(
        detail,
        serde_json::json!({"push.id": 7, "error": "gone", "ok": false})
    );
    assert!(first.created_at > 0);
    assert_eq!(second.request_id.as_deref(), Some("req-2"));
    assert_eq!(second.client_ip.as_deref(), Some("192.0.2.7"));
    assert_eq!(second.detail, None);
}

#[test]
fn a_level_libraries_and_the_log_itself_are_left_out() {
    let say = || {
        tracing::debug!("ours");
        tracing::info!(target: "plugin", { plugin.id = "dingtalk" }, "of a plugin");
        tracing::info!(target: "hyper::proto", "chatter");
        tracing::warn!(target: "hyper::proto", "serious");
        tracing::error!(target: "sqlx::query", "slow");
        tracing::error!(target: "push_notify::log::system::writer", "cannot write");
    };
    let said = |level| -> Vec<String> {
        recorded(level, say)
            .into_iter()
            .map(|line| format!("{}: {}", line.module, line.message))
            .collect()
    };
    assert_eq!(
        said(LevelFilter::INFO),
        ["plugin:dingtalk: of a plugin", "hyper: serious"]
    );
    assert_eq!(said(LevelFilter::DEBUG).len(), 3);
    assert_eq!(said(LevelFilter::WARN), ["hyper: serious"]);
    assert!(said(LevelFilter::ERROR).is_empty());
}

#[test]
fn a_module_is_named_shortly() {
    assert_eq!(module("push_notify::web::webhook", None), "web");
    assert_eq!(module("push_notify", None), "server");
    assert_eq!(module("push_notify_host::wasm::plugin", Some("x")), "host");
    assert_eq!(module("plugin", Some("email")), "plugin:email");
    assert_eq!(module("plugin", None), "plugin");
}

#[test]
fn texts_are_bounded_and_without_what_a_database_refuses() {
    let long = "中".repeat(5000);
    let lines = recorded(LevelFilter::INFO, || {
        tracing::info!(text = long, request.id = long, "{long}");
        tracing::info!("a\0b");
    });
    assert_eq!(lines[0].message.len(), 3999, "whole characters");
    assert!(lines[0].detail.as_ref().unwrap().len() < 2100);
    assert!(lines[0].request_id.as_ref().unwrap().len() <= 200);
    assert_eq!(lines[1].message, "a\u{fffd}b");
}

#[test]
fn what_finds_no_room_is_dropped_and_counted() {
    let (sender, mut lines) = queue();
    for _ in 0..10_000 {
        sender.offer(line("x"));
    }
    assert_eq!(lines.dropped().count(), 10_000 - 8192);
    let mut taken = Vec::new();
    lines.take_now(&mut taken, usize::MAX);
    assert_eq!(taken.len(), 8192);
    sender.offer(line("room again"));
    assert_eq!(lines.dropped().count(), 10_000 - 8192);
}

#[test]
fn the_queue_is_bounded_in_bytes_too() {
    let (sender, mut lines) = queue();
    let large = "x".repeat(1 << 20);
    for _ in 0..20 {
        sender.offer(line(&large));
    }
    assert!(lines.dropped().count() >= 12, "{:?}", lines.dropped());
    let mut taken = Vec::new();
    lines.take_now(&mut taken, usize::MAX);
    let before = lines.dropped().count();
    sender.offer(line(&large));
    assert_eq!(lines.dropped().count(), before);
}
