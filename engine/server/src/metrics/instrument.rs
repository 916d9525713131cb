//! Counting and measuring with atomics: the road pays nanoseconds for it, whoever asks pays the
//! rest.

use parking_lot::RwLock;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// Only ever grows.
#[derive(Default)]
pub struct Counter(AtomicU64);

/// Goes up and down.
#[derive(Default)]
pub struct Gauge(AtomicI64);

pub struct During<'a>(&'a Gauge);

/// How many observations were at most so large.
pub struct Histogram {
    bounds: &'static [f64],
    /// Of those between two bounds; one more for those beyond the last.
    counts: Box<[AtomicU64]>,
    /// In millionths.
    sum: AtomicU64,
}

/// One instrument for each combination of labels that was met. Labels take few values, all of them
/// ours or the operator's: a series is kept until the server ends.
pub struct Family<M, const N: usize> {
    pub labels: [&'static str; N],
    make: fn() -> M,
    /// In their order.
    members: RwLock<Vec<Member<M, N>>>,
}

/// The values of the labels, and the instrument.
type Member<M, const N: usize> = ([Box<str>; N], Arc<M>);

impl Counter {
    pub fn inc(&self) {
        self.add(1);
    }

    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Gauge {
    pub fn inc(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    pub fn dec(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    /// Up until what is returned is dropped.
    pub fn during(&self) -> During<'_> {
        self.inc();
        During(self)
    }

    pub fn get(&self) -> i64 {
        self.0.load(Relaxed)
    }
}

impl Drop for During<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Histogram {
    pub fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    /// In seconds.
    pub fn took(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.record(duration.as_secs_f64(), micros);
    }

    pub fn observe(&self, count: usize) {
        let count = count as u64;
        self.record(count as f64, count.saturating_mul(1_000_000));
    }

    fn record(&self, value: f64, millionths: u64) {
        let at = self.bounds.partition_point(|bound| *bound < value);
        self.counts[at].fetch_add(1, Relaxed);
        self.sum.fetch_add(millionths, Relaxed);
    }

    /// Each bound with how many were at most that; the last one is infinite.
    pub fn cumulated(&self) -> Vec<(f64, u64)> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let counts = self.counts.iter().scan(0, |total, count| {
            *total += count.load(Relaxed);
            Some(*total)
        });
        bounds.zip(counts).collect()
    }

    pub fn sum(&self) -> f64 {
        self.sum.load(Relaxed) as f64 / 1e6
    }
}

impl<M, const N: usize> Family<M, N> {
    pub fn new(labels: [&'static str; N], make: fn() -> M) -> Self {
        Self {
            labels,
            make,
            members: RwLock::default(),
        }
    }

    /// The member with these values of the labels.
    pub fn of(&self, values: [&str; N]) -> Arc<M> {
        let members = self.members.read();
        if let Ok(at) = find(&members, &values) {
            return members[at].1.clone();
        }
        drop(members);
        let mut members = self.members.write();
        match find(&members, &values) {
            Ok(at) => members[at].1.clone(),
            Err(at) => {
                let made = Arc::new((self.make)());
                members.insert(at, (values.map(Box::from), made.clone()));
                made
            }
        }
    }

    pub fn members(&self) -> Vec<([Box<str>; N], Arc<M>)> {
        let members = self.members.read();
        members.clone()
    }
}

fn find<M, const N: usize>(
    members: &[([Box<str>; N], Arc<M>)],
    values: &[&str; N],
) -> Result<usize, usize> {
    members.binary_search_by(|(known, _)| {
        let known = known.iter().map(|value| &**value);
        known.cmp(values.iter().copied())
    })
}

#[cfg(test)]
mod tests;
