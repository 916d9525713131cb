use super::message::{Envelope, Error, Route, body};

fn recipients(list: &[&str]) -> Result<Vec<String>, Error> {
    let envelope = Envelope {
        sender: "a@example.com".to_owned(),
        recipients: list.iter().map(|to| (*to).to_owned()).collect(),
    };
    let route = Route::new(envelope)?;
    Ok(route
        .recipients
        .iter()
        .map(|(_, address)| address.to_string())
        .collect())
}

#[test]
fn lone_line_ends_are_refused() {
    for message in ["a\nb\r\n", "a\rb\r\n", "\na", "a\r", "a\n.\r\n", "\r\r\n"] {
        assert!(body(message.as_bytes()).is_err(), "{message:?}");
    }
    assert_eq!(body(b"a\r\n.\r\nb\r\n").unwrap(), b"a\r\n.\r\nb");
    assert_eq!(body(b"a").unwrap(), b"a");
    assert_eq!(body(b"").unwrap(), b"");
}

#[test]
fn addresses_are_checked_and_domains_made_ascii() {
    assert_eq!(
        recipients(&["b@bücher.example"]).unwrap(),
        ["b@xn--bcher-kva.example"]
    );
    assert_eq!(recipients(&["ü@example.com"]).unwrap(), ["ü@example.com"]);
    for wrong in [
        "",
        "a",
        "a@",
        "@b",
        "a b@example.com",
        "a@example.com\r\n",
        "<a@example.com>",
        "a@exa mple.com",
    ] {
        assert!(recipients(&[wrong]).is_err(), "{wrong:?}");
    }
    assert!(recipients(&[]).is_err());
    assert!(recipients(&["a@example.com"; 1001]).is_err());
}

#[test]
fn empty_sender_is_the_null_path() {
    let envelope = Envelope {
        sender: String::new(),
        recipients: vec!["a@example.com".to_owned()],
    };
    assert!(Route::new(envelope).unwrap().sender.is_none());
}
