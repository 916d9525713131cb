//! A mail server that does as it is told and remembers what it was told.

use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Plain,
    Starttls,
    Implicit,
}

/// How it behaves; answers are whole lines without their end.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) mode: Mode,
    pub(crate) extensions: Vec<&'static str>,
    /// To DATA.
    pub(crate) data: &'static str,
    /// To RSET; nothing when empty.
    pub(crate) reset: &'static str,
    /// To AUTH PLAIN; the command itself is quoted when it ends with a colon.
    pub(crate) login: &'static str,
    /// After the final dot.
    pub(crate) content: &'static str,
    /// Instead of the greeting's usual one.
    pub(crate) greeting: &'static str,
    /// Hangs up after so many mails on one connection.
    pub(crate) mails_per_connection: usize,
    /// Said right after the answer to STARTTLS, in the same packet.
    pub(crate) injected: &'static str,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            mode: Mode::Plain,
            extensions: vec!["8BITMIME", "AUTH PLAIN LOGIN"],
            data: "354 go on",
            reset: "250 ok",
            login: "235 welcome",
            content: "250 2.0.0 taken",
            greeting: "220 mail.example.com",
            mails_per_connection: usize::MAX,
            injected: "",
        }
    }
}

/// The server's side of TLS on loopback, and the certificate to be trusted.
pub(crate) fn tls() -> (TlsAcceptor, Vec<u8>) {
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.unwrap())
        .unwrap();
    (Arc::new(config).into(), made.cert.pem().into_bytes())
}

#[derive(Clone)]
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    /// To be trusted by clients.
    pub(crate) certificate_pem: Vec<u8>,
    script: Script,
    acceptor: TlsAcceptor,
    connections: Arc<AtomicUsize>,
    commands: Arc<Mutex<Vec<String>>>,
    mails: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    pub(crate) async fn start(script: Script) -> Self {
        let (acceptor, certificate_pem) = tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            certificate_pem,
            script,
            acceptor,
            connections: Arc::default(),
            commands: Arc::default(),
            mails: Arc::default(),
        };
        let accepting = server.clone();
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                accepting.connections.fetch_add(1, Ordering::SeqCst);
                let server = accepting.clone();
                // A client that breaks off ends its session, and that is all.
                tokio::spawn(async move { server.session(tcp).await });
            }
        });
        server
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn commands(&self) -> Vec<String> {
        self.commands.lock().unwrap().clone()
    }

    pub(crate) fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    async fn session(&self, tcp: TcpStream) -> Option<()> {
        tcp.set_nodelay(true).ok()?;
        if self.script.mode == Mode::Implicit {
            let mut tls = BufReader::new(self.acceptor.accept(tcp).await.ok()?);
            say(&mut tls, self.script.greeting).await?;
            self.talk(&mut tls, false).await?;
            return None;
        }
        let mut plain = BufReader::new(tcp);
        say(&mut plain, self.script.greeting).await?;
        if self
            .talk(&mut plain, self.script.mode == Mode::Starttls)
            .await?
        {
            let mut tls = BufReader::new(self.acceptor.accept(plain.into_inner()).await.ok()?);
            self.talk(&mut tls, false).await?;
        }
        None
    }

    /// True when the client turns to TLS.
    async fn talk<S>(&self, stream: &mut BufReader<S>, starttls: bool) -> Option<bool>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut mails = 0;
        loop {
            let line = hear(stream).await?;
            self.commands.lock().unwrap().push(line.clone());
            let word = line.split([' ', ':']).next()?.to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => {
                    let mut lines = vec!["mail.example.com"];
                    lines.extend(self.script.extensions.iter().copied());
                    if starttls {
                        lines.push("STARTTLS");
                    }
                    let last = lines.pop()?;
                    let mut text: String =
                        lines.iter().map(|line| format!("250-{line}\r\n")).collect();
                    text.push_str(&format!("250 {last}"));
                    say(stream, &text).await?;
                }
                "STARTTLS" if starttls => {
                    say(stream, &format!("220 go{}", self.script.injected)).await?;
                    return Some(true);
                }
                "AUTH" if line.contains("LOGIN") => {
                    say(stream, "334 VXNlcm5hbWU6").await?;
                    let username = hear(stream).await?;
                    say(stream, "334 UGFzc3dvcmQ6").await?;
                    let password = hear(stream).await?;
                    self.commands.lock().unwrap().extend([username, password]);
                    say(stream, "235 welcome").await?;
                }
                "AUTH" if self.script.login.ends_with(':') => {
                    say(stream, &format!("{} {line}", self.script.login)).await?;
                }
                "AUTH" => say(stream, self.script.login).await?,
                "QUIT" | "RSET" if self.script.reset.is_empty() => {}
                "RSET" => say(stream, self.script.reset).await?,
                "RCPT" if line.contains("unknown") => say(stream, "550 5.1.1 nobody here").await?,
                "RCPT" if line.contains("full") => say(stream, "452 4.2.2 mailbox full").await?,
                "DATA" => {
                    say(stream, self.script.data).await?;
                    if !self.script.data.starts_with("354") {
                        continue;
                    }
                    let mut mail = String::new();
                    loop {
                        let line = hear(stream).await?;
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.mails.lock().unwrap().push(mail);
                    say(stream, self.script.content).await?;
                    mails += 1;
                    if mails == self.script.mails_per_connection {
                        return None;
                    }
                }
                _ => say(stream, "250 ok").await?,
            }
        }
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, line: &str) -> Option<()> {
    let line = format!("{line}\r\n");
    stream.write_all(line.as_bytes()).await.ok()?;
    stream.flush().await.ok()
}

async fn hear<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await.ok()? {
        0 => None,
        _ => Some(line.strip_suffix("\r\n")?.to_owned()),
    }
}
