use super::{Algorithm, KeyEncoding, decoded, digest, sign};
use hmac::Hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use std::borrow::Cow;

#[test]
fn digests_are_those_of_fips_180() {
    let abc = |algorithm| hex::encode(digest(algorithm, b"abc"));
    assert_eq!(
        abc(Algorithm::Sha1),
        "a9993e364706816aba3e25717850c26c9cd0d89d"
    );
    assert_eq!(
        abc(Algorithm::Sha256),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(abc(Algorithm::Sha512).starts_with("ddaf35a193617abacc417349ae204131"));
}

#[test]
fn signatures_are_those_of_rfc_2202_and_4231() {
    let (key, text) = (b"Jefe", b"what do ya want for nothing?");
    assert_eq!(
        hex::encode(sign::<Hmac<Sha1>>(key, text)),
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    );
    assert_eq!(
        hex::encode(sign::<Hmac<Sha256>>(key, text)),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    assert!(
        hex::encode(sign::<Hmac<Sha512>>(key, text))
            .starts_with("164b7a7bfcf819e2e395fbe73b56e0a3")
    );
    // A key longer than a block is fine.
    assert_eq!(sign::<Hmac<Sha256>>(&[0xaa; 131], text).len(), 32);
}

#[test]
fn a_key_in_base64_is_read_as_standard_webhooks_writes_it() {
    let read = |key: &str| decoded(key.as_bytes().into(), KeyEncoding::Base64).map(Cow::into_owned);
    for key in ["whsec_a2V5LTE=", "a2V5LTE=", "a2V5LTE", "whsec_a2V5LTE"] {
        assert_eq!(read(key).as_deref(), Some(&b"key-1"[..]), "{key}");
    }
    for nothing in [
        "",
        "whsec_",
        "=",
        "whsec_=",
        "whsec_a",
        "a2V5 LTE=",
        "a2V5LTF=",
        "whsec_whsec_a2V5LTE=",
    ] {
        assert_eq!(read(nothing), None, "{nothing}");
    }
    let plain = decoded(b"whsec_a2V5LTE="[..].into(), KeyEncoding::Plain);
    assert_eq!(plain.as_deref(), Some(&b"whsec_a2V5LTE="[..]));
}
