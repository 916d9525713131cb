//! Random bytes. The target has no source of its own.

/// Most that the contract hands out at once.
const MOST: u32 = 4096;

/// `count` bytes, fit for keys and nonces.
pub fn bytes(count: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = count;
    while left > 0 {
        let part = left.min(MOST);
        bytes.extend(crate::engine::random::bytes(part));
        left -= part;
    }
    bytes
}
