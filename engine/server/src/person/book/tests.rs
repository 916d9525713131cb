use super::*;
use crate::person::{Kind, Notify};

fn person(id: i64, name: &str, identities: Vec<Identity>) -> Person {
    Person {
        id: PersonId::new(id),
        name: name.to_owned(),
        kind: Kind::Person,
        notify: Notify::Mention,
        quiet_hours: None,
        language: None,
        user_id: None,
        identities,
        created_at: 0,
        updated_at: 0,
    }
}

fn login(host: &str, value: &str) -> Identity {
    Identity::new("login", Some(host), value)
}

fn email(value: &str) -> Identity {
    Identity::new("email", None, value)
}

#[test]
fn somebody_is_found_by_login_then_address_then_hidden_login() {
    let people = vec![
        person(
            1,
            "Mei",
            vec![login("github.com", "LiMei"), email("mei@example.com")],
        ),
        person(
            2,
            "Tom",
            vec![login("gitlab.com", "limei"), email("Tom@Example.com")],
        ),
        person(
            3,
            "Ann",
            vec![login("github.com", "7-ann"), login("gitlab.com", "ann")],
        ),
        person(4, "Bo", vec![login("gitlab.example.com", "bo")]),
    ];
    let book = Book::new(people, HashMap::new());
    for (host, named, found) in [
        // The login, at its host only, in any case.
        ("github.com", (Some("limei"), None), Some(1)),
        ("GitHub.com", (Some("LIMEI"), None), Some(1)),
        ("gitlab.com", (Some("limei"), None), Some(2)),
        ("example.com", (Some("limei"), None), None),
        ("", (Some("limei"), None), None),
        // The login comes before the address.
        (
            "gitlab.com",
            (Some("limei"), Some("mei@example.com")),
            Some(2),
        ),
        // An unknown login does not hide a known address.
        (
            "github.com",
            (Some("nobody"), Some("MEI@example.com")),
            Some(1),
        ),
        ("github.com", (None, Some(" tom@example.com ")), Some(2)),
        // Addresses that hosts make up.
        (
            "example.com",
            (None, Some("583231+limei@users.noreply.github.com")),
            Some(1),
        ),
        (
            "example.com",
            (None, Some("limei@users.noreply.github.com")),
            Some(1),
        ),
        (
            "example.com",
            (None, Some("77-limei@users.noreply.gitlab.com")),
            Some(2),
        ),
        // A login that looks like a number and one comes before what is behind the number.
        (
            "example.com",
            (None, Some("7-ann@users.noreply.github.com")),
            Some(3),
        ),
        (
            "example.com",
            (None, Some("7-ann@users.noreply.gitlab.com")),
            Some(3),
        ),
        (
            "example.com",
            (None, Some("bo@noreply.gitlab.example.com")),
            Some(4),
        ),
        // What is none of them.
        (
            "github.com",
            (None, Some("+limei@users.noreply.github.com")),
            None,
        ),
        (
            "github.com",
            (None, Some("x+limei@users.noreply.github.com")),
            None,
        ),
        (
            "github.com",
            (None, Some("1+@users.noreply.github.com")),
            None,
        ),
        (
            "github.com",
            (None, Some("limei@users.noreply.github.com.evil.example")),
            None,
        ),
        ("github.com", (None, Some("limei")), None),
        ("github.com", (None, Some("")), None),
        // Not by what they call themselves.
        ("github.com", (None, None), None),
    ] {
        let (login, email) = named;
        let named = Named {
            name: Some("Mei".to_owned()),
            login: login.map(str::to_owned),
            email: email.map(str::to_owned),
            avatar_url: None,
        };
        let who = book.find(host, &named).map(|person| person.id.get());
        assert_eq!(who, found, "{host}: {login:?} {email:?}");
    }
}

#[test]
fn an_address_of_a_repository_says_its_host() {
    for (address, host) in [
        ("https://GitHub.com/acme/app", "github.com"),
        ("https://git.example.com:8443/acme/app", "git.example.com"),
        ("git@github.com:acme/app.git", "github.com"),
        ("ssh://git@gitlab.com/acme/app.git", "gitlab.com"),
        ("", ""),
        ("acme/app", ""),
    ] {
        assert_eq!(host_of(address), host, "{address}");
    }
}
