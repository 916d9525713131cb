//! Mail. The engine speaks SMTP: it connects, turns to TLS, logs in, and reports what the server
//! said to each recipient.

#[cfg(test)]
mod tests;

use crate::{Failure, bindings::host::push_notify::plugin::smtp, engine};

pub use smtp::{Envelope, Error, Outcome, Reply, Server, Tls};

/// Hands one message, headers and body with CRLF line ends, to the recipients. One outcome for each
/// recipient; those with a 2xx code have the message.
pub fn send(server: &Server, envelope: &Envelope, message: &[u8]) -> Result<Vec<Outcome>, Error> {
    engine::smtp::send(server, envelope, message)
}

impl Reply {
    /// Codes 2xx.
    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// Codes 4xx: it may work later.
    pub fn is_transient(&self) -> bool {
        (400..500).contains(&self.code)
    }
}

/// 4xx: retry. 530, 534, 535 (RFC 4954: authentication): misconfigured. Other codes: rejected.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(text) => Self::Misconfigured(text),
            Error::Invalid(text) => Self::Rejected(text),
            Error::Unreachable(text) => Self::retry(text),
            Error::TimedOut => Self::retry("the mail server did not answer in time"),
            Error::Refused(reply) => {
                let reason = format!("SMTP {} {}", reply.code, reply.text);
                match reply.code {
                    400..=499 => Self::retry(reason),
                    530 | 534 | 535 => Self::Misconfigured(reason),
                    _ => Self::Rejected(reason),
                }
            }
        }
    }
}
