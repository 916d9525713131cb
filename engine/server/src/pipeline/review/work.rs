//! Making a review: from the event to what is stored.

use super::{
    Reviewer,
    ask::{Asker, Models},
    gather::{Gathered, Trouble, gather},
    question::About,
    queue::{self, Claimed},
    settle::{Ended, Outcome},
};
use crate::{
    http::Text,
    pipeline::{context::Route, store},
    prompt,
    review::{
        Coverage, Language, Patterns, Settings,
        answer::Reply,
        ask::{Marks, merging},
        patterns::PatternError,
        plan::{Limits, plan},
        select::Wanted,
        whole::{Part, Whole, combine},
        words,
    },
};
use push_notify_host::Event;
use std::time::Duration;

/// What a question costs besides its diffs: the instructions, the prompt, the answer.
const OVERHEAD_TOKENS: u32 = 3_000;
/// With less there is nothing to be asked.
const LEAST_TOKENS: u32 = OVERHEAD_TOKENS + 500;
/// Waits between tries, where nobody says how long.
const FIRST_WAIT: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Where a review stops before its end.
pub(super) enum Stop {
    Skipped(Text),
    Trouble(Trouble),
}

impl Reviewer {
    /// Makes the review and settles it.
    pub(super) async fn review(&self, claimed: &Claimed) -> Result<(), sqlx::Error> {
        let started_at = self.app.clock.now_us();
        let row = match store::event(&self.app, claimed.id).await {
            Ok(row) => row,
            Err(error) => return self.unreadable(claimed, error).await,
        };
        let route = match store::route_of_repo(&self.app, claimed.repo_id).await {
            Ok(route) => route,
            Err(error) => return self.unreadable(claimed, error).await,
        };
        let (Some(row), Some(route)) = (row, route) else {
            let outcome = Outcome::skipped("the event or its repository is deleted", started_at);
            return self.settle(claimed, &Settings::default(), outcome).await;
        };
        if !claimed.is_retry
            && let Some(twin) = queue::twin(&self.app, claimed).await?
        {
            return match twin.is_completed {
                true => self.take_over(claimed, &route.review, twin.id).await,
                false => queue::wait_for(&self.app, claimed).await,
            };
        }
        let mut asker = Asker::new(&self.app, claimed.repo_id, claimed.id);
        let made = self.make(&row.event, &route, &mut asker).await;
        let used = asker.used;
        let language = route.review.language;
        let outcome = match made {
            Ok(ended) => Outcome::completed(ended, used, started_at),
            Err(Stop::Skipped(why)) => {
                let why = why.as_str(language.locale()).to_owned();
                Outcome::skipped(why, started_at).with(used)
            }
            Err(Stop::Trouble(Trouble::Lasting(why))) => {
                Outcome::failed(why, started_at).with(used)
            }
            Err(Stop::Trouble(Trouble::Passing { reason, after })) => {
                if claimed.attempt < i64::from(self.app.config.review.max_attempts) {
                    let wait = after
                        .unwrap_or_else(|| wait_after(claimed.attempt))
                        .min(LONGEST_WAIT);
                    tracing::info!(
                        review.id = claimed.id,
                        wait_ms = wait.as_millis() as u64,
                        reason,
                        "will review again"
                    );
                    return queue::again(&self.app, claimed, wait, &reason).await;
                }
                Outcome::failed(reason, started_at).with(used)
            }
        };
        self.settle(claimed, &route.review, outcome).await
    }

    async fn make(
        &self,
        event: &Event,
        route: &Route,
        asker: &mut Asker<'_>,
    ) -> Result<Ended, Stop> {
        let settings = &route.review;
        let is_draft = event
            .merge_request
            .as_ref()
            .and_then(|request| request.draft);
        if settings.skip_drafts && is_draft == Some(true) {
            return Err(Stop::Skipped(Text::new(
                "合并请求是草稿",
                "the merge request is a draft",
            )));
        }
        let Some(provider) = self.app.host.provider(&route.provider) else {
            let reason = format!(
                "no provider plugin `{}` is loaded and enabled",
                route.provider
            );
            return Err(Stop::lasting(reason));
        };
        let budget = self
            .budget
            .reserve(&self.app, route.repo_id, settings)
            .await?;
        if budget.tokens < LEAST_TOKENS {
            return Err(Stop::Skipped(Text::new(
                "当日的 Token 预算已用完",
                "the token budget of the day is used up",
            )));
        }
        let candidates = prompt::store::candidates(self.app.db.read()).await?;
        let wanted = wanted(settings)?;
        let most_bytes = self.app.config.review.max_diff_kib << 10;
        let Gathered {
            mut files,
            mut coverage,
        } = gather(&*provider, event, route, &wanted, most_bytes).await?;
        let mut prompts = self.prompts(&candidates, route, &mut files).await?;
        if prompts.iter().any(|prompt| prompt.models.is_empty()) {
            return Err(Stop::Skipped(Text::new(
                "没有可用的AI模型",
                "there is no AI model to ask",
            )));
        }
        let alone: Vec<bool> = prompts.iter().map(|prompt| prompt.wants_content).collect();
        let limits = Limits {
            question: self.app.config.review.question_tokens,
            total: budget.tokens,
            overhead: OVERHEAD_TOKENS,
        };
        let questions = plan(&files, &alone, limits, &mut coverage);
        if questions.is_empty() {
            return Err(Stop::nothing(&coverage, settings.language));
        }
        let about = About {
            event,
            route,
            files: &files,
            provider: &*provider,
            room: limits.question,
        };
        let mut replies = Vec::with_capacity(questions.len());
        for question in &questions {
            let prompt = &mut prompts[question.prompt];
            replies.push((about.ask(question, prompt, asker).await?, question));
        }
        let parts = replies.into_iter().map(|(reply, question)| Part {
            reply,
            tokens: question.tokens,
            categories: &prompts[question.prompt].candidate.categories,
        });
        let whole = combine(parts.collect(), &files, settings.severity_floor);
        let prompt_ids = prompts.iter().map(|prompt| prompt.candidate.id).collect();
        let summary = match whole.summaries.len() {
            0 | 1 => whole.summaries.first().cloned().unwrap_or_default(),
            _ => merged(&whole, &mut prompts[0].models, asker, settings.language).await,
        };
        Ok(Ended {
            whole,
            summary,
            coverage,
            prompt_ids,
        })
    }

    async fn unreadable(&self, claimed: &Claimed, error: store::Error) -> Result<(), sqlx::Error> {
        match error {
            store::Error::Database(error) => Err(error),
            error => {
                tracing::error!(%error, review.id = claimed.id, "cannot read what is to be reviewed");
                let outcome =
                    Outcome::failed("what is stored cannot be read", self.app.clock.now_us());
                self.settle(claimed, &Settings::default(), outcome).await
            }
        }
    }
}

/// One summary of several; all of them one after the other where no model makes one.
async fn merged(
    whole: &Whole,
    models: &mut Models,
    asker: &mut Asker<'_>,
    language: Language,
) -> String {
    let marks = Marks::new(rand::random());
    let request = merging(&whole.summaries, &marks, language);
    let merged = match asker.ask(models, &request).await {
        Ok(completion) => Reply::read(&completion.text, marks.id()).summary,
        Err(_) => String::new(),
    };
    match merged.is_empty() {
        true => whole.summaries.join("\n\n"),
        false => merged,
    }
}

fn wanted(settings: &Settings) -> Result<Wanted, Stop> {
    let compile = |globs: &[String]| match globs {
        [] => Ok(None),
        globs => Patterns::compile(globs).map(Some),
    };
    let problem = |error: PatternError| Stop::lasting(error.to_string());
    Ok(Wanted {
        files: compile(&settings.file_patterns).map_err(problem)?,
        ignored: compile(&settings.ignore_patterns).map_err(problem)?,
    })
}

/// Doubles with each attempt.
fn wait_after(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt - 1).unwrap_or_default().min(10);
    FIRST_WAIT.saturating_mul(1 << doublings)
}

impl Stop {
    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Self::Trouble(Trouble::Lasting(reason.into()))
    }

    /// No file is left to be asked about.
    fn nothing(coverage: &Coverage, language: Language) -> Self {
        let left_out = words::left_out(coverage, language);
        if left_out.is_empty() {
            return Self::Skipped(Text::new("没有文件变更", "no file was changed"));
        }
        let listed = left_out.join("; ");
        Self::Skipped(Text::made(
            format!("没有需要审查的文件（{listed}）"),
            format!("there is no file to review ({listed})"),
        ))
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "cannot read what a review needs");
        Self::Trouble(Trouble::Passing {
            reason: "the database did not answer".to_owned(),
            after: None,
        })
    }
}
