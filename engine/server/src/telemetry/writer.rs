//! A thread that writes the log file, so that whoever logs never waits for a disk. What finds no
//! room in its queue is dropped and counted in the file.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, SyncSender, TrySendError},
    },
    thread,
    time::{Duration, Instant},
};
use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait.
const WAITING: usize = 4096;
/// How long the end of the process may wait for the disk.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(5);

enum Message {
    Line(Box<[u8]>),
    /// Everything before it is written, when it is dropped.
    Flush(SyncSender<()>),
}

/// The end that lines are handed to.
#[derive(Clone)]
pub(super) struct FileWriter {
    queue: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

/// Waits, when it is dropped, until all that was said is written.
pub struct Guard(SyncSender<Message>);

pub(super) fn start(file: impl Write + Send + 'static) -> io::Result<(FileWriter, Guard)> {
    let (queue, messages) = mpsc::sync_channel(WAITING);
    let dropped = Arc::new(AtomicU64::new(0));
    let counter = dropped.clone();
    thread::Builder::new()
        .name("log-file".to_owned())
        .spawn(move || write(file, &messages, &counter))?;
    let guard = Guard(queue.clone());
    Ok((FileWriter { queue, dropped }, guard))
}

fn write(mut file: impl Write, messages: &Receiver<Message>, dropped: &AtomicU64) {
    let mut failing = false;
    for message in messages {
        let line = match message {
            Message::Line(line) => line,
            Message::Flush(done) => {
                drop(done);
                continue;
            }
        };
        let missing = dropped.swap(0, Ordering::Relaxed);
        let mut written = Ok(());
        if missing > 0 {
            written = writeln!(file, "{missing} log lines were dropped here");
        }
        if let Err(error) = written.and_then(|()| file.write_all(&line)) {
            dropped.fetch_add(missing + 1, Ordering::Relaxed);
            // Once, and past the log, which would bring it here again.
            if !failing {
                writeln!(io::stderr(), "cannot write the log file: {error}").ok();
            }
            failing = true;
        } else {
            failing = false;
        }
    }
}

impl Write for FileWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Err(TrySendError::Full(_)) = self.queue.try_send(Message::Line(line.into())) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for FileWriter {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let (done, written) = mpsc::sync_channel(0);
        let mut message = Message::Flush(done);
        let end = Instant::now() + FLUSH_TIMEOUT;
        while let Err(TrySendError::Full(back)) = self.0.try_send(message) {
            if Instant::now() > end {
                return;
            }
            message = back;
            thread::sleep(LOOK_EVERY);
        }
        written.recv_timeout(FLUSH_TIMEOUT).ok();
    }
}

#[cfg(test)]
mod tests;
