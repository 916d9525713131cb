use super::*;

fn defaults() -> Table {
    toml::from_str(crate::config::DEFAULTS).unwrap()
}

fn set(name: &str, text: &str) -> Value {
    let variable = (OsString::from(format!("PUSH_NOTIFY_{name}")), text.into());
    let read = read([variable].into_iter(), &defaults());
    read.settings.into_iter().next().unwrap().value
}

#[test]
fn text_is_taken_as_it_is() {
    for text in [
        "0123456789",
        "+12345678",
        "-1234567890",
        "1.50000000",
        "1e5",
        "0x10",
        "true",
        "null",
        "\"quoted-pw-12\"",
        "'quoted'",
        " spaced-pw-12 ",
        "[1,2,3,4,5,6]",
        "{a=1}",
        "a,b",
        "",
        "new\nline",
        "密码",
    ] {
        for name in [
            "AUTH__ADMIN_PASSWORD",
            "MAIL__PASSWORD",
            "METRICS__TOKEN",
            "SECRETS__KEY",
            "DATABASE__URL",
            "OTEL__HEADERS__AUTHORIZATION",
        ] {
            assert_eq!(set(name, text), Value::from(text), "{name}");
        }
    }
}

#[test]
fn a_list_is_toml_or_has_commas() {
    let two = Value::from(vec!["10.0.0.0/8", "fd00::/8"]);
    for text in [
        "10.0.0.0/8,fd00::/8",
        " 10.0.0.0/8 , fd00::/8 , ",
        "[\"10.0.0.0/8\", \"fd00::/8\"]",
        "['10.0.0.0/8','fd00::/8',]",
        "[10.0.0.0/8, fd00::/8]",
        "\"10.0.0.0/8\",\"fd00::/8\"",
    ] {
        assert_eq!(set("NETWORK__ALLOW", text), two, "{text}");
    }
    assert_eq!(set("CORS__ORIGINS", "*"), Value::from(vec!["*"]));
    for text in ["", " ", "[]", ","] {
        assert_eq!(
            set("SERVER__ROLES", text),
            Value::from(Vec::<String>::new())
        );
    }
    assert_eq!(
        set("PLUGINS__GITHUB__GRANTS", "http:api.github.com,reuse"),
        Value::from(vec!["http:api.github.com", "reuse"])
    );
    // A comma within an entry needs the form of TOML.
    assert_eq!(set("CORS__ORIGINS", "[\"a,b\"]"), Value::from(vec!["a,b"]));
}

#[test]
fn numbers_and_truth_values_are_read() {
    assert_eq!(set("DELIVERY__MAX_ATTEMPTS", "3"), Value::from(3_u8));
    assert_eq!(set("RATE_LIMIT__ENABLED", "false"), Value::from(false));
    assert_eq!(set("PLUGINS__GITHUB__ENABLED", "true"), Value::from(true));
    assert_eq!(set("OTEL__SAMPLE_RATIO", "0.5"), Value::from(0.5));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named_and_stops_nothing() {
    use std::os::unix::ffi::OsStringExt as _;
    let broken = || OsString::from_vec(vec![b'a', 0xff]);
    let variables = [
        ("PUSH_NOTIFY_MAIL__PASSWORD".into(), broken()),
        ("UNRELATED".into(), broken()),
        (broken(), broken()),
        ("PUSH_NOTIFY_SERVER_LISTEN".into(), "x".into()),
        ("PUSH_NOTIFY_CONFIG".into(), "x".into()),
    ];
    let read = read(variables.into_iter(), &defaults());
    assert!(read.settings.is_empty());
    assert_eq!(read.unreadable, ["PUSH_NOTIFY_MAIL__PASSWORD"]);
    assert_eq!(read.strays, ["PUSH_NOTIFY_SERVER_LISTEN"]);
}
