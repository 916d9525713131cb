//! Which template an event is told by, and whether it is told at all.

use push_notify_host::Event;

/// The scene of a message that no review came before.
pub fn scene(event: &Event) -> &'static str {
    match event.kind.as_str() {
        "push" | "tag_push" => "commit_notify",
        // A review by a person is told as what they said.
        "merge_request" => match event.action.as_deref() {
            Some("approved" | "changes_requested" | "reviewed") => "comment_notify",
            _ => "commit_notify",
        },
        "comment" => "comment_notify",
        "issue" => "issue_notify",
        "release" => "release_notify",
        "pipeline" | "deployment" => "pipeline_notify",
        "alert" => "alert_notify",
        _ => "generic_notify",
    }
}

/// Recorded, and told to nobody: what happens all the time and changes nothing that people wait
/// for.
pub fn is_quiet(event: &Event) -> bool {
    let Some(action) = event.action.as_deref() else {
        return false;
    };
    match event.kind.as_str() {
        "merge_request" | "issue" => {
            matches!(
                action,
                "edited" | "labeled" | "assigned" | "review_requested"
            )
        }
        "comment" => matches!(action, "edited" | "deleted" | "resolved"),
        "release" => action == "edited",
        "pipeline" | "deployment" => action == "started",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use push_notify_template::SCENES;

    #[test]
    fn each_kind_has_a_scene_and_only_bookkeeping_is_quiet() {
        for (kind, action, expected, quiet) in [
            ("push", None, "commit_notify", false),
            ("tag_push", None, "commit_notify", false),
            ("merge_request", Some("opened"), "commit_notify", false),
            ("merge_request", Some("merged"), "commit_notify", false),
            ("merge_request", Some("approved"), "comment_notify", false),
            ("merge_request", Some("labeled"), "commit_notify", true),
            ("comment", Some("created"), "comment_notify", false),
            ("comment", Some("edited"), "comment_notify", true),
            ("issue", Some("opened"), "issue_notify", false),
            ("issue", Some("assigned"), "issue_notify", true),
            ("release", Some("published"), "release_notify", false),
            ("pipeline", Some("started"), "pipeline_notify", true),
            ("pipeline", Some("failed"), "pipeline_notify", false),
            ("deployment", Some("succeeded"), "pipeline_notify", false),
            ("alert", Some("firing"), "alert_notify", false),
            ("custom", Some("labeled"), "generic_notify", false),
            ("unheard_of", None, "generic_notify", false),
        ] {
            let event = Event {
                kind: kind.to_owned(),
                action: action.map(str::to_owned),
                ..Event::default()
            };
            assert_eq!(
                (scene(&event), is_quiet(&event)),
                (expected, quiet),
                "{kind} {action:?}"
            );
            assert!(SCENES.contains(&expected));
        }
    }
}
