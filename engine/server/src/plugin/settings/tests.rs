use super::{Owner, Stored, check_change, check_new};
use push_notify_core::{
    i18n::Locale,
    secret::{Key, Vault},
};
use push_notify_manifest::Manifest;
use serde_json::{Map, Value, json};

const MANIFEST: &str = r#"
id = "chat"
kind = "channel"
version = "0.1.0"
[permissions]
http = ["api.example.com", "${config.api_url}"]
[config.token]
type = "string"
required = true
secret = true
[config.signing]
type = "string"
secret = true
[config.former]
type = "list"
secret = true
max = 3
[config.api_url]
type = "string"
format = "url"
[config.room]
type = "string"
[config.loud]
type = "boolean"
default = false
"#;

struct Fixture {
    manifest: Manifest,
    vault: Vault,
    stored: Stored,
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

impl Fixture {
    fn new(config: Value) -> Self {
        let vault = Vault::new(&Key::random(), &[]);
        let manifest = Manifest::from_toml(MANIFEST).unwrap();
        let owner = Owner {
            vault: &vault,
            table: "targets",
            row: 7,
        };
        let stored = check_new(&manifest, object(config)).unwrap().seal(owner);
        Self {
            manifest,
            vault,
            stored,
        }
    }

    fn owner(&self) -> Owner<'_> {
        Owner {
            vault: &self.vault,
            table: "targets",
            row: 7,
        }
    }

    fn change(&self, given: Value) -> Result<Stored, Vec<String>> {
        check_change(&self.manifest, self.owner(), &self.stored, object(given))
            .map(|checked| checked.seal(self.owner()))
            .map_err(|problems| {
                let text = |(name, text): (String, push_notify_core::i18n::Text)| {
                    format!("{name} {}", text.as_str(Locale::English))
                };
                problems.into_iter().map(text).collect()
            })
    }

    fn secret(&self, stored: &Stored, name: &str) -> Option<String> {
        self.owner().open(name, stored.secrets.get(name)?)
    }
}

#[test]
fn secrets_are_sealed_and_masked() {
    let fixture = Fixture::new(json!({"token": "test-token-not-real", "room": "a", "signing": ""}));
    assert_eq!(
        fixture.stored.config,
        object(json!({"room": "a", "loud": false}))
    );
    assert!(!fixture.stored.secrets_json().contains("not-real"));
    assert_eq!(
        Value::Object(fixture.stored.masked()),
        json!({"token": "******", "room": "a", "loud": false})
    );
    let again = Stored::parse(
        &fixture.stored.config_json(),
        &fixture.stored.secrets_json(),
    );
    assert_eq!(again.unwrap(), fixture.stored);
}

#[test]
fn a_change_keeps_what_it_does_not_name_and_what_it_masks() {
    let fixture = Fixture::new(json!({"token": "one", "signing": "two", "room": "a"}));
    let changed = fixture
        .change(json!({"token": "******", "room": null, "loud": true}))
        .unwrap();
    assert_eq!(changed.config, object(json!({"loud": true})));
    assert_eq!(changed.secrets, fixture.stored.secrets);
    let changed = fixture
        .change(json!({"signing": null, "token": "three"}))
        .unwrap();
    assert_eq!(fixture.secret(&changed, "token").as_deref(), Some("three"));
    assert_eq!(fixture.secret(&changed, "signing"), None);
}

#[test]
fn an_empty_secret_keeps_the_stored_one_and_is_none_where_there_is_none() {
    let fixture = Fixture::new(json!({"token": "one", "signing": ""}));
    assert_eq!(fixture.secret(&fixture.stored, "signing"), None);
    let changed = fixture.change(json!({"token": "", "signing": ""})).unwrap();
    assert_eq!(changed.secrets, fixture.stored.secrets);
}

#[test]
fn a_mask_is_no_first_value() {
    let manifest = Manifest::from_toml(MANIFEST).unwrap();
    let problems = check_new(&manifest, object(json!({"token": "******"}))).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].0, "token");
}

#[test]
fn a_kept_secret_never_goes_to_a_new_host() {
    let fixture = Fixture::new(json!({"token": "one", "signing": "two"}));
    let elsewhere = "https://elsewhere.example.com";
    for given in [
        json!({"api_url": elsewhere}),
        json!({"api_url": elsewhere, "token": "******", "signing": "******"}),
    ] {
        assert_eq!(
            fixture.change(given).unwrap_err(),
            [
                "signing must be given again because api_url changes",
                "token must be given again because api_url changes",
            ]
        );
    }
    let half = fixture.change(json!({"api_url": elsewhere, "token": "new"}));
    assert_eq!(
        half.unwrap_err(),
        ["signing must be given again because api_url changes"]
    );
    let moved = fixture.change(json!({"api_url": elsewhere, "token": "new", "signing": null}));
    assert!(moved.is_ok());
}

#[test]
fn where_any_host_below_another_can_be_called_no_text_moves_a_kept_secret() {
    let manifest = MANIFEST.replace("api.example.com", "*.example.com");
    let fixture = Fixture {
        manifest: Manifest::from_toml(&manifest).unwrap(),
        ..Fixture::new(json!({"token": "one", "room": "acme"}))
    };
    let moved = fixture.change(json!({"room": "elsewhere", "token": "******"}));
    assert_eq!(
        moved.unwrap_err(),
        ["token must be given again because room changes"]
    );
    for sound in [
        json!({"room": "elsewhere", "token": "two"}),
        json!({"room": "acme", "loud": true}),
        json!({"signing": "two"}),
    ] {
        assert!(fixture.change(sound.clone()).is_ok(), "{sound}");
    }
}

#[test]
fn a_secret_of_another_row_must_be_given_again() {
    let mut fixture = Fixture::new(json!({"token": "one"}));
    fixture
        .stored
        .secrets
        .insert("token".to_owned(), "v1:00:AAAA".to_owned());
    assert_eq!(
        fixture.change(json!({"room": "a"})).unwrap_err(),
        ["token cannot be read any more: give it again"]
    );
    assert!(fixture.change(json!({"token": "two"})).is_ok());
}

#[test]
fn what_the_plugin_no_longer_declares_is_dropped() {
    let mut fixture = Fixture::new(json!({"token": "one"}));
    fixture.stored.config.insert("old".to_owned(), json!(1));
    fixture
        .stored
        .secrets
        .insert("older".to_owned(), "v1:00:AAAA".to_owned());
    let changed = fixture.change(json!({"room": "a"})).unwrap();
    assert_eq!(changed.config.keys().collect::<Vec<_>>(), ["loud", "room"]);
    assert_eq!(changed.secrets.keys().collect::<Vec<_>>(), ["token"]);
}

#[test]
fn a_secret_with_blanks_around_it_is_refused() {
    let fixture = Fixture::new(json!({"token": "one"}));
    for pasted in [
        " two",
        "two ",
        "two\n",
        "\ttwo",
        "\u{a0}two",
        "two\u{3000}",
        "\u{feff}two",
        "two\u{200b}",
        " ",
    ] {
        let problems = fixture.change(json!({ "token": pasted })).unwrap_err();
        assert_eq!(problems.len(), 1, "{pasted:?}: {problems:?}");
        assert!(
            problems[0].starts_with("token begins or ends with a blank"),
            "{problems:?}"
        );
    }
    // What is no secret is as it is.
    fixture.change(json!({"room": " a "})).unwrap();
}

#[test]
fn a_list_of_secrets_is_sealed_masked_and_kept_as_a_whole() {
    let fixture =
        Fixture::new(json!({"token": "one", "former": ["two-not-real", "three-not-real"]}));
    assert!(!fixture.stored.secrets_json().contains("not-real"));
    assert_eq!(fixture.stored.masked()["former"], "******");
    assert!(fixture.stored.is_filled("former"));
    let open = |stored: &Stored| fixture.secret(stored, "former[]");
    let both = r#"["two-not-real","three-not-real"]"#;
    for given in [
        json!({}),
        json!({"former": "******"}),
        json!({"former": ""}),
    ] {
        let changed = fixture.change(given.clone()).unwrap();
        assert_eq!(open(&changed).as_deref(), Some(both), "{given}");
    }
    let changed = fixture.change(json!({"former": ["four"]})).unwrap();
    assert_eq!(open(&changed).as_deref(), Some(r#"["four"]"#));
    for given in [json!({"former": null}), json!({"former": []})] {
        let changed = fixture.change(given.clone()).unwrap();
        assert_eq!(open(&changed), None, "{given}");
        assert!(!changed.is_filled("former"));
    }
}

#[test]
fn what_a_list_of_secrets_cannot_be_is_refused() {
    let fixture = Fixture::new(json!({"token": "one", "former": ["two"]}));
    for (given, problem) in [
        (json!("three"), "former must be a list of strings"),
        (json!([3]), "former must be a list of strings"),
        (json!(["a", ""]), "former must not have an empty entry"),
        (
            json!(["******"]),
            "former must be the real value, not the mask",
        ),
        (
            json!(["a", "b", "c", "d"]),
            "former must be at most 3 entries",
        ),
        (
            json!(["a\u{0}b"]),
            "former must not contain control characters",
        ),
    ] {
        let refused = fixture
            .change(json!({"former": given.clone()}))
            .unwrap_err();
        assert_eq!(refused, [problem], "{given}");
    }
    assert!(fixture.change(json!({"former": [" a"]})).is_err());
    let moved = fixture.change(json!({"token": "new", "api_url": "https://other.example.com"}));
    assert_eq!(moved.unwrap_err().len(), 1);
}
