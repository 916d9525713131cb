use super::one_line;

#[test]
fn a_value_of_one_line_is_one_line() {
    for (given, line) in [
        ("main", "main"),
        ("", ""),
        ("名字 with spaces  two", "名字 with spaces  two"),
        ("a\nb", "a b"),
        ("a\r\n\r\n# b", "a # b"),
        ("\n\n> quote\n", "> quote"),
        ("a\tb", "a b"),
        ("a\u{0}b\u{1b}[31mc\u{7f}", "ab[31mc"),
        ("a\u{85}b\u{2028}c\u{2029}d", "a b c d"),
        ("\u{202e}gnp.exe", "gnp.exe"),
        ("a\u{2066}b\u{2069}c", "abc"),
        // Letters of other scripts and joined emoji stay.
        ("👩\u{200d}💻 שלום", "👩\u{200d}💻 שלום"),
    ] {
        assert_eq!(one_line(given.to_owned()), line, "{given:?}");
    }
}
