use super::{SECRET, fixture, receive_json, receive_with, signature, webhook};

#[test]
fn the_delivery_id_is_githubs() {
    let body = fixture("push.branch.json");
    let id = receive_json("push", &body).unwrap().id;
    assert_eq!(id.as_deref(), Some("0b9f6f1e-0000-4000-8000-000000000001"));
    let signature = signature(SECRET, &body);
    let headers = [
        ("x-github-event", "push"),
        ("x-hub-signature-256", &*signature),
    ];
    assert_eq!(
        receive_with(SECRET, webhook(&headers, &body)).unwrap().id,
        None
    );
}

#[test]
fn a_tag_has_one_effect_however_it_is_announced() {
    let effect = |event: &str, name: &str| {
        let effect = receive_json(event, &fixture(name)).unwrap().effect;
        effect.map(|effect| (effect.key, effect.source))
    };
    let made = "tag_push:refs/tags/v1.2.0:created".to_owned();
    let gone = "tag_push:refs/tags/v1.2.0:deleted".to_owned();
    assert_eq!(
        effect("push", "push.tag_created.json"),
        Some((made.clone(), "push".to_owned()))
    );
    assert_eq!(
        effect("create", "create.tag.json"),
        Some((made, "create".to_owned()))
    );
    assert_eq!(
        effect("push", "push.tag_deleted.json"),
        Some((gone.clone(), "push".to_owned()))
    );
    assert_eq!(
        effect("delete", "delete.tag.json"),
        Some((gone, "delete".to_owned()))
    );
    assert_eq!(effect("push", "push.tag_moved.json"), None);
    assert_eq!(effect("push", "push.branch_created.json"), None);
}
