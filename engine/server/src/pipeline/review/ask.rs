//! Asking models: the first that answers is the one; the others are for when it does not.

use super::gather::ReviewError;
use crate::{
    app::App,
    model::{
        self, Model,
        call::{self, CallContext, Unanswered},
    },
};
use push_notify_core::{
    i18n::Locale,
    id::{EventId, ModelId, RepoId},
};
use push_notify_host::{AiRequest, CallError, Completion, Failure, StopReason};
use serde::Serialize;
use std::time::Duration;

/// A model that asks for a wait within this is waited for, once; the next one is asked otherwise.
const SHORT_WAIT: Duration = Duration::from_secs(20);
/// Where it does not say how long.
const USUAL_WAIT: Duration = Duration::from_secs(2);
/// Of a reason, in characters.
const LONGEST_REASON: usize = 300;
/// A server that counts more for one answer makes it up.
const MOST_TOKENS: u64 = 1_000_000_000;

/// Who is asked, in which order, and what came of it so far.
pub(super) struct Asker<'a> {
    app: &'a App,
    context: CallContext,
    pub used: Used,
}

/// What the questions of a review used.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// The one that answered last.
    pub model: Option<(ModelId, String)>,
    /// Those that did not.
    pub fallbacks: Vec<Fallback>,
}

/// A model that did not answer. The column `reviews.fallbacks` is a list of these.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Fallback {
    model_id: ModelId,
    model: String,
    reason: String,
}

/// The models of one prompt. One that failed is not asked again in this review, unless it was the
/// question that it could not take.
pub(super) struct Models(Vec<Model>);

/// What came of a question.
pub(super) enum Answered {
    Completion(Completion),
    /// No model takes it, and why: the same with less in it may be taken.
    TooMuch(String),
}

impl Models {
    /// Whom to ask: the active ones of `ids` in this order, then the default.
    pub(super) async fn read(app: &App, ids: &[ModelId]) -> Result<Self, sqlx::Error> {
        let models = model::store::candidates(app.db.read(), ids).await?;
        Ok(Self(models))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why a model did not answer, and whether a later try may help.
struct Miss {
    reason: String,
    passing: Option<Option<Duration>>,
    /// It will never take this question; another one it may.
    is_too_much: bool,
}

impl<'a> Asker<'a> {
    pub(super) fn new(app: &'a App, repo_id: RepoId, event_id: EventId) -> Self {
        Self {
            app,
            context: CallContext {
                purpose: "review",
                repo_id: Some(repo_id),
                event_id: Some(event_id),
                request_id: None,
            },
            used: Used::default(),
        }
    }

    /// The first answer. When none answers, the review can be tried again if that may help with one
    /// of them. Where `may_be_less` can be asked instead, the first model decides that it has to
    /// be.
    pub(super) async fn ask(
        &mut self,
        models: &mut Models,
        request: &AiRequest,
        may_be_less: bool,
    ) -> Result<Answered, ReviewError> {
        let mut missed = ReviewError::Lasting("no model is left to ask".to_owned());
        let mut too_much = None;
        let mut at = 0;
        while let Some(model) = models.0.get(at) {
            let miss = match self.ask_one(model, request).await? {
                Ok(completion) => {
                    self.used.model = Some((model.id, model.name.clone()));
                    return Ok(Answered::Completion(completion));
                }
                Err(miss) => miss,
            };
            let reason: String = miss.reason.chars().take(LONGEST_REASON).collect();
            let told = format!("{}: {reason}", model.name);
            tracing::warn!(
                review.id = self.context.event_id.map(EventId::get),
                model.id = model.id.get(),
                reason,
                "a model did not answer"
            );
            if miss.is_too_much && may_be_less {
                return Ok(Answered::TooMuch(told));
            }
            self.used.fallbacks.push(Fallback {
                model_id: model.id,
                model: model.name.clone(),
                reason,
            });
            if miss.is_too_much {
                too_much = Some(told);
                at += 1;
                continue;
            }
            models.0.remove(at);
            missed = match (miss.passing, missed) {
                (Some(after), _) => ReviewError::Passing {
                    reason: told,
                    after,
                },
                (None, passing @ ReviewError::Passing { .. }) => passing,
                (None, _) => ReviewError::Lasting(told),
            };
        }
        match (too_much, missed) {
            (Some(told), ReviewError::Lasting(_)) => Ok(Answered::TooMuch(told)),
            (_, missed) => Err(missed),
        }
    }

    async fn ask_one(
        &mut self,
        model: &Model,
        request: &AiRequest,
    ) -> Result<Result<Completion, Miss>, ReviewError> {
        let mut has_waited = false;
        loop {
            let (request, context) = (request.clone(), self.context.clone());
            let called = call::complete(self.app, model, request, context).await?;
            if let Ok(completion) = &called.answer {
                self.used.add(completion);
            }
            let problem = match called.answer {
                Ok(completion) if completion.stop == StopReason::Refused => {
                    return Ok(Err(Miss::lasting("it refused to answer")));
                }
                Ok(completion) if completion.text.trim().is_empty() => {
                    let has_no_room = completion.stop == StopReason::Length;
                    return Ok(Err(match has_no_room {
                        true => Miss::too_much("its tokens were used up before it said anything"),
                        false => Miss::lasting("it answered with nothing"),
                    }));
                }
                Ok(completion) => return Ok(Ok(completion)),
                Err(problem) => problem,
            };
            let miss = Miss::of(&problem);
            let wait = miss.passing.map(|after| after.unwrap_or(USUAL_WAIT));
            match wait {
                Some(wait) if wait <= SHORT_WAIT && !has_waited && !timed_out(&problem) => {
                    has_waited = true;
                    tokio::time::sleep(wait).await;
                }
                _ => return Ok(Err(miss)),
            }
        }
    }
}

impl Used {
    pub(super) fn tokens(&self) -> u64 {
        self.input_tokens.saturating_add(self.output_tokens)
    }

    fn add(&mut self, completion: &Completion) {
        let Some(usage) = completion.usage else {
            return;
        };
        self.input_tokens = self
            .input_tokens
            .saturating_add(usage.input_tokens.min(MOST_TOKENS));
        self.output_tokens = self
            .output_tokens
            .saturating_add(usage.output_tokens.min(MOST_TOKENS));
    }
}

fn timed_out(problem: &Unanswered) -> bool {
    matches!(
        problem,
        Unanswered::TimedOut(_) | Unanswered::Broken(CallError::Deadline(_))
    )
}

impl Miss {
    fn lasting(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            passing: None,
            is_too_much: false,
        }
    }

    fn too_much(reason: &str) -> Self {
        Self {
            is_too_much: true,
            ..Self::lasting(reason)
        }
    }

    fn of(problem: &Unanswered) -> Self {
        let passing = match problem {
            Unanswered::Failed(Failure::Retry { after, .. }) => Some(*after),
            Unanswered::TimedOut(_)
            | Unanswered::Broken(
                CallError::Trap(_)
                | CallError::Deadline(_)
                | CallError::Busy(_)
                | CallError::Quarantined(_)
                | CallError::Resting(_),
            ) => Some(None),
            Unanswered::Broken(CallError::Output(_))
            | Unanswered::NoPlugin(_)
            | Unanswered::Misfit(_)
            | Unanswered::Sealed
            | Unanswered::Failed(_) => None,
        };
        Self {
            reason: problem.reason().as_str(Locale::English).to_owned(),
            passing,
            is_too_much: matches!(problem, Unanswered::Failed(Failure::Rejected(_))),
        }
    }
}
