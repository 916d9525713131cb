use super::{SECRET, fixture, receive_json, receive_with, signature, unauthenticated, webhook};
use push_notify_sdk::Rejection;

#[test]
fn a_form_is_signed_over_its_payload_and_nothing_else() {
    let json = br#"{"zen":"a b"}"#;
    let form = b"payload=%7B%22zen%22%3A%22a+b%22%7D";
    let kind = "application/x-www-form-urlencoded";
    let deliver = |signed: &[u8]| {
        let signature = signature(SECRET, signed);
        let headers = [
            ("x-gitea-event", "fork"),
            ("x-gitea-signature", &*signature),
            ("content-type", kind),
        ];
        receive_with(SECRET, webhook(&headers, form))
    };
    assert!(matches!(deliver(json), Err(Rejection::Ignored(_))));
    assert!(unauthenticated(&deliver(form)));
}

#[test]
fn the_delivery_id_is_the_hosts() {
    let body = fixture("push.branch.json");
    let signature = signature(SECRET, &body);
    let id = |headers: &[(&str, &str)]| {
        let always = [("x-gitea-event", "push"), ("x-gitea-signature", &signature)];
        let headers = [&always, headers].concat();
        receive_with(SECRET, webhook(&headers, &body)).unwrap().id
    };
    assert_eq!(id(&[("x-gitea-delivery", "a")]).as_deref(), Some("a"));
    assert_eq!(id(&[("x-gogs-delivery", "b")]).as_deref(), Some("b"));
    let both = [("x-gitea-delivery", "a"), ("x-forgejo-delivery", "c")];
    assert_eq!(id(&both).as_deref(), Some("c"));
    assert_eq!(id(&[("x-gitea-delivery", "")]), None);
    assert_eq!(id(&[]), None);
}

#[test]
fn the_event_is_named_by_the_most_particular_header() {
    let body = fixture("push.branch.json");
    let signature = signature(SECRET, &body);
    let name = |headers: &[(&str, &str)]| {
        let headers = [&[("x-gitea-signature", &*signature)], headers].concat();
        match receive_with(SECRET, webhook(&headers, &body)) {
            Ok(delivery) => delivery.events[0].kind.clone(),
            Err(Rejection::Ignored(reason)) => reason,
            other => panic!("{other:?}"),
        }
    };
    let ignored = |name: &str| format!("event {name} is of no interest");
    let github = ("x-github-event", "star");
    let gogs = ("x-gogs-event", "fork");
    let fine = ("x-gitea-event-type", "wiki");
    assert_eq!(name(&[github, gogs]), ignored("fork"));
    assert_eq!(name(&[github, gogs, fine]), ignored("wiki"));
    assert_eq!(name(&[gogs, fine, ("x-gitea-event", "push")]), "push");
    assert_eq!(name(&[gogs, fine, ("x-gitea-event", "")]), ignored("wiki"));
    let forgejo = [("x-gitea-event", "fork"), ("x-forgejo-event", "push")];
    assert_eq!(name(&forgejo), "push");
}

#[test]
fn what_is_announced_twice_has_one_effect() {
    let effect = |event: &str, name: &str| {
        let effect = receive_json(event, &fixture(name)).unwrap().effect;
        effect.map(|effect| (effect.key, effect.source))
    };
    for (event, repetition, key) in [
        (
            "push.tag_created.json",
            "create.tag.json",
            format!("tag_push:refs/tags/v1.2.0:created:{}", "7be2".repeat(10)),
        ),
        (
            "push.tag_deleted.json",
            "delete.tag.json",
            "tag_push:refs/tags/v1.2.0:deleted".to_owned(),
        ),
        (
            "push.branch_deleted.json",
            "delete.branch.json",
            "push:refs/heads/feature/boxes:deleted".to_owned(),
        ),
    ] {
        let source = repetition.split('.').next().unwrap_or_default();
        let expected = |source: &str| Some((key.clone(), source.to_owned()));
        assert_eq!(effect("push", event), expected("push"));
        assert_eq!(effect(source, repetition), expected(source));
    }
    // A new branch is announced twice, too, but what repeats it is ignored.
    assert_eq!(effect("push", "push.branch_created.json"), None);
    assert_eq!(effect("push", "push.branch.json"), None);
    // A test says nothing of a branch or tag that something could repeat.
    assert_eq!(effect("push", "push.test_delivery_empty.json"), None);
    let of_tag = String::from_utf8(fixture("push.test_delivery_empty.json")).unwrap();
    let of_tag = of_tag.replace("refs/heads/main", "refs/tags/v1");
    let delivery = receive_json("push", of_tag.as_bytes()).unwrap();
    assert_eq!(delivery.effect, None);
    assert_eq!(
        (delivery.events[0].created, delivery.events[0].deleted),
        (Some(false), Some(false))
    );
}

#[test]
fn a_secret_in_the_body_gets_nowhere() {
    let delivery = receive_json("push", &fixture("push.sparse.json")).unwrap();
    assert!(!format!("{delivery:?}").contains(SECRET));
}
