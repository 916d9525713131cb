//! Faults that need nobody else.

use push_notify_sdk::{Failure, Partial, RecipientProblem, cache, crypto, log};
use std::{
    hint::black_box,
    sync::atomic::{AtomicU32, Ordering},
};

/// Which call of this instance it is, from 1.
pub(crate) fn count() -> u32 {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

pub(crate) fn spin() -> String {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns).wrapping_add(1);
    }
}

pub(crate) fn hog() -> String {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 1 << 20]));
    }
}

pub(crate) fn flood() -> String {
    for line in 0..10_000 {
        log::info(format!("flood {line}\u{1b}[31m\nforged line"));
    }
    log::info("x".repeat(100_000));
    "flooded".to_owned()
}

pub(crate) fn oversized() -> String {
    "x".repeat(20 << 20)
}

/// Little memory here, much at the receiving end.
pub(crate) fn amplified() -> Failure {
    let problem = RecipientProblem {
        recipient: String::new(),
        reason: String::new(),
    };
    Failure::Partial(Partial {
        delivered: vec![],
        retry: vec![problem; 1 << 20],
        rejected: vec![],
        after_ms: None,
    })
}

pub(crate) fn cache() -> String {
    let first = cache::add("key", b"value", 60);
    let second = cache::add("key", b"other", 60);
    let found = cache::get("key");
    cache::delete("key");
    let gone = cache::get("key").is_none();
    cache::set("large", vec![0; (64 << 10) + 1], 60);
    let refused = cache::get("large").is_none();
    format!(
        "{first} {second} {} {gone} {refused}",
        found.as_deref() == Some(b"value")
    )
}

/// How many entries were kept: small ones until they are too many, then one that is too much.
pub(crate) fn cache_much() -> String {
    let kept = (0..300).filter(|key| cache::add(&key.to_string(), b"", 60));
    kept.count().to_string()
}

/// The host works, this one hardly does.
pub(crate) fn digest() -> String {
    let data = vec![1_u8; 8 << 20];
    loop {
        black_box(crypto::sha256(&data));
    }
}
