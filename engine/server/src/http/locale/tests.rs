use super::Locale;

#[test]
fn the_language_with_the_greatest_weight_wins() {
    assert_eq!(Locale::preferred("en-US,en;q=0.9"), Locale::English);
    assert_eq!(Locale::preferred("en;q=0.3, zh-CN;q=0.8"), Locale::Chinese);
    assert_eq!(Locale::preferred("fr, en;q=0.5, zh;q=0.4"), Locale::English);
    assert_eq!(Locale::preferred("zh-TW, en"), Locale::Chinese);
}

#[test]
fn chinese_is_the_default() {
    for header in ["", "*", "fr-FR", "en;q=0", "en;q=rubbish", ";;,"] {
        assert_eq!(Locale::preferred(header), Locale::Chinese, "{header}");
    }
}
