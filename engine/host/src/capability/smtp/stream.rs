use lettre::transport::smtp::client::AsyncTokioStream;
use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Most bytes that a server may answer to one of our writes. Without a bound a line without an end would fill the memory.
const LONGEST_ANSWER: usize = 200_000;

/// A connection to a mail server, plain or TLS, that lettre talks over: ours, so that small packets go out at once and the server
/// cannot say more than it was asked.
pub(super) struct Stream<S> {
    inner: S,
    peer: SocketAddr,
    heard: usize,
    /// STARTTLS is asked for: anything after its answer was put there by somebody in between.
    turning: bool,
}

impl<S> Stream<S> {
    pub(super) fn new(inner: S, peer: SocketAddr) -> Self {
        Self {
            inner,
            peer,
            heard: 0,
            turning: false,
        }
    }
}

/// A TCP connection without Nagle's delay: lettre writes a mail and its final dot apart, and the dot would wait for an answer that
/// the server delays.
pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let tcp = TcpStream::connect(address).await?;
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let read = &buf.filled()[before..];
        self.heard += read.len();
        if self.heard > LONGEST_ANSWER {
            return Poll::Ready(Err(io::Error::other("the server's answer has no end")));
        }
        if self.turning {
            match memchr::memchr(b'\n', read) {
                Some(end) if end + 1 == read.len() => self.turning = false,
                Some(_) => {
                    let problem = "the server said more than it was asked before TLS";
                    return Poll::Ready(Err(io::Error::other(problem)));
                }
                None => {}
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.heard = 0;
        if buf == b"STARTTLS\r\n" {
            self.turning = true;
        }
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl<S> fmt::Debug for Stream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stream({})", self.peer)
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> AsyncTokioStream for Stream<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}
