use crate::{Event, MergeRequest, delivery::MergeRequestAction};

/// A push to the branch `feature`, from the commit `before` to the commit `after`; the default
/// branch is `main`.
pub fn push(before: &str, after: &str) -> Event {
    let mut event = Event {
        kind: "push".to_owned(),
        branch: Some("feature".to_owned()),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        ..Event::default()
    };
    event.repository.default_branch = Some("main".to_owned());
    // Whatever a payload names, it is not asked.
    event.repository.url = Some("https://evil.example.com/other/app".to_owned());
    event.repository.full_name = "other/app".to_owned();
    event
}

/// A merge request of `feature` into `main` that was opened, and ends at the commit `head`.
pub fn merge_request(number: u64, head: &str) -> Event {
    let request = MergeRequest {
        number,
        title: "Weigh the pears".to_owned(),
        state: "open".to_owned(),
        source_branch: "feature".to_owned(),
        target_branch: "main".to_owned(),
        head_sha: Some(head.to_owned()),
        ..MergeRequest::default()
    };
    Event {
        repository: push("", "").repository,
        ..Event::of_merge_request(MergeRequestAction::Opened, request)
    }
}
