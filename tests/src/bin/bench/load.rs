//! Makes load: keep-alive connections that deliver signed events one after the other, each waiting
//! for its answer. As little as possible happens here, for it happens on the cores of the server.

use crate::payload::{Payload, delivery_id};
use anyhow::{Context as _, bail, ensure};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// What to deliver, and where.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) payloads: Arc<Vec<Payload>>,
    pub(crate) connections: usize,
    /// Deliveries; fewer when `time` is over before.
    pub(crate) most: u64,
    pub(crate) time: Duration,
}

/// What came of it.
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    pub(crate) elapsed: Duration,
    /// From the first byte sent to the last one received, in µs.
    pub(crate) latencies_us: Vec<f64>,
}

impl Outcome {
    pub(crate) fn per_second(&self) -> f64 {
        self.answered as f64 / self.elapsed.as_secs_f64()
    }
}

impl Load {
    /// Fails at the first answer that is not 200.
    pub(crate) async fn run(&self) -> anyhow::Result<Outcome> {
        let taken = Arc::new(AtomicU64::new(0));
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            let stream = TcpStream::connect(self.address)
                .await
                .context("cannot connect")?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let started = Instant::now();
        let mut connections = JoinSet::new();
        for stream in streams {
            let (load, taken) = (self.clone(), taken.clone());
            connections
                .spawn(async move { load.deliver(stream, &taken, started + load.time).await });
        }
        let mut latencies_us = Vec::new();
        while let Some(done) = connections.join_next().await {
            latencies_us.extend(done??);
        }
        Ok(Outcome {
            answered: latencies_us.len() as u64,
            elapsed: started.elapsed(),
            latencies_us,
        })
    }

    async fn deliver(
        &self,
        mut stream: TcpStream,
        taken: &AtomicU64,
        end: Instant,
    ) -> anyhow::Result<Vec<f64>> {
        let mut latencies = Vec::new();
        let mut request = Vec::new();
        let mut answer = Vec::new();
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            if number >= self.most || Instant::now() >= end {
                return Ok(latencies);
            }
            let payload = &self.payloads[number as usize % self.payloads.len()];
            self.write(&mut request, payload);
            let sent = Instant::now();
            stream.write_all(&request).await?;
            receive(&mut stream, &mut answer).await?;
            latencies.push(sent.elapsed().as_secs_f64() * 1e6);
        }
    }

    fn write(&self, request: &mut Vec<u8>, payload: &Payload) {
        let Payload {
            event,
            body,
            signature,
        } = payload;
        request.clear();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\nuser-agent: GitHub-Hookshot/0000000\r\naccept: */*\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nx-github-event: {event}\r\n\
             x-github-hook-id: 292430182\r\nx-github-hook-installation-target-type: repository\r\n\
             x-github-delivery: {}\r\nx-hub-signature-256: {signature}\r\n\r\n",
            self.path,
            self.address,
            body.len(),
            delivery_id(),
        );
        request.extend_from_slice(head.as_bytes());
        request.extend_from_slice(body);
    }
}

/// Reads one answer. Our servers say its length, and nothing follows before the next request.
async fn receive(stream: &mut TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<()> {
    answer.clear();
    loop {
        ensure!(
            stream.read_buf(answer).await? > 0,
            "a connection was closed"
        );
        let Some(head_end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = std::str::from_utf8(&answer[..head_end]).context("odd answer")?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("answered {}", head.lines().next().unwrap_or_default());
        }
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().ok())?
        });
        let length = length.context("an answer without its length")?;
        let missing = (head_end + 4 + length).saturating_sub(answer.len());
        if missing > 0 {
            let start = answer.len();
            answer.resize(start + missing, 0);
            stream.read_exact(&mut answer[start..]).await?;
        }
        return Ok(());
    }
}
