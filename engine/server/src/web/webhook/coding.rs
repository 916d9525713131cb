//! `Content-Encoding`. No Git host packs its deliveries; gateways and relays do. Then what was
//! signed is what the host wrote, before anybody packed it (RFC 9110, section 8.4: a coding is a
//! property of the representation that is undone to get at the data).

use super::refuse;
use crate::{
    http::{ApiError, error::Reason},
    pipeline::BodyPermit,
};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use push_notify_core::i18n::Text;
use std::io::{ErrorKind, Read};
use tokio::task::coop::consume_budget;

/// As much is unpacked before others have their turn.
const BLOCK: usize = 64 * 1024;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
}

impl Coding {
    /// None: it is as it is. Fails with a 415 that names what is taken.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let mut coding = None;
        let lines = headers.get_all(header::CONTENT_ENCODING).iter();
        let names = lines.flat_map(|line| line.to_str().unwrap_or("?").split(','));
        for name in names.map(str::trim) {
            let next = match name.to_ascii_lowercase().as_str() {
                "" | "identity" => continue,
                "gzip" | "x-gzip" => Self::Gzip,
                "deflate" => Self::Deflate,
                _ => return Err(unknown()),
            };
            // Nobody packs twice, but to make much of little.
            if coding.replace(next).is_some() {
                return Err(unknown());
            }
        }
        Ok(coding)
    }

    fn reader(self, packed: &[u8]) -> Box<dyn Read + Send + '_> {
        match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            // Some mean the bare stream by that name, against the standard.
            Self::Deflate if !is_zlib(packed) => Box::new(DeflateDecoder::new(packed)),
            Self::Deflate => Box::new(ZlibDecoder::new(packed)),
        }
    }

    fn broken(self) -> ApiError {
        let name = match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        };
        ApiError::malformed(vec![Text::made(
            format!("请求体不是完整有效的{name}数据（Content-Encoding）"),
            format!("the body is not whole and sound {name}, as Content-Encoding says"),
        )])
    }
}

/// What `packed` is, of at most `most` bytes: a few can stand for very many.
pub(super) async fn unpacked(
    packed: &Bytes,
    coding: Coding,
    most: usize,
    room: &mut BodyPermit,
) -> Result<Bytes, ApiError> {
    let mut reader = coding.reader(packed);
    let mut body = BytesMut::new();
    let mut block = vec![0; BLOCK];
    loop {
        let length = match reader.read(&mut block) {
            Ok(0) => return Ok(body.freeze()),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(coding.broken()),
        };
        if body.len() + length > most {
            return Err(ApiError::too_large(most));
        }
        let held = packed.len() + body.len() + length;
        room.hold(held).await.map_err(refuse)?;
        body.extend_from_slice(block.get(..length).unwrap_or_default());
        consume_budget().await;
    }
}

/// The two bytes that a zlib stream begins with (RFC 1950, section 2.2).
fn is_zlib(packed: &[u8]) -> bool {
    match packed {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
        }
        _ => true,
    }
}

fn unknown() -> ApiError {
    ApiError::unsupported_media_type()
        .saying(Text::new(
            "不支持该Content-Encoding，可用的有：gzip、deflate，或不压缩",
            "This Content-Encoding is not taken: gzip or deflate is, once, or none",
        ))
        .because(Reason::Coding)
}

#[cfg(test)]
mod tests;
