//! What the bodies about rules say.

mod people;

pub(super) use people::Names;

use super::{Definition, Rule};
use crate::{
    http::{
        ApiError,
        extract::{Body, Form, FromForm},
    },
    owner::Wish,
    repo::Status,
    target::Conversation,
};
use people::Written;
use push_notify_core::{
    clock::Micros,
    i18n::Text,
    id::{RuleId, TargetId, TemplateId},
};
use push_notify_review::Decision;
use push_notify_rules::{
    ClauseError, Labels, Matchers, Mode, Once, Outline, ReviewMatchers, Severity, when::When,
};

const LONGEST_NAME: usize = 100;
/// In one list of a rule.
const MOST_PATTERNS: usize = 100;
const LONGEST_PATTERN: usize = 200;
/// A year.
const MOST_MINUTES: i64 = 366 * 24 * 60;

/// The body of `POST /rules` and `PUT /rules/{id}`. What a change does not name stays.
pub struct Fields {
    name: Option<String>,
    status: Option<&'static str>,
    mode: Option<&'static str>,
    matchers: Option<Matchers>,
    when: Option<String>,
    once: Option<&'static str>,
    again_after_minutes: Option<i64>,
    target_ids: Option<Vec<TargetId>>,
    tell: Option<Vec<Written>>,
    mentions: Option<Vec<Written>>,
    except_actor: Option<bool>,
    template_id: Option<TemplateId>,
    conversation: Option<&'static str>,
    urgent: Option<bool>,
    instead: Option<bool>,
    starts_at: Option<Micros>,
    ends_at: Option<Micros>,
    wish: Wish,
}

impl FromForm for Fields {
    const EXAMPLE: &'static str = r#"{
        "name": "red pipelines of main",
        "match": { "events": ["pipeline.failed"], "branches": ["main", "release/*"] },
        "when": "!bot && !title.startsWith('WIP')",
        "once": "head",
        "target_ids": [1]
    }"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", LONGEST_NAME),
            status: form.choice("status", &Status::NAMES),
            mode: form.choice("mode", &Mode::NAMES),
            matchers: form.nested("match", matchers),
            when: form
                .prose("when", When::LONGEST)
                .filter(|when| !when.trim().is_empty()),
            once: form.choice("once", &Once::NAMES),
            again_after_minutes: form.whole("again_after_minutes", 1, MOST_MINUTES),
            target_ids: form.ids("target_ids"),
            tell: people::read(form, "tell"),
            mentions: people::read(form, "mentions"),
            except_actor: form.boolean("except_actor"),
            template_id: form.id("template_id"),
            conversation: form.choice("conversation", Conversation::NAMES),
            urgent: form.boolean("urgent"),
            instead: form.boolean("instead"),
            starts_at: form.time("starts_at"),
            ends_at: form.time("ends_at"),
            wish: Wish::read(form),
        }
    }
}

/// The body of `PUT /rules/{id}/position`.
pub struct Place {
    /// None: last.
    pub(super) before: Option<RuleId>,
}

impl FromForm for Place {
    const EXAMPLE: &'static str = r#"{"before": 3}"#;

    fn read(form: &mut Form) -> Self {
        form.note_required("before");
        if !form.has("before") {
            let problem = Text::new(
                "必须给出：规则ID，或null表示放到最后",
                "must be given: the id of a rule, or null for the last place",
            );
            form.refuse("before", &problem);
        }
        Self {
            before: form.id("before"),
        }
    }
}

fn patterns(form: &mut Form, name: &str) -> Vec<String> {
    form.lines(name, MOST_PATTERNS, LONGEST_PATTERN)
        .unwrap_or_default()
}

fn matchers(form: &mut Form) -> Matchers {
    let count = |count: Option<i64>| count.and_then(|count| u32::try_from(count).ok());
    Matchers {
        repos: patterns(form, "repos"),
        events: patterns(form, "events"),
        branches: patterns(form, "branches"),
        source_branches: patterns(form, "source_branches"),
        paths: patterns(form, "paths"),
        labels: form
            .nested("labels", |form| Labels {
                all: patterns(form, "all"),
                any: patterns(form, "any"),
                none: patterns(form, "none"),
            })
            .unwrap_or_default(),
        authors: patterns(form, "authors"),
        not_authors: patterns(form, "not_authors"),
        bot: form.boolean("bot"),
        draft: form.boolean("draft"),
        severity: form.choice("severity", &Severity::NAMES).map(str::to_owned),
        states: patterns(form, "states"),
        min_commits: count(form.whole("min_commits", 1, 1_000_000)),
        min_files: count(form.whole("min_files", 1, 1_000_000)),
        review: form
            .nested("review", |form| ReviewMatchers {
                decisions: form
                    .any_choices("decisions", &Decision::NAMES)
                    .unwrap_or_default()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                score_below: form
                    .whole("score_below", 1, 100)
                    .and_then(|score| u8::try_from(score).ok()),
                severity: form.choice("severity", &Severity::NAMES).map(str::to_owned),
            })
            .unwrap_or_default(),
    }
}

/// A rule as it is to be, and whom it is to belong to.
pub(super) struct Checked {
    pub name: String,
    pub status: Status,
    pub definition: Definition,
    pub wish: Wish,
}

/// The rule that the body describes, on top of `old`.
pub(super) fn check(
    body: Body<Fields>,
    old: Option<&Rule>,
    people: &Names,
) -> Result<Checked, ApiError> {
    let (fields, mut form) = body.parts();
    if old.is_none() {
        form.require("name");
    }
    let mut definition = old.map(|rule| rule.definition.clone()).unwrap_or_default();
    if let Some(mode) = fields.mode.and_then(Mode::of_name) {
        definition.mode = mode;
    }
    if form.has("match") {
        definition.matchers = fields.matchers.unwrap_or_default();
    }
    if form.has("when") {
        definition.when = fields.when;
    }
    if let Some(once) = fields.once.and_then(Once::of_name) {
        definition.once = once;
    }
    if form.has("again_after_minutes") {
        definition.again_after_minutes = fields.again_after_minutes;
    }
    if let Some(target_ids) = fields.target_ids {
        definition.target_ids = target_ids;
    }
    if let Some(tell) = fields.tell {
        definition.tell = people::found(&mut form, "tell", &tell, people);
    }
    if let Some(mentions) = fields.mentions {
        definition.mentions = people::found(&mut form, "mentions", &mentions, people);
    }
    definition.except_actor = fields.except_actor.unwrap_or(definition.except_actor);
    if form.has("template_id") {
        definition.template_id = fields.template_id;
    }
    if form.has("conversation") {
        definition.conversation = fields.conversation.and_then(Conversation::of_name);
    }
    definition.urgent = fields.urgent.unwrap_or(definition.urgent);
    definition.instead = fields.instead.unwrap_or(definition.instead);
    if form.has("starts_at") {
        definition.starts_at = fields.starts_at;
    }
    if form.has("ends_at") {
        definition.ends_at = fields.ends_at;
    }
    refuse_what_cannot_be(&definition, &mut form);
    let name = fields.name.or_else(|| Some(old?.name.clone()));
    let status = fields.status.map(Status::from_stored);
    form.finish()?;
    Ok(Checked {
        name: name.unwrap_or_default(),
        status: status
            .or(old.map(|rule| rule.status))
            .unwrap_or(Status::Active),
        definition,
        wish: fields.wish,
    })
}

fn refuse_what_cannot_be(definition: &Definition, form: &mut Form) {
    let is_mute = definition.mode == Mode::Mute;
    if !is_mute && definition.target_ids.is_empty() && definition.tell.is_empty() {
        let problem = Text::new(
            "不能为空，除非用tell指定了人员：事件要发给谁",
            "must not be empty unless tell names somebody: whom is it to be sent to",
        );
        form.refuse("target_ids", &problem);
    }
    let only_routes = Text::new(
        "不能用于mode为mute的规则",
        "is not for a rule whose mode is mute",
    );
    for (name, is_given) in [
        ("once", definition.once != Once::Event),
        ("template_id", definition.template_id.is_some()),
        ("conversation", definition.conversation.is_some()),
        ("urgent", definition.urgent),
        ("tell", !definition.tell.is_empty()),
        ("mentions", !definition.mentions.is_empty()),
        ("except_actor", definition.except_actor),
        ("instead", definition.instead),
    ] {
        if is_mute && is_given {
            form.refuse(name, &only_routes);
        }
    }
    if definition.again_after_minutes.is_some() && definition.once == Once::Event {
        let problem = Text::new(
            "只用于once为head或subject的规则",
            "is for rules whose once is head or subject",
        );
        form.refuse("again_after_minutes", &problem);
    }
    if let (Some(start), Some(end)) = (definition.starts_at, definition.ends_at)
        && end <= start
    {
        let problem = Text::new("必须晚于starts_at", "must be after starts_at");
        form.refuse("ends_at", &problem);
    }
    let compiled = push_notify_rules::Rule::compile(
        Outline::default(),
        &definition.matchers,
        definition.when.as_deref(),
    );
    match compiled {
        Ok(rule) if rule.reads_review() && definition.instead => {
            let problem = Text::new(
                "不能用于取决于评审结果的规则：评审之前不知道该告诉谁",
                "is not for a rule that asks what a review came to: who hears is to be known before",
            );
            form.refuse("instead", &problem);
        }
        Ok(_) => {}
        Err(error) => {
            let (field, problem) = told(error);
            form.refuse(&field, &problem);
        }
    }
}

/// The field that a rule is no rule for, and why.
fn told(error: ClauseError) -> (String, Text) {
    match error {
        ClauseError::Pattern { field, error } => {
            let (pattern, reason) = (error.pattern, error.reason);
            let problem = Text::made(
                format!("的{pattern}不是有效的模式：{reason}"),
                format!("holds {pattern}, which is no pattern: {reason}"),
            );
            (format!("match.{field}"), problem)
        }
        ClauseError::Word { field, word, known } => {
            let known = known.join(", ");
            let problem = Text::made(
                format!("的{word}必须是以下之一：{known}"),
                format!("holds {word}, and must be one of: {known}"),
            );
            (format!("match.{field}"), problem)
        }
        ClauseError::Contradiction { field, word } => {
            let problem = Text::made(
                format!("要求{word}，而另一个条件排除它：永远不会匹配"),
                format!(
                    "wants {word}, which another part of the rule refuses: nothing can meet both"
                ),
            );
            (format!("match.{field}"), problem)
        }
        ClauseError::When(error) => {
            let column = error.column;
            let problem = Text::made(
                format!(
                    "第{column}列：{}",
                    error
                        .problem
                        .as_str(push_notify_core::i18n::Locale::Chinese)
                ),
                format!(
                    "is wrong at column {column}: {}",
                    error
                        .problem
                        .as_str(push_notify_core::i18n::Locale::English)
                ),
            );
            ("when".to_owned(), problem)
        }
    }
}
