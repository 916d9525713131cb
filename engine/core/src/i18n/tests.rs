use super::Locale;

#[test]
fn the_language_with_the_greatest_weight_wins() {
    assert_eq!(Locale::accepted("en-US,en;q=0.9"), Some(Locale::English));
    assert_eq!(
        Locale::accepted("en;q=0.3, zh-CN;q=0.8"),
        Some(Locale::Chinese)
    );
    assert_eq!(
        Locale::accepted("fr, en;q=0.5, zh;q=0.4"),
        Some(Locale::English)
    );
    assert_eq!(Locale::accepted("zh-TW, en"), Some(Locale::Chinese));
}

#[test]
fn a_header_may_name_neither_language() {
    for header in ["", "*", "fr-FR", "en;q=0", "en;q=rubbish", ";;,"] {
        assert_eq!(Locale::accepted(header), None, "{header}");
    }
}
