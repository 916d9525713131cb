//! A checked expression, and what it says of facts. What an event does not say is neither true nor
//! false: `unknown || true` is true, `unknown && true` is unknown.

use super::scope::{Bit, Fact, Got, Int, List, Person, Rank, Scope, Word};
use crate::facts::{Met, Severity};
use regex_lite::Regex;

#[derive(Debug, Clone)]
pub(super) enum Flag {
    Is(bool),
    Bit(Bit),
    Has(Fact),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Same(Box<Self>, Box<Self>),
    Numbers(Order, Number, Number),
    Texts(Order, Text, Text),
    Rank(Rank, Order, Severity),
    Test(Test, Text, Text),
    Matches(Text, Box<Regex>),
    AnyOf(Texts, Box<Self>),
    AllOf(Texts, Box<Self>),
    In(Text, Texts),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Order {
    fn holds<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::More => left > right,
            Self::MoreOrEqual => left >= right,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Debug, Clone)]
pub(super) enum Number {
    Is(i64),
    Fact(Int),
    Size(Box<Texts>),
    Length(Box<Text>),
    Plus(Box<Self>, Box<Self>),
    Minus(Box<Self>, Box<Self>),
}

#[derive(Debug, Clone)]
pub(super) enum Text {
    Is(String),
    Fact(Word),
    Person(Person),
    /// The entry of the list that is walked over.
    Each,
    Lower(Box<Self>),
    /// The value of the label `name=value`.
    Label(String),
}

#[derive(Debug, Clone)]
pub(super) enum Texts {
    Fact(List),
    Are(Vec<Text>),
}

impl Flag {
    pub(super) fn is_met(&self, scope: &Scope<'_>) -> Met {
        match self {
            Self::Is(value) => (*value).into(),
            Self::Bit(bit) => Met::of(scope.bit(*bit), |value| value),
            Self::Has(fact) => scope.has(*fact).into(),
            Self::Not(flag) => not(flag.is_met(scope)),
            Self::And(left, right) => match left.is_met(scope) {
                Met::No => Met::No,
                left => match (left, right.is_met(scope)) {
                    (_, Met::No) => Met::No,
                    (Met::Yes, Met::Yes) => Met::Yes,
                    _ => Met::Unknown,
                },
            },
            Self::Or(left, right) => match left.is_met(scope) {
                Met::Yes => Met::Yes,
                left => match (left, right.is_met(scope)) {
                    (_, Met::Yes) => Met::Yes,
                    (Met::No, Met::No) => Met::No,
                    _ => Met::Unknown,
                },
            },
            Self::Same(left, right) => match (left.is_met(scope), right.is_met(scope)) {
                (Met::Unknown, _) | (_, Met::Unknown) => Met::Unknown,
                (left, right) => (left == right).into(),
            },
            Self::Numbers(order, left, right) => left.get(scope).met(|left| {
                let right = right.get(scope);
                right.met(|right| order.holds(&left, &right).into())
            }),
            // Of several names of a person none must be it.
            Self::Texts(Order::Unequal, left, right) if left.is_person() || right.is_person() => {
                not(left.meets(scope, &mut |left| {
                    right.meets(scope, &mut |right| (left == right).into())
                }))
            }
            Self::Texts(order, left, right) => left.meets(scope, &mut |left| {
                right.meets(scope, &mut |right| order.holds(left, right).into())
            }),
            Self::Rank(rank, order, severity) => {
                let found = scope.rank(*rank);
                found.met(|found| order.holds(&found, severity).into())
            }
            Self::Test(test, whole, part) => whole.meets(scope, &mut |whole| {
                part.meets(scope, &mut |part| {
                    match test {
                        Test::StartsWith => whole.starts_with(part),
                        Test::EndsWith => whole.ends_with(part),
                        Test::Contains => whole.contains(part),
                    }
                    .into()
                })
            }),
            Self::Matches(text, regex) => {
                text.meets(scope, &mut |text| regex.is_match(text).into())
            }
            Self::AnyOf(list, flag) => {
                list.any(scope, &mut |entry| flag.is_met(&scope.with(entry)))
            }
            Self::AllOf(list, flag) => {
                not(list.any(scope, &mut |entry| not(flag.is_met(&scope.with(entry)))))
            }
            Self::In(text, list) => text.meets(scope, &mut |text| {
                list.any(scope, &mut |entry| (entry == text).into())
            }),
        }
    }
}

fn not(met: Met) -> Met {
    match met {
        Met::Yes => Met::No,
        Met::No => Met::Yes,
        Met::Unknown => Met::Unknown,
    }
}

impl Number {
    fn get(&self, scope: &Scope<'_>) -> Got<i64> {
        let both = |left: &Self, right: &Self, of: fn(i64, i64) -> i64| match left.get(scope) {
            Got::Is(left) => match right.get(scope) {
                Got::Is(right) => Got::Is(of(left, right)),
                other => other,
            },
            other => other,
        };
        let length = |length: usize| Got::Is(i64::try_from(length).unwrap_or(i64::MAX));
        match self {
            Self::Is(number) => Got::Is(*number),
            Self::Fact(int) => scope.int(*int),
            Self::Size(list) => list.size(scope).map_or(Got::Unknown, length),
            Self::Length(text) => {
                let mut longest = None;
                text.meets(scope, &mut |text| {
                    longest = longest.max(Some(text.chars().count()));
                    Met::No
                });
                longest.map_or(Got::Unknown, length)
            }
            Self::Plus(left, right) => both(left, right, i64::saturating_add),
            Self::Minus(left, right) => both(left, right, i64::saturating_sub),
        }
    }
}

impl Text {
    pub(super) fn is_person(&self) -> bool {
        match self {
            Self::Person(_) => true,
            Self::Lower(text) => text.is_person(),
            _ => false,
        }
    }

    /// Whether the text is what `holds` wants; of a person, whether one of the names is.
    fn meets(&self, scope: &Scope<'_>, holds: &mut dyn FnMut(&str) -> Met) -> Met {
        match self {
            Self::Is(text) => holds(text),
            Self::Fact(word) => scope.word(*word).met(holds),
            Self::Person(person) => match scope.person(*person) {
                [] => Met::Unknown,
                names => any(names.iter().copied(), holds),
            },
            Self::Each => holds(scope.each),
            Self::Lower(text) => text.meets(scope, &mut |text| match text
                .bytes()
                .any(|byte| byte.is_ascii_uppercase())
            {
                true => holds(&text.to_ascii_lowercase()),
                false => holds(text),
            }),
            Self::Label(name) => {
                let Some(labels) = &scope.facts.labels else {
                    return Met::Unknown;
                };
                let value = labels.iter().find_map(|label| {
                    let (label, value) = label.split_once('=')?;
                    (label == name).then_some(value)
                });
                holds(value.unwrap_or_default())
            }
        }
    }
}

impl Texts {
    /// None: the event does not say.
    fn size(&self, scope: &Scope<'_>) -> Option<usize> {
        match self {
            Self::Fact(List::Labels) => scope.facts.labels.as_ref().map(Vec::len),
            Self::Fact(List::Paths) => scope.facts.paths.as_ref().map(Vec::len),
            Self::Are(texts) => Some(texts.len()),
        }
    }

    fn any(&self, scope: &Scope<'_>, holds: &mut dyn FnMut(&str) -> Met) -> Met {
        match self {
            Self::Fact(List::Labels) => match &scope.facts.labels {
                Some(labels) => any(labels.iter().map(|label| &**label), holds),
                None => Met::Unknown,
            },
            Self::Fact(List::Paths) => match &scope.facts.paths {
                Some(paths) => any(paths.iter().copied(), holds),
                None => Met::Unknown,
            },
            Self::Are(texts) => {
                let mut met = Met::No;
                for text in texts {
                    match text.meets(scope, holds) {
                        Met::Yes => return Met::Yes,
                        Met::Unknown => met = Met::Unknown,
                        Met::No => {}
                    }
                }
                met
            }
        }
    }
}

fn any<'t>(texts: impl Iterator<Item = &'t str>, holds: &mut dyn FnMut(&str) -> Met) -> Met {
    let mut met = Met::No;
    for text in texts {
        match holds(text) {
            Met::Yes => return Met::Yes,
            Met::Unknown => met = Met::Unknown,
            Met::No => {}
        }
    }
    met
}
