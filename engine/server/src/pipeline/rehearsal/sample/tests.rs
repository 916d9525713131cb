use super::*;
use push_notify_manifest::PlainIf;
use serde_json::json;

#[test]
fn a_repository_is_named_after_its_path() {
    assert_eq!(full_name("https://git.example.com/x/y.git"), "x/y");
    assert_eq!(full_name("git@git.example.com:x/y.git"), "x/y");
    assert_eq!(full_name("ssh://git@git.example.com:22/x/y"), "x/y");
}

#[test]
fn what_stands_in_a_json_string_is_escaped() {
    assert_eq!(in_json(r#"a"b\c"#), r#"a\"b\\c"#);
}

#[test]
fn a_signature_is_an_hmac_in_the_declared_encoding() {
    let of = |encoding| Signature {
        of: "{body}".to_owned(),
        encoding,
        plain_if: None,
    };
    let values = [("body", "Hello, World!".to_owned())];
    // The vector of GitHub's documentation.
    let secret = "It's a Secret to Everybody";
    let hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(sign(&of(Encoding::Hex), secret, &values), hex);
    let base64 = sign(&of(Encoding::Base64), secret, &values);
    assert_eq!(hex::encode(BASE64.decode(base64).unwrap()), hex);
}

#[test]
fn the_secret_itself_is_sent_where_the_repository_is_set_to_that() {
    let signature = Signature {
        of: "{body}".to_owned(),
        encoding: Encoding::Hex,
        plain_if: Some(PlainIf {
            field: "signature".to_owned(),
            value: "password".to_owned(),
        }),
    };
    for (config, plain) in [
        (json!({"signature": "password"}), true),
        (json!({"signature": "sign"}), false),
        (json!({"other": "password"}), false),
        (json!({}), false),
    ] {
        let config = config.as_object().unwrap();
        assert_eq!(is_plain(&signature, config), plain, "{config:?}");
    }
}
