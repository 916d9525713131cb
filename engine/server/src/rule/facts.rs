//! From an event to what rules can ask of it.

use crate::event::{cast, summary};
use push_notify_host::{Event, Person, Severity as EventSeverity};
use push_notify_rules::{Facts, Review, Severity};
use std::borrow::Cow;

/// What the event of a repository says. `name` is the repository's here, `provider` its plugin.
pub fn facts<'a>(
    event: &'a Event,
    name: &'a str,
    provider: &'a str,
    review: Review<'a>,
) -> Facts<'a> {
    let request = event.merge_request.as_ref();
    let issue = event.issue.as_ref();
    let number = request
        .and_then(|request| i64::try_from(request.number).ok())
        .or_else(|| issue.and_then(|issue| issue.number.parse().ok()));
    let request_author = request.and_then(|request| request.author.as_ref());
    let issue_author = issue.and_then(|issue| issue.author.as_ref());
    let commit_author = summary::head(event).and_then(|commit| commit.author.as_ref());
    let actor = event.actor.as_ref();
    let author = commit_author.or(request_author).or(issue_author).or(actor);
    let brings_commits = !event.commits.is_empty();
    Facts {
        repo: name,
        repository: &event.repository.full_name,
        source: provider,
        kind: &event.kind,
        action: event.action.as_deref(),
        subject: event.subject.as_deref(),
        head: request
            .and_then(|request| request.head_sha.as_deref())
            .or(event.after.as_deref()),
        title: summary::headline(event)
            .map(Cow::Owned)
            .or_else(|| Some(Cow::Borrowed(first_line(&summary::head(event)?.message)))),
        text: event.text.as_deref(),
        state: event.state.as_deref(),
        severity: event.severity.map(severity),
        branch: summary::branch(event),
        target_branch: request.map(|request| request.target_branch.as_str()),
        tag: event.tag.as_deref(),
        number,
        author: names(author),
        actor: names(actor),
        bot: actor.map(cast::is_bot),
        draft: request
            .and_then(|request| request.draft)
            .or_else(|| event.release.as_ref()?.draft),
        created: event.created,
        deleted: event.deleted,
        forced: event.forced,
        labels: labels(event),
        paths: brings_commits.then(|| summary::changed_files(event)),
        commits: match event.total_commits {
            Some(total) => Some(i64::from(total)),
            None => brings_commits.then(|| i64::try_from(event.commits.len()).unwrap_or(i64::MAX)),
        },
        review,
    }
}

/// What is known of the review that an event wants.
pub fn review_of<'a>(is_wanted: bool) -> Review<'a> {
    match is_wanted {
        true => Review::Awaited,
        false => Review::None,
    }
}

/// Of a merge request or an issue, else the event's own. What another kind of event says of the
/// labels of a merge request may be nothing at all.
fn labels(event: &Event) -> Option<Vec<Cow<'_, str>>> {
    let of_request = event.merge_request.as_ref().map(|request| &request.labels);
    let of_issue = event.issue.as_ref().map(|issue| &issue.labels);
    let is_own = matches!(event.kind.as_str(), "merge_request" | "issue");
    match of_request.or(of_issue) {
        Some(labels) if is_own || !labels.is_empty() => {
            Some(labels.iter().map(|label| Cow::Borrowed(&**label)).collect())
        }
        Some(_) => None,
        None => {
            let label = |label: &push_notify_host::Label| match label.value.as_str() {
                "" => label.name.clone(),
                value => format!("{}={value}", label.name),
            };
            Some(
                event
                    .labels
                    .iter()
                    .map(|one| Cow::Owned(label(one)))
                    .collect(),
            )
        }
    }
}

fn names(person: Option<&Person>) -> Vec<&str> {
    let Some(person) = person else { return vec![] };
    [&person.name, &person.login, &person.email]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect()
}

fn severity(severity: EventSeverity) -> Severity {
    match severity {
        EventSeverity::Critical => Severity::Critical,
        EventSeverity::High => Severity::High,
        EventSeverity::Medium => Severity::Medium,
        EventSeverity::Low => Severity::Low,
        EventSeverity::Info => Severity::Info,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
