use super::{
    message::{Error, Outcome, Reply, Route, Server, Tls},
    pool::Pool,
    starttls,
    stream::{self, Stream},
};
use crate::{network::NoRoute, tls::Trust};
use lettre::{
    Address,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream},
        commands::{Auth, Data, Mail, Rcpt, Rset},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};
use rustls::pki_types::ServerName;
use std::{error::Error as _, net::IpAddr, ops::RangeInclusive, sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// For each address, so that a dead one leaves time for the next.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a server that has nothing more to say to us is listened to.
const POLITE: Duration = Duration::from_secs(2);
/// Most questions of a server in one login.
const QUESTIONS: usize = 10;

/// A session with one server, logged in when there are credentials.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
}

/// A transaction that did not come to an end.
pub(super) struct Broken {
    pub(super) error: Error,
    /// The connection broke before the server could have taken anything.
    pub(super) untouched: bool,
    /// The connection may serve the next one.
    pub(super) usable: bool,
}

impl Connection {
    pub(super) async fn open(server: &Server, pool: &Pool) -> Result<Self, Error> {
        let host = server.host.trim_start_matches('[').trim_end_matches(']');
        let addresses = pool.network.resolve(host, server.port).await;
        let addresses = addresses.map_err(|problem| match problem {
            NoRoute::Denied(denied) => Error::Denied(denied.to_string()),
            NoRoute::Unknown(problem) => Error::Unreachable(format!("no address: {problem}")),
        })?;
        let mut last = Error::Unreachable("no address".to_owned());
        for address in addresses {
            match timeout(CONNECT_TIMEOUT, stream::connect(address)).await {
                Ok(Ok(tcp)) => return Self::greet(server, host, tcp, pool).await,
                Ok(Err(problem)) => last = Error::Unreachable(problem.to_string()),
                Err(_) => last = Error::TimedOut,
            }
        }
        Err(last)
    }

    async fn greet(
        server: &Server,
        host: &str,
        mut tcp: TcpStream,
        pool: &Pool,
    ) -> Result<Self, Error> {
        let unreachable = |problem: std::io::Error| Error::Unreachable(problem.to_string());
        let peer = tcp.peer_addr().map_err(unreachable)?;
        let me = match &pool.ehlo_name {
            Some(name) => ClientId::Domain(name.clone()),
            // RFC 5321 section 4.1.3: an address stands in where there is no name that others could
            // look up.
            None => match tcp.local_addr().map_err(unreachable)?.ip().to_canonical() {
                IpAddr::V4(ip) => ClientId::Ipv4(ip),
                IpAddr::V6(ip) => ClientId::Ipv6(ip),
            },
        };
        let transport: Box<dyn AsyncTokioStream> = match server.tls {
            Tls::None => Box::new(Stream::new(tcp, peer)),
            Tls::Implicit => Box::new(Stream::new(secure(tcp, host, &pool.trust).await?, peer)),
            Tls::Starttls => {
                starttls::ask(&mut tcp, &me).await?;
                Box::new(Stream::greeted(secure(tcp, host, &pool.trust).await?, peer))
            }
        };
        let smtp = AsyncSmtpConnection::connect_with_transport(transport, &me)
            .await
            .map_err(translate)?;
        let mut connection = Self { smtp };
        connection.log_in(server).await?;
        Ok(connection)
    }

    async fn log_in(&mut self, server: &Server) -> Result<(), Error> {
        let Some(username) = server.username.clone().filter(|name| !name.is_empty()) else {
            return Ok(());
        };
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        let info = self.smtp.server_info();
        let Some(mechanism) = info.get_auth_mechanism(&mechanisms) else {
            let problem = "the server offers no login by PLAIN or LOGIN on this connection";
            return Err(Error::settings(problem));
        };
        if server.tls == Tls::None {
            tracing::warn!(smtp.host = %server.host, "logging in to a mail server without TLS, as configured");
        }
        let password = server.password.clone().unwrap_or_default();
        let credentials = Credentials::new(username, password);
        // Not lettre's own login: it waits for the answer to a QUIT before it tells what came of
        // it.
        let auth = Auth::new(mechanism, credentials.clone(), None).map_err(translate)?;
        let mut response = self.smtp.command(auth).await.map_err(translate)?;
        for _ in 0..QUESTIONS {
            if !response.has_code(334) {
                break;
            }
            let auth = Auth::new_from_response(mechanism, credentials.clone(), &response);
            let auth = auth.map_err(translate)?;
            response = self.smtp.command(auth).await.map_err(translate)?;
        }
        in_step(reply(response), 200..=299).map(drop)
    }

    /// Ready for the next transaction, as far as the server still listens.
    pub(super) async fn reset(&mut self) -> bool {
        let reset = timeout(POLITE, self.command(Rset, 200..=299)).await;
        matches!(reset, Ok(Ok(_)))
    }

    pub(super) async fn quit(mut self) {
        // Politeness only.
        let _ = self.smtp.quit().await;
    }

    /// One mail to all recipients. `body` is without its last line break.
    pub(super) async fn deliver(
        &mut self,
        route: &Route,
        body: &[u8],
    ) -> Result<Vec<Outcome>, Broken> {
        let info = self.smtp.server_info();
        let utf8 = info.supports_feature(Extension::SmtpUtfEight);
        let mut options = Vec::new();
        if !body.is_ascii() {
            if !info.supports_feature(Extension::EightBitMime) {
                let problem =
                    "the server takes ASCII only: encode the message as quoted-printable or base64";
                return Err(Broken {
                    error: Error::Invalid(problem.to_owned()),
                    untouched: true,
                    usable: true,
                });
            }
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        let is_foreign_sender = route.sender.iter().any(|sender| !ascii(sender));
        if is_foreign_sender && !utf8 {
            let problem = "the server does not take a sender's address beyond ASCII (SMTPUTF8)";
            return Err(before(Error::settings(problem)));
        }
        let is_foreign = is_foreign_sender || route.recipients.iter().any(|(_, to)| !ascii(to));
        if is_foreign && utf8 {
            options.push(MailParameter::SmtpUtfEight);
        }
        self.command(Mail::new(route.sender.clone(), options), 200..=299)
            .await
            .map_err(before)?;

        let mut outcomes = Vec::with_capacity(route.recipients.len());
        let mut accepted = Vec::with_capacity(route.recipients.len());
        for (recipient, address) in &route.recipients {
            let reply = if ascii(address) || utf8 {
                match self
                    .command(Rcpt::new(address.clone(), vec![]), 200..=299)
                    .await
                {
                    Ok(reply) => {
                        accepted.push(outcomes.len());
                        reply
                    }
                    // 421: the server is about to hang up.
                    Err(Error::Refused(reply)) if reply.code != 421 => reply,
                    Err(error) => return Err(before(error)),
                }
            } else {
                Reply {
                    code: 553,
                    text: "the server does not take addresses beyond ASCII (SMTPUTF8)".to_owned(),
                }
            };
            outcomes.push(Outcome {
                recipient: recipient.clone(),
                reply,
            });
        }
        if accepted.is_empty() {
            return Ok(outcomes);
        }
        self.command(Data, 354..=354).await.map_err(before)?;
        let reply = self
            .smtp
            .message(body)
            .await
            .map_err(translate)
            .and_then(|response| in_step(reply(response), 200..=299))
            .map_err(|error| Broken {
                usable: matches!(&error, Error::Refused(reply) if reply.code != 421),
                error,
                untouched: false,
            })?;
        for index in accepted {
            outcomes[index].reply = reply.clone();
        }
        Ok(outcomes)
    }

    /// The answer, when it is one of those that this command has besides a refusal.
    async fn command(
        &mut self,
        command: impl std::fmt::Display,
        codes: RangeInclusive<u16>,
    ) -> Result<Reply, Error> {
        let response = self.smtp.command(command).await.map_err(translate)?;
        in_step(reply(response), codes)
    }
}

/// Another positive answer is the one to another command: whatever comes next would be taken for
/// what it is not.
fn in_step(reply: Reply, codes: RangeInclusive<u16>) -> Result<Reply, Error> {
    if codes.contains(&reply.code) {
        return Ok(reply);
    }
    let Reply { code, text } = reply;
    Err(Error::Unreachable(format!(
        "the server's answers are out of step: {code} {text}"
    )))
}

fn before(error: Error) -> Broken {
    let usable = matches!(&error, Error::Refused(reply) if reply.code != 421);
    Broken {
        error,
        untouched: true,
        usable,
    }
}

/// TLS over the connection, with a server that is `host`.
async fn secure(tcp: TcpStream, host: &str, trust: &Trust) -> Result<TlsStream<TcpStream>, Error> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Error::Invalid("the server's name is not one for TLS".to_owned()))?;
    let connector = TlsConnector::from(Arc::clone(&trust.config));
    let connected = connector.connect(name, tcp).await;
    connected.map_err(|problem| match certificate(&problem) {
        Some(problem) => Error::settings(problem),
        None => Error::Unreachable(format!("TLS: {problem}")),
    })
}

fn reply(response: Response) -> Reply {
    let lines: Vec<&str> = response.message().collect();
    Reply {
        code: response.code().into(),
        text: lines.join(" "),
    }
}

fn translate(problem: SmtpError) -> Error {
    let mut text = problem.to_string();
    let mut cause = problem.source();
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    match (problem.status(), certificate(&problem)) {
        (Some(code), _) => Error::Refused(Reply {
            code: code.into(),
            text,
        }),
        (None, Some(problem)) => Error::settings(problem),
        (None, None) => Error::Unreachable(text),
    }
}

/// Why the server's certificate does not verify, when that is the problem. It will not by itself.
fn certificate(problem: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(problem);
    while let Some(error) = next {
        let inner = match error.downcast_ref::<std::io::Error>() {
            Some(io) => io
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>()),
            None => error.downcast_ref(),
        };
        if let Some(problem @ rustls::Error::InvalidCertificate(_)) = inner {
            return Some(format!("TLS: {problem}"));
        }
        next = error.source();
    }
    None
}
