use super::{DigestJob, Member};
use crate::{
    pipeline::{
        commit::{Change, Settlement},
        message::{Content, Lease, Recipients},
    },
    push::{Outcome, PushState},
};
use push_notify_core::{
    i18n::Locale,
    id::{PushId, TemplateId},
};
use push_notify_template::{Rendered, Template};
use serde_json::json;
use std::sync::Arc;

const LEASE: Lease = Lease {
    token: 77,
    until: 1000,
};

fn digest(ids: &[i64]) -> DigestJob {
    let member = |&push_id: &i64| Member {
        push_id: PushId::new(push_id),
        attempt: 2,
        due_at: 5,
        notification: json!({
            "RepoName": format!("repo{}", push_id % 3), "RepoUrl": "https://git.example.com/company/repo",
            "Title": format!("push {push_id}"), "CommitMsg": "fix: \"quoted\" [x](y)",
        }),
    };
    DigestJob {
        members: ids.iter().map(member).collect(),
        repository: None,
    }
}

fn template() -> Template {
    let title = "{{.Count}} of {{.RepoCount}}";
    let content = "{{range .Notifications}}- {{.Title}}: {{.CommitMsg}}\n{{end}}{{if .More}}and {{.More}} more{{end}}";
    push_notify_template::scene::parse("digest", title, content).unwrap()
}

fn attempted(outcome: Outcome, state: PushState) -> Change {
    Change::Attempted {
        attempt: 2,
        outcome,
        detail: Some("HTTP 503".to_owned()),
        started_at: 10,
        duration_us: 1,
        state,
        run_at: 20,
        content: Some(Content {
            template_id: Some(TemplateId::new(3)),
            rendered: Arc::new(Rendered {
                title: "t".to_owned(),
                body: "b".to_owned(),
            }),
        }),
        recipients: Some(Recipients::default()),
    }
}

/// Number, what it is carried by, whether it keeps a content and recipients, and the attempt's
/// detail.
fn shown(settlement: &Settlement) -> (i64, Option<i64>, bool, bool, String) {
    let Change::Attempted {
        content,
        recipients,
        detail,
        ..
    } = &settlement.change
    else {
        panic!("an attempt was made")
    };
    (
        settlement.push_id.get(),
        settlement.carried_by.map(PushId::get),
        content.is_some(),
        recipients.is_some(),
        detail.clone().unwrap_or_default(),
    )
}

#[test]
fn a_message_tells_of_each_push_and_escapes_what_strangers_wrote() {
    let rendered = digest(&[1, 2, 3, 4])
        .render(&template(), None, Locale::Chinese)
        .unwrap();
    assert_eq!(rendered.title, "4 of 3");
    assert_eq!(rendered.body.lines().count(), 4);
    assert!(
        rendered
            .body
            .starts_with("- push 1: fix: \"quoted\" \\[x\\](y)\n")
    );
}

#[test]
fn what_has_no_room_is_counted() {
    let ids: Vec<i64> = (1..=100).collect();
    let digest = digest(&ids);
    let all = digest.render(&template(), None, Locale::Chinese).unwrap();
    assert!(!all.body.contains("more"));
    for most in [100, 800, 2000] {
        let rendered = digest
            .render(&template(), Some(most), Locale::Chinese)
            .unwrap();
        let json = json!(rendered.body).to_string();
        assert!(json.len() as u64 <= most, "{} bytes", json.len());
        let listed = rendered.body.matches("- push").count();
        assert!(listed >= 1);
        assert!(
            rendered
                .body
                .ends_with(&format!("and {} more", 100 - listed))
        );
        let one_more = json.len() + 60;
        assert!(
            one_more as u64 > most - most / 8,
            "room for another is left"
        );
    }
    // The channel has to cut it.
    let tiny = digest
        .render(&template(), Some(10), Locale::Chinese)
        .unwrap();
    assert!(tiny.body.contains("push 1:") && tiny.body.contains("and 99 more"));
}

#[test]
fn the_same_pushes_have_the_same_fingerprint_and_others_another() {
    let fingerprint = |ids: &[i64]| digest(ids).fingerprint();
    assert_eq!(fingerprint(&[1, 2, 3]), fingerprint(&[3, 1, 2]));
    assert_ne!(fingerprint(&[1, 2, 3]), fingerprint(&[1, 2]));
    assert_ne!(fingerprint(&[1, 23]), fingerprint(&[12, 3]));
}

#[test]
fn each_push_is_told_whose_message_it_was_in() {
    let settled = digest(&[7, 8, 9]).settlements(
        LEASE,
        true,
        &attempted(Outcome::Delivered, PushState::Delivered),
    );
    let told: Vec<_> = settled.iter().map(shown).collect();
    let in_it = "in the message of push 7, with 2 others: HTTP 503".to_owned();
    assert_eq!(
        told,
        [
            (
                7,
                Some(7),
                true,
                true,
                "in one message with 2 others: HTTP 503".to_owned()
            ),
            (8, Some(7), false, true, in_it.clone()),
            (9, Some(7), false, true, in_it),
        ]
    );
    assert!(settled.iter().all(|settled| settled.lease == LEASE));
}

#[test]
fn those_that_are_tried_again_keep_no_content() {
    let settled =
        digest(&[7, 8]).settlements(LEASE, true, &attempted(Outcome::Retry, PushState::Pending));
    for settlement in &settled {
        let (_, carried_by, content, recipients, _) = shown(settlement);
        assert_eq!((carried_by, content, recipients), (Some(7), false, true));
    }
}

#[test]
fn those_that_part_keep_nothing_of_the_message() {
    let settled =
        digest(&[7, 8]).settlements(LEASE, false, &attempted(Outcome::Retry, PushState::Pending));
    for settlement in &settled {
        let (_, carried_by, content, recipients, _) = shown(settlement);
        assert_eq!((carried_by, content, recipients), (None, false, false));
    }
}

#[test]
fn those_that_are_put_back_stay_together() {
    for settlement in digest(&[7, 8]).put_back(LEASE) {
        assert_eq!(settlement.carried_by, Some(PushId::new(7)));
        let Change::Deferred { attempts, run_at } = settlement.change else {
            panic!("no attempt was made")
        };
        assert_eq!((attempts, run_at), (1, 5));
    }
}
