use super::secrets_in;

/// What a warning says of the file must be in the file.
#[test]
fn a_file_holds_the_secrets_that_stand_in_it() {
    let cases: [(&str, &[&str]); 14] = [
        ("", &[]),
        ("[server]\nlisten = \"127.0.0.1:80\"", &[]),
        ("[secrets]\nkey = \"not-real\"", &["secrets.key"]),
        ("[secrets]\nkey = \"\"", &[]),
        ("[secrets]\nprevious_keys = []", &[]),
        (
            "[secrets]\nprevious_keys = [\"not-real\"]",
            &["secrets.previous_keys"],
        ),
        (
            "[auth]\nadmin_password = \"not-real\"",
            &["auth.admin_password"],
        ),
        (
            "auth.admin_password = \"not-real\"",
            &["auth.admin_password"],
        ),
        (
            "auth = { admin_password = \"not-real\" }",
            &["auth.admin_password"],
        ),
        (
            "[mail]\npassword = \"not-real\"\nfrom = \"a@example.com\"",
            &["mail.password"],
        ),
        ("[database]\nurl = \"postgres://a@127.0.0.1/b\"", &[]),
        (
            "[database]\nurl = \"postgres://a:not-real@127.0.0.1/b\"\n[redis]\nurl = \"redis://:not-real@127.0.0.1\"",
            &["database.url", "redis.url"],
        ),
        ("# [secrets]\n# key = \"not-real\"", &[]),
        (
            "[mail]\npassword = \"not-real\"\n[secrets]\nkey = \"not-real\"",
            &["secrets.key", "mail.password"],
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    for (text, keys) in cases {
        std::fs::write(&file, text).unwrap();
        assert_eq!(secrets_in(&file), keys, "{text}");
    }
}
