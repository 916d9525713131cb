//! The field `review` in the bodies of `POST` and `PUT /repos`.

use crate::http::extract::Form;
use push_notify_core::{
    i18n::Text,
    id::{ModelId, PromptId},
};
use push_notify_review::{
    Language, Patterns, ReviewSettings, Severity, Shown, Style, Trigger,
    patterns::{LONGEST, MOST},
};
use serde::de::DeserializeOwned;

const LONGEST_SCENE: usize = 50;
const MOST_FALLBACKS: usize = 10;
const LEAST_TOKENS: i64 = 4000;
const MOST_TOKENS: i64 = 10_000_000;

/// What a body says of reviews.
pub struct Change(Said<Fields>);

/// What a body says of a field that has a usual value.
enum Said<T> {
    Nothing,
    /// `null`: it is to be as usual.
    Null,
    Value(T),
}

struct Fields {
    on: Said<Option<Vec<Trigger>>>,
    language: Said<Language>,
    style: Said<Style>,
    prompt_id: Said<Option<PromptId>>,
    scene: Said<Option<String>>,
    fallback_model_ids: Said<Vec<ModelId>>,
    file_patterns: Said<Vec<String>>,
    ignore_patterns: Said<Vec<String>>,
    severity_floor: Said<Severity>,
    silent_when_clean: Said<bool>,
    skip_drafts: Said<bool>,
    publish: Said<Vec<Shown>>,
    verdict: Said<bool>,
    max_tokens: Said<Option<u32>>,
    daily_tokens: Said<Option<u32>>,
}

impl Change {
    pub fn read(form: &mut Form) -> Self {
        Self(Said::read(form, "review", |form, name| {
            form.nested(name, Fields::read)
        }))
    }

    /// What the body does not name stays.
    pub fn onto(self, settings: ReviewSettings) -> ReviewSettings {
        match self.0 {
            Said::Nothing => settings,
            Said::Null => ReviewSettings::default(),
            Said::Value(fields) => fields.onto(settings),
        }
    }
}

impl Fields {
    fn read(form: &mut Form) -> Self {
        // Shown beside the settings; whoever sends back what was shown sends it too.
        form.texts("enabled_for");
        Self {
            on: Said::read(form, "on", |form, name| {
                several(form, name, &Trigger::NAMES).map(Some)
            }),
            language: Said::read(form, "language", |form, name| {
                one(form, name, &Language::NAMES)
            }),
            style: Said::read(form, "style", |form, name| one(form, name, &Style::NAMES)),
            prompt_id: Said::read(form, "prompt_id", |form, name| form.id(name).map(Some)),
            scene: Said::read(form, "scene", |form, name| {
                form.optional_line(name, LONGEST_SCENE).map(Some)
            }),
            fallback_model_ids: Said::read(form, "fallback_model_ids", |form, name| {
                form.ranked_ids(name, MOST_FALLBACKS)
            }),
            file_patterns: Said::read(form, "file_patterns", patterns),
            ignore_patterns: Said::read(form, "ignore_patterns", patterns),
            severity_floor: Said::read(form, "severity_floor", |form, name| {
                one(form, name, &Severity::NAMES)
            }),
            silent_when_clean: Said::read(form, "silent_when_clean", Form::boolean),
            skip_drafts: Said::read(form, "skip_drafts", Form::boolean),
            publish: Said::read(form, "publish", |form, name| {
                several(form, name, &Shown::NAMES)
            }),
            verdict: Said::read(form, "verdict", Form::boolean),
            max_tokens: Said::read(form, "max_tokens", |form, name| {
                tokens(form, name, LEAST_TOKENS, MOST_TOKENS)
            }),
            daily_tokens: Said::read(form, "daily_tokens", |form, name| {
                tokens(form, name, 0, u32::MAX.into())
            }),
        }
    }

    fn onto(self, settings: ReviewSettings) -> ReviewSettings {
        let usual = ReviewSettings::default();
        let ReviewSettings {
            on,
            language,
            style,
            prompt_id,
            scene,
            fallback_model_ids,
            file_patterns,
            ignore_patterns,
            severity_floor,
            silent_when_clean,
            skip_drafts,
            publish,
            verdict,
            max_tokens,
            daily_tokens,
        } = settings;
        ReviewSettings {
            on: self.on.or(on, usual.on),
            language: self.language.or(language, usual.language),
            style: self.style.or(style, usual.style),
            prompt_id: self.prompt_id.or(prompt_id, usual.prompt_id),
            scene: self.scene.or(scene, usual.scene),
            fallback_model_ids: self
                .fallback_model_ids
                .or(fallback_model_ids, usual.fallback_model_ids),
            file_patterns: self.file_patterns.or(file_patterns, usual.file_patterns),
            ignore_patterns: self
                .ignore_patterns
                .or(ignore_patterns, usual.ignore_patterns),
            severity_floor: self.severity_floor.or(severity_floor, usual.severity_floor),
            silent_when_clean: self
                .silent_when_clean
                .or(silent_when_clean, usual.silent_when_clean),
            skip_drafts: self.skip_drafts.or(skip_drafts, usual.skip_drafts),
            publish: self.publish.or(publish, usual.publish),
            verdict: self.verdict.or(verdict, usual.verdict),
            max_tokens: self.max_tokens.or(max_tokens, usual.max_tokens),
            daily_tokens: self.daily_tokens.or(daily_tokens, usual.daily_tokens),
        }
    }
}

impl<T> Said<T> {
    fn read(form: &mut Form, name: &str, read: impl FnOnce(&mut Form, &str) -> Option<T>) -> Self {
        match read(form, name) {
            Some(value) => Self::Value(value),
            None if form.has(name) => Self::Null,
            None => Self::Nothing,
        }
    }

    fn or(self, old: T, usual: T) -> T {
        match self {
            Self::Nothing => old,
            Self::Null => usual,
            Self::Value(value) => value,
        }
    }
}

/// `names` are those that serde knows of `T`.
fn one<T: DeserializeOwned>(form: &mut Form, name: &str, names: &[&'static str]) -> Option<T> {
    named(form.choice(name, names)?)
}

fn several<T: DeserializeOwned>(
    form: &mut Form,
    name: &str,
    names: &[&'static str],
) -> Option<Vec<T>> {
    let chosen = form.any_choices(name, names)?;
    chosen.into_iter().map(named).collect()
}

fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

fn patterns(form: &mut Form, name: &str) -> Option<Vec<String>> {
    let patterns = form.lines(name, MOST, LONGEST)?;
    if let Err(error) = Patterns::compile(&patterns) {
        let problem = Text::made(
            format!("含有无效的匹配模式：{error}"),
            format!("holds a pattern that is not valid: {error}"),
        );
        form.refuse(name, &problem);
    }
    Some(patterns)
}

fn tokens(form: &mut Form, name: &str, least: i64, most: i64) -> Option<Option<u32>> {
    let tokens = form.whole(name, least, most)?;
    u32::try_from(tokens).ok().map(Some)
}

#[cfg(test)]
mod tests;
