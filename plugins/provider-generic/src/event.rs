//! The event that a mapping makes, with the record that its kind has.

use crate::{body::Scene, mapping::Mapping, problem::problem};
use push_notify_sdk::{
    Alert, AlertGroup, Deployment, Event, Field, Issue, Label, MappingProblem, Person, Pipeline,
    Release, Repository, RunState, Severity, crypto, delivery::excerpt,
};

const SEVERITIES: [(&str, Severity); 5] = [
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("info", Severity::Info),
];
const RUNS: [RunState; 7] = [
    RunState::Pending,
    RunState::Running,
    RunState::Succeeded,
    RunState::Failed,
    RunState::Canceled,
    RunState::Skipped,
    RunState::Blocked,
];
/// Those whose records a mapping can fill.
const KINDS: [&str; 8] = [
    "custom",
    "alert",
    "pipeline",
    "deployment",
    "issue",
    "release",
    "push",
    "tag_push",
];
/// Of a subject, in bytes. Longer ones are told apart by a digest.
const LONGEST_SUBJECT: usize = 512;
/// Of an action of kind `custom`, in bytes.
const LONGEST_ACTION: usize = 64;

/// Fails with every problem at once.
pub(crate) fn event(
    mapping: &Mapping,
    scene: &Scene<'_>,
    url: &str,
) -> Result<Event, Vec<MappingProblem>> {
    let mut reader = Reader {
        mapping,
        scene,
        problems: Vec::new(),
    };
    let event = reader.event(url);
    match reader.problems.is_empty() {
        true => Ok(event),
        false => Err(reader.problems),
    }
}

struct Reader<'a> {
    mapping: &'a Mapping,
    scene: &'a Scene<'a>,
    problems: Vec<MappingProblem>,
}

impl Reader<'_> {
    fn text(&mut self, name: &str) -> Option<String> {
        let found = self.mapping.read(name, self.scene);
        self.or_problem(found).flatten()
    }

    fn or_problem<T>(&mut self, found: Result<T, MappingProblem>) -> Option<T> {
        found.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn missing(&mut self, name: &str) -> String {
        let (zh, en) = ("在这次投递中没有值", "has no value in this delivery");
        self.problems.push(problem(name, zh, en));
        String::new()
    }

    fn required(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_else(|| self.missing(name))
    }

    fn unknown(&mut self, name: &str, found: &str, known: &[&str]) {
        let (found, known) = (excerpt(found), known.join(", "));
        self.problems.push(problem(
            name,
            format!("`{found}`不在可用的值中：{known}"),
            format!("`{found}` is none of {known}"),
        ));
    }

    fn event(&mut self, url: &str) -> Event {
        let kind = self.text("kind").unwrap_or_else(|| "custom".to_owned());
        if !KINDS.contains(&kind.as_str()) {
            self.unknown("kind", &kind, &KINDS);
        }
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        let severity = self.text("severity");
        let labels = self.mapping.labels(self.scene);
        let labels = self.or_problem(labels).unwrap_or_default().into_iter();
        let fields = self.mapping.shown(self.scene);
        let fields = self.or_problem(fields).unwrap_or_default().into_iter();
        let field = |(name, value): (String, String)| Field {
            short: value.chars().count() <= 40,
            name,
            value,
        };
        let mut event = Event {
            action: self.text("action"),
            subject: self.text("subject").map(bounded),
            title: Some(self.required("title")),
            text: self.text("text"),
            url: self.text("url").filter(|url| is_web(url)),
            severity: severity.and_then(|found| self.severity(&found)),
            state: self.text("state"),
            labels: labels.map(|(name, value)| Label { name, value }).collect(),
            fields: fields.map(field).collect(),
            happened_at: self.text("happened_at"),
            actor: self.text("actor").map(|name| Person {
                name: Some(name),
                ..Person::default()
            }),
            repository: Repository {
                full_name: self
                    .text("repository")
                    .unwrap_or_else(|| host.trim_end_matches('/').to_owned()),
                url: self.text("repository_url").filter(|url| is_web(url)),
                ..Repository::default()
            },
            branch: self.text("branch"),
            tag: self.text("tag"),
            after: self.text("commit"),
            kind,
            ..Event::default()
        };
        self.record(&mut event);
        event
    }

    fn severity(&mut self, found: &str) -> Option<Severity> {
        let lower = found.to_ascii_lowercase();
        let known = SEVERITIES.iter().find(|(name, _)| *name == lower);
        if known.is_none() {
            self.unknown("severity", found, &SEVERITIES.map(|(name, _)| name));
        }
        known.map(|(_, severity)| *severity)
    }

    /// What belongs to the kind, and the action that its state comes to.
    fn record(&mut self, event: &mut Event) {
        match event.kind.as_str() {
            "alert" => self.alert(event),
            "pipeline" | "deployment" => self.run(event),
            "issue" => self.issue(event),
            "release" => self.release(event),
            "custom" => {
                let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
                let is_word = |it: &str| it.len() <= LONGEST_ACTION && it.bytes().all(word);
                if let Some(action) = event.action.clone().filter(|it| !is_word(it)) {
                    let (zh, en) = (
                        "必须由最多64个小写字母、数字和_组成",
                        "must be at most 64 lower-case letters, digits and _",
                    );
                    let shown = excerpt(&action);
                    let (zh, en) = (format!("`{shown}`{zh}"), format!("`{shown}` {en}"));
                    self.problems.push(problem("action", zh, en));
                }
            }
            _ => self.action(event, &[]),
        }
    }

    fn action(&mut self, event: &Event, known: &[&str]) {
        match &event.action {
            Some(action) if !known.contains(&action.as_str()) => {
                self.unknown("action", action, known);
            }
            _ => {}
        }
    }

    fn alert(&mut self, event: &mut Event) {
        let states = ["firing", "resolved"];
        let state = self.state(event, &states);
        event.action.get_or_insert(state.clone());
        self.action(event, &states);
        let name = self.text("name").or_else(|| event.title.clone());
        event.alerts = Some(AlertGroup {
            alerts: vec![Alert {
                fingerprint: event.subject.clone(),
                name: name.unwrap_or_default(),
                firing: state == "firing",
                severity: event.severity,
                summary: None,
                labels: event.labels.clone(),
                starts_at: event.happened_at.clone(),
                ends_at: None,
                url: event.url.clone(),
                silence_url: None,
            }],
            total: None,
        });
    }

    fn run(&mut self, event: &mut Event) {
        let found = self.state(event, &RUNS.map(RunState::name));
        let Some(state) = RUNS.into_iter().find(|state| state.name() == found) else {
            return;
        };
        match (&event.action, state.action()) {
            (None, Some(action)) => event.action = Some(action.to_owned()),
            (None, None) => {
                let (zh, en) = (
                    "这个状态没有对应的动作，请用ignore忽略",
                    "is a state that nobody is told of: ignore it",
                );
                self.problems.push(problem("state", zh, en));
            }
            (Some(_), _) => {
                let known: Vec<&str> = RUNS.into_iter().filter_map(RunState::action).collect();
                self.action(event, &known);
            }
        }
        let id = self.text("number").unwrap_or_default();
        if event.kind == "pipeline" {
            event.pipeline = Some(Pipeline {
                id,
                name: self.text("name"),
                state,
                url: event.url.clone(),
                attempt: None,
                duration_ms: None,
                jobs: Vec::new(),
            });
        } else {
            event.deployment = Some(Deployment {
                id,
                environment: self.required("environment"),
                state,
                url: event.url.clone(),
            });
        }
    }

    fn issue(&mut self, event: &mut Event) {
        let state = self.state(event, &["open", "closed"]);
        let implied = match state.as_str() {
            "closed" => "closed",
            _ => "opened",
        };
        event.action.get_or_insert(implied.to_owned());
        let known = [
            "opened", "edited", "labeled", "assigned", "closed", "reopened",
        ];
        self.action(event, &known);
        event.issue = Some(Issue {
            number: self.required("number"),
            title: event.title.clone().unwrap_or_default(),
            text: event.text.clone(),
            state,
            url: event.url.clone(),
            author: event.actor.clone(),
            labels: Vec::new(),
            assignees: Vec::new(),
        });
    }

    fn release(&mut self, event: &mut Event) {
        event.action.get_or_insert("published".to_owned());
        self.action(event, &["published", "edited", "deleted"]);
        event.release = Some(Release {
            tag: self.required("tag"),
            name: event.title.clone(),
            text: event.text.clone(),
            url: event.url.clone(),
            author: event.actor.clone(),
            draft: None,
            prerelease: None,
        });
    }

    fn state(&mut self, event: &Event, known: &[&str]) -> String {
        let state = event.state.clone();
        let state = state.unwrap_or_else(|| self.missing("state"));
        if !state.is_empty() && !known.contains(&state.as_str()) {
            self.unknown("state", &state, known);
        }
        state
    }
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn bounded(subject: String) -> String {
    match subject.len() <= LONGEST_SUBJECT {
        true => subject,
        false => format!("sha256:{}", crypto::hex(crypto::sha256(subject))),
    }
}
