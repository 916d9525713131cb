use super::{AccountPayload, RepositoryPayload};
use crate::{
    Event, Rejection, Release,
    delivery::{missing, of_no_interest, present},
};
use serde::Deserialize;

/// `release`: published, edited or deleted.
#[derive(Debug, Deserialize)]
pub struct ReleaseEvent {
    action: Option<String>,
    release: Option<ReleasePayload>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Debug, Deserialize)]
struct ReleasePayload {
    tag_name: Option<String>,
    name: Option<String>,
    body: Option<String>,
    html_url: Option<String>,
    author: Option<AccountPayload>,
    draft: Option<bool>,
    prerelease: Option<bool>,
    published_at: Option<String>,
}

impl ReleaseEvent {
    /// One release is announced under several names; of these, only `published` is told of.
    pub fn event(self) -> Result<Event, Rejection> {
        let action = present(self.action).ok_or_else(|| missing("action"))?;
        let release = self.release.ok_or_else(|| missing("release"))?;
        let action = match action.as_str() {
            "published" => "published",
            "edited" | "updated" => "edited",
            "deleted" => "deleted",
            other => return Err(of_no_interest("release action", other)),
        };
        if release.draft == Some(true) {
            return Err(Rejection::Ignored("the release is a draft".to_owned()));
        }
        let published_at = present(release.published_at.clone());
        Ok(Event {
            happened_at: published_at.filter(|_| action == "published"),
            actor: self.sender.and_then(AccountPayload::person),
            repository: RepositoryPayload::normalised(self.repository)?,
            ..Event::of_release(action, release.normalised()?)
        })
    }
}

impl ReleasePayload {
    fn normalised(self) -> Result<Release, Rejection> {
        Ok(Release {
            tag: present(self.tag_name).ok_or_else(|| missing("release.tag_name"))?,
            name: present(self.name),
            text: present(self.body),
            url: present(self.html_url),
            author: self.author.and_then(AccountPayload::person),
            draft: self.draft,
            prerelease: self.prerelease,
        })
    }
}
