use super::{
    message::{Error, Outcome, Reply, Route, Server, Tls},
    stream::{self, Stream},
};
use crate::{
    network::{NetworkPolicy, NoRoute},
    tls::Trust,
};
use lettre::{
    Address,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream, CertificateStore, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};
use rustls::pki_types::ServerName;
use std::{error::Error as _, net::IpAddr, sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// For each address, so that a dead one leaves time for the next.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

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
    pub(super) async fn open(
        server: &Server,
        network: &NetworkPolicy,
        trust: &Trust,
    ) -> Result<Self, Error> {
        let host = server.host.trim_start_matches('[').trim_end_matches(']');
        let addresses =
            network
                .resolve(host, server.port)
                .await
                .map_err(|problem| match problem {
                    NoRoute::Denied(denied) => Error::Denied(denied.to_string()),
                    NoRoute::Unknown(problem) => {
                        Error::Unreachable(format!("no address: {problem}"))
                    }
                })?;
        let mut last = Error::Unreachable("no address".to_owned());
        for address in addresses {
            match timeout(CONNECT_TIMEOUT, stream::connect(address)).await {
                Ok(Ok(tcp)) => return Self::greet(server, host, tcp, trust).await,
                Ok(Err(problem)) => last = Error::Unreachable(problem.to_string()),
                Err(_) => last = Error::TimedOut,
            }
        }
        Err(last)
    }

    async fn greet(
        server: &Server,
        host: &str,
        tcp: TcpStream,
        trust: &Trust,
    ) -> Result<Self, Error> {
        let unreachable = |problem: std::io::Error| Error::Unreachable(problem.to_string());
        let peer = tcp.peer_addr().map_err(unreachable)?;
        // RFC 5321 section 4.1.3: an address stands in where there is no name that others could look up.
        let me = match tcp.local_addr().map_err(unreachable)?.ip().to_canonical() {
            IpAddr::V4(ip) => ClientId::Ipv4(ip),
            IpAddr::V6(ip) => ClientId::Ipv6(ip),
        };
        let transport: Box<dyn AsyncTokioStream> = if server.tls == Tls::Implicit {
            let name = ServerName::try_from(host.to_owned())
                .map_err(|_| Error::Invalid("the server's name is not one for TLS".to_owned()))?;
            let tls = tokio_rustls::TlsConnector::from(Arc::clone(&trust.config))
                .connect(name, tcp)
                .await
                .map_err(|problem| Error::Unreachable(format!("TLS: {problem}")))?;
            Box::new(Stream::new(tls, peer))
        } else {
            Box::new(Stream::new(tcp, peer))
        };
        let mut smtp = AsyncSmtpConnection::connect_with_transport(transport, &me)
            .await
            .map_err(translate)?;
        if server.tls == Tls::Starttls {
            if !smtp.can_starttls() {
                let problem = "the server does not offer STARTTLS: set tls to implicit (often port 465) or, for a \
                               server next door, to none";
                return Err(Error::Unreachable(problem.to_owned()));
            }
            let parameters = starttls(host, trust)?;
            smtp.starttls(parameters, &me).await.map_err(translate)?;
        }
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
        if info.get_auth_mechanism(&mechanisms).is_none() {
            // As a server would that knows no AUTH: the settings are wrong, not the moment.
            return Err(Error::Refused(Reply {
                code: 530,
                text: "the server offers no login by PLAIN or LOGIN on this connection".to_owned(),
            }));
        }
        if server.tls == Tls::None {
            tracing::warn!(smtp.host = %server.host, "logging in to a mail server without TLS, as configured");
        }
        let password = server.password.clone().unwrap_or_default();
        let credentials = Credentials::new(username, password);
        self.smtp
            .auth(&mechanisms, &credentials)
            .await
            .map_err(translate)?;
        Ok(())
    }

    /// Ready for the next transaction, as far as the server still listens.
    pub(super) async fn reset(&mut self) -> bool {
        self.smtp.command(Rset).await.is_ok()
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
        let foreign = route.sender.iter().any(|sender| !ascii(sender))
            || route.recipients.iter().any(|(_, to)| !ascii(to));
        if foreign && utf8 {
            options.push(MailParameter::SmtpUtfEight);
        }
        self.command(Mail::new(route.sender.clone(), options))
            .await
            .map_err(before)?;

        let mut outcomes = Vec::with_capacity(route.recipients.len());
        let mut accepted = Vec::with_capacity(route.recipients.len());
        for (recipient, address) in &route.recipients {
            let reply = if ascii(address) || utf8 {
                match self.command(Rcpt::new(address.clone(), vec![])).await {
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
        self.command(Data).await.map_err(before)?;
        let reply = self
            .smtp
            .message(body)
            .await
            .map(reply)
            .map_err(|problem| {
                let error = translate(problem);
                Broken {
                    usable: matches!(&error, Error::Refused(reply) if reply.code != 421),
                    error,
                    untouched: false,
                }
            })?;
        for index in accepted {
            outcomes[index].reply = reply.clone();
        }
        Ok(outcomes)
    }

    async fn command(&mut self, command: impl std::fmt::Display) -> Result<Reply, Error> {
        self.smtp
            .command(command)
            .await
            .map(reply)
            .map_err(translate)
    }
}

fn before(error: Error) -> Broken {
    let usable = matches!(&error, Error::Refused(reply) if reply.code != 421);
    Broken {
        error,
        untouched: true,
        usable,
    }
}

fn starttls(host: &str, trust: &Trust) -> Result<TlsParameters, Error> {
    let mut parameters =
        TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    for certificate in &trust.extra {
        parameters = parameters.add_root_certificate(certificate.clone());
    }
    parameters.build().map_err(translate)
}

fn reply(response: Response) -> Reply {
    let lines: Vec<&str> = response.message().collect();
    Reply {
        code: response.code().into(),
        text: cut(lines.join(" ")),
    }
}

fn translate(problem: SmtpError) -> Error {
    let mut text = problem.to_string();
    let mut cause = problem.source();
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    let text = cut(text);
    match problem.status() {
        Some(code) => Error::Refused(Reply {
            code: code.into(),
            text,
        }),
        None => Error::Unreachable(text),
    }
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(500));
    text
}
