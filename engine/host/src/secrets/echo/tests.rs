use super::*;

const VALUE: &str = "s3cr/t \"ключ\" & <🔑>";

/// What is left of the text around the places that were found.
fn rest(text: &str, value: &str) -> String {
    let mut rest = Vec::new();
    let mut done = 0;
    for range in find(text.as_bytes(), value) {
        rest.extend_from_slice(&text.as_bytes()[done..range.start]);
        rest.push(b'*');
        done = range.end;
    }
    rest.extend_from_slice(&text.as_bytes()[done..]);
    String::from_utf8_lossy(&rest).into_owned()
}

#[test]
fn every_usual_form_of_a_value_is_found() {
    for form in [
        VALUE,
        "s3cr%2Ft%20%22%D0%BA%D0%BB%D1%8E%D1%87%22%20%26%20%3C%F0%9F%94%91%3E",
        "s3cr%2ft+%22%d0%ba%d0%bb%d1%8e%d1%87%22+%26+%3c%f0%9f%94%91%3e",
        "s3cr/t+\"ключ\"+%26+<🔑>",
        r#"s3cr/t \"ключ\" & <🔑>"#,
        r#"s3cr\/t \"ключ\" & <🔑>"#,
        r#"s3cr/t \u0022\u043a\u043b\u044e\u0447\u0022 \u0026 \u003c\ud83d\udd11\u003e"#,
        r#"s3cr/t \u0022\u043A\u043B\u044E\u0447\u0022 \u0026 \u003C\uD83D\uDD11\u003E"#,
        r#"\x73\x33cr/t \"ключ\" & <🔑>"#,
        "s3cr/t &quot;ключ&quot; &amp; &lt;🔑&gt;",
        "s3cr&#47;t &#34;&#1082;люч&#x22; &amp; &#60;&#x1f511;&gt;",
    ] {
        let text = format!("before {form} after {form}");
        assert_eq!(rest(&text, VALUE), "before * after *", "{form}");
    }
}

#[test]
fn escapes_that_are_none_are_text() {
    for (text, value) in [
        (
            "100% sure \\ & so on: %zz \\u00 &#; &#xffffffff; \\",
            "not-there",
        ),
        ("%", "test-value"),
        ("\\ud83d\\u0041", "test-value"),
    ] {
        assert_eq!(rest(text, value), text);
    }
    // A value that looks like an escape is found where it stands.
    assert_eq!(
        rest("is 100%25\\n&amp; here", "100%25\\n&amp;"),
        "is * here"
    );
    assert_eq!(rest(r"is a\\b\\c here", r"a\b\c----"), r"is a\\b\\c here");
    assert_eq!(rest(r"is aaaa\\b\\c here", r"aaaa\b\c"), "is * here");
}

#[test]
fn base64_is_found_whatever_stands_before_the_value() {
    let value = "test-password-not-real?>";
    for before in ["", "a", "ab", "abc", "user:", "\0user\0"] {
        let plain = format!("{before}{value}");
        for text in [
            STANDARD_NO_PAD.encode(&plain),
            URL_SAFE_NO_PAD.encode(&plain),
        ] {
            let rest = rest(&text, value);
            assert!(rest.contains('*'), "{before:?}: {rest}");
            // The edges hold less than two characters of the value.
            let left = rest.len() - 1 - before.len() * 4 / 3;
            assert!(left <= 4, "{before:?}: {rest}");
        }
    }
}

#[test]
fn short_values_are_found_as_words_only() {
    for (text, value, expected) in [
        ("pass abc123 refused", "abc123", "pass * refused"),
        ("\"abc123\"", "abc123", "\"*\""),
        (
            "xabc123 abc1234 abc123_ äabc123",
            "abc123",
            "xabc123 abc1234 abc123_ äabc123",
        ),
        ("{\"ok\":true}", "true", "{\"ok\":*}"),
        ("{\"code\":0,\"id\":123}", "0", "{\"code\":0,\"id\":123}"),
        ("abc", "abc", "abc"),
        ("a%23c4 a#c4", "a#c4", "* *"),
    ] {
        assert_eq!(rest(text, value), expected, "{text}");
    }
}

#[test]
fn places_do_not_overlap() {
    assert_eq!(rest("abababababababab", "abababab"), "**");
    assert!(!rest("aaaaaaaaa%61aaaaaaaa", "aaaaaaaa").contains("%61"));
}

#[test]
fn a_text_made_to_be_slow_takes_no_longer() {
    let value = format!("{}b", "a".repeat(4000));
    let text = "\\u0061".repeat(1 << 18);
    let begun = std::time::Instant::now();
    assert!(find(text.as_bytes(), &value).is_empty());
    // A search that begins anew at each place takes minutes.
    assert!(begun.elapsed() < std::time::Duration::from_secs(20));
}
