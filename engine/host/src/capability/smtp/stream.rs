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
    turning: Turning,
    /// QUIT is out: nobody waits for the answer to it.
    left: bool,
}

/// On the way to STARTTLS.
#[derive(PartialEq, Eq)]
enum Turning {
    /// TLS will be asked for. Until it is spoken, what comes in is handed on byte by byte: whatever somebody in between says beyond
    /// an answer then stays with us and meets the handshake, which fails, and cannot be taken for an answer given over TLS.
    Wanted,
    Asked,
    /// Or never wanted.
    Done,
}

impl<S> Stream<S> {
    /// `starttls` when this will turn to TLS.
    pub(super) fn new(inner: S, peer: SocketAddr, starttls: bool) -> Self {
        Self {
            inner,
            peer,
            heard: 0,
            turning: match starttls {
                true => Turning::Wanted,
                false => Turning::Done,
            },
            left: false,
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
        if self.left {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        if self.turning == Turning::Done {
            ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        } else {
            let mut byte = [0];
            let mut one = ReadBuf::new(&mut byte[..buf.remaining().min(1)]);
            ready!(Pin::new(&mut self.inner).poll_read(cx, &mut one))?;
            buf.put_slice(one.filled());
        }
        self.heard += buf.filled().len() - before;
        if self.heard > LONGEST_ANSWER {
            return Poll::Ready(Err(io::Error::other("the server's answer has no end")));
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
        self.left = buf == b"QUIT\r\n";
        self.turning = match self.turning {
            Turning::Wanted if buf == b"STARTTLS\r\n" => Turning::Asked,
            Turning::Wanted => Turning::Wanted,
            // The handshake begins.
            Turning::Asked | Turning::Done => Turning::Done,
        };
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
