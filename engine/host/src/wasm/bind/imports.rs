use super::{
    super::instance::State,
    v0_1::{
        Plugin,
        push_notify::plugin::{
            ai_types, cache, channel_types, clock, crypto, http, log, provider_types, random, smtp,
            types,
        },
    },
};
use crate::capability;
use std::time::Duration;
use wasmtime::component::{HasSelf, Linker};

/// Gives the linker every import of the contract. All of them link for everybody; what a plugin may
/// do with one is decided when it is called, so that a refusal can say what would allow it.
pub(in crate::wasm) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    Plugin::add_to_linker::<_, HasSelf<State>>(linker, |state| state)
}

impl types::Host for State {}
impl provider_types::Host for State {}
impl channel_types::Host for State {}
impl ai_types::Host for State {}

impl http::Host for State {
    async fn send(&mut self, request: http::Request) -> Result<http::Response, http::Error> {
        use capability::http::{Basic, BodySecrets, Error, Method, Request, send};
        let request = Request {
            method: match request.method {
                http::Method::Get => Method::GET,
                http::Method::Head => Method::HEAD,
                http::Method::Post => Method::POST,
                http::Method::Put => Method::PUT,
                http::Method::Patch => Method::PATCH,
                http::Method::Delete => Method::DELETE,
            },
            url: request.url,
            headers: request
                .headers
                .into_iter()
                .map(|header| (header.name, header.value))
                .collect(),
            basic: request.basic.map(|basic| Basic {
                username: basic.username,
                password: basic.password,
            }),
            body: request.body,
            body_secrets: request.body_secrets.map(|secrets| match secrets {
                http::BodySecrets::Plain => BodySecrets::Plain,
                http::BodySecrets::Json => BodySecrets::Json,
                http::BodySecrets::Form => BodySecrets::Form,
            }),
            timeout: request
                .timeout_ms
                .map(|ms| Duration::from_millis(ms.into())),
        };
        match send(&mut self.call, request).await {
            Ok(response) => Ok(http::Response {
                status: response.status,
                headers: response
                    .headers
                    .into_iter()
                    .map(|(name, value)| types::HeaderResult { name, value })
                    .collect(),
                body: response.body,
            }),
            Err(error) => Err(match error {
                Error::Denied(text) => http::Error::Denied(text),
                Error::Invalid(text) => http::Error::Invalid(text),
                Error::Unreachable(text) => http::Error::Unreachable(text),
                Error::TimedOut => http::Error::TimedOut,
                Error::TooLarge => http::Error::TooLarge,
            }),
        }
    }
}

impl smtp::Host for State {
    async fn send(
        &mut self,
        server: smtp::Server,
        envelope: smtp::Envelope,
        message: Vec<u8>,
    ) -> Result<Vec<smtp::Outcome>, smtp::Error> {
        use capability::smtp::{Envelope, Error, Reply, Server, Tls, send};
        let reply = |reply: Reply| smtp::Reply {
            code: reply.code,
            text: reply.text,
        };
        let server = Server {
            host: server.host,
            port: server.port,
            tls: match server.tls {
                smtp::Tls::Starttls => Tls::Starttls,
                smtp::Tls::Implicit => Tls::Implicit,
                smtp::Tls::None => Tls::None,
            },
            username: server.username,
            password: server.password,
        };
        let envelope = Envelope {
            sender: envelope.sender,
            recipients: envelope.recipients,
        };
        match send(&mut self.call, server, envelope, message).await {
            Ok(outcomes) => Ok(outcomes
                .into_iter()
                .map(|outcome| smtp::Outcome {
                    recipient: outcome.recipient,
                    reply: reply(outcome.reply),
                })
                .collect()),
            Err(error) => Err(match error {
                Error::Denied(text) => smtp::Error::Denied(text),
                Error::Invalid(text) => smtp::Error::Invalid(text),
                Error::Unreachable(text) => smtp::Error::Unreachable(text),
                Error::TimedOut => smtp::Error::TimedOut,
                Error::Refused(refusal) => smtp::Error::Refused(reply(refusal)),
            }),
        }
    }
}

impl crypto::Host for State {
    fn digest(&mut self, algorithm: crypto::Algorithm, data: Vec<u8>) -> Vec<u8> {
        self.call
            .charged(|_| capability::crypto::digest(known(algorithm), &data))
    }

    fn hmac(
        &mut self,
        algorithm: crypto::Algorithm,
        key: Vec<u8>,
        encoding: crypto::KeyEncoding,
        message: Vec<u8>,
    ) -> Vec<u8> {
        use capability::crypto::{KeyEncoding, hmac};
        let encoding = match encoding {
            crypto::KeyEncoding::Plain => KeyEncoding::Plain,
            crypto::KeyEncoding::Base64 => KeyEncoding::Base64,
        };
        self.call
            .charged(|call| hmac(call, known(algorithm), &key, encoding, &message))
    }

    fn sign(
        &mut self,
        algorithm: crypto::Signing,
        key: String,
        message: Vec<u8>,
    ) -> Result<Vec<u8>, String> {
        use capability::signing::{Signing, sign};
        let algorithm = match algorithm {
            crypto::Signing::Ed25519 => Signing::Ed25519,
            crypto::Signing::RsaSha256 => Signing::RsaSha256,
            crypto::Signing::EcdsaSha256 => Signing::EcdsaSha256,
        };
        self.call
            .charged(|call| sign(call, algorithm, &key, &message))
            .map_err(str::to_owned)
    }

    fn equal(&mut self, left: Vec<u8>, right: Vec<u8>) -> bool {
        self.call
            .charged(|call| capability::crypto::equal(call, &left, &right))
    }
}

fn known(algorithm: crypto::Algorithm) -> capability::crypto::Algorithm {
    match algorithm {
        crypto::Algorithm::Sha1 => capability::crypto::Algorithm::Sha1,
        crypto::Algorithm::Sha256 => capability::crypto::Algorithm::Sha256,
        crypto::Algorithm::Sha512 => capability::crypto::Algorithm::Sha512,
    }
}

impl cache::Host for State {
    async fn get(&mut self, key: String) -> Option<Vec<u8>> {
        capability::cache::get(&mut self.call, &key).await
    }

    async fn set(&mut self, key: String, value: Vec<u8>, ttl_seconds: u32) {
        capability::cache::set(&mut self.call, &key, value, ttl_seconds).await;
    }

    async fn add(&mut self, key: String, value: Vec<u8>, ttl_seconds: u32) -> bool {
        capability::cache::add(&mut self.call, &key, value, ttl_seconds).await
    }

    async fn delete(&mut self, key: String) {
        capability::cache::delete(&mut self.call, &key).await;
    }
}

impl clock::Host for State {
    fn now_ms(&mut self) -> u64 {
        capability::clock::of(&self.call)
    }
}

impl random::Host for State {
    fn bytes(&mut self, count: u32) -> Vec<u8> {
        capability::random::bytes(count)
    }
}

impl log::Host for State {
    fn write(&mut self, level: log::Level, message: String) {
        use capability::log::{Level, write};
        let level = match level {
            log::Level::Debug => Level::Debug,
            log::Level::Info => Level::Info,
            log::Level::Warn => Level::Warn,
            log::Level::Error => Level::Error,
        };
        self.call.charged(|call| write(call, level, message));
    }
}
