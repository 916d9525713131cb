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

#[test]
fn what_starts_or_ends_twice_has_one_effect() {
    let effect = |event: &str, name: &str| {
        let effect = receive_json(event, &fixture(name)).unwrap().effect;
        effect.map(|effect| (effect.key, effect.source))
    };
    let started = "pipeline:9900123456789:1:started".to_owned();
    for source in ["requested", "in_progress"] {
        let name = format!("workflow_run.{source}.json");
        let expected = Some((started.clone(), source.to_owned()));
        assert_eq!(effect("workflow_run", &name), expected);
    }
    assert_eq!(effect("workflow_run", "workflow_run.failed.json"), None);
    assert_eq!(
        effect("check_run", "check_run.completed.json"),
        Some(("check_run:66001:failed".to_owned(), "completed".to_owned()))
    );
}

#[test]
fn everything_about_a_merge_request_has_one_subject() {
    for (event, name) in [
        ("pull_request", "pull_request.opened.json"),
        ("pull_request_review", "pull_request_review.submitted.json"),
        (
            "pull_request_review_comment",
            "pull_request_review_comment.created.json",
        ),
        ("issue_comment", "issue_comment.created.json"),
    ] {
        let events = receive_json(event, &fixture(name)).unwrap().events;
        assert_eq!(events[0].subject.as_deref(), Some("merge_request:42"));
    }
}
