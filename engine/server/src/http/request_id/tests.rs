use super::RequestId;
use axum::http::{HeaderMap, HeaderValue};

fn given(value: &[u8]) -> RequestId {
    let mut headers = HeaderMap::new();
    headers.insert(super::HEADER, HeaderValue::from_bytes(value).unwrap());
    RequestId::of(&headers)
}

#[test]
fn a_sound_id_of_the_caller_is_kept() {
    assert_eq!(given(b"build-42/{a}").as_str(), "build-42/{a}");
}

#[test]
fn anything_else_is_replaced_by_a_uuid() {
    for value in [&b"two words"[..], b"", "张三".as_bytes(), &[b'x'; 129]] {
        let id = given(value);
        assert_eq!(id.as_str().len(), 36, "{value:?}");
        assert_eq!(id.as_str().as_bytes()[14], b'4');
    }
    assert_ne!(RequestId::random(), RequestId::random());
}
