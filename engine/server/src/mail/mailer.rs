use anyhow::Context as _;
use lettre::{
    Message,
    message::{Mailbox, header::ContentType},
};
use push_notify_core::config::{self, MailSecurity};
use push_notify_host::smtp::{self, Client, Envelope, Outcome, Server, Tls};
use std::{fs, path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Waits between tries at one mail.
const WAITS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(300),
];
/// Mails under way at the same time, those that wait for their next try among them.
const MOST: usize = 100;
/// One mail, from the connection to the server's last word.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
const CHECK_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends through the server of the section `[mail]`.
#[derive(Clone)]
pub struct Mailer {
    client: Client,
    server: Arc<Server>,
    from: Mailbox,
    room: Arc<Semaphore>,
}

/// A mail in plain text.
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub body: String,
}

#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("too many mails are under way")]
    Full,
    #[error("the mail cannot be written: {0}")]
    Content(#[from] lettre::error::Error),
    #[error("not a mail address")]
    Address(#[from] lettre::address::AddressError),
    /// Without the server's words: they may quote the address.
    #[error("the mail server answered {0}")]
    Refused(u16),
    #[error("the mail server does not take such a mail: {0}")]
    Invalid(String),
    #[error("the mail server cannot be talked to: {0}")]
    Unreachable(String),
    #[error("the mail server took too long")]
    TimedOut,
}

impl MailError {
    /// Whether the same mail may be taken later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Full | Self::Unreachable(_) | Self::TimedOut => true,
            Self::Refused(code) => *code < 500,
            Self::Content(_) | Self::Address(_) | Self::Invalid(_) => false,
        }
    }
}

impl From<smtp::Error> for MailError {
    fn from(error: smtp::Error) -> Self {
        match error {
            smtp::Error::Refused(reply) => Self::Refused(reply.code),
            smtp::Error::Unreachable(problem) => Self::Unreachable(problem),
            smtp::Error::TimedOut => Self::TimedOut,
            smtp::Error::Invalid(problem) | smtp::Error::Denied(problem) => Self::Invalid(problem),
        }
    }
}

impl Mailer {
    /// None when no server is configured.
    pub fn new(settings: &config::Mail, extra_roots: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        if settings.smtp_host.is_empty() {
            return Ok(None);
        }
        let from: Mailbox = settings.from.parse().context("`mail.from`")?;
        let email = smtp::ascii_domain(from.email).context("`mail.from` has no domain")?;
        let read = |path: &PathBuf| {
            fs::read(path).with_context(|| format!("`network.extra_roots`: {}", path.display()))
        };
        let pems: Vec<_> = extra_roots.iter().map(read).collect::<Result<_, _>>()?;
        let has_login = !settings.username.is_empty();
        let server = Server {
            host: settings.smtp_host.clone(),
            port: settings.smtp_port,
            tls: match settings.security {
                MailSecurity::Starttls => Tls::Starttls,
                MailSecurity::Tls => Tls::Implicit,
                MailSecurity::None => Tls::None,
            },
            username: has_login.then(|| settings.username.clone()),
            password: has_login.then(|| settings.password.clone()),
        };
        Ok(Some(Self {
            client: Client::new(&pems, settings.ehlo_name())?,
            server: Arc::new(server),
            from: Mailbox::new(from.name, email),
            room: Arc::new(Semaphore::new(MOST)),
        }))
    }

    /// Whether the server can be reached and lets us in.
    pub async fn check(&self) -> Result<(), MailError> {
        Ok(self.client.check(&self.server, CHECK_TIMEOUT).await?)
    }

    /// Room for one more mail. Without it the mail is not to be written at all.
    pub fn room(&self) -> Result<OwnedSemaphorePermit, MailError> {
        let room = self.room.clone().try_acquire_owned();
        room.map_err(|_| MailError::Full)
    }

    /// Sends with some tries, which may take minutes: nothing to wait for in a request.
    pub async fn send(&self, mail: Mail, _room: OwnedSemaphorePermit) -> Result<(), MailError> {
        let to = mail.to.parse()?;
        let to = smtp::ascii_domain(to).ok_or(lettre::address::AddressError::InvalidDomain)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body)?
            .formatted();
        for wait in WAITS {
            match self.attempt(&mail.to, &message).await {
                Ok(()) => return Ok(()),
                Err(error) if !error.is_passing() => return Err(error),
                Err(_) => tokio::time::sleep(wait).await,
            }
        }
        self.attempt(&mail.to, &message).await
    }

    async fn attempt(&self, to: &str, message: &[u8]) -> Result<(), MailError> {
        let envelope = Envelope {
            sender: self.from.email.to_string(),
            recipients: vec![to.to_owned()],
        };
        let outcomes = self
            .client
            .send(&self.server, envelope, message, SEND_TIMEOUT);
        let refused = |outcome: &Outcome| outcome.reply.code >= 300;
        match outcomes.await?.into_iter().find(refused) {
            Some(outcome) => Err(MailError::Refused(outcome.reply.code)),
            None => Ok(()),
        }
    }
}
