use super::*;
use aws_lc_rs::{
    encoding::{AsBigEndian as _, AsDer as _},
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
        UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::engine::general_purpose::STANDARD;

const MESSAGE: &[u8] = b"id.1793610611.{}";

fn pem_of(name: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {name}-----\n{}\n-----END {name}-----\n",
        lines.join("\n")
    )
}

fn holds(algorithm: &'static dyn VerificationAlgorithm, public: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(algorithm, public)
        .verify(MESSAGE, signature)
        .is_ok()
}

#[test]
fn an_ed25519_key_is_read_in_every_form_that_people_have_it_in() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let public = pair.public_key().as_ref().to_vec();
    let seed = pair
        .seed()
        .unwrap()
        .as_be_bytes()
        .unwrap()
        .as_ref()
        .to_vec();
    let pkcs8 = pem_of("PRIVATE KEY", pair.to_pkcs8().unwrap().as_ref());
    let both = [&seed[..], &public].concat();
    for key in [
        pkcs8.clone(),
        pkcs8.replace('\n', "\\n"),
        pkcs8.replace('\n', " \r\n  "),
        STANDARD.encode(&seed),
        STANDARD.encode(&both),
        format!("whsk_{}", STANDARD.encode(&both)),
        format!("  whsk_{}\n", STANDARD.encode(&seed).trim_end_matches('=')),
    ] {
        let signature = ed25519(&key, MESSAGE).unwrap();
        assert!(holds(&ED25519, &public, &signature), "{key}");
    }
}

#[test]
fn rsa_and_ecdsa_sign_as_json_web_tokens_want_it() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let signature = rsa_sha256(&pem_of("PRIVATE KEY", der.as_ref()), MESSAGE).unwrap();
    assert!(holds(&RSA_PKCS1_2048_8192_SHA256, &public, &signature));

    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    let pkcs8 = pair.to_pkcs8v1().unwrap();
    let signature = ecdsa_sha256(&pem_of("PRIVATE KEY", pkcs8.as_ref()), MESSAGE).unwrap();
    assert_eq!(signature.len(), 64);
    assert!(holds(&ECDSA_P256_SHA256_FIXED, &public, &signature));
}

#[test]
fn a_key_that_is_none_is_told_and_not_shown() {
    let ed = Ed25519KeyPair::generate().unwrap();
    let ed = pem_of("PRIVATE KEY", ed.to_pkcs8().unwrap().as_ref());
    let certificate = pem_of("CERTIFICATE", b"never a key");
    let long = "A".repeat(100_000);
    for key in [
        "",
        "whsk_",
        "not base64!",
        "AAAA",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----",
        certificate.as_str(),
        long.as_str(),
        "\u{0}",
        "密钥",
    ] {
        for sign in [ed25519, rsa_sha256, ecdsa_sha256] {
            let problem = sign(key, MESSAGE).unwrap_err();
            assert!(problem.starts_with("the key is") || problem.starts_with("an Ed25519"));
            assert!(key.is_empty() || !problem.contains(key), "{problem}");
        }
    }
    assert!(rsa_sha256(&ed, MESSAGE).is_err() && ecdsa_sha256(&ed, MESSAGE).is_err());
}
