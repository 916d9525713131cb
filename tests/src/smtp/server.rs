use super::{Action, Stage, script::Script, session};
use crate::{Authority, until};
use mail_parser::{Message, MessageParser};
use push_notify_core::config;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub struct Smtp {
    pub address: SocketAddr,
    pub security: Security,
    pub username: String,
    pub password: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

/// As the channel's `config.tls` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    Starttls,
    Implicit,
    None,
}

/// A mail that was taken.
#[derive(Debug, Clone)]
pub struct Mail {
    pub from: String,
    /// The recipients of the envelope that were taken.
    pub to: Vec<String>,
    /// Without the dots that stuffed it.
    pub raw: Vec<u8>,
    pub encrypted: bool,
    pub logged_in: bool,
}

pub(super) struct Shared {
    pub script: Script,
    pub mails: Mutex<Vec<Mail>>,
    /// Every mail that came as far as its final dot, taken or not.
    pub seen: Mutex<Vec<Vec<u8>>>,
    /// Every command.
    pub heard: Mutex<Vec<String>>,
    /// Grows when all connections are to be closed.
    pub closing: watch::Sender<usize>,
    pub security: Security,
    pub username: String,
    pub password: String,
}

impl Smtp {
    pub async fn start(security: Security) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let random = hex::encode(rand::random::<[u8; 8]>());
        let shared = Arc::new(Shared {
            script: Script::default(),
            mails: Mutex::default(),
            seen: Mutex::default(),
            heard: Mutex::default(),
            closing: watch::Sender::new(0),
            security,
            username: "notify@example.com".to_owned(),
            password: format!("smtp-password-not-real-{random}"),
        });
        let serving = shared.clone();
        let listening = tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let shared = serving.clone();
                tokio::spawn(async move {
                    let mut closing = shared.closing.subscribe();
                    tokio::select! {
                        // A client that goes away is its own business.
                        _ = session::serve(tcp, &shared) => {}
                        _ = closing.changed() => {}
                    }
                });
            }
        });
        Self {
            address,
            security,
            username: shared.username.clone(),
            password: shared.password.clone(),
            shared,
            listening,
        }
    }

    /// The section `[mail]` of a server that sends through this one.
    pub fn as_own_mail(&self) -> config::Mail {
        config::Mail {
            smtp_host: self.address.ip().to_string(),
            smtp_port: self.address.port(),
            security: match self.security {
                Security::Starttls => config::MailSecurity::Starttls,
                Security::Implicit => config::MailSecurity::Tls,
                Security::None => config::MailSecurity::None,
            },
            username: self.username.clone(),
            password: self.password.clone(),
            from: "Push Notify <notify@example.com>".to_owned(),
            ehlo_name: String::new(),
        }
    }

    /// The next time that a conversation gets to `stage`.
    pub fn on(&self, stage: Stage, action: Action) -> &Self {
        self.shared.script.add(stage, action);
        self
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.shared
            .mails
            .lock()
            .expect("no test panics with it")
            .clone()
    }

    /// Every mail that came as far as its final dot, taken or not.
    pub fn seen(&self) -> Vec<Vec<u8>> {
        self.shared
            .seen
            .lock()
            .expect("no test panics with it")
            .clone()
    }

    /// Every command that clients gave.
    pub fn heard(&self) -> Vec<String> {
        self.shared
            .heard
            .lock()
            .expect("no test panics with it")
            .clone()
    }

    /// So that the next mail comes over a fresh one.
    pub fn close_connections(&self) {
        self.shared.closing.send_modify(|count| *count += 1);
    }

    /// Waits until that many were taken.
    pub async fn wait_for(&self, count: usize) -> Vec<Mail> {
        until(&format!("{count} mails"), async || {
            Some(self.mails()).filter(|mails| mails.len() >= count)
        })
        .await
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Security {
    pub fn name(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }
}

impl Mail {
    pub fn parse(&self) -> Message<'_> {
        MessageParser::default().parse(&self.raw).expect("a mail")
    }

    /// The value of a header as it was sent, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.parse();
        let raw = message.header_raw(name)?;
        Some(raw.replace("\r\n", "").trim().to_owned())
    }
}

impl Shared {
    pub(super) fn acceptor(&self) -> tokio_rustls::TlsAcceptor {
        Authority::get().acceptor()
    }
}
