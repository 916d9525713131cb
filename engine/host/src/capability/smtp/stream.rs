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

/// Most bytes that a server may answer to one of our writes. Without a bound a line without an end
/// would fill the memory.
pub(super) const LONGEST_ANSWER: usize = 200_000;

/// What a server begins with. One that turned to TLS has said so before, and lettre waits for it.
const GREETING: &[u8] = b"220 TLS\r\n";

/// A connection to a mail server, plain or TLS, that lettre talks over: ours, so that small packets
/// go out at once, the server cannot say more than it was asked, and its words are read in any
/// case.
pub(super) struct Stream<S> {
    inner: S,
    peer: SocketAddr,
    heard: usize,
    /// Of [`GREETING`], what is still to be read.
    greeting: &'static [u8],
    /// The answer to EHLO is what comes in: keywords, which are the same in any case (RFC 5321
    /// section 2.4). lettre knows them in capitals.
    keywords: bool,
    /// QUIT is out: nobody waits for the answer to it.
    left: bool,
}

impl<S> Stream<S> {
    /// One on which the server speaks first.
    pub(super) fn new(inner: S, peer: SocketAddr) -> Self {
        Self {
            inner,
            peer,
            heard: 0,
            greeting: b"",
            keywords: false,
            left: false,
        }
    }

    /// One that turned to TLS, where the server waits for a new EHLO (RFC 3207 section 4.2).
    pub(super) fn greeted(inner: S, peer: SocketAddr) -> Self {
        Self {
            greeting: GREETING,
            ..Self::new(inner, peer)
        }
    }
}

/// A TCP connection without Nagle's delay: lettre writes a mail and its final dot apart, and the
/// dot would wait for an answer that the server delays.
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
        if !self.greeting.is_empty() {
            let most = self.greeting.len().min(buf.remaining());
            let (now, later) = self.greeting.split_at(most);
            buf.put_slice(now);
            self.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let new = &mut buf.filled_mut()[before..];
        if self.keywords {
            new.make_ascii_uppercase();
        }
        self.heard += new.len();
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
        self.keywords = buf.starts_with(b"EHLO ");
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
