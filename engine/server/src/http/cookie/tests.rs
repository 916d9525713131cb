use super::{find, is_plain};
use axum::http::{HeaderMap, HeaderValue, header};

#[test]
fn only_strange_addresses_without_tls_go_without_secure() {
    for (base, plain) in [
        ("https://notify.example.com", false),
        ("http://127.0.0.1:8080", false),
        ("http://localhost:8080", false),
        ("http://[::1]:8080", false),
        ("http://10.0.0.7:8080", true),
        ("http://notify.example.com", true),
        ("http://[fd00::7]:8080", true),
    ] {
        assert_eq!(is_plain(base), plain, "{base}");
    }
}

#[test]
fn the_token_is_found_among_other_cookies() {
    for (cookies, token) in [
        ("push-notify-refresh=a.b.c", Some("a.b.c")),
        ("theme=dark; push-notify-refresh=a.b.c; x=y", Some("a.b.c")),
        ("push-notify-refresh=", None),
        ("push-notify-refreshed=a.b.c", None),
        ("rubbish", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
        assert_eq!(find(&headers).as_deref(), token, "{cookies}");
    }
}
