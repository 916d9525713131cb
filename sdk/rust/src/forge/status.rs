//! A commit's status, which stands among those that others set.

use super::{Client, Dialect, check, shortened};
use crate::{CommitStatus, Failure, StatusState, delivery::OWN_STATUS, http::Response};
use serde_json::json;

pub(super) fn set<D: Dialect>(
    client: &Client<D>,
    head: &str,
    status: &CommitStatus,
) -> Result<(), Failure> {
    let state = match status.state {
        StatusState::Pending => "pending",
        StatusState::Success => "success",
        StatusState::Failure => "failure",
        StatusState::Error => "error",
    };
    check(post_status(client, head, status, state, "context")?).map(drop)
}

/// Posts a status under the host's word for its state; `named` is the field that the host takes its
/// name by.
pub fn post_status<D: Dialect>(
    client: &Client<D>,
    head: &str,
    status: &CommitStatus,
    state: &str,
    named: &str,
) -> Result<Response, Failure> {
    let description = shortened(&status.description, D::LONGEST_STATUS);
    let mut body = json!({ "state": state, named: OWN_STATUS, "description": description });
    if let Some(url) = &status.url {
        body["target_url"] = url.as_str().into();
    }
    Ok(client
        .post(&format!("/statuses/{head}"))
        .json(&body)
        .send()?)
}
