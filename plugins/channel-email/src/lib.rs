//! Mail: a message of text and HTML, handed to an SMTP server that the engine talks to.

mod footer;
mod header;
mod html;
mod mail;
mod outcome;
#[cfg(test)]
mod tests;
mod text;

use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, smtp};

#[derive(serde::Deserialize)]
pub struct Config {
    smtp_host: String,
    smtp_port: u16,
    /// By the port when there is none.
    #[serde(default)]
    tls: Option<Tls>,
    from: String,
    #[serde(default)]
    from_name: Option<String>,
    /// The address in `from` when there is none.
    #[serde(default)]
    username: Option<String>,
    /// Without it there is no login: a relay.
    #[serde(default)]
    password: Option<Secret>,
    to: Vec<String>,
}

/// Where servers expect TLS from the first byte (RFC 8314).
const SUBMISSIONS: u16 = 465;

#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tls {
    Starttls,
    Implicit,
    None,
}

pub struct Email;

channel!(Email);

impl Channel for Email {
    type Config = Config;

    fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
        let mail = mail::build(&config, &message)?;
        // The others have it from an earlier attempt.
        let recipients = if message.only_to.is_empty() {
            &config.to
        } else {
            &message.only_to
        };
        let envelope = smtp::Envelope {
            sender: config.from.clone(),
            recipients: recipients.clone(),
        };
        let outcomes = smtp::send(&config.server(), &envelope, &mail.bytes)?;
        outcome::verdict(recipients, &outcomes)?;
        Ok(Receipt {
            id: Some(mail.id),
            ..Receipt::default()
        })
    }
}

impl Config {
    fn server(&self) -> smtp::Server {
        let password = self
            .password
            .as_ref()
            .filter(|password| !password.is_empty());
        let username = self
            .username
            .as_ref()
            .filter(|name| !name.is_empty())
            .unwrap_or(&self.from);
        smtp::Server {
            host: self.smtp_host.clone(),
            port: self.smtp_port,
            tls: match self.tls {
                None if self.smtp_port == SUBMISSIONS => smtp::Tls::Implicit,
                None | Some(Tls::Starttls) => smtp::Tls::Starttls,
                Some(Tls::Implicit) => smtp::Tls::Implicit,
                Some(Tls::None) => smtp::Tls::None,
            },
            username: password.map(|_| username.clone()),
            password: password.map(ToString::to_string),
        }
    }
}
