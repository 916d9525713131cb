use crate::config::{self, MailSecurity};
use anyhow::Context as _;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
    },
};
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
const TIMEOUT: Duration = Duration::from_secs(20);

/// Sends through the server of the section `[mail]`.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
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
    #[error("the mail server does not answer as one should")]
    Silent,
    #[error("the mail cannot be written: {0}")]
    Content(#[from] lettre::error::Error),
    #[error("not a mail address")]
    Address(#[from] lettre::address::AddressError),
    /// Without the server's words: they may quote the address.
    #[error("the mail server answered {0}")]
    Refused(u16),
    #[error("the mail server cannot be talked to: {0}")]
    Unreachable(lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether the same mail may be taken later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Full | Self::Silent | Self::Unreachable(_) => true,
            Self::Refused(code) => *code < 500,
            Self::Content(_) | Self::Address(_) => false,
        }
    }
}

impl From<lettre::transport::smtp::Error> for MailError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => Self::Refused(code.into()),
            None => Self::Unreachable(error),
        }
    }
}

impl Mailer {
    /// None when no server is configured.
    pub fn new(settings: &config::Mail, extra_roots: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        if settings.smtp_host.is_empty() {
            return Ok(None);
        }
        let from = settings.from.parse().context("`mail.from`")?;
        let tls = match settings.security {
            MailSecurity::Starttls => Tls::Required(parameters(settings, extra_roots)?),
            MailSecurity::Tls => Tls::Wrapper(parameters(settings, extra_roots)?),
            MailSecurity::None => Tls::None,
        };
        let host = settings.smtp_host.as_str();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.smtp_port)
            .timeout(Some(TIMEOUT))
            .tls(tls);
        if !settings.username.is_empty() {
            builder = builder.credentials(Credentials::new(
                settings.username.clone(),
                settings.password.clone(),
            ));
        }
        Ok(Some(Self {
            transport: builder.build(),
            from,
            room: Arc::new(Semaphore::new(MOST)),
        }))
    }

    /// Whether the server can be reached and lets us in.
    pub async fn check(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await? {
            true => Ok(()),
            false => Err(MailError::Silent),
        }
    }

    /// Room for one more mail. Without it the mail is not to be written at all.
    pub fn room(&self) -> Result<OwnedSemaphorePermit, MailError> {
        let room = self.room.clone().try_acquire_owned();
        room.map_err(|_| MailError::Full)
    }

    /// Sends with some tries, which may take minutes: nothing to wait for in a request.
    pub async fn send(&self, mail: Mail, _room: OwnedSemaphorePermit) -> Result<(), MailError> {
        let to = Mailbox::new(None, mail.to.parse::<Address>()?);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body)?;
        for wait in WAITS {
            match self.transport.send(message.clone()).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_permanent() => return Err(error.into()),
                Err(_) => tokio::time::sleep(wait).await,
            }
        }
        self.transport.send(message).await?;
        Ok(())
    }
}

fn parameters(settings: &config::Mail, extra_roots: &[PathBuf]) -> anyhow::Result<TlsParameters> {
    let mut parameters = TlsParameters::builder(settings.smtp_host.clone())
        .certificate_store(CertificateStore::WebpkiRoots);
    for path in extra_roots {
        let named = || format!("`network.extra_roots`: {}", path.display());
        let pem = fs::read(path).with_context(named)?;
        let certificate = Certificate::from_pem(&pem).with_context(named)?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build().context("`mail.smtp_host`")
}
