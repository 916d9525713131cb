//! The queue between whoever logs and the database: bounded in lines and bytes. What finds no room
//! is dropped and counted.

use super::Line;
use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use tokio::sync::mpsc;

const LINES: usize = 8192;
const BYTES: usize = 8 << 20;

/// How many lines were dropped since the start.
#[derive(Debug, Clone, Default)]
pub struct Dropped(Arc<AtomicU64>);

impl Dropped {
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, lines: usize) {
        self.0.fetch_add(lines as u64, Ordering::Relaxed);
    }
}

#[derive(Clone)]
pub struct Sender {
    lines: mpsc::Sender<Line>,
    held_bytes: Arc<AtomicUsize>,
    dropped: Dropped,
}

/// The end that the writer reads from.
pub struct Lines {
    lines: mpsc::Receiver<Line>,
    held_bytes: Arc<AtomicUsize>,
    dropped: Dropped,
}

pub fn queue() -> (Sender, Lines) {
    let (sender, receiver) = mpsc::channel(LINES);
    let held_bytes = Arc::new(AtomicUsize::new(0));
    let dropped = Dropped::default();
    let sender = Sender {
        lines: sender,
        held_bytes: held_bytes.clone(),
        dropped: dropped.clone(),
    };
    let lines = Lines {
        lines: receiver,
        held_bytes,
        dropped,
    };
    (sender, lines)
}

impl Sender {
    /// Returns at once.
    pub fn offer(&self, line: Line) {
        let size = line.size();
        let held = self.held_bytes.fetch_add(size, Ordering::Relaxed);
        let kept = held + size <= BYTES && self.lines.try_send(line).is_ok();
        if !kept {
            self.held_bytes.fetch_sub(size, Ordering::Relaxed);
            self.dropped.add(1);
        }
    }
}

impl Lines {
    pub fn dropped(&self) -> &Dropped {
        &self.dropped
    }

    /// Waits for lines and adds up to `most` to `batch`. Returns how many; 0: nobody can log any
    /// more.
    pub(super) async fn take(&mut self, batch: &mut Vec<Line>, most: usize) -> usize {
        let taken = self.lines.recv_many(batch, most).await;
        self.release(&batch[batch.len() - taken..]);
        taken
    }

    /// Adds what is there, up to `most`.
    pub(super) fn take_now(&mut self, batch: &mut Vec<Line>, most: usize) {
        let before = batch.len();
        while batch.len() < before + most
            && let Ok(line) = self.lines.try_recv()
        {
            batch.push(line);
        }
        self.release(&batch[before..]);
    }

    fn release(&self, lines: &[Line]) {
        let size = lines.iter().map(Line::size).sum();
        self.held_bytes.fetch_sub(size, Ordering::Relaxed);
    }
}
