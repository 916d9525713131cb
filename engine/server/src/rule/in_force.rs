//! The rules that are switched on, compiled.

use super::{Choice, Definition, Mention, store, types};
use crate::person::Book;
use push_notify_core::{
    clock::Micros,
    id::{RuleId, TargetId},
};
use push_notify_host::Event;
use push_notify_rules::{
    Audience, Effect, Explained, Met, Mode, Occasion, Outline, Routing, RuleSet, Send,
};
use sqlx::AnyPool;
use std::collections::HashMap;

/// All of them, with what each says of the messages that it sends.
#[derive(Debug, Default)]
pub struct InForce {
    set: RuleSet,
    details: HashMap<i64, (Definition, Micros)>,
}

impl InForce {
    pub async fn read(pool: &AnyPool) -> Result<Self, sqlx::Error> {
        let mut rules = Vec::new();
        let mut details = HashMap::new();
        for (rule, of) in store::in_force(pool).await? {
            let definition = rule.definition;
            let outline = Outline {
                id: rule.id.get(),
                name: rule.name,
                mode: definition.mode,
                of,
                from: definition.starts_at,
                until: definition.ends_at,
                once: definition.once,
                again_after: definition
                    .again_after_minutes
                    .map(|minutes| minutes * push_notify_core::clock::MINUTE_US),
                target_ids: definition.target_ids.iter().map(|id| id.get()).collect(),
                tell: definition.tell.clone(),
                mentions: definition.mentions.clone(),
                except_actor: definition.except_actor,
                instead: definition.instead,
            };
            let compiled = push_notify_rules::Rule::compile(
                outline,
                &definition.matchers,
                definition.when.as_deref(),
            );
            match compiled {
                Ok(compiled) => rules.push(compiled),
                // It was checked when it was saved.
                Err(error) => {
                    tracing::error!(rule.id = rule.id.get(), ?error, "a rule cannot be read");
                    continue;
                }
            }
            details.insert(rule.id.get(), (definition, rule.updated_at));
        }
        Ok(Self {
            set: RuleSet::new(rules),
            details,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// The people of an event, if a rule asks for them.
    pub fn audience<'b>(
        &self,
        book: &'b Book,
        event: &Event,
        repo_url: &str,
    ) -> Option<Audience<'b>> {
        self.set
            .asks_for_people()
            .then(|| book.audience(event, repo_url))
    }

    pub fn route(&self, occasion: &Occasion<'_>) -> Routing {
        self.set.route(occasion)
    }

    /// What the rules say of a message, by those of them that `fire`. None: none of them sends it.
    pub fn choice(
        &self,
        send: &Send,
        awaits_review: bool,
        fires: impl Fn(RuleId) -> bool,
    ) -> Option<Choice> {
        let rules = send.rule_ids.iter().copied().map(RuleId::new);
        let rules: Vec<RuleId> = rules.filter(|id| fires(*id)).collect();
        if rules.is_empty() {
            return None;
        }
        let mut mentions: Vec<Mention> = Vec::new();
        for (rule, _) in rules.iter().filter_map(|id| self.details.get(&id.get())) {
            for who in &rule.mentions {
                let except_actor = rule.except_actor;
                let mention = Mention {
                    who: *who,
                    except_actor,
                };
                if !mentions.contains(&mention) {
                    mentions.push(mention);
                }
            }
        }
        let details = || rules.iter().filter_map(|id| self.details.get(&id.get()));
        Some(Choice {
            template_id: details().find_map(|(rule, _)| rule.template_id),
            conversation: details().find_map(|(rule, _)| rule.conversation),
            urgent: details().any(|(rule, _)| rule.urgent),
            mentions,
            awaits_review,
            rules,
        })
    }

    /// Where an event goes by these rules, and what each of them made of it. `received_at`: when it
    /// came, if it did. `called` says whom a message calls.
    pub fn explain(
        &self,
        occasion: &Occasion<'_>,
        received_at: Option<Micros>,
        called: impl Fn(&Choice) -> Vec<String>,
    ) -> types::Routes {
        let (routing, explained) = self.set.explain(occasion);
        let heard = |send: &Send| {
            let choice = self.choice(send, false, |_| true).unwrap_or_default();
            types::Heard {
                target_id: TargetId::new(send.target_id),
                linked: send.is_linked,
                mentions: called(&choice),
                rules: choice.rules,
                template_id: choice.template_id,
                conversation: choice.conversation,
                urgent: choice.urgent,
            }
        };
        types::Routes {
            event_id: None,
            targets: routing.sends.iter().map(heard).collect(),
            muted_by: routing.muted_by.map(RuleId::new),
            unrouted: routing.sends.is_empty()
                && routing.muted_by.is_none()
                && !occasion.is_bookkeeping,
            awaits_review: routing.awaits_review,
            bookkeeping: occasion.is_bookkeeping,
            rules: explained
                .into_iter()
                .map(|explained| self.judged(explained, &routing, received_at))
                .collect(),
        }
    }

    fn judged(
        &self,
        explained: Explained<'_>,
        routing: &Routing,
        received_at: Option<Micros>,
    ) -> types::Judged {
        let rule = explained.rule;
        let detail = self.details.get(&rule.id);
        let has_form = |id: RuleId| {
            let detail = self.details.get(&id.get());
            detail
                .is_some_and(|(rule, _)| rule.template_id.is_some() || rule.conversation.is_some())
        };
        let is_overruled = |target_id: &TargetId| {
            let send = routing
                .sends
                .iter()
                .find(|send| send.target_id == target_id.get());
            let mut rules = send
                .into_iter()
                .flat_map(|send| &send.rule_ids)
                .copied()
                .map(RuleId::new);
            rules
                .find(|id| has_form(*id))
                .is_some_and(|first| first.get() != rule.id)
        };
        let overruled = match explained.effect {
            Effect::Routes if rule.mode != Mode::Mute && has_form(RuleId::new(rule.id)) => rule
                .target_ids
                .iter()
                .copied()
                .map(TargetId::new)
                .filter(is_overruled)
                .collect(),
            _ => vec![],
        };
        types::Judged {
            id: RuleId::new(rule.id),
            name: rule.name.clone(),
            outcome: explained.effect.name(),
            overruled,
            clauses: explained
                .clauses
                .into_iter()
                .map(|asked| types::ClauseJudged {
                    clause: asked.clause,
                    met: match asked.met {
                        Met::Yes => "yes",
                        Met::No => "no",
                        Met::Unknown => "unknown",
                    },
                    found: asked.found,
                })
                .collect(),
            changed_since: detail
                .zip(received_at)
                .is_some_and(|((_, updated_at), received_at)| *updated_at > received_at),
        }
    }
}

/// As the rules know owners.
pub fn owner_of(owner: Option<crate::storage::Owner>) -> Option<push_notify_rules::Owner> {
    owner.map(|owner| match owner {
        crate::storage::Owner::User(id) => push_notify_rules::Owner::User(id.get()),
        crate::storage::Owner::Team(id) => push_notify_rules::Owner::Team(id.get()),
    })
}
