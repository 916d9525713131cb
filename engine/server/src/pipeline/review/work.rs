//! Making a review: from the event to what is stored.

use super::{
    Reviewer,
    ask::{Asker, Models},
    gather::{Gathered, Trouble, gather},
    queue::{self, Claimed},
    settle::{Ended, Outcome},
};
use crate::{
    http::Text,
    pipeline::{context::Route, render::commit_of, store},
    prompt,
    review::{
        Coverage, Language, Patterns, Settings,
        answer::Reply,
        ask::{Labels, Marks, Subject, merging, question, variables},
        plan::{File, Limits, Question, plan},
        select::Wanted,
        tokens,
        whole::{Part, Whole, combine},
    },
    template::engine::Template,
};
use push_notify_host::{Event, Provider};
use std::{sync::Arc, time::Duration};
use tokio::task::spawn_blocking;

/// What a question costs besides its diffs: the instructions, the prompt, the answer.
const OVERHEAD_TOKENS: u32 = 3_000;
/// With less there is nothing to be asked.
const LEAST_TOKENS: u32 = OVERHEAD_TOKENS + 500;
/// Waits between tries, where nobody says how long.
const FIRST_WAIT: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// A prompt of a review, ready to be used.
struct Ready {
    candidate: prompt::Candidate,
    template: Arc<Template>,
    models: Models,
    /// It wants whole files, so it takes one at a time.
    wants_content: bool,
}

/// Where a review stops before its end.
enum Stop {
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

    /// The prompts that the files ask for, each once; the files are told which is theirs.
    async fn prompts(
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
                prompt::choose(candidates, file.language, &settings.scene, locale)
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
        let mut ids: Vec<i64> = route
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

/// What all questions of a review are about.
struct About<'a> {
    event: &'a Event,
    route: &'a Route,
    files: &'a [File],
    provider: &'a dyn Provider,
}

impl About<'_> {
    async fn ask(
        &self,
        asked: &Question,
        prompt: &mut Ready,
        asker: &mut Asker<'_>,
    ) -> Result<Reply, Stop> {
        let content = match prompt.wants_content {
            true => self.content(asked).await?,
            false => None,
        };
        let (_, message) = commit_of(self.event);
        let subject = Subject {
            repo_name: &self.route.name,
            branch: crate::event::summary::branch(self.event).unwrap_or_default(),
            commit_message: &message,
            files: self.files,
            parts: &asked.parts,
            content: content.as_deref(),
        };
        let marks = Marks::new(rand::random());
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
        let completion = asker.ask(&mut prompt.models, &request).await?;
        Ok(Reply::read(&completion.text, marks.id()))
    }

    /// The file that the question is about, as far as there is room for it. A review goes on without it.
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
                tracing::info!(event.repo = self.route.repo_id, reason = %failure, "reviewing without the whole file");
                None
            }
            Err(error) => return Err(Trouble::from(error).into()),
        };
        let room = tokens::bytes(OVERHEAD_TOKENS.max(asked.tokens).saturating_mul(2));
        Ok(content.map(|mut content| {
            content.truncate(content.floor_char_boundary(room));
            content
        }))
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
    let problem = |error: crate::review::patterns::PatternError| Stop::lasting(error.to_string());
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
    fn lasting(reason: impl Into<String>) -> Self {
        Self::Trouble(Trouble::Lasting(reason.into()))
    }

    /// No file is left to be asked about.
    fn nothing(coverage: &Coverage, language: Language) -> Self {
        let left_out = crate::review::words::left_out(coverage, language);
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
