//! The clauses of a rule, each of which asks one thing of an event.

use crate::{
    definition::Matchers,
    facts::{Facts, Met, Review, Reviewed, Severity},
    globs::{Case, GlobError, Globs},
    when::{When, WhenError},
};
use push_notify_core::patterns::{PatternError, Patterns};

/// One thing that a rule asks.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    /// The field of the rule that it comes from.
    pub name: &'static str,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Repos(Globs),
    Branches(Globs),
    SourceBranches(Globs),
    Paths(Patterns),
    /// Each of them is met by some label.
    AllLabels(Vec<Globs>),
    AnyLabel(Globs),
    NoLabel(Globs),
    Authors(Globs),
    NotAuthors(Globs),
    Bot(bool),
    Draft(bool),
    Severity(Severity),
    States(Vec<String>),
    MinCommits(i64),
    MinFiles(usize),
    Decisions(Vec<String>),
    ScoreBelow(i64),
    FindingSeverity(Severity),
    When(Box<When>),
}

/// Why a rule is none: the field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseError {
    /// A pattern that is none.
    Pattern {
        field: &'static str,
        error: GlobError,
    },
    /// A word that is none of those that there are.
    Word {
        field: &'static str,
        word: String,
        known: &'static [&'static str],
    },
    When(WhenError),
    /// No event can meet both.
    Contradiction {
        field: &'static str,
        word: String,
    },
}

impl Clause {
    /// Those of a rule, the cheapest first.
    pub fn compile(matchers: &Matchers, when: Option<&str>) -> Result<Vec<Self>, ClauseError> {
        let mut clauses = Vec::new();
        let mut add = |name: &'static str, test: Option<Test>| {
            clauses.extend(test.map(|test| Self { name, test }));
        };
        add("bot", matchers.bot.map(Test::Bot));
        add("draft", matchers.draft.map(Test::Draft));
        let severity = severity("severity", matchers.severity.as_deref())?;
        add("severity", severity.map(Test::Severity));
        add("states", some(&matchers.states).map(Test::States));
        let commits = matchers.min_commits.map(i64::from);
        add("min_commits", commits.map(Test::MinCommits));
        let repos = globs("repos", &matchers.repos, Case::Matters)?;
        add("repos", repos.map(Test::Repos));
        let branches = globs("branches", &matchers.branches, Case::Matters)?;
        add("branches", branches.map(Test::Branches));
        let from = globs("source_branches", &matchers.source_branches, Case::Matters)?;
        add("source_branches", from.map(Test::SourceBranches));
        let authors = globs("authors", &matchers.authors, Case::Ignored)?;
        add("authors", authors.map(Test::Authors));
        let others = globs("not_authors", &matchers.not_authors, Case::Ignored)?;
        add("not_authors", others.map(Test::NotAuthors));
        contradiction("authors", &matchers.authors, &matchers.not_authors)?;
        let labels = &matchers.labels;
        contradiction("labels.all", &labels.all, &labels.none)?;
        contradiction("labels.any", &labels.any, &labels.none)?;
        let all = labels.all.iter().map(|label| {
            let one = globs("labels.all", std::slice::from_ref(label), Case::Ignored)?;
            Ok(one.unwrap_or_default())
        });
        let all = all.collect::<Result<Vec<_>, ClauseError>>()?;
        add("labels.all", some(&all).map(Test::AllLabels));
        let any = globs("labels.any", &labels.any, Case::Ignored)?;
        add("labels.any", any.map(Test::AnyLabel));
        let none = globs("labels.none", &labels.none, Case::Ignored)?;
        add("labels.none", none.map(Test::NoLabel));
        let files = matchers.min_files.map(|files| files as usize);
        add("min_files", files.map(Test::MinFiles));
        let paths = some(&matchers.paths).map(|paths| Patterns::compile(&paths));
        let paths = paths.transpose().map_err(|error| {
            let PatternError { pattern, reason } = error;
            ClauseError::Pattern {
                field: "paths",
                error: GlobError { pattern, reason },
            }
        })?;
        add("paths", paths.map(Test::Paths));
        let review = &matchers.review;
        add(
            "review.decisions",
            some(&review.decisions).map(Test::Decisions),
        );
        let score = review.score_below.map(i64::from);
        add("review.score_below", score.map(Test::ScoreBelow));
        let finding = self::severity("review.severity", review.severity.as_deref())?;
        add("review.severity", finding.map(Test::FindingSeverity));
        let when = when.map(When::compile).transpose();
        let when = when.map_err(ClauseError::When)?;
        add("when", when.map(|when| Test::When(Box::new(when))));
        Ok(clauses)
    }

    pub fn is_met(&self, facts: &Facts<'_>) -> Met {
        match &self.test {
            Test::Repos(globs) => {
                (globs.is_match(facts.repo) || globs.is_match(facts.repository)).into()
            }
            Test::Branches(globs) => Met::of(facts.target_branch.or(facts.branch), |branch| {
                globs.is_match(branch)
            }),
            // Only a merge request comes from a branch.
            Test::SourceBranches(globs) => match facts.target_branch {
                Some(_) => Met::of(facts.branch, |branch| globs.is_match(branch)),
                None => Met::Unknown,
            },
            Test::Paths(patterns) => Met::of(facts.paths.as_ref(), |paths| {
                paths.iter().any(|path| patterns.is_match(path))
            }),
            Test::AllLabels(all) => labels(facts, |labels| {
                all.iter()
                    .all(|globs| labels.iter().any(|label| globs.is_match(label)))
            }),
            Test::AnyLabel(globs) => labels(facts, |labels| {
                labels.iter().any(|label| globs.is_match(label))
            }),
            Test::NoLabel(globs) => labels(facts, |labels| {
                !labels.iter().any(|label| globs.is_match(label))
            }),
            Test::Authors(globs) => person(&facts.author, globs),
            Test::NotAuthors(globs) => match person(&facts.author, globs) {
                Met::Yes => Met::No,
                Met::No => Met::Yes,
                Met::Unknown => Met::Unknown,
            },
            Test::Bot(wanted) => Met::of(facts.bot, |bot| bot == *wanted),
            Test::Draft(wanted) => Met::of(facts.draft, |draft| draft == *wanted),
            Test::Severity(least) => Met::of(facts.severity, |severity| severity >= *least),
            Test::States(states) => Met::of(facts.state, |state| {
                states.iter().any(|wanted| wanted == state)
            }),
            Test::MinCommits(least) => Met::of(facts.commits, |commits| commits >= *least),
            Test::MinFiles(least) => Met::of(facts.paths.as_ref(), |paths| paths.len() >= *least),
            Test::Decisions(decisions) => reviewed(facts, |review| {
                let is_wanted = |decision| decisions.iter().any(|wanted| wanted == decision);
                review.decision.is_some_and(is_wanted)
            }),
            Test::ScoreBelow(limit) => reviewed(facts, |review| {
                review.score.is_some_and(|score| score < *limit)
            }),
            Test::FindingSeverity(least) => reviewed(facts, |review| {
                let severity = review.severity.and_then(Severity::of_name);
                severity.is_some_and(|severity| severity >= *least)
            }),
            Test::When(when) => when.is_met(facts),
        }
    }

    /// Whether it asks for what a review came to.
    pub fn reads_review(&self) -> bool {
        match &self.test {
            Test::Decisions(_) | Test::ScoreBelow(_) | Test::FindingSeverity(_) => true,
            Test::When(when) => when.reads_review(),
            _ => false,
        }
    }

    /// What the event says of what is asked, for people. None: nothing, or too much to show.
    pub fn found(&self, facts: &Facts<'_>) -> Option<String> {
        let word = |word: Option<&str>| word.map(str::to_owned);
        match &self.test {
            Test::Repos(_) => Some(facts.repo.to_owned()),
            Test::Branches(_) => word(facts.target_branch.or(facts.branch)),
            Test::SourceBranches(_) => word(facts.branch),
            Test::Paths(_) | Test::MinFiles(_) => {
                let paths = facts.paths.as_ref()?;
                Some(shown(paths.iter().copied(), paths.len()))
            }
            Test::AllLabels(_) | Test::AnyLabel(_) | Test::NoLabel(_) => {
                let labels = facts.labels.as_ref()?;
                Some(shown(labels.iter().map(|label| &**label), labels.len()))
            }
            Test::Authors(_) | Test::NotAuthors(_) => word(facts.author.first().copied()),
            Test::Bot(_) => facts.bot.map(|bot| bot.to_string()),
            Test::Draft(_) => facts.draft.map(|draft| draft.to_string()),
            Test::Severity(_) => word(facts.severity.map(Severity::name)),
            Test::States(_) => word(facts.state),
            Test::MinCommits(_) => facts.commits.map(|commits| commits.to_string()),
            Test::Decisions(_) => done(facts).and_then(|review| word(review.decision)),
            Test::ScoreBelow(_) => done(facts).and_then(|review| Some(review.score?.to_string())),
            Test::FindingSeverity(_) => done(facts).and_then(|review| word(review.severity)),
            Test::When(_) => None,
        }
    }
}

/// How many entries of a list are shown.
const SHOWN: usize = 5;

fn shown<'a>(entries: impl Iterator<Item = &'a str>, count: usize) -> String {
    let mut shown: Vec<&str> = entries.take(SHOWN).collect();
    if count > SHOWN {
        shown.push("...");
    }
    shown.join(", ")
}

fn some<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn globs(
    field: &'static str,
    patterns: &[String],
    case: Case,
) -> Result<Option<Globs>, ClauseError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let globs = Globs::compile(patterns, case);
    globs
        .map(Some)
        .map_err(|error| ClauseError::Pattern { field, error })
}

fn severity(field: &'static str, name: Option<&str>) -> Result<Option<Severity>, ClauseError> {
    let Some(name) = name else { return Ok(None) };
    let severity = Severity::of_name(name);
    severity.map(Some).ok_or_else(|| ClauseError::Word {
        field,
        word: name.to_owned(),
        known: &Severity::NAMES,
    })
}

fn contradiction(
    field: &'static str,
    wanted: &[String],
    refused: &[String],
) -> Result<(), ClauseError> {
    // One of several that cannot be leaves the others.
    let can_never_be = match field {
        "labels.all" => wanted.iter().find(|word| refused.contains(word)),
        _ if wanted.iter().all(|word| refused.contains(word)) => wanted.first(),
        _ => None,
    };
    match can_never_be {
        Some(word) => Err(ClauseError::Contradiction {
            field,
            word: word.clone(),
        }),
        None => Ok(()),
    }
}

fn labels(facts: &Facts<'_>, holds: impl FnOnce(&[std::borrow::Cow<'_, str>]) -> bool) -> Met {
    Met::of(facts.labels.as_deref(), holds)
}

fn person(names: &[&str], globs: &Globs) -> Met {
    match names.is_empty() {
        true => Met::Unknown,
        false => names.iter().any(|name| globs.is_match(name)).into(),
    }
}

fn reviewed(facts: &Facts<'_>, holds: impl FnOnce(&Reviewed<'_>) -> bool) -> Met {
    match &facts.review {
        Review::None => Met::No,
        Review::Awaited => Met::Unknown,
        Review::Done(review) => holds(review).into(),
    }
}

fn done<'a>(facts: &Facts<'a>) -> Option<Reviewed<'a>> {
    match facts.review {
        Review::Done(review) => Some(review),
        Review::None | Review::Awaited => None,
    }
}
