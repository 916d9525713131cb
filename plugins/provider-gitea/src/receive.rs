//! Deliveries, by what their header says they are.

use crate::{pull_request, push, refs, signature, verdict};
use push_notify_sdk::{
    Delivery, Effect, Event, Rejection, Secret, Webhook,
    delivery::{self, DiscussionEvent, ReleaseEvent, StatusEvent, WorkflowEvent, of_no_interest},
};

/// Forgejo sends Gitea's headers beside its own, and both send those of Gogs (and of GitHub): the
/// most particular comes first.
const EVENT: [&str; 4] = [
    "x-forgejo-event",
    "x-gitea-event",
    "x-gitea-event-type",
    "x-gogs-event",
];
const DELIVERY: [&str; 3] = ["x-forgejo-delivery", "x-gitea-delivery", "x-gogs-delivery"];

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    let first = |names: &[&str]| present(&webhook, names).map(str::to_owned);
    let (name, id) = (first(&EVENT), first(&DELIVERY));
    let json = signature::payload(&mut webhook, secret)?;
    let Some(name) = name else {
        return Err(Rejection::Malformed(
            "there is no X-Gitea-Event header".to_owned(),
        ));
    };
    let (event, effect) = normalise(&name, json)?;
    Ok(Delivery {
        id,
        effect,
        events: vec![event],
    })
}

/// The value of the first of these headers that has one.
pub(crate) fn present<'a>(webhook: &'a Webhook, names: &[&str]) -> Option<&'a str> {
    let mut values = names.iter().filter_map(|name| webhook.header(name));
    values.find(|value| !value.is_empty())
}

/// The event that `name` and its payload stand for, and its effect where the host may announce it a
/// second time. Beside the common names there are finer ones, of old versions and in a header of
/// their own: the action tells what happened under either.
fn normalise(name: &str, json: &mut [u8]) -> Result<(Event, Option<Effect>), Rejection> {
    let alone = |event| Ok((event, None));
    match name {
        "push" => push::event(parse(json)?),
        "create" => refs::created(parse(json)?),
        "delete" => refs::deleted(parse(json)?),
        "workflow_run" => parse::<WorkflowEvent>(json)?.event(),
        "status" => parse::<StatusEvent>(json)?.event().and_then(alone),
        "release" => parse::<ReleaseEvent>(json)?.event().and_then(alone),
        "issues" | "issue_assign" | "issue_label" => {
            parse::<DiscussionEvent>(json)?.of_issue().and_then(alone)
        }
        "issue_comment" => parse::<DiscussionEvent>(json)?.of_comment().and_then(alone),
        "pull_request"
        | "pull_request_assign"
        | "pull_request_label"
        | "pull_request_sync"
        | "pull_request_review_request" => pull_request::event(parse(json)?).and_then(alone),
        "pull_request_approved"
        | "pull_request_rejected"
        | "pull_request_review"
        | "pull_request_review_approved"
        | "pull_request_review_rejected"
        | "pull_request_review_comment" => verdict::event(parse(json)?).and_then(alone),
        // As the common name it is a review, as the finer one a comment.
        "pull_request_comment" => match parse::<Peek>(json)?.review {
            Some(_) => verdict::event(parse(json)?).and_then(alone),
            None => parse::<DiscussionEvent>(json)?.of_comment().and_then(alone),
        },
        other => {
            parse::<serde::de::IgnoredAny>(json)?;
            Err(match other {
                "workflow_job" => Rejection::Ignored("its workflow arrives by itself".to_owned()),
                other => of_no_interest("event", other),
            })
        }
    }
}

#[derive(serde::Deserialize)]
struct Peek {
    review: Option<serde::de::IgnoredAny>,
}

fn parse<T: serde::de::DeserializeOwned>(json: &mut [u8]) -> Result<T, Rejection> {
    delivery::parse(json, "Gitea")
}
