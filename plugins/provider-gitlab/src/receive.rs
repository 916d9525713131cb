//! Deliveries, by what they say they are.

use crate::{deployment, issue, merge_request, note, pipeline, proof, push, release};
use push_notify_sdk::{
    Delivery, Event, Rejection, Secret, Webhook,
    delivery::{of_no_interest, parse, present},
};

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    proof::check(&webhook, secret)?;
    // Both stay the same when GitLab tries again. The first is what a signature covers, so that it
    // goes before. X-Gitlab-Webhook-UUID is another in each attempt, and X-Gitlab-Event-UUID the
    // same for all that one action caused.
    let id = ["webhook-id", "idempotency-key"]
        .into_iter()
        .find_map(|name| webhook.header(name).filter(|value| !value.is_empty()))
        .map(str::to_owned);
    let event = normalise(&mut webhook)?;
    Ok(Delivery {
        id,
        effect: None,
        events: vec![event],
    })
}

/// What a body says that it is. System hooks say it in `event_name` alone, most of them.
#[derive(serde::Deserialize)]
struct Kind {
    object_kind: Option<String>,
    event_name: Option<String>,
}

fn normalise(webhook: &mut Webhook) -> Result<Event, Rejection> {
    let header = webhook.header("x-gitlab-event").map(str::to_owned);
    let body = &mut webhook.body;
    let kind: Kind = parse(body, "GitLab")?;
    let named = present(kind.object_kind).or(present(kind.event_name));
    let kind = match (named.as_deref(), header.as_deref()) {
        (Some(kind), _) => kind,
        (None, Some("Push Hook")) => "push",
        (None, Some("Tag Push Hook")) => "tag_push",
        (None, Some("Merge Request Hook")) => "merge_request",
        (None, Some("Note Hook" | "Confidential Note Hook")) => "note",
        (None, Some("Issue Hook" | "Confidential Issue Hook")) => "issue",
        (None, Some("Release Hook")) => "release",
        (None, Some("Pipeline Hook")) => "pipeline",
        (None, Some("Deployment Hook")) => "deployment",
        (None, Some(other)) if !other.is_empty() => other,
        (None, _) => {
            let missing = "neither object_kind nor X-Gitlab-Event says what this is";
            return Err(Rejection::Malformed(missing.to_owned()));
        }
    };
    match kind {
        "push" | "tag_push" => push::event(parse(body, "GitLab")?),
        "merge_request" => merge_request::event(parse(body, "GitLab")?),
        "note" => note::event(parse(body, "GitLab")?),
        // What GitLab is to call them.
        "issue" | "work_item" => issue::event(parse(body, "GitLab")?),
        "release" => release::event(parse(body, "GitLab")?),
        "pipeline" => pipeline::event(parse(body, "GitLab")?),
        "deployment" => deployment::event(parse(body, "GitLab")?),
        "build" => {
            let reason = "the pipeline of a job arrives by itself";
            Err(Rejection::Ignored(reason.to_owned()))
        }
        other => Err(of_no_interest("event", other)),
    }
}
