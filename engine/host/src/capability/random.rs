use rand::Rng;

const MOST: u32 = 4096;

pub(crate) fn bytes(count: u32) -> Vec<u8> {
    let mut bytes = vec![0; count.min(MOST) as usize];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
