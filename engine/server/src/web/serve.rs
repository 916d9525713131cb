//! The listening socket and its connections.

mod places;
mod stream;

use crate::http::pace::Pace;
use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::ConnectInfo,
    http::{Request, Response},
};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1::Builder,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use places::{Occupied, Places, UnderWay};
use push_notify_core::config::Config;
use socket2::SockRef;
use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};
use stream::Paced;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

/// When there is no file descriptor left, accepting again at once only burns time.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);
/// What a connection may hold of a head that is not here in full, and of what is read ahead.
const BUFFER: usize = 64 * 1024;
/// What the system may hold of an answer besides what is on its way: it has megabytes for whoever
/// reads slowly.
const UNSENT: u32 = 128 * 1024;
/// An attack must not fill the log too.
const COMPLAIN_EVERY: Duration = Duration::from_secs(60);

/// For whoever has too many connections already. It is written before anything is read.
const REFUSED: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/json\r\ncontent-length: 92\r\nretry-after: 5\r\nconnection: close\r\n\r\n\
    {\"code\":503,\"message\":\"Too many connections from this address\",\"details\":[],\"request_id\":\"\"}";

/// Serves until `stop`, then lets the requests under way finish, at most `server.shutdown_seconds`.
pub fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    config: &Config,
) -> impl Future<Output = io::Result<()>> + use<> {
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(config.connections.head_seconds))
        .max_buf_size(BUFFER);
    let door = Door {
        places: Arc::new(Places::new(
            &config.connections,
            &config.server.trusted_proxies,
        )),
        listener,
        complained: None,
    };
    let host = Host {
        builder,
        router,
        pace: Pace::new(&config.connections),
        stop,
    };
    let grace_period = Duration::from_secs(config.server.shutdown_seconds);
    receive(door, Arc::new(host), grace_period)
}

async fn receive(mut door: Door, host: Arc<Host>, grace_period: Duration) -> io::Result<()> {
    let connections = TaskTracker::new();
    let stopped = host.stop.clone().cancelled_owned();
    let mut stopped = pin!(stopped);
    loop {
        let (stream, peer, place) = tokio::select! {
            () = &mut stopped => break,
            next = door.next() => next,
        };
        connections.spawn(host.clone().attend(stream, peer, place));
    }
    drop(door);
    connections.close();
    tokio::time::timeout(grace_period, connections.wait())
        .await
        .ok();
    Ok(())
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    places: Arc<Places>,
    complained: Option<Instant>,
}

impl Door {
    async fn next(&mut self) -> (TcpStream, SocketAddr, Occupied) {
        loop {
            let (stream, peer) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    self.places.make_room();
                    tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                    continue;
                }
            };
            match self.places.take(peer.ip()).await {
                Some(place) => return (stream, peer, place),
                None => self.refuse(stream),
            }
        }
    }

    fn refuse(&mut self, stream: TcpStream) {
        // A new socket has room for it.
        if let Ok(mut stream) = stream.into_std() {
            io::Write::write_all(&mut stream, REFUSED).ok();
        }
        if self
            .complained
            .is_none_or(|at| at.elapsed() > COMPLAIN_EVERY)
        {
            self.complained = Some(Instant::now());
            tracing::warn!(
                "an address has as many connections as it may (`connections.per_address`) and was refused another; a reverse \
                 proxy belongs into `server.trusted_proxies`"
            );
        }
    }
}

/// What all connections share.
struct Host {
    builder: Builder,
    router: Router,
    pace: Pace,
    stop: CancellationToken,
}

impl Host {
    async fn attend(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Occupied) {
        stream.set_nodelay(true).ok();
        SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT).ok();
        let place = Arc::new(place);
        let service = service_fn(|request: Request<Incoming>| {
            let under_way = place.busy();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = self.router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(held(answer.await?, under_way)) }
        });
        let stream = TokioIo::new(Paced::new(stream, self.pace));
        let mut connection = pin!(self.builder.serve_connection(stream, service));
        // Looked at only when one of them wakes: the connection is polled several times for each
        // request.
        let asked = {
            let place = place.clone();
            async move {
                place.asked_to_leave().await;
                !place.is_busy()
            }
        };
        let stopped = self.stop.clone().cancelled_owned().map(|()| false);
        let mut signals: FuturesUnordered<_> =
            [asked.boxed(), stopped.boxed()].into_iter().collect();
        let mut leaves = false;
        loop {
            tokio::select! {
                biased;
                ended = &mut connection => {
                    if let Err(error) = ended {
                        tracing::trace!(%error, "a connection broke");
                    }
                    return;
                }
                Some(at_once) = signals.next(), if !leaves => if at_once {
                    return;
                },
            }
            leaves = true;
            connection.as_mut().graceful_shutdown();
        }
    }
}

/// One that is made while it is sent, such as a log, is under way until its end.
fn held(answer: Response<Body>, under_way: UnderWay) -> Response<Body> {
    match answer.body().size_hint().exact() {
        Some(_) => answer,
        None => answer.map(|body| {
            Body::new(Held {
                body,
                _under_way: under_way,
            })
        }),
    }
}

struct Held {
    body: Body,
    _under_way: UnderWay,
}

impl axum::body::HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
