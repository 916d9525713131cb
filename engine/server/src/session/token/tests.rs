use super::{AUDIENCE, Claims, ISSUER, Kind, decode};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use push_notify_core::id::UserId;

const KEY: &[u8] = b"test-key-not-real-test-key-not-r";

fn claims() -> Claims {
    Claims {
        user_id: UserId::new(1),
        role: "admin".to_owned(),
        exp: 2_000_000_000,
        iat: 1_000_000_000,
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        typ: Kind::Access,
        sid: "s".to_owned(),
        jti: "j".to_owned(),
    }
}

fn signed(algorithm: Algorithm, claims: &Claims, key: &[u8]) -> String {
    encode(
        &Header::new(algorithm),
        claims,
        &EncodingKey::from_secret(key),
    )
    .unwrap()
}

#[test]
fn what_was_signed_is_read_back() {
    assert_eq!(
        decode(KEY, &signed(Algorithm::HS256, &claims(), KEY)),
        Some(claims())
    );
}

#[test]
fn a_foreign_or_altered_token_is_refused() {
    let sound = signed(Algorithm::HS256, &claims(), KEY);
    assert_eq!(decode(b"another-key-another-key-another-", &sound), None);
    assert_eq!(decode(KEY, &signed(Algorithm::HS512, &claims(), KEY)), None);
    let other_issuer = Claims {
        iss: "elsewhere".to_owned(),
        ..claims()
    };
    assert_eq!(
        decode(KEY, &signed(Algorithm::HS256, &other_issuer, KEY)),
        None
    );
    let other_audience = Claims {
        aud: "elsewhere".to_owned(),
        ..claims()
    };
    assert_eq!(
        decode(KEY, &signed(Algorithm::HS256, &other_audience, KEY)),
        None
    );
    let unsigned = sound.split('.').nth(1).unwrap();
    // {"alg":"none","typ":"JWT"}
    assert_eq!(
        decode(
            KEY,
            &format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{unsigned}.")
        ),
        None
    );
    for rubbish in ["", "a.b.c", "...", "张三"] {
        assert_eq!(decode(KEY, rubbish), None);
    }
}
