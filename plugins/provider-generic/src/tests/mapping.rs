use super::{event, faults, preview, preview_with};
use push_notify_sdk::{Misfit, RunState, Severity};
use serde_json::{Value, json};

fn body() -> Value {
    json!({
        "name": "shop", "level": 3, "up": false, "note": "*down* again", "nothing": null, "blank": " ",
        "tags": {"env": "prod", "n": 7, "none": null}, "list": [{"id": 1, "is": "a"}, {"id": 2, "is": "b"}],
        "a/b": {"c~d": "escaped"},
    })
}

#[test]
fn a_value_is_pointed_at_rendered_or_fixed() {
    for (expression, made) in [
        (json!("/name"), "shop"),
        (json!("body:/name"), "shop"),
        (json!("/level"), "3"),
        (json!("/up"), "false"),
        (json!("/list/1/is"), "b"),
        (json!("/a~1b/c~0d"), "escaped"),
        (json!("/tags"), r#"{"env":"prod","n":7,"none":null}"#),
        (json!("header:/x-kind"), "probe"),
        (json!("fixed: text"), "fixed: text"),
        (
            json!("{{.Body.name}} is {{if .Body.up}}up{{else}}down{{end}}"),
            "shop is down",
        ),
        (json!("{{index .Headers \"x-kind\"}}"), "probe"),
        (json!({"from": "/level", "map": {"3": "three"}}), "three"),
        (
            json!({"from": "/level", "map": {"4": "four", "*": "other"}}),
            "other",
        ),
        (json!({"from": "/level", "map": {"4": "four"}}), "3"),
        (json!({"from": "/nowhere", "default": "x"}), "x"),
        (json!({"from": "/nothing", "default": "x"}), "x"),
        (json!({"from": "/blank", "default": "x"}), "x"),
        (json!({"from": "{{.Body.nowhere}}", "default": "x"}), "x"),
    ] {
        let headers = [("x-kind", "probe"), ("authorization", "Bearer not-real")];
        let mapping = json!({ "title": expression });
        let made_of = preview_with(mapping, &headers, body().to_string().as_bytes());
        let title = made_of.unwrap().events.remove(0).title;
        assert_eq!(title.as_deref(), Some(made), "{expression}");
    }
}

#[test]
fn what_proves_a_delivery_is_not_shown() {
    let mapping = json!({"title": {"from": "header:/authorization", "default": "none"}});
    let headers = [("authorization", "Bearer not-real")];
    let made = preview_with(mapping, &headers, b"{}").unwrap();
    assert_eq!(made.events[0].title.as_deref(), Some("none"));
}

#[test]
fn every_kind_has_its_record() {
    let of = |more: Value| {
        let mut mapping = json!({"title": "/name", "repository": "orchard"});
        let all = mapping.as_object_mut().unwrap();
        all.extend(more.as_object().unwrap().clone());
        event(mapping, &body())
    };
    let alert =
        of(json!({"kind": "alert", "state": "firing", "severity": "HIGH", "labels": "/tags"}));
    assert_eq!(alert.action.as_deref(), Some("firing"));
    assert_eq!(alert.severity, Some(Severity::High));
    assert_eq!(alert.labels.len(), 2);
    assert_eq!(alert.alerts.unwrap().alerts[0].name, "shop");
    let run = of(json!({"kind": "pipeline", "state": "failed", "number": "/level"}));
    assert_eq!(run.action.as_deref(), Some("failed"));
    assert_eq!(run.pipeline.unwrap().state, RunState::Failed);
    let deployment = of(json!({"kind": "deployment", "state": "running", "environment": "prod"}));
    assert_eq!(deployment.action.as_deref(), Some("started"));
    assert_eq!(deployment.deployment.unwrap().environment, "prod");
    let issue = of(json!({"kind": "issue", "state": "closed", "number": "7"}));
    assert_eq!(issue.action.as_deref(), Some("closed"));
    let release = of(json!({"kind": "release", "tag": "v1"}));
    assert_eq!(release.release.unwrap().tag, "v1");
    let custom =
        of(json!({"action": "seen", "fields": {"Level": "/level"}, "url": "javascript:1"}));
    assert_eq!((custom.kind.as_str(), custom.url), ("custom", None));
    assert_eq!(custom.fields[0].value, "3");
}

#[test]
fn each_element_of_a_list_is_an_event() {
    let mapping = json!({
        "each": "/list", "title": "{{.Body.name}} {{.Item.id}}", "subject": "item:/id",
        "ignore": [{"when": "item:/is", "is": "c"}],
    });
    let made = preview(mapping.clone(), &body()).unwrap();
    let titles: Vec<_> = made
        .events
        .iter()
        .map(|it| it.title.as_deref().unwrap())
        .collect();
    assert_eq!(titles, ["shop 1", "shop 2"]);
    let many = |count: usize| json!({"name": "shop", "list": vec![json!({"id": 1}); count]});
    assert_eq!(
        preview(mapping.clone(), &many(32)).unwrap().events.len(),
        32
    );
    let fault = faults(preview(mapping.clone(), &many(33)));
    assert_eq!(fault[0].0, "mapping.each");
    let empty = preview(mapping.clone(), &many(0));
    assert!(matches!(empty, Err(Misfit::Ignored(_))), "{empty:?}");
    for wrong in [json!({}), json!({"list": 7})] {
        assert_eq!(
            faults(preview(mapping.clone(), &wrong))[0].0,
            "mapping.each"
        );
    }
}

#[test]
fn a_condition_ignores_a_delivery() {
    for (condition, ignores) in [
        (json!({"when": "/level", "is": "3"}), true),
        (json!({"when": "/level", "is": ["2", "3"]}), true),
        (json!({"when": "/level", "is": "2"}), false),
        (json!({"when": "/level", "is_not": "3"}), false),
        (json!({"when": "/level", "is_not": "2"}), true),
        (json!({"when": "/nowhere", "absent": true}), true),
        (json!({"when": "/name", "absent": true}), false),
        (
            json!({"when": "/name", "absent": false, "is_not": "x"}),
            true,
        ),
    ] {
        let made = preview(json!({"title": "/name", "ignore": [condition]}), &body());
        let found = matches!(made, Err(Misfit::Ignored(_)));
        assert_eq!(found, ignores, "{condition}");
    }
}

#[test]
fn what_is_wrong_is_told_by_its_field() {
    for (mapping, field) in [
        (json!({}), "mapping.title"),
        (json!({"title": 7}), "mapping.title"),
        (json!({"title": "/nowhere"}), "mapping.title"),
        (json!({"title": "/a~2"}), "mapping.title"),
        (json!({"title": "{{.Body.name"}), "mapping.title"),
        (json!({"title": "{{unheard .Body}}"}), "mapping.title"),
        (
            json!({"title": {"from": "/name", "maps": {}}}),
            "mapping.title.maps",
        ),
        (json!({"title": {"default": "x"}}), "mapping.title.from"),
        (
            json!({"title": {"from": "/name", "map": {"a": 1}}}),
            "mapping.title.map",
        ),
        (json!({"title": "x", "titel": "x"}), "mapping.titel"),
        (json!({"title": "x", "preset": "unheard"}), "mapping.preset"),
        (json!({"title": "x", "each": "list"}), "mapping.each"),
        (json!({"title": "x", "labels": 7}), "mapping.labels"),
        (json!({"title": "x", "labels": "/name"}), "mapping.labels"),
        (
            json!({"title": "x", "labels": {"env": 7}}),
            "mapping.labels.env",
        ),
        (json!({"title": "x", "ignore": {}}), "mapping.ignore"),
        (
            json!({"title": "x", "ignore": [{"when": "/a"}]}),
            "mapping.ignore.0",
        ),
        (
            json!({"title": "x", "ignore": [{"when": "/a", "equal": "b"}]}),
            "mapping.ignore.0.equal",
        ),
        (json!({"title": "x", "kind": "unheard"}), "mapping.kind"),
        (
            json!({"title": "x", "kind": "merge_request"}),
            "mapping.kind",
        ),
        (
            json!({"title": "x", "severity": "terrible"}),
            "mapping.severity",
        ),
        (json!({"title": "x", "kind": "alert"}), "mapping.state"),
        (
            json!({"title": "x", "kind": "alert", "state": "odd"}),
            "mapping.state",
        ),
        (
            json!({"title": "x", "kind": "pipeline", "state": "skipped"}),
            "mapping.state",
        ),
        (
            json!({"title": "x", "kind": "deployment", "state": "failed"}),
            "mapping.environment",
        ),
        (
            json!({"title": "x", "kind": "alert", "state": "firing", "action": "a"}),
            "mapping.action",
        ),
        (
            json!({"title": "x", "action": "Not A Word"}),
            "mapping.action",
        ),
    ] {
        let found = faults(preview(mapping.clone(), &body()));
        assert_eq!(found[0].0, field, "{mapping}: {found:?}");
    }
    let all = faults(preview(json!({"title": 7, "text": 7}), &body()));
    assert_eq!(all.len(), 2);
}
