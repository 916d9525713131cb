use super::{LENGTH, Secrets, Unfit};
use crate::ports::{SecretValue, Settings};
use serde_json::{Value, json};

fn secrets(values: &[&str]) -> (Secrets, Value) {
    let settings = Settings {
        config: json!({"url": "https://example.com", "s0": "******"})
            .as_object()
            .unwrap()
            .clone(),
        secrets: values
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("s{index}"), SecretValue::new(*value)))
            .collect(),
        ..Settings::default()
    };
    let (secrets, config) = Secrets::new(&settings);
    (secrets, serde_json::from_str(&config).unwrap())
}

#[test]
fn configuration_has_placeholders_in_place_of_values() {
    let (secrets, config) = secrets(&["first-secret", "second-secret"]);
    assert_eq!(config["url"], "https://example.com");
    assert_eq!(config["s0"], secrets.placeholder(0));
    assert_eq!(config["s1"], secrets.placeholder(1));
    assert_eq!(config.as_object().unwrap().len(), 3);
    let placeholder = secrets.placeholder(0);
    assert_eq!(placeholder.len(), LENGTH);
    assert!(placeholder.bytes().all(|b| b.is_ascii_alphanumeric()));
}

#[test]
fn every_placeholder_is_filled_whatever_stands_around_it() {
    let (secrets, _) = secrets(&["A", "B"]);
    let (a, b) = (secrets.placeholder(0), secrets.placeholder(1));
    let text = format!("{a}0{b}{a}-{b}9");
    assert_eq!(secrets.fill_text(&text), "A0BA-B9");
    assert_eq!(secrets.fill_text("nothing"), "nothing");
    // A mark with an index that is none of ours stays.
    let strange = format!("{}999 {}xyz", &a[..LENGTH - 3], &a[..LENGTH - 3]);
    assert_eq!(secrets.fill_text(&strange), strange);
}

#[test]
fn placeholder_of_another_call_means_nothing() {
    let (first, _) = secrets(&["value"]);
    let (second, _) = secrets(&["value"]);
    let text = first.placeholder(0);
    assert_eq!(second.fill_text(&text), text);
}

#[test]
fn url_takes_values_encoded_but_for_a_leading_one() {
    let (secrets, _) = secrets(&["a b/ü&", "https://example.com/hook?key=v"]);
    let url = format!("https://example.com/{}?x=1", secrets.placeholder(0));
    assert_eq!(
        secrets.fill_url(&url).unwrap(),
        "https://example.com/a%20b%2F%C3%BC%26?x=1"
    );
    let whole = format!("{}&more={}", secrets.placeholder(1), secrets.placeholder(0));
    assert_eq!(
        secrets.fill_url(&whole).unwrap(),
        "https://example.com/hook?key=v&more=a%20b%2F%C3%BC%26"
    );
    let (secrets, _) = self::secrets(&["https://example.com/\r\nHost: evil"]);
    let problem = Unfit("a secret in the URL has a control character");
    assert_eq!(secrets.fill_url(&secrets.placeholder(0)), Err(problem));
}

#[test]
fn echoed_values_are_hidden_as_they_are_and_encoded() {
    let (secrets, _) = secrets(&["long secret", "short", "pin"]);
    let (long, short) = (secrets.placeholder(0), secrets.placeholder(1));
    let text = "long secret, long%20secret, long secre, short, shorter, pin".to_owned();
    assert_eq!(
        secrets.hide_text(text),
        format!("{long}, {long}, long secre, {short}, shorter, pin")
    );
}

#[test]
fn header_that_is_a_secret_becomes_its_placeholder() {
    let (secrets, _) = secrets(&["test-secret-not-real", "short"]);
    assert_eq!(
        secrets.hide_whole("test-secret-not-real"),
        Some(secrets.placeholder(0))
    );
    assert_eq!(secrets.hide_whole("test-secret-not-real "), None);
    assert_eq!(secrets.hide_whole("short"), Some(secrets.placeholder(1)));
}

#[test]
fn call_without_secrets_changes_nothing() {
    let (secrets, config) = secrets(&[]);
    assert_eq!(config["s0"], "******");
    assert_eq!(secrets.fill(b"pnsx000").as_ref(), b"pnsx000");
    assert_eq!(secrets.hide(b"bytes".to_vec()), b"bytes");
}

#[test]
fn placeholders_beyond_count_stay() {
    let (secrets, _) = secrets(&["A"]);
    let text = secrets.placeholder(0).repeat(70);
    let filled = secrets.fill_text(&text);
    assert_eq!(filled.len(), 64 + 6 * LENGTH);
}

#[test]
fn only_the_url_s_beginning_is_known_first() {
    let (secrets, _) = secrets(&["https://example.com/", "key"]);
    let (whole, key) = (secrets.placeholder(0), secrets.placeholder(1));
    let url = format!("{whole}{key}");
    let known = format!("https://example.com/{key}");
    assert_eq!(secrets.fill_first(&url).unwrap(), known);
    assert_eq!(secrets.fill_first(&known).unwrap(), known);
}

#[test]
fn nothing_is_left_of_a_value_where_a_text_is_cut() {
    let (secrets, _) = secrets(&["test-secret-not-real"]);
    let text = format!("{}test-secret-not-real", "x".repeat(90));
    assert!(!secrets.hide_cut(text, 100).contains("test"));
    let repeated = "test-secret-not-real".repeat(10_000);
    assert!(!secrets.hide_cut(repeated, 1 << 20).contains("test"));
    assert_eq!(secrets.hide_cut("short".to_owned(), 100), "short");
}

#[test]
fn a_list_of_secrets_is_a_list_of_placeholders() {
    let secret = |(name, value): (&str, &str)| (name.to_owned(), SecretValue::new(value));
    let given = [
        ("former[]", "A"),
        ("key", "B"),
        ("former[]", "C"),
        ("one[]", "D"),
    ];
    let settings = Settings {
        config: json!({"former": "******"}).as_object().unwrap().clone(),
        secrets: given.map(secret).to_vec(),
        ..Settings::default()
    };
    let (secrets, config) = Secrets::new(&settings);
    let config: Value = serde_json::from_str(&config).unwrap();
    let filled = |value: &Value| secrets.fill_text(value.as_str().unwrap()).into_owned();
    let list = |name: &str| {
        config[name]
            .as_array()
            .unwrap()
            .iter()
            .map(filled)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (list("former"), list("one")),
        (vec!["A".to_owned(), "C".to_owned()], vec!["D".to_owned()])
    );
    assert_eq!(filled(&config["key"]), "B");
}
