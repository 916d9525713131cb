use super::{commit_of, render, variables};
use crate::pipeline::{
    cache::Chosen,
    message::{Notification, Reviewed},
    reader::Reader,
};
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use push_notify_core::{
    i18n::Locale,
    id::{RepoId, TemplateId},
};
use push_notify_host::{Commit, Event};
use push_notify_template::Template;

fn reader(zone: TimeZone) -> Reader {
    Reader {
        zone,
        locale: Locale::default(),
    }
}

fn event() -> Event {
    let commit = |id: &str| Commit {
        id: id.into(),
        message: format!(
            "message of {id}

body"
        ),
        ..Commit::default()
    };
    Event {
        kind: "push".into(),
        branch: Some("main".into()),
        after: Some("b".into()),
        commits: vec![commit("a"), commit("b")],
        ..Event::default()
    }
}

#[test]
fn the_head_commit_stands_for_the_push() {
    assert_eq!(commit_of(&event()).0, "b");
}

#[test]
fn a_deleted_branch_is_named_by_its_branch() {
    let event = Event {
        commits: vec![],
        after: Some("0".repeat(64)),
        ..event()
    };
    assert_eq!(commit_of(&event), (String::new(), "main".to_owned()));
}

#[test]
fn many_commits_are_told_from_the_newest_on_with_how_many_more() {
    for (listed, total, shown, more) in [
        (1, None, 1, 0),
        (2, Some(2), 2, 0),
        (10, Some(10), 10, 0),
        (11, None, 11, 1),
        (30, Some(30), 30, 20),
        (20, Some(45), 20, 35),
        (2, Some(9), 2, 7),
        (150, None, 100, 140),
        (150, Some(2048), 100, 2038),
        // A host that counts wrong.
        (5, Some(1), 5, 0),
        (0, None, 0, 0),
    ] {
        let commit = |number: usize| Commit {
            id: format!("{number:040}"),
            ..Commit::default()
        };
        let event = Event {
            commits: (1..=listed).map(commit).collect(),
            total_commits: total,
            ..event()
        };
        let notification = Notification {
            uid: String::new(),
            repo_id: RepoId::new(1),
            event,
            repo_name: String::new(),
            repo_url: String::new(),
            received_at: 0,
            traceparent: None,
            review: None,
            rendered: Mutex::default(),
        };
        let told = variables(&notification, &reader(TimeZone::UTC));
        let commits = told["Commits"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        assert_eq!(commits.len(), shown, "{listed} {total:?}");
        assert_eq!(told["MoreCommits"], more, "{listed} {total:?}");
        if let Some(first) = commits.first() {
            assert_eq!(first["Id"], told["CommitId"], "the head comes first");
        }
    }
}

#[test]
fn a_time_says_by_whose_clocks_it_is() {
    let at: jiff::Timestamp = "2026-07-19T06:30:00Z".parse().unwrap();
    let review = Reviewed {
        result: String::new(),
        decision: None,
        score: None,
        severity: None,
        summary: String::new(),
        issues: vec![],
        left_out: vec![],
        completed_at: Some(at.as_microsecond()),
    };
    let notification = Notification {
        uid: String::new(),
        repo_id: RepoId::new(1),
        event: event(),
        repo_name: String::new(),
        repo_url: String::new(),
        received_at: 0,
        traceparent: None,
        review: Some(review),
        rendered: Mutex::default(),
    };
    let chosen = Chosen {
        id: TemplateId::new(1),
        template: Template::parse("t", "{{.ReviewTime}}").unwrap(),
    };
    let told = |zone: &str| {
        let reader = reader(TimeZone::get(zone).unwrap());
        let rendered = render(&notification, &chosen, &reader, &super::Arc::default()).unwrap();
        rendered.body.clone()
    };
    // The same event and template, for targets in many places.
    for (zone, time) in [
        ("UTC", "2026-07-19 06:30 +00:00"),
        ("Asia/Shanghai", "2026-07-19 14:30 +08:00"),
        ("Europe/Berlin", "2026-07-19 08:30 +02:00"),
        ("America/New_York", "2026-07-19 02:30 -04:00"),
        ("Asia/Kolkata", "2026-07-19 12:00 +05:30"),
        ("Asia/Kathmandu", "2026-07-19 12:15 +05:45"),
        ("Pacific/Auckland", "2026-07-19 18:30 +12:00"),
        ("Pacific/Honolulu", "2026-07-18 20:30 -10:00"),
        ("America/St_Johns", "2026-07-19 04:00 -02:30"),
        ("Pacific/Kiritimati", "2026-07-19 20:30 +14:00"),
        ("Asia/Shanghai", "2026-07-19 14:30 +08:00"),
    ] {
        assert_eq!(told(zone), time, "{zone}");
    }
    assert_eq!(notification.rendered.lock().len(), 10);
}
