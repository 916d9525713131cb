//! A rule by itself.

use super::Occasion;
use crate::{
    clause::{Clause, ClauseError},
    definition::{Matchers, Mode, Once, Who},
    facts::{Facts, Met, Review},
};

/// Whom a rule or a repository belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    User(i64),
    Team(i64),
}

/// A rule, ready to be asked.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: i64,
    pub name: String,
    pub mode: Mode,
    /// It is asked of the repositories of these only. None: of all.
    pub of: Option<Vec<Owner>>,
    /// When a mute begins and ends.
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub once: Once,
    /// It does not tell of one subject again before so many microseconds have passed.
    pub again_after: Option<i64>,
    pub target_ids: Vec<i64>,
    /// Who hears by targets of their own.
    pub tell: Vec<Who>,
    /// Whom its messages call.
    pub mentions: Vec<Who>,
    /// Not who did what it tells of.
    pub except_actor: bool,
    /// What is linked to the repository does not hear of what this rule routes.
    pub instead: bool,
    events: Vec<EventPattern>,
    pub(super) clauses: Vec<Clause>,
}

/// What of a rule does not depend on what it asks.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    pub id: i64,
    pub name: String,
    pub mode: Mode,
    pub of: Option<Vec<Owner>>,
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub once: Once,
    pub again_after: Option<i64>,
    pub target_ids: Vec<i64>,
    /// Who hears by targets of their own.
    pub tell: Vec<Who>,
    /// Whom its messages call.
    pub mentions: Vec<Who>,
    /// Not who did what it tells of.
    pub except_actor: bool,
    pub instead: bool,
}

/// `kind`, or `kind.action`; `*` stands for any.
#[derive(Debug, Clone, PartialEq, Eq)]
struct EventPattern {
    kind: Option<String>,
    action: Option<String>,
}

impl EventPattern {
    fn parse(text: &str) -> Self {
        let any = |word: &str| (word != "*" && !word.is_empty()).then(|| word.to_owned());
        match text.split_once('.') {
            Some((kind, action)) => Self {
                kind: any(kind),
                action: any(action),
            },
            None => Self {
                kind: any(text),
                action: None,
            },
        }
    }

    fn is_match(&self, facts: &Facts<'_>) -> bool {
        let kind = self.kind.as_deref();
        let action = self.action.as_deref();
        kind.is_none_or(|kind| kind == facts.kind)
            && action.is_none_or(|action| Some(action) == facts.action)
    }
}

impl Rule {
    pub fn compile(
        outline: Outline,
        matchers: &Matchers,
        when: Option<&str>,
    ) -> Result<Self, ClauseError> {
        Ok(Self {
            id: outline.id,
            name: outline.name,
            mode: outline.mode,
            of: outline.of,
            from: outline.from,
            until: outline.until,
            once: outline.once,
            again_after: outline.again_after,
            target_ids: outline.target_ids,
            tell: outline.tell,
            mentions: outline.mentions,
            except_actor: outline.except_actor,
            instead: outline.instead,
            events: matchers
                .events
                .iter()
                .map(|text| EventPattern::parse(text))
                .collect(),
            clauses: Clause::compile(matchers, when)?,
        })
    }

    /// Whether it asks what a review came to.
    pub fn reads_review(&self) -> bool {
        self.clauses.iter().any(Clause::reads_review)
    }

    /// The kinds of events that it can be about. None: any.
    pub(super) fn kinds(&self) -> Option<Vec<&str>> {
        if self.events.is_empty() {
            return None;
        }
        self.events
            .iter()
            .map(|event| event.kind.as_deref())
            .collect()
    }

    /// Whether it is about such events at all. What changes nothing that people wait for it hears
    /// of only where it names that, or looks at how the subject is.
    pub(super) fn is_about(&self, occasion: &Occasion<'_>) -> bool {
        let facts = occasion.facts;
        let mut matching = self.events.iter().filter(|event| event.is_match(facts));
        if occasion.is_bookkeeping && self.once == Once::Event {
            return matching.any(|event| event.action.is_some());
        }
        self.events.is_empty() || matching.next().is_some()
    }

    pub(super) fn is_in_force(&self, now: i64) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether the event meets all that it asks.
    pub(super) fn is_met(&self, facts: &Facts<'_>) -> Met {
        let mut met = Met::Yes;
        for clause in &self.clauses {
            match clause.is_met(facts) {
                Met::No => return Met::No,
                Met::Unknown => met = Met::Unknown,
                Met::Yes => {}
            }
        }
        met
    }

    /// Whether only the review of the event can tell whether it is met.
    pub(super) fn awaits_review(&self, facts: &Facts<'_>) -> bool {
        let is_open = |clause: &&Clause| clause.is_met(facts) == Met::Unknown;
        matches!(facts.review, Review::Awaited)
            && self
                .clauses
                .iter()
                .filter(is_open)
                .all(Clause::reads_review)
    }
}
