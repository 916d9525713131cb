use super::*;
use axum::http::HeaderValue;

#[test]
fn a_page_is_for_browsers() {
    for (accept, is_page) in [
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            true,
        ),
        ("Text/HTML; charset=utf-8", true),
        ("application/xhtml+xml", true),
        ("application/json, text/html", false),
        ("application/json", false),
        ("*/*", false),
        ("", false),
        ("text/htmlx", false),
        ("image/png,text/plain", false),
        (",;,", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        assert_eq!(wants_page(&headers), is_page, "{accept:?}");
    }
    assert!(!wants_page(&HeaderMap::new()));
}

#[test]
fn what_a_page_says_is_text() {
    let viewer = Viewer {
        is_browser: true,
        locale: Locale::English,
    };
    let page = Page {
        title: Text::new("", "<script>&\"x\""),
        text: Text::new("", ""),
        button: None,
    };
    let page = viewer.write(&page);
    assert!(
        page.contains("<title>&lt;script&gt;&amp;&quot;x&quot;</title>"),
        "{page}"
    );
    assert!(
        !page.contains("<script>") && !page.contains("<form"),
        "{page}"
    );
}
