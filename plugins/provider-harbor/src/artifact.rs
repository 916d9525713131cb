//! An artifact was pushed or deleted: a version that is there, or is no more.

use crate::payload::{Data, RepositoryPayload, Resource, field};
use push_notify_sdk::{Event, Rejection, Release, Repository, delivery::missing};

pub(crate) fn events(data: Data, action: &str) -> Result<Vec<Event>, Rejection> {
    let repository = RepositoryPayload::normalised(data.repository)?;
    each(data.resources, |resource| {
        event(resource, action, &repository)
    })
}

/// An event of each resource.
pub(crate) fn each(
    resources: Option<push_notify_sdk::delivery::Listed<Resource, 32>>,
    event: impl Fn(Resource) -> Result<Event, Rejection>,
) -> Result<Vec<Event>, Rejection> {
    let resources = resources.ok_or_else(|| missing("resources"))?.entries;
    if resources.is_empty() {
        return Err(missing("resources"));
    }
    resources.into_iter().map(event).collect()
}

fn event(resource: Resource, action: &str, home: &Repository) -> Result<Event, Rejection> {
    let tag = resource.version()?;
    let release = Release {
        name: Some(format!("{}:{tag}", home.full_name)),
        tag: tag.clone(),
        ..Release::default()
    };
    let fields = [
        field("Digest", resource.digest()),
        field("Image", resource.resource_url),
    ];
    Ok(Event {
        subject: Some(format!("artifact:{}:{tag}", home.full_name)),
        fields: fields.into_iter().flatten().collect(),
        repository: home.clone(),
        ..Event::of_release(action, release)
    })
}
