mod conversation;
mod object;

use crate::{Error, Kind, Manifest, Rate, Rates, Span};
use serde_json::json;
use std::time::Duration;

const DINGTALK: &str = r#"
id = "dingtalk"
kind = "channel"
version = "0.1.0"
[permissions]
http = ["oapi.dingtalk.com", "${config.api_url}"]
[limits]
rate = "18/min"
[config.access_token]
type = "string"
required = true
secret = true
[config.api_url]
type = "string"
format = "url"
[config.at]
type = "list"
"#;

fn problems(config: serde_json::Value) -> Vec<String> {
    let manifest = Manifest::from_toml(DINGTALK).unwrap();
    let mut config = config.as_object().unwrap().clone();
    match manifest.check_config(&mut config) {
        Ok(()) => vec![],
        Err(problems) => problems
            .into_iter()
            .map(|p| format!("{} {}", p.field, p.en))
            .collect(),
    }
}

#[test]
fn a_manifest_survives_being_embedded() {
    let manifest = Manifest::from_toml(DINGTALK).unwrap();
    assert_eq!(manifest.kind, Kind::Channel);
    assert_eq!(
        manifest.limits.rate,
        Some(Rates::from(Rate {
            count: 18,
            window: Duration::from_secs(60)
        }))
    );
    assert_eq!(
        manifest.config.keys().collect::<Vec<_>>(),
        ["access_token", "api_url", "at"]
    );
    assert_eq!(Manifest::from_json(&manifest.to_json()).unwrap(), manifest);
}

#[test]
fn rates_are_one_or_two_of_different_times() {
    for (text, memory) in [
        ("5/s", 5),
        ("18/min", 18),
        ("100/h", 100),
        ("100/min, 5/s", 100),
        ("2/s, 1000/h", 1000),
    ] {
        let rates: Rates = text.parse().unwrap();
        assert_eq!((rates.to_string().as_str(), rates.memory()), (text, memory));
    }
    for text in [
        "",
        "5",
        "0/s",
        "-1/s",
        "5/day",
        "5/s,",
        ",5/s",
        "5/s, 6/s",
        "100/min, 5/s, 9/h",
        "4294967296/s",
    ] {
        assert!(text.parse::<Rates>().is_err(), "{text}");
    }
}

#[test]
fn a_penalty_is_a_time_of_at_most_an_hour() {
    for (text, seconds) in [("30s", 30), ("10min", 600), ("1h", 3600)] {
        let span: Span = text.parse().unwrap();
        assert_eq!(span, Span(Duration::from_secs(seconds)));
        assert_eq!(span.to_string(), text);
    }
    for text in [
        "",
        "10",
        "min",
        "0s",
        "2h",
        "ten min",
        "-5s",
        "99999999999999999999h",
    ] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
}

#[test]
fn a_config_is_checked_field_by_field() {
    assert_eq!(
        problems(json!({"access_token": "t", "at": ["a"]})),
        Vec::<String>::new()
    );
    assert_eq!(
        problems(json!({"access_token": "t", "at": ["a\r\nb"]})),
        ["at must not contain control characters"]
    );
    assert_eq!(problems(json!({})), ["access_token is required"]);
    assert_eq!(
        problems(json!({"access_token": 1, "api_url": "ftp://x", "nope": 1})),
        [
            "nope is not a known field",
            "access_token must be a string",
            "api_url must be an http or https URL"
        ]
    );
    assert_eq!(
        problems(json!({"access_token": "t", "acess_token": "t", "api-url": "x"})),
        [
            "acess_token is not a known field; did you mean access_token?",
            "api-url is not a known field; did you mean api_url?",
        ]
    );
    assert_eq!(
        problems(json!({"access_token": "t", "at": [1]})),
        ["at must be a list of strings"]
    );
    assert_eq!(
        problems(json!({"access_token": "a\r\nb"})),
        ["access_token must not contain control characters"]
    );
}

#[test]
fn a_number_may_have_a_fraction_and_an_integer_may_not() {
    let manifest = |kind: &str| {
        let field = format!("[config.temperature]\ntype = \"{kind}\"\nmin = 0\nmax = 2\n");
        Manifest::from_toml(&format!("{DINGTALK}{field}")).unwrap()
    };
    let problem = |kind: &str, value: serde_json::Value| {
        let field = &manifest(kind).config["temperature"];
        field.check("temperature", &value).map(|problem| problem.en)
    };
    for sound in [json!(0), json!(0.3), json!(2.0)] {
        assert_eq!(problem("number", sound), None);
    }
    let told = |kind, value| problem(kind, value).unwrap();
    assert_eq!(told("number", json!(-0.1)), "must be at least 0");
    assert_eq!(told("number", json!(2.01)), "must be at most 2");
    assert_eq!(told("number", json!("0.3")), "must be a number");
    assert_eq!(told("integer", json!(0.3)), "must be a whole number");
    assert_eq!(told("integer", json!(3)), "must be at most 2");
}

#[test]
fn a_refusal_names_the_key() {
    let broken = |from: &str, to: &str| match Manifest::from_toml(&DINGTALK.replace(from, to)) {
        Err(Error::Rule { key, .. }) => key,
        other => panic!("{other:?}"),
    };
    assert_eq!(broken("\"dingtalk\"", "\"Ding Talk\""), "id");
    assert_eq!(
        broken("config.api_url}", "config.nope}"),
        "permissions.http"
    );
    assert!(Manifest::from_toml(&DINGTALK.replace("18/min", "often")).is_err());
    // The repository's address is there for providers without being declared.
    assert_eq!(broken("config.api_url}", "config.url}"), "permissions.http");
    let provider = "id = \"git\"\nkind = \"provider\"\nversion = \"1.0.0\"\ndescription = \"\"\n\
        [permissions]\nhttp = [\"${config.url}\"]\n";
    assert!(Manifest::from_toml(provider).is_ok());
    assert!(Manifest::from_toml(&format!("nope = 1\n{DINGTALK}")).is_err());
}

#[test]
fn hosts_that_the_engine_cannot_read_are_refused_when_the_plugin_is_built() {
    let with = |pattern: &str| DINGTALK.replace("oapi.dingtalk.com", pattern);
    for sound in [
        "example.com",
        "EXAMPLE.com",
        "*.example.com",
        "example.com:8443",
        "http://example.com",
        "https://*.example.com:8443",
        "127.0.0.1",
        "[::1]:8080",
        "bücher.example",
        "${config.api_url}",
    ] {
        assert!(Manifest::from_toml(&with(sound)).is_ok(), "{sound}");
    }
    for odd in [
        "",
        "*",
        "*.",
        "a.*.com",
        "*.*.com",
        "example.com/path",
        "example.com?x",
        "user@example.com",
        "ftp://example.com",
        "example.com:port",
        "example.com:99999",
        "exa mple.com",
        "http://",
        "[::1",
        "${config.nope}",
        "${api_url}",
        "a\\\\b",
    ] {
        match Manifest::from_toml(&with(odd)) {
            Err(Error::Rule { key, .. }) => assert_eq!(key, "permissions.http", "{odd}"),
            other => panic!("{odd}: {other:?}"),
        }
    }
}

#[test]
fn a_template_for_a_scene_that_there_is_not_is_refused() {
    let with =
        |scene: &str| format!("{DINGTALK}[templates.{scene}]\ntitle = \"t\"\ncontent = \"c\"\n");
    for scene in crate::SCENES {
        assert!(Manifest::from_toml(&with(scene)).is_ok(), "{scene}");
    }
    for scene in ["commit", "commit_notif", "Digest", "review-notify"] {
        let problem = Manifest::from_toml(&with(scene)).unwrap_err().to_string();
        let expected =
            format!("templates.{scene}: there is no such scene; there are commit_notify");
        assert!(problem.starts_with(&expected), "{problem}");
    }
}

#[test]
fn a_webhook_that_could_not_be_found_by_is_refused() {
    let with = |webhook: &str| {
        let provider = "id = \"git\"\nkind = \"provider\"\nversion = \"1.0.0\"\n";
        Manifest::from_toml(&format!("{provider}[webhook]\n{webhook}\n"))
    };
    for sound in [
        r#"detect = ["X-Git-Event", "x_git", "Webhook-Id"]"#,
        "detect = [\"X-Git-Event\"]\ncopies = [\"X-GitHub-Event\"]",
        r#"repository_url = ["/repository/html_url", "/links/0/a~1b~0c", "/"]"#,
        "detect = [\"X-Git-Event\"]\n[webhook.sample]\nbody = \"{}\"\nheaders = { x-git-event = \"push\" }",
    ] {
        let manifest = with(sound).unwrap_or_else(|error| panic!("{sound}: {error}"));
        assert_eq!(Manifest::from_json(&manifest.to_json()).unwrap(), manifest);
    }
    let many = |entry: &str| {
        let entries: Vec<String> = (0..17).map(|index| format!("\"{entry}{index}\"")).collect();
        entries.join(", ")
    };
    for (key, odd) in [
        ("webhook.detect", r#"detect = [""]"#.to_owned()),
        ("webhook.detect", r#"detect = ["X Git"]"#.to_owned()),
        ("webhook.detect", r#"detect = ["X-Git:"]"#.to_owned()),
        ("webhook.detect", r#"detect = ["Content-Type"]"#.to_owned()),
        ("webhook.detect", format!("detect = [\"{}\"]", "x".repeat(65))),
        ("webhook.detect", format!("detect = [{}]", many("x"))),
        ("webhook.copies", r#"copies = ["X-GitHub-Event"]"#.to_owned()),
        ("webhook.copies", "detect = [\"X-Git\"]\ncopies = [\"x-git\"]".to_owned()),
        ("webhook.repository_url", r#"repository_url = [""]"#.to_owned()),
        ("webhook.repository_url", r#"repository_url = ["url"]"#.to_owned()),
        ("webhook.repository_url", r#"repository_url = ["/a~2"]"#.to_owned()),
        ("webhook.repository_url", r#"repository_url = ["/a~"]"#.to_owned()),
        ("webhook.repository_url", r#"repository_url = ["/a/b/c/d/e/f/g/h/i"]"#.to_owned()),
        ("webhook.repository_url", format!("repository_url = [\"/{}\"]", "x".repeat(200))),
        ("webhook.repository_url", format!("repository_url = [{}]", many("/x"))),
        (
            "webhook.sample.headers",
            "detect = [\"X-Git\"]\n[webhook.sample]\nbody = \"{}\"\nheaders = { x-other = \"push\" }".to_owned(),
        ),
    ] {
        match with(&odd) {
            Err(Error::Rule { key: named, .. }) => assert_eq!(named, key, "{odd}"),
            other => panic!("{odd}: {other:?}"),
        }
    }
    assert!(with("detects = []").is_err());
    let channel = format!("{DINGTALK}[webhook]\ndetect = [\"X-Ding\"]\n");
    assert!(Manifest::from_toml(&channel).is_err());
}

#[test]
fn a_field_says_more_than_its_type() {
    let manifest = |field: &str| {
        let text = format!(
            "id = \"chat\"\nkind = \"channel\"\nversion = \"1.0.0\"\n[config.field]\n{field}"
        );
        Manifest::from_toml(&text)
    };
    let takes = |field: &str, value: serde_json::Value| {
        let mut config = serde_json::Map::from_iter([("field".to_owned(), value)]);
        manifest(field).unwrap().check_config(&mut config).is_ok()
    };
    let key = "type = \"string\"\nmultiline = true";
    let code = "type = \"string\"\npattern = \"[a-z]{3}|x[0-9]+\"";
    let map = "type = \"map\"\nmax = 2";
    for (field, value, expected) in [
        (
            key,
            json!("-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n"),
            true,
        ),
        (key, json!("bell\u{7}"), false),
        ("type = \"string\"", json!("two\nlines"), false),
        (code, json!("abc"), true),
        (code, json!("x42"), true),
        (code, json!("abcd"), false),
        (code, json!("xabc"), false),
        (code, json!("abc\n"), false),
        (
            "type = \"list\"\npattern = \"[0-9]+\"",
            json!(["1", "22"]),
            true,
        ),
        (
            "type = \"list\"\npattern = \"[0-9]+\"",
            json!(["1", "b"]),
            false,
        ),
        (map, json!({"X-Team": "backend", "X-Empty": ""}), true),
        (map, json!({}), true),
        (map, json!({"a": "1", "b": "2", "c": "3"}), false),
        (map, json!({"X-Count": 1}), false),
        (map, json!({" ": "x"}), false),
        (map, json!({"X": "two\nlines"}), false),
        (map, json!({"X\r\nY": "z"}), false),
        (map, json!(["X"]), false),
        ("type = \"map\"\nrequired = true", json!({}), false),
    ] {
        assert_eq!(takes(field, value.clone()), expected, "{field}: {value}");
    }
    for (field, part) in [
        ("type = \"map\"\nsecret = true", "secret"),
        ("type = \"list\"\nmultiline = true", "several lines"),
        ("type = \"integer\"\npattern = \"1\"", "pattern"),
        ("type = \"string\"\npattern = \"[a\"", "pattern"),
        ("type = \"string\"\npattern = \"(?<=a)b\"", "pattern"),
    ] {
        let refused = manifest(field).unwrap_err().to_string();
        assert!(refused.contains(part), "{field}: {refused}");
    }
    let long = format!("type = \"string\"\nplaceholder = \"{}\"", "x".repeat(201));
    assert!(manifest(&long).is_err());
}

#[test]
fn a_plugin_shows_itself_to_people() {
    let manifest = |kind: &str, more: &str| {
        Manifest::from_toml(&format!(
            "id = \"chat\"\nkind = \"{kind}\"\nversion = \"1.0.0\"\n{more}"
        ))
    };
    let full = manifest(
        "channel",
        "category = \"chat\"\ncapabilities = [\"update\", \"reply\"]\nicon = '<svg viewBox=\"0 0 1 1\"></svg>'\n\
         instructions = { en = \"Make a robot.\", zh = \"创建机器人。\" }\n[text]\ndialect = \"html\"\nlimit = 4096\nunit = \"utf16\"",
    )
    .unwrap();
    let again = Manifest::from_json(&full.to_json()).unwrap();
    assert_eq!(again, full);
    for (kind, more, part) in [
        ("provider", "category = \"chat\"", "category"),
        ("channel", "category = \"git\"", "category"),
        ("channel", "category = \"unheard\"", "unheard"),
        ("ai", "[text]\ndialect = \"text\"", "text"),
        ("channel", "icon = \"icon.png\"", "icon"),
        ("channel", "capabilities = [\"changes\"]", "capabilities"),
        ("channel", "capabilities = [\"mapping\"]", "capabilities"),
        ("provider", "[webhook]\nbusy = 500", "webhook.busy"),
        ("channel", "[webhook]\nbusy = 503", "webhook"),
        (
            "channel",
            "capabilities = [\"update\", \"update\"]",
            "twice",
        ),
        ("channel", "capabilities = [\"teleport\"]", "teleport"),
        (
            "channel",
            "[text]\ndialect = \"text\"\nunit = \"ells\"",
            "ells",
        ),
    ] {
        let refused = manifest(kind, more).unwrap_err().to_string();
        assert!(refused.contains(part), "{more}: {refused}");
    }
    let long = "x".repeat(9000);
    let long = format!("instructions = {{ en = \"{long}\" }}");
    assert!(manifest("channel", &long).is_err());
}
