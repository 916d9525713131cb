//! What the names of an expression stand for, at one event.

use crate::facts::{Facts, Met, Review, Reviewed, Severity};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Word(Word),
    Int(Int),
    Flag(Bit),
    Rank(Rank),
    Person(Person),
    List(List),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Kind,
    Action,
    State,
    Repo,
    Repository,
    Source,
    Subject,
    Head,
    Title,
    Text,
    Branch,
    TargetBranch,
    Tag,
    Decision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Int {
    Number,
    Commits,
    Score,
    Issues,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bit {
    Bot,
    Draft,
    Created,
    Deleted,
    Forced,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    Event,
    Review,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Person {
    Author,
    Actor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Labels,
    Paths,
}

impl Fact {
    pub(super) fn is_of_review(self) -> bool {
        matches!(
            self,
            Self::Word(Word::Decision)
                | Self::Int(Int::Score | Int::Issues)
                | Self::Rank(Rank::Review)
        )
    }
}

/// A value that an event may not say, or that there is not.
pub(super) enum Got<T> {
    Is(T),
    Unknown,
    /// No review was wanted.
    Absent,
}

/// What is known at a place of the expression.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) facts: &'a Facts<'a>,
    /// The entry of the list that is walked over.
    pub(super) each: &'a str,
}

impl<'a> Scope<'a> {
    pub(super) fn of(facts: &'a Facts<'a>) -> Self {
        Self { facts, each: "" }
    }

    pub(super) fn with<'b>(&'b self, entry: &'b str) -> Scope<'b> {
        Scope {
            facts: self.facts,
            each: entry,
        }
    }

    fn review(&self) -> Got<Reviewed<'a>> {
        match self.facts.review {
            Review::Done(review) => Got::Is(review),
            Review::Awaited => Got::Unknown,
            Review::None => Got::Absent,
        }
    }

    pub(super) fn word(&self, word: Word) -> Got<&'a str> {
        let facts = self.facts;
        let found = match word {
            Word::Kind => Some(facts.kind),
            Word::Action => facts.action,
            Word::State => facts.state,
            Word::Repo => Some(facts.repo),
            Word::Repository => Some(facts.repository),
            Word::Source => Some(facts.source),
            Word::Subject => facts.subject,
            Word::Head => facts.head,
            Word::Title => facts.title.as_deref(),
            Word::Text => facts.text,
            Word::Branch => facts.branch,
            Word::TargetBranch => facts.target_branch,
            Word::Tag => facts.tag,
            Word::Decision => return self.review().then(|review| review.decision),
        };
        found.map_or(Got::Unknown, Got::Is)
    }

    pub(super) fn int(&self, int: Int) -> Got<i64> {
        match int {
            Int::Number => self.facts.number.map_or(Got::Unknown, Got::Is),
            Int::Commits => self.facts.commits.map_or(Got::Unknown, Got::Is),
            Int::Score => self.review().then(|review| review.score),
            Int::Issues => self.review().then(|review| Some(review.issues)),
        }
    }

    pub(super) fn bit(&self, bit: Bit) -> Option<bool> {
        match bit {
            Bit::Bot => self.facts.bot,
            Bit::Draft => self.facts.draft,
            Bit::Created => self.facts.created,
            Bit::Deleted => self.facts.deleted,
            Bit::Forced => self.facts.forced,
        }
    }

    pub(super) fn rank(&self, rank: Rank) -> Got<Severity> {
        match rank {
            Rank::Event => self.facts.severity.map_or(Got::Unknown, Got::Is),
            Rank::Review => self
                .review()
                .then(|review| review.severity.and_then(Severity::of_name)),
        }
    }

    pub(super) fn person(&self, person: Person) -> &'a [&'a str] {
        match person {
            Person::Author => &self.facts.author,
            Person::Actor => &self.facts.actor,
        }
    }

    pub(super) fn has(&self, fact: Fact) -> bool {
        match fact {
            Fact::Word(word) => self.word(word).is_known(),
            Fact::Int(int) => self.int(int).is_known(),
            Fact::Flag(bit) => self.bit(bit).is_some(),
            Fact::Rank(rank) => self.rank(rank).is_known(),
            Fact::Person(person) => !self.person(person).is_empty(),
            Fact::List(List::Labels) => self.facts.labels.is_some(),
            Fact::List(List::Paths) => self.facts.paths.is_some(),
        }
    }
}

impl<T> Got<T> {
    /// What a review lacks is not there, as where there is none.
    fn then<U>(self, part: impl FnOnce(T) -> Option<U>) -> Got<U> {
        match self {
            Self::Is(whole) => part(whole).map_or(Got::Absent, Got::Is),
            Self::Unknown => Got::Unknown,
            Self::Absent => Got::Absent,
        }
    }

    fn is_known(&self) -> bool {
        matches!(self, Self::Is(_))
    }

    pub(super) fn met(self, holds: impl FnOnce(T) -> Met) -> Met {
        match self {
            Self::Is(value) => holds(value),
            Self::Unknown => Met::Unknown,
            Self::Absent => Met::No,
        }
    }
}
