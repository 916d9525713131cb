//! All rules in force, and what they come to for an event. The road, the test of a rule and a
//! replay ask here, so that they say the same.

mod audience;
mod rule;

use crate::{
    clause::Clause,
    definition::{Mode, Once},
    facts::{Facts, Met},
};
use std::collections::HashMap;

pub use audience::{Audience, Hearing};
pub use rule::{Outline, Owner, Rule};

/// An event, and what is known of where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    pub facts: &'a Facts<'a>,
    /// Whom the repository belongs to. None: the administrators.
    pub owner: Option<Owner>,
    /// The targets that hear of the repository where no rule says otherwise.
    pub linked: &'a [i64],
    /// It changes nothing that people wait for: a label was added, a run began.
    pub is_bookkeeping: bool,
    /// Its people. None: no rule asks for them.
    pub audience: Option<&'a Audience<'a>>,
    pub now: i64,
}

/// What an event comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Routing {
    /// Each target once, in the order in which rules named them, with why it hears.
    pub sends: Vec<Send>,
    /// The rules that look at how the subject is, and were asked.
    pub edges: Vec<Edge>,
    /// The mute that held something back.
    pub muted_by: Option<i64>,
    /// A rule cannot tell before the review is there.
    pub awaits_review: bool,
}

/// Why a target hears of an event. By all of its reasons it hears once; what the first one in the
/// order of the rules says of template and conversation holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    pub target_id: i64,
    /// In order; empty: it is linked.
    pub rule_ids: Vec<i64>,
    pub is_linked: bool,
}

/// A rule that looks at how the subject of an event is, and whether that meets it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub rule_id: i64,
    pub once: Once,
    pub again_after: Option<i64>,
    pub is_met: bool,
}

/// What became of a rule at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The event is not what it asks for.
    NotMet,
    /// The event does not say all that it asks for.
    CannotTell,
    /// The review will tell.
    AwaitsReview,
    Routes,
    Mutes,
    /// Another rule matched, or a target is linked.
    NotNeeded,
    /// A mute that came before it held the event back.
    Muted,
    /// Its time has not come, or is over.
    NotInForce,
    /// The repository is not its owner's.
    OtherOwner,
    /// It is not about events of this kind.
    OtherEvent,
}

impl Effect {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMet => "not_met",
            Self::CannotTell => "cannot_tell",
            Self::AwaitsReview => "awaits_review",
            Self::Routes => "routes",
            Self::Mutes => "mutes",
            Self::NotNeeded => "not_needed",
            Self::Muted => "muted",
            Self::NotInForce => "not_in_force",
            Self::OtherOwner => "other_owner",
            Self::OtherEvent => "other_event",
        }
    }
}

/// A clause of a rule at an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub clause: &'static str,
    pub met: Met,
    /// What the event says of it.
    pub found: Option<String>,
}

/// What a rule made of an event, clause by clause.
#[derive(Debug, Clone)]
pub struct Explained<'a> {
    pub rule: &'a Rule,
    pub effect: Effect,
    pub clauses: Vec<Asked>,
}

/// The rules in force, in their order.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// The places of those that events of a kind can meet.
    of_kind: HashMap<String, Vec<usize>>,
    /// The places of those that events of any other kind can meet.
    of_others: Vec<usize>,
    asks_for_people: bool,
}

impl RuleSet {
    /// `rules` in their order; those that are switched off are not among them.
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut of_kind: HashMap<String, Vec<usize>> = HashMap::new();
        for kind in rules.iter().filter_map(Rule::kinds).flatten() {
            of_kind.entry(kind.to_owned()).or_default();
        }
        let mut of_others = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            match rule.kinds() {
                Some(kinds) => {
                    for (kind, places) in &mut of_kind {
                        if kinds.contains(&kind.as_str()) {
                            places.push(place);
                        }
                    }
                }
                None => {
                    of_kind.values_mut().for_each(|places| places.push(place));
                    of_others.push(place);
                }
            }
        }
        let asks = |rule: &Rule| !rule.tell.is_empty() || !rule.mentions.is_empty();
        Self {
            asks_for_people: rules.iter().any(asks),
            rules,
            of_kind,
            of_others,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a rule asks for the people of events.
    pub fn asks_for_people(&self) -> bool {
        self.asks_for_people
    }

    pub fn get(&self, id: i64) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Where an event goes.
    pub fn route(&self, occasion: &Occasion<'_>) -> Routing {
        let kind = occasion.facts.kind;
        let places = self.of_kind.get(kind).unwrap_or(&self.of_others);
        let rules = places.iter().map(|place| &self.rules[*place]);
        walk(rules, occasion, |_, _| {})
    }

    /// Where an event goes, and what each rule made of it.
    pub fn explain(&self, occasion: &Occasion<'_>) -> (Routing, Vec<Explained<'_>>) {
        let mut explained = Vec::with_capacity(self.rules.len());
        let routing = walk(self.rules.iter(), occasion, |rule, effect| {
            let ask = |clause: &Clause| Asked {
                clause: clause.name,
                met: clause.is_met(occasion.facts),
                found: clause.found(occasion.facts),
            };
            explained.push(Explained {
                rule,
                effect,
                clauses: rule.clauses.iter().map(ask).collect(),
            });
        });
        (routing, explained)
    }
}

/// THE evaluation: asks the rules in their order. `told` hears what became of each.
fn walk<'r>(
    rules: impl Iterator<Item = &'r Rule>,
    occasion: &Occasion<'_>,
    mut told: impl FnMut(&'r Rule, Effect),
) -> Routing {
    let mut routing = Routing::default();
    let mut walk = Walk::default();
    for rule in rules {
        let effect = match effect(rule, occasion) {
            _ if walk.all_muted => Effect::Muted,
            Effect::Routes if rule.mode == Mode::Otherwise && walk.otherwise.is_none() => {
                walk.otherwise = Some(rule);
                continue;
            }
            Effect::Routes if rule.mode == Mode::Otherwise => Effect::NotNeeded,
            effect => effect,
        };
        walk.take(&mut routing, rule, effect, occasion.audience);
        told(rule, effect);
    }
    if !walk.all_muted {
        for target_id in occasion.linked {
            if !walk.replaced && !occasion.is_bookkeeping {
                walk.add(&mut routing, *target_id, None);
            }
        }
    }
    if let Some(rule) = walk.otherwise {
        let is_needed = !walk.matched && occasion.linked.is_empty() && !walk.all_muted;
        let effect = match is_needed {
            true => Effect::Routes,
            false => Effect::NotNeeded,
        };
        walk.take(&mut routing, rule, effect, occasion.audience);
        told(rule, effect);
    }
    routing
}

#[derive(Default)]
struct Walk<'r> {
    /// A rule sends it, or would if it had not told of it before.
    matched: bool,
    /// Nobody hears any more.
    all_muted: bool,
    muted: Vec<i64>,
    replaced: bool,
    otherwise: Option<&'r Rule>,
}

impl Walk<'_> {
    fn take(
        &mut self,
        routing: &mut Routing,
        rule: &Rule,
        effect: Effect,
        audience: Option<&Audience<'_>>,
    ) {
        match effect {
            Effect::Routes | Effect::AwaitsReview if rule.mode != Mode::Mute => {
                self.matched = true;
                self.replaced |= rule.instead;
                routing.awaits_review |= effect == Effect::AwaitsReview;
                let own = audience.map(|audience| audience.of(rule));
                let own = own.unwrap_or_default();
                for target_id in rule.target_ids.iter().chain(&own) {
                    self.add(routing, *target_id, Some(rule.id));
                }
            }
            Effect::Mutes => {
                self.all_muted |= rule.target_ids.is_empty();
                self.muted.extend(&rule.target_ids);
                routing.muted_by.get_or_insert(rule.id);
            }
            _ => routing.awaits_review |= effect == Effect::AwaitsReview,
        }
        let has_edge = rule.once != Once::Event && rule.mode != Mode::Mute;
        let is_met = effect == Effect::Routes;
        if has_edge && (is_met || effect == Effect::NotMet) {
            routing.edges.push(Edge {
                rule_id: rule.id,
                once: rule.once,
                again_after: rule.again_after,
                is_met,
            });
        }
    }

    fn add(&self, routing: &mut Routing, target_id: i64, rule_id: Option<i64>) {
        if self.muted.contains(&target_id) {
            return;
        }
        let known = routing
            .sends
            .iter_mut()
            .find(|send| send.target_id == target_id);
        match known {
            Some(send) => {
                send.is_linked |= rule_id.is_none();
                // People of one rule may share a target.
                let is_new = |id: &i64| !send.rule_ids.contains(id);
                let rule_id = rule_id.filter(is_new);
                send.rule_ids.extend(rule_id);
            }
            None => routing.sends.push(Send {
                target_id,
                rule_ids: rule_id.into_iter().collect(),
                is_linked: rule_id.is_none(),
            }),
        }
    }
}

/// What a rule alone makes of an event.
fn effect(rule: &Rule, occasion: &Occasion<'_>) -> Effect {
    let is_of = |owner: &Owner| occasion.owner == Some(*owner);
    if rule
        .of
        .as_ref()
        .is_some_and(|owners| !owners.iter().any(is_of))
    {
        return Effect::OtherOwner;
    }
    if !rule.is_in_force(occasion.now) {
        return Effect::NotInForce;
    }
    if !rule.is_about(occasion) {
        return Effect::OtherEvent;
    }
    match (rule.is_met(occasion.facts), rule.mode) {
        (Met::Yes, Mode::Mute) => Effect::Mutes,
        (Met::Yes, Mode::Route | Mode::Otherwise) => Effect::Routes,
        (Met::No, _) => Effect::NotMet,
        (Met::Unknown, _) if rule.awaits_review(occasion.facts) => Effect::AwaitsReview,
        (Met::Unknown, _) => Effect::CannotTell,
    }
}

#[cfg(test)]
mod tests;
