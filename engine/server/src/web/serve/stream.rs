//! A connection whose other end has to read.

use crate::http::pace::{Pace, Stall};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// Fails when what is written is not taken at the pace. Costs nothing as long as it is taken at
/// once.
pub(super) struct Paced {
    stream: TcpStream,
    pace: Pace,
    stall: Option<(Stall, Pin<Box<Sleep>>)>,
    /// All that was written was taken.
    at_rest: bool,
}

impl Paced {
    pub(super) fn new(stream: TcpStream, pace: Pace) -> Self {
        Self {
            stream,
            pace,
            stall: None,
            at_rest: true,
        }
    }

    fn judge(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(bytes)) => {
                let at_rest = std::mem::replace(&mut self.at_rest, true);
                if let Some((stall, _)) = &mut self.stall {
                    stall.moved(*bytes, at_rest, Instant::now());
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let at_rest = std::mem::replace(&mut self.at_rest, false);
                ready!(self.wait(cx, at_rest));
                // So that the system does not go on for minutes trying to get rid of it.
                self.stream.set_zero_linger().ok();
                let slow = io::Error::new(io::ErrorKind::TimedOut, "the answer is not read");
                return Poll::Ready(Err(slow));
            }
        }
        written
    }

    /// Ready when nothing was taken for too long.
    fn wait(&mut self, cx: &mut Context<'_>, at_rest: bool) -> Poll<()> {
        let now = Instant::now();
        let (stall, alarm) = self.stall.get_or_insert_with(|| {
            let mut stall = Stall::new(self.pace, now);
            let deadline = stall.deadline(at_rest, now);
            (stall, Box::pin(sleep_until(deadline)))
        });
        let deadline = stall.deadline(at_rest, now);
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(cx)
    }
}

impl AsyncRead for Paced {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Paced {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.judge(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
