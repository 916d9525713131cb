//! How bodies and events are stored: an lz4 block with its length in front.

/// No stored value is larger when it is unpacked: what is made of a 25 MiB body, with room.
pub const MOST_BYTES: usize = 64 << 20;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error("a stored value says that it has {0} bytes, which is too many")]
    TooLarge(usize),
    #[error("a stored value is damaged: {0}")]
    Damaged(String),
}

pub fn pack(bytes: &[u8]) -> Vec<u8> {
    lz4_flex::compress_prepend_size(bytes)
}

/// Fails, before anything is allocated, when the result would have more than `most` bytes.
pub fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, CodecError> {
    let damaged = |error: lz4_flex::block::DecompressError| CodecError::Damaged(error.to_string());
    let (size, block) = lz4_flex::block::uncompressed_size(packed).map_err(damaged)?;
    if size > most {
        return Err(CodecError::TooLarge(size));
    }
    let bytes = lz4_flex::block::decompress(block, size).map_err(damaged)?;
    if bytes.len() != size {
        return Err(CodecError::Damaged(format!(
            "{} of {size} bytes are there",
            bytes.len()
        )));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
