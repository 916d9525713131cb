//! The functions that the generated bindings have on wasm, answered by the [`Host`](super::Host) of
//! the current thread.

pub(crate) mod http {
    use crate::http::{Error, Response};
    use crate::testing::{Request, host::State};

    pub(crate) fn send(request: &Request) -> Result<Response, Error> {
        State::current("http::send").http(request)
    }
}

pub(crate) mod smtp {
    use crate::smtp::{Envelope, Error, Outcome, Server};
    use crate::testing::{Mail, host::State};

    pub(crate) fn send(
        server: &Server,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<Vec<Outcome>, Error> {
        State::current("smtp::send").smtp(Mail {
            server: server.clone(),
            envelope: envelope.clone(),
            message: message.to_owned(),
        })
    }
}

pub(crate) mod crypto {
    use crate::testing::{crypto, host::State};

    pub(crate) use crate::bindings::host::push_notify::plugin::crypto::{
        Algorithm, KeyEncoding, Signing,
    };

    pub(crate) fn digest(algorithm: Algorithm, data: &[u8]) -> Vec<u8> {
        crypto::digest(algorithm, data)
    }

    pub(crate) fn hmac(
        algorithm: Algorithm,
        key: &[u8],
        encoding: KeyEncoding,
        message: &[u8],
    ) -> Vec<u8> {
        crypto::decoded(reveal(key), encoding)
            .map(|key| crypto::hmac(algorithm, &key, &reveal(message)))
            .unwrap_or_default()
    }

    /// No real signature: a digest of the algorithm's name, the key and the message.
    pub(crate) fn sign(algorithm: Signing, key: &str, message: &[u8]) -> Result<Vec<u8>, String> {
        let key = reveal(key.as_bytes());
        if key.is_empty() {
            return Err("the key is empty".to_owned());
        }
        let name = format!("{algorithm:?}");
        let all = [name.as_bytes(), &key, message].concat();
        Ok(crypto::digest(Algorithm::Sha256, &all))
    }

    pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
        crypto::equal(&reveal(left), &reveal(right))
    }

    fn reveal(bytes: &[u8]) -> Vec<u8> {
        let state = State::current("a crypto function");
        crypto::reveal(bytes, &state.secrets.borrow())
    }
}

pub(crate) mod cache {
    use crate::testing::host::State;

    pub(crate) fn get(key: &str) -> Option<Vec<u8>> {
        let state = State::current("cache::get");
        state.cache.get(key, state.now_ms.get())
    }

    pub(crate) fn set(key: &str, value: &[u8], ttl_seconds: u32) {
        let state = State::current("cache::set");
        state.cache.set(key, value, ttl_seconds, state.now_ms.get());
    }

    pub(crate) fn add(key: &str, value: &[u8], ttl_seconds: u32) -> bool {
        let absent = get(key).is_none();
        if absent {
            set(key, value, ttl_seconds);
        }
        absent
    }

    pub(crate) fn delete(key: &str) {
        State::current("cache::delete").cache.delete(key);
    }
}

pub(crate) mod clock {
    use crate::testing::host::State;

    pub(crate) fn now_ms() -> u64 {
        State::current("clock::now_ms").now_ms.get()
    }
}

pub(crate) mod random {
    use crate::bindings::host::push_notify::plugin::crypto::Algorithm;
    use crate::testing::{crypto, host::State};

    /// Different from call to call, the same in every run of a test.
    pub(crate) fn bytes(count: u32) -> Vec<u8> {
        let state = State::current("random::bytes");
        let mut bytes = Vec::new();
        while bytes.len() < count as usize {
            let block = state.randomness.get();
            state.randomness.set(block.wrapping_add(1));
            bytes.extend(crypto::digest(Algorithm::Sha256, &block.to_be_bytes()));
        }
        bytes.truncate(count as usize);
        bytes
    }
}

pub(crate) mod log {
    use crate::testing::{Line, host::State};

    pub(crate) use crate::bindings::host::push_notify::plugin::log::Level;

    pub(crate) fn write(level: Level, message: &str) {
        State::current("log").log(Line {
            level,
            message: message.to_owned(),
        });
    }
}
