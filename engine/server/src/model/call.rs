//! Every question to an AI model goes through here: it ends when the model's time is over, and is
//! recorded.

use super::{Model, settings, store};
use crate::{
    app::App,
    log::ai_call::{self, Call, Outcome},
    otel::{Span, SpanKind},
    plugin::settings::Problem,
};
use push_notify_core::{
    i18n::{Locale, Text},
    id::{EventId, RepoId},
};
use push_notify_host::{Ai, AiRequest, CallError, Completion, Failure, ModelInfo, Settings, Usage};
use push_notify_manifest::Kind;
use push_notify_review::tokens;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Of a question or an answer, in the record of the call.
const SUMMARY_CHARS: usize = 500;
/// More than any call has, either way; few enough that sums over all calls hold, whatever a server
/// says.
const MOST_TOKENS: u64 = 1_000_000_000;

/// What a model is asked for. Recorded with the call.
#[derive(Debug, Clone, Default)]
pub struct CallContext {
    /// `verify`, `prompt_test` or `review`.
    pub purpose: &'static str,
    pub repo_id: Option<RepoId>,
    pub event_id: Option<EventId>,
    pub request_id: Option<String>,
}

/// A call that is over and recorded.
pub struct Called<T> {
    pub answer: Result<T, Unanswered>,
    pub duration_ms: i64,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// No such plugin is loaded.
    NoPlugin(String),
    /// The plugin has no use for the model's settings.
    Misfit(Vec<Problem>),
    /// The stored key does not open.
    Sealed,
    TimedOut(Duration),
    /// The plugin broke.
    Broken(CallError),
    /// What the plugin made of it; says also whether another try may help.
    Failed(Failure),
}

/// Asks `model`. The answer says how many tokens it came to, as the server counts them or else
/// about. Fails only when the call cannot be recorded.
pub async fn complete(
    app: &App,
    model: &Model,
    request: AiRequest,
    context: CallContext,
) -> Result<Called<Completion>, sqlx::Error> {
    let (app, model) = (app.clone(), model.clone());
    let span = app.tracer.child("ask", SpanKind::Client);
    if span.is_recorded() {
        span.set("plugin", model.plugin());
        span.set("purpose", context.purpose);
    }
    to_its_end(async move {
        let started = Instant::now();
        let mut answer = match ready(&app, &model) {
            Ok((ai, settings)) => in_time(&model, ai.complete(&request, &settings)).await,
            Err(problem) => Err(problem),
        };
        if let Ok(completion) = &mut answer {
            completion
                .usage
                .get_or_insert_with(|| estimated(&request, &completion.text));
        }
        let turns = request.turns.iter().map(|turn| turn.text.as_str());
        let said = Said {
            input: &turns.collect::<Vec<_>>().join("\n\n"),
            output: answer.as_ref().map(|answer| answer.text.as_str()),
            usage: answer.as_ref().ok().and_then(|answer| answer.usage),
        };
        observe(&app, &model, &said, started.elapsed(), &span);
        let duration_ms = record(&app, &model, context, said, started.elapsed()).await?;
        Ok(Called {
            answer,
            duration_ms,
        })
    })
    .await
}

/// Asks the vendor whether `model` can be asked, at no cost or next to none.
pub async fn probe(
    app: &App,
    model: &Model,
    context: CallContext,
) -> Result<Called<ModelInfo>, sqlx::Error> {
    let (app, model) = (app.clone(), model.clone());
    to_its_end(async move {
        let started = Instant::now();
        let answer = match ready(&app, &model) {
            Ok((ai, settings)) => in_time(&model, ai.probe(&settings)).await,
            Err(problem) => Err(problem),
        };
        let said = Said {
            input: &model.kind,
            output: answer.as_ref().map(|info| info.id.as_str()),
            usage: None,
        };
        let duration_ms = record(&app, &model, context, said, started.elapsed()).await?;
        Ok(Called {
            answer,
            duration_ms,
        })
    })
    .await
}

/// What a question and its answer come to, where the server does not count.
fn estimated(request: &AiRequest, answer: &str) -> Usage {
    let asked = request
        .turns
        .iter()
        .map(|turn| u64::from(tokens::estimate(&turn.text)));
    Usage {
        input_tokens: asked.sum(),
        output_tokens: u64::from(tokens::estimate(answer)),
        cached_tokens: None,
    }
}

/// A call goes on when whoever asked is gone: the vendor charges for it all the same, so it must be
/// in the log.
async fn to_its_end<T: Send + 'static>(
    call: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    let task = tokio::spawn(call);
    task.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// The model's plugin, and what it is told.
fn ready(app: &App, model: &Model) -> Result<(Arc<dyn Ai>, Settings), Unanswered> {
    let plugin = model.plugin();
    let manifest = app.host.manifest(Kind::Ai, &plugin);
    let (Some(manifest), Some(ai)) = (manifest, app.host.ai(&plugin)) else {
        return Err(Unanswered::NoPlugin(plugin));
    };
    let config = settings::fit(&manifest, model, None).map_err(Unanswered::Misfit)?;
    let settings = model.settings(&app.vault, &manifest, config);
    Ok((ai, settings.map_err(|_| Unanswered::Sealed)?))
}

async fn in_time<T>(
    model: &Model,
    call: impl Future<Output = Result<Result<T, Failure>, CallError>>,
) -> Result<T, Unanswered> {
    let time = Duration::from_secs(model.timeout_seconds.unsigned_abs());
    match tokio::time::timeout(time, call).await {
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(failure))) => Err(Unanswered::Failed(failure)),
        Ok(Err(broken)) => Err(Unanswered::Broken(broken)),
        Err(_) => Err(Unanswered::TimedOut(time)),
    }
}

struct Said<'a> {
    input: &'a str,
    output: Result<&'a str, &'a Unanswered>,
    usage: Option<Usage>,
}

fn observe(app: &App, model: &Model, said: &Said<'_>, took: Duration, span: &Span) {
    let plugin = model.plugin();
    let outcome = if said.output.is_ok() {
        "success"
    } else {
        "failed"
    };
    app.metrics.ai_calls.of([&plugin, outcome]).inc();
    app.metrics.ai_call.of([&plugin]).took(took);
    if outcome == "failed" {
        span.fail("no answer");
    }
    let Some(usage) = said.usage else { return };
    for (direction, tokens) in [
        ("input", usage.input_tokens),
        ("output", usage.output_tokens),
    ] {
        let tokens = tokens.min(MOST_TOKENS);
        app.metrics.ai_tokens.of([&plugin, direction]).add(tokens);
        span.set(direction, tokens as i64);
    }
}

/// The call's row and the model's counters, in one transaction. Returns how long the call took, in
/// ms.
async fn record(
    app: &App,
    model: &Model,
    context: CallContext,
    said: Said<'_>,
    took: Duration,
) -> Result<i64, sqlx::Error> {
    let duration_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    let usage = said.usage.unwrap_or(Usage {
        input_tokens: 0,
        output_tokens: 0,
        cached_tokens: None,
    });
    let tokens = |count: u64| count.min(MOST_TOKENS) as i64;
    let outcome = match said.output {
        Ok(text) => Outcome::Success {
            summary: summary(text),
        },
        Err(problem) => Outcome::Failed {
            reason: summary(problem.reason().as_str(Locale::English)),
        },
    };
    let call = Call {
        model_id: model.id,
        repo_id: context.repo_id,
        event_id: context.event_id,
        purpose: context.purpose,
        input_summary: summary(said.input),
        outcome,
        duration_ms,
        input_tokens: tokens(usage.input_tokens),
        output_tokens: tokens(usage.output_tokens),
        request_id: context.request_id,
        created_at: app.clock.now_us(),
    };
    let success_ms = said.output.is_ok().then_some(duration_ms);
    let mut transaction = app.db.begin().await?;
    store::count_call(&mut transaction, model.id, success_ms).await?;
    ai_call::insert(&mut transaction, &call).await?;
    transaction.commit().await?;
    Ok(duration_ms)
}

/// The beginning, without what PostgreSQL cannot store.
fn summary(text: &str) -> String {
    text.chars()
        .filter(|letter| *letter != '\0')
        .take(SUMMARY_CHARS)
        .collect()
}

impl Unanswered {
    /// For whoever asked. Holds no secret: the host hides them in all that a plugin says.
    pub fn reason(&self) -> Text {
        match self {
            Self::NoPlugin(id) => Text::made(
                format!("未加载AI插件{id}"),
                format!("no AI plugin `{id}` is loaded and enabled"),
            ),
            Self::Misfit(problems) => {
                let listed = |locale| {
                    let problem =
                        |(name, text): &Problem| format!("{name} {}", text.as_str(locale));
                    problems.iter().map(problem).collect::<Vec<_>>().join("; ")
                };
                Text::made(listed(Locale::Chinese), listed(Locale::English))
            }
            Self::Sealed => Text::new(
                "已存储的api_key无法读取，请重新填写",
                "the stored api_key cannot be read any more: give it again",
            ),
            Self::TimedOut(time) => Text::made(
                format!("在{}秒内没有应答", time.as_secs()),
                format!("no answer within {} s", time.as_secs()),
            ),
            Self::Broken(error) => same(error.to_string()),
            Self::Failed(
                Failure::Retry { reason, .. }
                | Failure::Throttled(reason)
                | Failure::Rejected(reason)
                | Failure::Misconfigured(reason),
            ) => same(reason.clone()),
            Self::Failed(Failure::Partial(_)) => {
                same("the plugin answered as a channel".to_owned())
            }
        }
    }
}

/// What plugins and the host say is in their own words.
fn same(words: String) -> Text {
    Text::made(words.clone(), words)
}
