use crate::{Event, MergeRequest, MergeRequestAction};

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
    Event {
        kind: "merge_request".to_owned(),
        branch: None,
        before: None,
        after: None,
        merge_request: Some(MergeRequest {
            number,
            title: "Weigh the pears".to_owned(),
            action: MergeRequestAction::Opened,
            state: "open".to_owned(),
            source_branch: "feature".to_owned(),
            target_branch: "main".to_owned(),
            head_sha: Some(head.to_owned()),
            base_sha: None,
            url: None,
            author: None,
            draft: None,
            merged: None,
        }),
        ..push("", "")
    }
}
