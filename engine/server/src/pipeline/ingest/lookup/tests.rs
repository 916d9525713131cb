use super::*;

#[test]
fn every_way_to_write_an_address_is_one_place() {
    for url in [
        "https://git.example.com/Company/Backend",
        "https://git.example.com/company/backend.git",
        "https://git.example.com:443/company/backend/",
        "http://git.example.com/company/backend",
        "git@git.example.com:company/backend.git",
        "ssh://git@git.example.com:2222/company/backend.git",
    ] {
        let place = place(url);
        assert_eq!(
            place.as_deref(),
            Some("git.example.com/company/backend"),
            "{url}"
        );
    }
    let place_of = |url| place(url).unwrap_or_default();
    assert_eq!(
        place_of("https://git.example.com:8443/x/y"),
        "git.example.com:8443/x/y"
    );
    assert_eq!(place("git@git.example.com:a@evil.example:x"), None);
}

#[test]
fn the_repository_is_read_from_json_and_from_forms() {
    let places = [
        "/repository/html_url",
        "/project/web_url",
        "/repository/url",
    ];
    let urls = |body: &[u8]| urls(body, &places.map(str::to_owned));
    let json = br#" {"commits": [1, {"url": "x"}], "repository": {"html_url": "https://a.example/x/y", "id": 1}}"#;
    assert_eq!(urls(json), ["https://a.example/x/y"]);
    let form =
        b"payload=%7B%22project%22%3A%7B%22web_url%22%3A%22https%3A%2F%2Fa.example%2Fx%22%7D%7D";
    assert_eq!(urls(form), ["https://a.example/x"]);
    let long = format!(
        r#"{{"repository": {{"html_url": "https://a.example/{}", "url": "https://a.example/x"}}}}"#,
        "x".repeat(500)
    );
    assert_eq!(urls(long.as_bytes()), ["https://a.example/x"]);
    for nothing in [
        &b"{}"[..],
        b"[]",
        b"",
        b"\xff",
        b"payload=",
        br#"{"repository": {"id": 1}}"#,
    ] {
        assert_eq!(urls(nothing), [""; 0]);
    }
}
