use super::Edge;
use crate::{event::summary, push::PushState};
use push_notify_core::{
    clock::Micros,
    id::{EventId, PushId, RepoId, SubjectId, TargetId},
};
use push_notify_host::Event;
use schemars::JsonSchema;
use serde::Serialize;

/// As much of each text as is kept, in characters.
const TITLE_CHARS: usize = 500;
const URL_CHARS: usize = 2000;
const WORD_CHARS: usize = 64;
const NAME_CHARS: usize = 200;
const MOST_LABELS: usize = 64;

/// What an event says of its subject. What it does not say stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub key: String,
    pub kind: String,
    pub title: Option<String>,
    pub url: Option<String>,
    pub state: Option<String>,
    /// JSON list of texts.
    pub labels: Option<String>,
    pub draft: Option<bool>,
    pub actor: Option<String>,
    pub edge: Edge,
}

impl Said {
    /// None: the event has no subject. Each event is told where `edge` says so.
    pub fn of(event: &Event, edge: Edge) -> Option<Self> {
        let key = cut(event.subject.as_deref()?, usize::MAX);
        let request = event.merge_request.as_ref();
        let issue = event.issue.as_ref();
        let is_own = !matches!(event.kind.as_str(), "pipeline" | "deployment" | "alert");
        let (kind, title, url, labels) = match (request.filter(|_| is_own), issue) {
            (Some(request), _) => (
                "merge_request",
                Some(request.title.clone()),
                request.url.clone(),
                Some(request.labels.clone()),
            ),
            (None, Some(issue)) if is_own => (
                "issue",
                Some(issue.title.clone()),
                issue.url.clone(),
                Some(issue.labels.clone()),
            ),
            _ => {
                let label = |label: &push_notify_host::Label| match label.value.as_str() {
                    "" => label.name.clone(),
                    value => format!("{}={value}", label.name),
                };
                let labels: Vec<String> = event.labels.iter().map(label).collect();
                (
                    event.kind.as_str(),
                    summary::headline(event),
                    event.url.clone(),
                    (!labels.is_empty()).then_some(labels),
                )
            }
        };
        let labels = labels.map(|labels| {
            let labels = labels.iter().take(MOST_LABELS);
            let labels: Vec<String> = labels.map(|label| cut(label, TITLE_CHARS)).collect();
            serde_json::Value::from(labels).to_string()
        });
        Some(Self {
            key,
            kind: cut(kind, WORD_CHARS),
            title: title.map(|title| cut(&title, TITLE_CHARS)),
            url: url.map(|url| cut(&url, URL_CHARS)),
            state: event.state.as_deref().map(|state| cut(state, WORD_CHARS)),
            labels,
            draft: request.filter(|_| is_own).and_then(|request| request.draft),
            actor: event
                .actor
                .as_ref()
                .and_then(summary::name)
                .map(|name| cut(name, NAME_CHARS)),
            edge,
        })
    }

    /// What this one and a later one say together.
    pub fn then(&self, later: &Self) -> Self {
        let text = |earlier: &Option<String>, later: &Option<String>| {
            later.clone().or_else(|| earlier.clone())
        };
        Self {
            key: self.key.clone(),
            kind: self.kind.clone(),
            title: text(&self.title, &later.title),
            url: text(&self.url, &later.url),
            state: text(&self.state, &later.state),
            labels: text(&self.labels, &later.labels),
            draft: later.draft.or(self.draft),
            actor: text(&self.actor, &later.actor),
            edge: match later.edge.mark() {
                Some(_) => later.edge.clone(),
                None => self.edge.clone(),
            },
        }
    }
}

/// Without the NUL that PostgreSQL refuses.
fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(most).collect()
}

/// A subject in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SubjectEntry")]
pub struct Entry {
    pub id: SubjectId,
    pub repo_id: RepoId,
    pub repo_name: Option<String>,
    /// The provider's own words for it, the same in all its events.
    pub key: String,
    /// `merge_request`, `issue`, `pipeline`, ...
    pub kind: String,
    pub title: Option<String>,
    pub url: Option<String>,
    /// What it is now, in a word.
    pub state: Option<String>,
    pub labels: Vec<String>,
    /// Of a merge request, where its host says so.
    pub draft: Option<bool>,
    /// Who acted last.
    pub actor: Option<String>,
    /// Also those that are not kept any more.
    pub event_count: i64,
    pub first_event_at: String,
    pub last_event_at: String,
}

/// An event of a subject.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubjectEvent {
    pub id: EventId,
    pub kind: Option<String>,
    pub state: String,
    /// Why it is told to nobody: `bookkeeping`, `unchanged`, `muted` or `unrouted`. Null: it is
    /// told.
    pub untold: Option<String>,
    pub received_at: String,
}

/// A push of one of its events.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubjectPush {
    pub id: PushId,
    pub event_id: EventId,
    pub target_id: TargetId,
    pub target_name: Option<String>,
    pub state: PushState,
    /// The push whose message carries this one.
    pub carried_by: Option<PushId>,
    pub created_at: String,
    pub pushed_at: Option<String>,
}

/// The message at a target that is changed or answered by what happens to the subject.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubjectCard {
    pub target_id: TargetId,
    pub target_name: Option<String>,
    /// The push whose message it is.
    pub push_id: PushId,
    /// The push whose event it shows.
    pub shown_by: PushId,
    /// It can be found again: what follows need not be a new message.
    pub followed: bool,
    /// Why the message before it could not be followed any more.
    pub gone: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

/// A subject by itself.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SubjectDetail")]
pub struct Detail {
    #[serde(flatten)]
    pub subject: Entry,
    /// The newest 100, the newest first.
    pub events: Vec<SubjectEvent>,
    /// The newest 200, the newest first.
    pub pushes: Vec<SubjectPush>,
    /// The messages that follow it, one for each target that keeps one.
    pub cards: Vec<SubjectCard>,
}

/// What some events say of a subject, as it is written.
pub struct Row<'a> {
    /// That of the first of them, if there is none yet.
    pub id: SubjectId,
    pub repo_id: RepoId,
    pub said: &'a Said,
    pub count: i64,
    /// When the first and the last of them came.
    pub first_at: Micros,
    pub last_at: Micros,
    /// When the last of them came that says something of consequence.
    pub marked_at: Option<Micros>,
}
