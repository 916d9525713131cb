use super::{CodecError, pack, unpack};

#[test]
fn what_is_packed_is_unpacked() {
    let bytes = b"{\"commits\":[]}".repeat(1000);
    let packed = pack(&bytes);
    assert!(packed.len() < bytes.len() / 10);
    assert_eq!(unpack(&packed, bytes.len()), Ok(bytes));
    assert_eq!(unpack(&pack(b""), 0), Ok(vec![]));
}

#[test]
fn a_size_beyond_the_cap_is_refused_unseen() {
    let mut packed = pack(b"small");
    packed[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(
        unpack(&packed, 1 << 20),
        Err(CodecError::TooLarge(u32::MAX as usize))
    );
}

#[test]
fn damage_is_an_error() {
    let packed = pack(&b"some text that repeats, some text that repeats".repeat(3));
    for cut in 0..packed.len() {
        assert!(unpack(&packed[..cut], 1 << 20).is_err(), "{cut}");
    }
}
