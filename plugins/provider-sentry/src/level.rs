//! What Sentry's words for bad and worse mean, and what all events about one issue share.

use push_notify_sdk::{Repository, Severity};

pub(crate) fn severity(level: Option<&str>) -> Option<Severity> {
    match level? {
        "fatal" => Some(Severity::Critical),
        "error" => Some(Severity::High),
        "warning" => Some(Severity::Medium),
        "info" | "debug" | "sample" => Some(Severity::Info),
        _ => None,
    }
}

/// By the issue's own id, which issues, errors, alerts and comments all know.
pub(crate) fn subject(issue: &str) -> String {
    format!("issue:{issue}")
}

/// The project, as far as it is known.
pub(crate) fn project(slug: Option<String>) -> Repository {
    Repository {
        full_name: slug.unwrap_or_else(|| "sentry".to_owned()),
        ..Repository::default()
    }
}

/// Of an address at the API, such as `.../projects/acme/pears/events/1/`.
pub(crate) fn project_in(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("/projects/")?;
    let slug = rest.split('/').nth(1)?;
    (!slug.is_empty()).then(|| slug.to_owned())
}
