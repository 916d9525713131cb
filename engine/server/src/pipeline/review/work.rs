//! Making a review: from the event to what is stored.

use super::{
    ask::{Answered, Asker, Models},
    gather::{Gathered, ReviewError, gather},
    question::{About, Said},
    queue::{self, Claimed},
    reviewer::Reviewer,
    settle::{Ended, Outcome},
};
use crate::{
    otel::SpanKind,
    pipeline::{cache::Route, store},
};
use push_notify_core::{i18n::Text, id::ReviewId, random};
use push_notify_host::Event;
use push_notify_review::{
    Coverage, Decision, Language, Patterns, Reason, ReviewSettings,
    answer::Reply,
    ask::{Marks, merging},
    merged::{MergedReview, Part, combine},
    patterns::PatternError,
    plan::{File, Limits, Question, plan},
    select::Wanted,
    tokens::estimate,
    words,
};
use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

/// What a question costs besides its diffs and its prompt: the instructions, the answer.
const OVERHEAD_TOKENS: u32 = 3_000;
/// With less there is nothing to be asked.
const LEAST_TOKENS: u32 = OVERHEAD_TOKENS + 500;
/// Waits between tries, where nobody says how long.
const FIRST_WAIT: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Questions that no model takes, in one review: whoever refuses everything is not asked about each
/// hunk.
const MOST_REFUSALS: u32 = 20;

/// What models said was too much.
struct Refusals {
    count: u32,
    /// The shortest that can be halved: what is as long is not even asked.
    tokens: u32,
    reason: Option<String>,
}

impl Default for Refusals {
    fn default() -> Self {
        Self {
            count: 0,
            tokens: u32::MAX,
            reason: None,
        }
    }
}

/// Where a review stops before its end.
pub(super) enum Stop {
    /// It was not to be.
    Skipped(Text),
    /// Another one is of the same commit and about the same diffs.
    SameAs(ReviewId),
    ReviewError(ReviewError),
}

impl Reviewer {
    /// Makes the review and settles it.
    pub(super) async fn review(&self, claimed: &Claimed) -> Result<(), sqlx::Error> {
        let started_at = self.app.clock.now_us();
        let row = match store::event(&self.app, claimed.id.event(), claimed.form_id).await {
            Ok(row) => row,
            Err(error) => return self.unreadable(claimed, error).await,
        };
        let route = match store::route_of_repo(&self.app, claimed.repo_id).await {
            Ok(route) => route,
            Err(error) => return self.unreadable(claimed, error).await,
        };
        let (Some(row), Some(route)) = (row, route) else {
            let outcome = Outcome::skipped("the event or its repository is deleted", started_at);
            return self
                .settle(claimed, &ReviewSettings::default(), &outcome)
                .await;
        };
        let settings = &route.review;
        if claimed.attempt > i64::from(self.app.config.review.max_attempts) {
            // Whatever stops the server each time must not be paid for without end.
            let outcome = Outcome::failed("interrupted too often", started_at);
            return self.settle(claimed, settings, &outcome).await;
        }
        if !claimed.is_retry && queue::is_under_way(&self.app, claimed).await? {
            return queue::wait_for(&self.app, claimed).await;
        }
        // Until it has settled.
        let budget = self
            .budget
            .reserve(&self.app, route.repo_id, settings)
            .await?;
        if budget.tokens < LEAST_TOKENS && budget.is_short {
            return queue::wait_for(&self.app, claimed).await;
        }
        let mut asker = Asker::new(&self.app, claimed.repo_id, claimed.id.event());
        let made = self
            .make(claimed, &row.event, &route, budget.tokens, &mut asker)
            .await;
        let used = asker.used;
        let outcome = match made {
            Ok(ended) => Outcome::completed(ended, used, started_at),
            Err(Stop::SameAs(id)) => return self.take_over(claimed, settings, id).await,
            Err(Stop::Skipped(why)) => {
                let why = why.as_str(settings.language.locale()).to_owned();
                Outcome::skipped(why, started_at)
            }
            Err(Stop::ReviewError(ReviewError::Lasting(why))) => {
                Outcome::failed(why, started_at).with(used)
            }
            Err(Stop::ReviewError(ReviewError::Passing { reason, after })) => {
                if claimed.attempt < i64::from(self.app.config.review.max_attempts) {
                    let wait = after
                        .unwrap_or_else(|| wait_after(claimed.attempt))
                        .min(LONGEST_WAIT);
                    tracing::info!(
                        review.id = claimed.id.get(),
                        wait_ms = wait.as_millis() as u64,
                        reason,
                        "will review again"
                    );
                    return queue::again(&self.app, claimed, wait, &reason).await;
                }
                Outcome::failed(reason, started_at).with(used)
            }
        };
        self.settle(claimed, settings, &outcome).await
    }

    /// Asks within a budget of `tokens`.
    async fn make(
        &self,
        claimed: &Claimed,
        event: &Event,
        route: &Route,
        tokens: u32,
        asker: &mut Asker<'_>,
    ) -> Result<Ended, Stop> {
        let settings = &route.review;
        let failed = |zh, en| Stop::lasting(Text::new(zh, en).as_str(settings.language.locale()));
        let request = event.merge_request.as_ref();
        if settings.skip_drafts && request.and_then(|request| request.draft) == Some(true) {
            let why = Text::new("合并请求是草稿", "the merge request is a draft");
            return Err(Stop::Skipped(why));
        }
        if let Some(id) = queue::overtaken_by(&self.app, claimed).await? {
            // The host tells of the newest commits only.
            return Err(Stop::Skipped(Text::made(
                format!("已有更新的提交（审查 {id}）"),
                format!("there are newer commits (review {id})"),
            )));
        }
        let Some(provider) = self.app.host.provider(&route.provider) else {
            let id = &route.provider;
            return Err(Stop::lasting(format!(
                "no provider plugin `{id}` is loaded and enabled"
            )));
        };
        if tokens < LEAST_TOKENS {
            return Err(failed(
                "当日的 Token 预算已用完",
                "the token budget of the day is used up",
            ));
        }
        let candidates = self.caches.prompts().await?;
        let wanted = wanted(settings)?;
        let most_bytes = self.app.config.review.max_diff_kib << 10;
        let gathering = self.app.tracer.child("gather", SpanKind::Client);
        let gathered = gather(&*provider, event, route, &wanted, most_bytes).await?;
        drop(gathering);
        let digest = gathered.digest();
        if !claimed.is_retry
            && let Some(equivalent) = queue::equivalent(&self.app, claimed, &digest).await?
        {
            return Err(Stop::SameAs(equivalent));
        }
        let Gathered {
            mut files,
            mut coverage,
        } = gathered;
        let mut prompts = self.prompts(&candidates, route, &mut files).await?;
        if prompts.iter().any(|prompt| prompt.models.is_empty()) {
            return Err(failed("没有可用的AI模型", "there is no AI model to ask"));
        }
        let alone: Vec<bool> = prompts.iter().map(|prompt| prompt.wants_content).collect();
        let longest = prompts
            .iter()
            .map(|prompt| estimate(&prompt.candidate.content))
            .max();
        let overhead = OVERHEAD_TOKENS.saturating_add(longest.unwrap_or_default());
        let limits = Limits {
            question: self
                .app
                .config
                .review
                .question_tokens
                .min(tokens.saturating_sub(overhead)),
            total: tokens,
            overhead,
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
        let mut questions = VecDeque::from(questions);
        let mut refusals = Refusals::default();
        while let Some(question) = questions.pop_front() {
            if question.tokens >= refusals.tokens
                && let Some(halves) = question.halves(&files)
            {
                halves
                    .into_iter()
                    .rev()
                    .for_each(|half| questions.push_front(half));
                continue;
            }
            let cost = u64::from(question.tokens.saturating_add(overhead));
            // A model may say more than was planned for.
            if !replies.is_empty() && asker.used.tokens().saturating_add(cost) > u64::from(tokens) {
                questions.push_front(question);
                break;
            }
            let prompt = &mut prompts[question.prompt];
            match about.ask(&question, prompt, asker).await? {
                Said::Reply(reply) => replies.push((reply, question)),
                Said::TooMuch(reason) => {
                    refusals.count += 1;
                    let is_one_hunk = question.halves(&files).is_none();
                    if is_one_hunk || refusals.count > MOST_REFUSALS {
                        leave_out([&question], Reason::TooLarge, &files, &mut coverage);
                    } else {
                        refusals.tokens = refusals.tokens.min(question.tokens);
                        questions.push_front(question);
                    }
                    refusals.reason = Some(reason);
                    if refusals.count > MOST_REFUSALS {
                        leave_out(&questions, Reason::TooLarge, &files, &mut coverage);
                        questions.clear();
                    }
                }
            }
        }
        if let (Some(reason), true) = (refusals.reason, replies.is_empty()) {
            return Err(Stop::lasting(reason));
        }
        leave_out(&questions, Reason::Budget, &files, &mut coverage);
        let parts = replies.into_iter().map(|(reply, question)| Part {
            reply,
            tokens: question.tokens,
            categories: &prompts[question.prompt].candidate.categories,
        });
        let mut whole = combine(parts.collect(), &files, settings.severity_floor);
        coverage.cut = !whole.is_whole;
        if coverage.has_gaps() && whole.decision == Decision::Approved {
            // Nobody approves what nobody has seen.
            whole.decision = Decision::Comment;
        }
        let prompt_ids = prompts.iter().map(|prompt| prompt.candidate.id).collect();
        let left = u64::from(tokens).saturating_sub(asker.used.tokens());
        let summary = match whole.summaries.len() {
            0 | 1 => whole.summaries.first().cloned().unwrap_or_default(),
            _ if left < u64::from(OVERHEAD_TOKENS) => whole.summaries.join("\n\n"),
            _ => merged(&whole, &mut prompts[0].models, asker, settings.language).await,
        };
        Ok(Ended {
            whole,
            summary,
            coverage,
            digest,
            prompt_ids,
        })
    }

    async fn unreadable(&self, claimed: &Claimed, error: store::Error) -> Result<(), sqlx::Error> {
        match error {
            store::Error::Database(error) => Err(error),
            error => {
                tracing::error!(%error, review.id = claimed.id.get(), "cannot read what is to be reviewed");
                let outcome =
                    Outcome::failed("what is stored cannot be read", self.app.clock.now_us());
                self.settle(claimed, &ReviewSettings::default(), &outcome)
                    .await
            }
        }
    }
}

/// One summary of several; all of them one after the other where no model makes one.
async fn merged(
    whole: &MergedReview,
    models: &mut Models,
    asker: &mut Asker<'_>,
    language: Language,
) -> String {
    let marks = Marks::new(random::any());
    let request = merging(&whole.summaries, &marks, language);
    let merged = match asker.ask(models, &request, false).await {
        Ok(Answered::Completion(completion)) => {
            let reply = Reply::read(&completion.text, marks.id());
            reply.is_whole.then_some(reply.summary)
        }
        Ok(Answered::TooMuch(_)) | Err(_) => None,
    };
    let merged = merged.filter(|merged| !merged.is_empty());
    merged.unwrap_or_else(|| whole.summaries.join("\n\n"))
}

fn wanted(settings: &ReviewSettings) -> Result<Wanted, Stop> {
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

/// Of a file that was asked about in part, too: nobody has seen all of it.
fn leave_out<'a>(
    questions: impl IntoIterator<Item = &'a Question>,
    reason: Reason,
    files: &[File],
    coverage: &mut Coverage,
) {
    let parts = questions.into_iter().flat_map(|question| &question.parts);
    for file in parts.map(|part| part.file).collect::<BTreeSet<_>>() {
        let path = &files[file].path;
        if coverage.files.iter().all(|left| left.path != *path) {
            coverage.reviewed = coverage.reviewed.saturating_sub(1);
            coverage.leave_out(path, reason);
        }
    }
}

/// Doubles with each attempt.
fn wait_after(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt - 1).unwrap_or_default().min(10);
    FIRST_WAIT.saturating_mul(1 << doublings)
}

impl Stop {
    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Self::ReviewError(ReviewError::Lasting(reason.into()))
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

impl From<ReviewError> for Stop {
    fn from(trouble: ReviewError) -> Self {
        Self::ReviewError(trouble)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::ReviewError(error.into())
    }
}
