use super::readable;

#[test]
fn addresses_lose_what_may_be_a_secret() {
    for (said, kept) in [
        (
            "see https://user:pass@host.example/a?token=not-real&x=1 for more",
            "see https://host.example/a?… for more",
        ),
        (
            "\"http://a.example/b#key\", <https://c.example>",
            "\"http://a.example/b#…\", <https://c.example>",
        ),
        (
            "smtp://me@mail.example refused me@mail.example",
            "smtp://mail.example refused me@mail.example",
        ),
        ("https://a.example/x@y/z", "https://a.example/x@y/z"),
        ("no address at all?", "no address at all?"),
        ("ends with ://", "ends with ://"),
    ] {
        assert_eq!(readable(said), kept);
    }
}

#[test]
fn a_reason_is_one_short_line() {
    assert_eq!(readable("a\nb\0c"), "a b c");
    assert_eq!(readable(&"é".repeat(3000)).chars().count(), 2000);
}
