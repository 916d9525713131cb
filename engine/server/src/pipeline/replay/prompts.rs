//! The prompts that a review was made with, and would be made with now.

use super::{
    event::{ReplayError, ReplayRequest},
    store,
};
use crate::{
    event::summary,
    pipeline::{Pipeline, cache::Route},
    prompt::{self, Candidate},
    replay::difference::{OfReview, Prompt, unified},
};
use push_notify_core::id::EventId;
use push_notify_host::Event;
use push_notify_review::language;
use std::collections::BTreeSet;

impl Pipeline {
    pub(super) async fn review_difference(
        &self,
        event_id: EventId,
        route: &Route,
        event: &Event,
        wish: &ReplayRequest,
    ) -> Result<OfReview, ReplayError> {
        let before = store::prompt_then(&self.app, event_id).await?;
        let wanted = self.review_of(route, event).is_some();
        if wish.review && !wanted {
            return Err(ReplayError::NoReview);
        }
        let mut after = Vec::new();
        if wanted {
            let candidates = prompt::store::candidates(self.app.db.read()).await?;
            for candidate in chosen(&candidates, route, event) {
                after.push(Prompt {
                    id: candidate.id,
                    name: store::prompt_name(&self.app, candidate.id).await?,
                    version: Some(candidate.version),
                    content: Some(candidate.content.clone()),
                });
            }
        }
        let text = |prompt: Option<&Prompt>| prompt.and_then(|prompt| prompt.content.clone());
        // That of the same prompt says most, where it is still taken.
        let same = after
            .iter()
            .find(|prompt| before.as_ref().is_some_and(|then| then.id == prompt.id));
        let now = same.or(after.first());
        let diff = match (text(before.as_ref()), text(now)) {
            (Some(then), Some(now)) => unified(&then, &now),
            _ => String::new(),
        };
        Ok(OfReview {
            wanted,
            before,
            after,
            diff,
        })
    }
}

/// One for each language of the files that the event names, each prompt once.
fn chosen<'a>(candidates: &'a [Candidate], route: &Route, event: &Event) -> Vec<&'a Candidate> {
    let settings = &route.review;
    let named = settings
        .prompt_id
        .and_then(|id| candidates.iter().find(|prompt| prompt.id == id));
    if let Some(named) = named {
        return vec![named];
    }
    let files = summary::changed_files(event);
    let mut languages: BTreeSet<Option<&str>> =
        files.iter().map(|file| language::of_path(file)).collect();
    if languages.is_empty() {
        languages.insert(None);
    }
    let mut prompts: Vec<&Candidate> = Vec::new();
    for language in languages {
        let scene = settings.scene.as_deref();
        let locale = settings.language.name();
        let chosen = prompt::choose(candidates, route.owner, language, scene, locale);
        prompts.extend(chosen.filter(|chosen| prompts.iter().all(|other| other.id != chosen.id)));
    }
    prompts
}
