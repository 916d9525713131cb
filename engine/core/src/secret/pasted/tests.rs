use super::has_blanks_around;

#[test]
fn what_nobody_sees_is_found_at_either_end() {
    for blank in [
        " ", "  ", "\t", "\n", "\r\n", "\u{a0}", "\u{3000}", "\u{2003}", "\u{2028}", "\u{200b}",
        "\u{200e}", "\u{2060}", "\u{feff}", "\0", "\u{85}",
    ] {
        assert!(
            has_blanks_around(&format!("{blank}abc-secret-123")),
            "{blank:?} before"
        );
        assert!(
            has_blanks_around(&format!("abc-secret-123{blank}")),
            "{blank:?} behind"
        );
        assert!(has_blanks_around(blank), "{blank:?} alone");
    }
}

#[test]
fn everything_else_is_part_of_the_secret() {
    for secret in [
        "",
        "abc",
        "a b",
        "-a-",
        "密钥",
        "\"quoted\"",
        "a\u{200d}b",
        "é",
    ] {
        assert!(!has_blanks_around(secret), "{secret:?}");
    }
}
