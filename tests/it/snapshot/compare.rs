/// Fails when `text` is not that of `text/<name>.snap`, and shows the difference.
#[track_caller]
pub fn unchanged(name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("text");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
