use super::{
    base64, equal, hex, hmac_sha1, hmac_sha256, hmac_sha256_by_base64, hmac_sha512, percent_encode,
    sha1, sha256, sha512, unbase64, unhex,
};
use crate::Secret;
use crate::testing::Host;

fn host() -> Host {
    Host::new()
        .secret("pn-secret-1", "Jefe")
        .secret("pn-secret-2", "")
}

#[test]
fn digests_are_those_of_fips_180() {
    host().run(|| {
        assert_eq!(hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(hex(sha512("abc")).starts_with("ddaf35a193617abacc417349ae204131"));
    });
}

#[test]
fn a_secret_in_a_key_or_message_stands_for_its_value() {
    // RFC 4231 test case 2, and RFC 2202 test case 2.
    let key = Secret::new("pn-secret-1");
    let message = "what do ya want for nothing?";
    host().run(|| {
        assert_eq!(
            hex(hmac_sha256(&key, message)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(hmac_sha1(&key, message)),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        assert!(hex(hmac_sha512(&key, message)).starts_with("164b7a7bfcf819e2e395fbe73b56e0a3"));
        assert_eq!(
            hmac_sha256("k", format!("a{key}b")),
            hmac_sha256("k", "aJefeb")
        );
    });
}

#[test]
fn a_key_in_base64_is_read_as_standard_webhooks_writes_it() {
    let host = Host::new()
        .secret("placeholder", "whsec_a2V5LTE=")
        .secret("empty", "whsec_");
    host.run(|| {
        let expected = hmac_sha256("key-1", "message");
        let secret = Secret::new("placeholder");
        assert_eq!(hmac_sha256_by_base64(&secret, "message"), expected);
        for key in ["whsec_a2V5LTE", "a2V5LTE=", "a2V5LTE"] {
            assert_eq!(hmac_sha256_by_base64(key, "message"), expected, "{key}");
        }
        for nothing in [
            "",
            "empty",
            "=",
            "whsec_=",
            "whsec_a",
            "a2V5 LTE=",
            "a2V5LTF=",
        ] {
            let mac = hmac_sha256_by_base64(nothing, "message");
            assert!(mac.is_empty(), "{nothing}");
        }
    });
}

#[test]
fn an_empty_side_is_never_equal() {
    host().run(|| {
        assert!(equal("Jefe", Secret::new("pn-secret-1")));
        assert!(!equal("Jefe", "jefe"));
        assert!(!equal("", ""));
        assert!(!equal(
            Secret::new("pn-secret-2"),
            Secret::new("pn-secret-2")
        ));
    });
}

#[test]
fn hex_reads_what_it_writes_and_nothing_else() {
    assert_eq!(hex([0, 15, 255]), "000fff");
    assert_eq!(unhex("000FfF"), Some(vec![0, 15, 255]));
    assert_eq!(unhex(""), Some(vec![]));
    for nonsense in ["0", "0g", "+1", "é"] {
        assert_eq!(unhex(nonsense), None, "{nonsense}");
    }
}

#[test]
fn base64_is_that_of_rfc_4648() {
    for (plain, encoded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(plain), encoded);
    }
    assert_eq!(base64([0xfb, 0xff, 0xfe]), "+//+");
}

#[test]
fn percent_encoding_keeps_unreserved_characters() {
    assert_eq!(percent_encode("aZ09-._~"), "aZ09-._~");
    assert_eq!(percent_encode("a b+c/d=é"), "a%20b%2Bc%2Fd%3D%C3%A9");
}

#[test]
fn base64_is_read_as_it_is_written() {
    for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar", "梨🍐"] {
        assert_eq!(unbase64(&base64(text)).as_deref(), Some(text.as_bytes()));
    }
    assert_eq!(unbase64("Zm9v\r\nYmFy\n").as_deref(), Some(&b"foobar"[..]));
    for wrong in ["Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "Zm9-", "Zm=v", "===="] {
        assert_eq!(unbase64(wrong), None, "{wrong}");
    }
}
