//! Asking one question of a review.

use super::{
    ask::{Answered, Asker},
    gather::ReviewError,
    prompts::Ready,
    work::Stop,
};
use crate::{
    event::summary,
    pipeline::{cache::Route, deliver::render::commit_of},
};
use push_notify_core::random;
use push_notify_host::{Event, Provider, StopReason};
use push_notify_review::{
    answer::Reply,
    ask::{Labels, Marks, Subject, question, variables},
    plan::{File, Question},
    tokens,
};
use tokio::task::spawn_blocking;

/// What all questions of a review are about.
pub(super) struct About<'a> {
    pub event: &'a Event,
    pub route: &'a Route,
    pub files: &'a [File],
    pub provider: &'a dyn Provider,
    /// What a question may hold, in tokens.
    pub room: u32,
}

/// What came of a question.
pub(super) enum Said {
    Reply(Reply),
    /// No model takes so much at once, and why.
    TooMuch(String),
}

impl About<'_> {
    /// Asks one question, and reads the reply.
    pub(super) async fn ask(
        &self,
        asked: &Question,
        prompt: &mut Ready,
        asker: &mut Asker<'_>,
    ) -> Result<Said, Stop> {
        let content = match prompt.wants_content {
            true => self.content(asked).await?,
            false => None,
        };
        let may_be_less = content.is_some() || asked.halves(self.files).is_some();
        let said = self
            .ask_with(content.as_deref(), may_be_less, asked, prompt, asker)
            .await?;
        match said {
            // First without what it can do without.
            Said::TooMuch(_) if content.is_some() => {
                let may_be_less = asked.halves(self.files).is_some();
                self.ask_with(None, may_be_less, asked, prompt, asker).await
            }
            said => Ok(said),
        }
    }

    async fn ask_with(
        &self,
        content: Option<&str>,
        may_be_less: bool,
        asked: &Question,
        prompt: &mut Ready,
        asker: &mut Asker<'_>,
    ) -> Result<Said, Stop> {
        let (_, message) = commit_of(self.event);
        let subject = Subject {
            repo_name: &self.route.name,
            branch: summary::branch(self.event).unwrap_or_default(),
            commit_message: &message,
            files: self.files,
            parts: &asked.parts,
            content,
        };
        let marks = Marks::new(random::any());
        let data = variables(&subject, &marks);
        let template = prompt.template.clone();
        let rendered = spawn_blocking(move || template.render(&data.into())).await;
        let rendered = rendered
            .map_err(|error| error.to_string())
            .and_then(|rendered| rendered.map_err(|error| error.to_string()))
            .map_err(|error| Stop::lasting(format!("prompt {}: {error}", prompt.candidate.id)))?;
        let labels = Labels {
            categories: &prompt.candidate.categories,
            severities: &prompt.candidate.severities,
        };
        let request = question(
            &rendered.body,
            &subject,
            &marks,
            &self.route.review,
            &labels,
        );
        let answered = asker.ask(&mut prompt.models, &request, may_be_less).await?;
        Ok(match answered {
            Answered::TooMuch(reason) => Said::TooMuch(reason),
            Answered::Completion(completion) => {
                let mut reply = Reply::read(&completion.text, marks.id());
                reply.is_whole &= completion.stop != StopReason::Length;
                Said::Reply(reply)
            }
        })
    }

    /// The file that the question is about, as far as there is room for it. A review goes on
    /// without it.
    async fn content(&self, asked: &Question) -> Result<Option<String>, Stop> {
        let Some(part) = asked.parts.first() else {
            return Ok(None);
        };
        let path = &self.files[part.file].path;
        let fetched = self
            .provider
            .content(self.event, path, &self.route.settings)
            .await;
        let content = match fetched {
            Ok(Ok(content)) => content,
            Ok(Err(failure)) => {
                tracing::info!(repo.id = self.route.repo_id.get(), reason = %failure, "reviewing without the whole file");
                None
            }
            Err(error) => return Err(ReviewError::from(error).into()),
        };
        let room = tokens::bytes(self.room.saturating_sub(asked.tokens));
        Ok(content.map(|mut content| {
            content.truncate(content.floor_char_boundary(room));
            content
        }))
    }
}
