use super::{interface, is_ours, read};
use crate::error::HostError;

#[test]
fn versions_that_differ_in_the_third_number_are_the_same_contract() {
    for version in ["0.1.0", "0.1.17"] {
        assert!(is_ours(version), "{version}");
    }
    for version in ["0.2.0", "1.1.0", "0.1.", "0.1", "0.1.0-rc1", "0.10.0"] {
        assert!(!is_ours(version), "{version}");
    }
    assert_eq!(interface("push-notify:plugin/http@0.1.3"), Some("http"));
    assert_eq!(interface("push-notify:plugin/http@0.2.0"), None);
    assert_eq!(interface("push-notify:plugin/http"), None);
    assert_eq!(interface("wasi:http/types@0.2.0"), None);
}

#[test]
fn what_is_inside_the_component_does_not_count() {
    // The manifest must be the component's own, and a nested one's imports are its own affair.
    let nested = wat::parse_str(
        r#"(component (component
            (import "wasi:io/streams@0.2.0" (instance))
            (@custom "push-notify:manifest" "{}")))"#,
    );
    assert!(matches!(read(&nested.unwrap()), Err(HostError::NoManifest)));
}

#[test]
fn rubbish_is_refused_without_a_panic() {
    let component = wat::parse_str("(component)").unwrap();
    for wasm in [
        &b""[..],
        b"\0asm",
        b"\0asm\x01\0\0\0",
        &component[..7],
        &[0xff; 64],
    ] {
        assert!(read(wasm).is_err(), "{wasm:?}");
    }
}

#[test]
fn another_contract_is_named() {
    let manifest = r#"{\22id\22:\22a\22,\22kind\22:\22ai\22,\22version\22:\221.0.0\22,\22contract\22:\220.2.0\22}"#;
    let text = format!(r#"(component (@custom "push-notify:manifest" "{manifest}"))"#);
    let problem = read(&wat::parse_str(text).unwrap()).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "built for contract 0.2.0; this engine speaks 0.1"
    );
}
