//! What an `update` changed, as far as anybody is told of it.

use crate::payload::People;
use push_notify_sdk::delivery::Labels;
use serde::{Deserialize, de::IgnoredAny};

#[derive(Default, Deserialize)]
pub(crate) struct Changes {
    draft: Option<Change<bool>>,
    labels: Option<Change<Labels>>,
    assignees: Option<Change<People>>,
    reviewers: Option<Change<People>>,
    title: Option<IgnoredAny>,
    description: Option<IgnoredAny>,
    target_branch: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Change<T> {
    previous: Option<T>,
    current: Option<T>,
}

/// The one that matters most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    Ready,
    /// A review is asked of somebody, perhaps once more.
    Reviewers,
    Assignees,
    Labels,
    Words,
    Nothing,
}

impl Changes {
    /// Who or what is taken away is nobody's news.
    pub(crate) fn most(self) -> Changed {
        let is_draft = self.draft.is_some();
        let ready =
            |draft: &Change<bool>| draft.previous == Some(true) && draft.current == Some(false);
        let new_people = |change: Change<People>| {
            let known = change.previous.unwrap_or_default().logins();
            let now = change.current.unwrap_or_default();
            now.asked_again() || now.logins().iter().any(|login| !known.contains(login))
        };
        let new_labels = |change: Change<Labels>| {
            let known = Labels::names(change.previous);
            let now = Labels::names(change.current);
            now.iter().any(|label| !known.contains(label))
        };
        let words = [self.title, self.description, self.target_branch];
        if self.draft.as_ref().is_some_and(ready) {
            Changed::Ready
        } else if self.reviewers.is_some_and(new_people) {
            Changed::Reviewers
        } else if self.assignees.is_some_and(new_people) {
            Changed::Assignees
        } else if self.labels.is_some_and(new_labels) {
            Changed::Labels
        } else if !is_draft && words.into_iter().any(|word| word.is_some()) {
            // What makes a draft is a word in the title.
            Changed::Words
        } else {
            Changed::Nothing
        }
    }
}
