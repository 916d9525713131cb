use rand::Rng;

const MOST: u32 = 4096;

#[expect(
    clippy::disallowed_methods,
    reason = "this is where a guest's randomness comes from"
)]
pub(crate) fn bytes(count: u32) -> Vec<u8> {
    let mut bytes = vec![0; count.min(MOST) as usize];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
