//! Deliveries, by what their header says they are.

use crate::{check, deployment, pull_request, push, remark, signature, tag, verdict};
use push_notify_sdk::{
    Delivery, Effect, Event, Rejection, Secret, Webhook,
    delivery::{self, DiscussionEvent, ReleaseEvent, StatusEvent, WorkflowEvent, of_no_interest},
};

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    signature::check(&webhook, secret)?;
    let header = |name| {
        webhook
            .header(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let id = header("x-github-delivery");
    let Some(name) = header("x-github-event") else {
        return Err(Rejection::Malformed(
            "there is no X-GitHub-Event header".to_owned(),
        ));
    };
    let (event, effect) = normalise(&name, delivery::json(&mut webhook)?)?;
    Ok(Delivery {
        id,
        effect,
        events: vec![event],
    })
}

/// The event that `name` and its payload stand for, and its effect where GitHub announces it a
/// second time.
fn normalise(name: &str, json: &mut [u8]) -> Result<(Event, Option<Effect>), Rejection> {
    let alone = |event| Ok((event, None));
    match name {
        "push" => push::event(parse(json)?),
        "create" => tag::event(parse(json)?, tag::Change::Created),
        "delete" => tag::event(parse(json)?, tag::Change::Deleted),
        "workflow_run" => parse::<WorkflowEvent>(json)?.event(),
        "check_run" => check::event(parse(json)?),
        "status" => parse::<StatusEvent>(json)?.event().and_then(alone),
        "deployment_status" => deployment::event(parse(json)?).and_then(alone),
        "release" => parse::<ReleaseEvent>(json)?.event().and_then(alone),
        "issues" => parse::<DiscussionEvent>(json)?.of_issue().and_then(alone),
        "issue_comment" => parse::<DiscussionEvent>(json)?.of_comment().and_then(alone),
        "commit_comment" => remark::on_commit(parse(json)?).and_then(alone),
        "pull_request" => pull_request::event(parse(json)?).and_then(alone),
        "pull_request_review" => verdict::event(parse(json)?).and_then(alone),
        "pull_request_review_comment" => remark::on_merge_request(parse(json)?).and_then(alone),
        _ => {
            parse::<serde::de::IgnoredAny>(json)?;
            Err(match name {
                "ping" => Rejection::Ignored("ping".to_owned()),
                // Each sums up what arrives by itself.
                "check_suite" => Rejection::Ignored("its checks arrive by themselves".to_owned()),
                "workflow_job" => Rejection::Ignored("its workflow arrives by itself".to_owned()),
                "deployment" => Rejection::Ignored("its statuses arrive by themselves".to_owned()),
                other => of_no_interest("event", other),
            })
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(json: &mut [u8]) -> Result<T, Rejection> {
    delivery::parse(json, "GitHub")
}
