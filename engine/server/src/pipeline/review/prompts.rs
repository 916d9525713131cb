//! Which prompts a review is made with, and whom each of them asks.

use super::{ask::Models, reviewer::Reviewer, work::Stop};
use crate::{pipeline::cache::Route, prompt};
use push_notify_core::{i18n::Text, id::ModelId};
use push_notify_review::plan::File;
use push_notify_template::Template;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A prompt of a review, ready to be used.
pub(super) struct Ready {
    pub candidate: prompt::Candidate,
    pub template: Arc<Template>,
    pub models: Models,
    /// It wants whole files, so it takes one at a time.
    pub wants_content: bool,
}

impl Reviewer {
    /// The prompts that the files ask for, each once; the files are told which is theirs.
    pub(super) async fn prompts(
        &self,
        candidates: &[prompt::Candidate],
        route: &Route,
        files: &mut [File],
    ) -> Result<Vec<Ready>, Stop> {
        let settings = &route.review;
        let own = settings
            .prompt_id
            .and_then(|id| candidates.iter().find(|prompt| prompt.id == id));
        let mut prompts: Vec<Ready> = Vec::new();
        for file in files {
            let chosen = own.or_else(|| {
                let locale = settings.language.name();
                let scene = settings.scene.as_deref();
                prompt::choose(candidates, route.owner, file.language, scene, locale)
            });
            let Some(chosen) = chosen else {
                return Err(Stop::Skipped(Text::new(
                    "没有可用的审查提示词",
                    "there is no prompt to review with",
                )));
            };
            let known = prompts
                .iter()
                .position(|prompt| prompt.candidate.id == chosen.id);
            file.prompt = match known {
                Some(known) => known,
                None => {
                    prompts.push(self.ready(chosen.clone(), route).await?);
                    prompts.len() - 1
                }
            };
        }
        Ok(prompts)
    }

    async fn ready(&self, candidate: prompt::Candidate, route: &Route) -> Result<Ready, Stop> {
        let content = candidate.content.clone();
        // Checking a template tries it out: too long for a thread that serves others.
        let parsed = spawn_blocking(move || prompt::Kind::Codeview.parse(&content)).await;
        let template = parsed
            .map_err(|error| error.to_string())
            .and_then(|parsed| parsed.map_err(|error| error.to_string()))
            .map_err(|error| Stop::lasting(format!("prompt {}: {error}", candidate.id)))?;
        let mut ids: Vec<ModelId> = route
            .model_id
            .into_iter()
            .chain(candidate.model_id)
            .collect();
        ids.extend(&route.review.fallback_model_ids);
        let models = Models::read(&self.app, &ids).await?;
        let wants_content = template
            .variables()
            .iter()
            .any(|name| name == "FileContent");
        Ok(Ready {
            candidate,
            template: Arc::new(template),
            models,
            wants_content,
        })
    }
}
