use super::names;
use axum::http::{HeaderMap, HeaderValue, header};

#[test]
fn a_coding_that_is_refused_is_not_used() {
    for (list, takes) in [
        ("gzip, deflate, br", true),
        ("gzip;q=0.5,BR;q=0.1", true),
        ("br;q=0", false),
        ("br;q=0.000, gzip", false),
        ("brotli", false),
        ("", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(list));
        assert_eq!(
            names(&headers, header::ACCEPT_ENCODING, "br"),
            takes,
            "{list}"
        );
    }
    assert!(!names(&HeaderMap::new(), header::ACCEPT_ENCODING, "br"));
}
