//! Mappings, for providers that make events by one: those that a provider brings along, and what
//! one makes of a delivery that somebody pasted.

use crate::repo::Repo;
use crate::{
    app::App,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, Body, Form, FromForm, FromQuery, Query},
    },
    plugin::{
        self,
        settings::{self, Stored},
    },
};
use axum::extract::State;
use push_notify_core::i18n::Text;
use push_notify_host::{CallError, MappingProblem, Misfit, Preset, Provider, Settings, Webhook};
use push_notify_manifest::{Capability, Kind, Manifest};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Of a pasted body, in characters.
const LONGEST_BODY: usize = 1 << 20;
const LONGEST_QUERY: usize = 8 << 10;
/// The repository's URL, where there is no repository yet.
const NO_URL: &str = "https://source.invalid";

const NO_MAPPING: Text = Text::new(
    "该类型的仓库没有映射",
    "is a type whose repositories have no mapping",
);

/// The body of `POST /repos/mapping/preview`.
pub struct PreviewFields {
    kind: String,
    url: Option<String>,
    config: Map<String, Value>,
    method: Option<&'static str>,
    path: Option<String>,
    query: Option<String>,
    headers: Map<String, Value>,
    body: String,
}

impl FromForm for PreviewFields {
    const EXAMPLE: &'static str = r#"{
        "type": "generic",
        "config": { "mapping": { "title": "/msg", "severity": "high" } },
        "headers": { "content-type": "application/json" },
        "body": "{\"msg\": \"the shop is down\"}"
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("config");
        Self {
            kind: form.required_line("type", 32),
            url: form.optional_line("url", 500),
            config: form.object("config").unwrap_or_default(),
            method: form.choice("method", &["POST", "PUT"]),
            path: form.optional_line("path", LONGEST_QUERY),
            query: form.optional_line("query", LONGEST_QUERY),
            headers: form.object("headers").unwrap_or_default(),
            body: form.prose("body", LONGEST_BODY).unwrap_or_default(),
        }
    }
}

/// What a delivery comes to by a mapping.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MappingPreview")]
pub struct Previewed {
    /// As `GET /events/{id}` shows them; none when the delivery is ignored.
    events: Vec<Map<String, Value>>,
    /// By which condition it is ignored.
    ignored: Option<String>,
    /// What had to be left out because it is too much.
    shortened: Option<String>,
}

/// A mapping that a provider brings along.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MappingPreset")]
pub struct ShownPreset {
    /// What `preset` in a mapping says.
    name: String,
    title_en: String,
    title_zh: String,
    mapping: Map<String, Value>,
    /// A delivery as the sender makes it.
    sample: String,
}

impl From<Preset> for ShownPreset {
    fn from(preset: Preset) -> Self {
        Self {
            name: preset.name,
            title_en: preset.title_en,
            title_zh: preset.title_zh,
            mapping: preset.mapping,
            sample: preset.sample,
        }
    }
}

/// The query of `GET /repos/mapping/presets`.
pub struct Of(Option<String>);

impl FromQuery for Of {
    fn read(query: &mut Query) -> Self {
        query.require("type");
        Self(query.text("type"))
    }
}

/// `GET /repos/mapping/presets`
pub async fn presets(
    State(app): State<App>,
    Asked(Of(kind)): Asked<Of>,
) -> Answer<Listed<ShownPreset>> {
    let (_, provider) = mapper(&app, &kind.unwrap_or_default())?;
    let presets = provider.presets().await.map_err(out_of_order)?;
    let presets: Vec<ShownPreset> = presets.into_iter().map(ShownPreset::from).collect();
    Reply::data(Listed::whole(presets))
}

/// `POST /repos/mapping/preview`. 422 names the fields that are at fault. Nothing is proved, and
/// nothing is stored.
pub async fn preview(State(app): State<App>, body: Body<PreviewFields>) -> Answer<Previewed> {
    let (fields, mut form) = body.parts();
    let headers = headers(&mut form, fields.headers);
    let mapper = match fields.kind.as_str() {
        "" => None,
        kind => Some(mapper(&app, kind)?),
    };
    let checked = mapper
        .as_ref()
        .map(|(manifest, _)| settings::check_new(manifest, fields.config));
    let checked = match checked {
        Some(Err(problems)) => {
            for (field, problem) in problems {
                form.refuse(&format!("config.{field}"), &problem);
            }
            None
        }
        checked => checked.and_then(Result::ok),
    };
    form.finish()?;
    let (Some((_, provider)), Some(checked)) = (mapper, checked) else {
        return Err(ApiError::not_found());
    };
    let webhook = Webhook {
        method: fields.method.unwrap_or("POST").to_owned(),
        path: fields.path.unwrap_or_default(),
        query: fields.query.unwrap_or_default(),
        headers,
        body: fields.body.into(),
        received_ms: None,
    };
    let settings = of(checked.plain(), fields.url.as_deref().unwrap_or(NO_URL));
    let made = provider.preview(webhook, &settings).await;
    match made.map_err(out_of_order)? {
        Ok(delivery) => Reply::data(Previewed {
            events: delivery.events.iter().filter_map(shown).collect(),
            ignored: None,
            shortened: delivery.shortened.map(|shortened| shortened.to_string()),
        }),
        Err(Misfit::Ignored(why)) => Reply::data(Previewed {
            events: Vec::new(),
            ignored: Some(why),
            shortened: None,
        }),
        Err(Misfit::Faulty(problems)) => Err(refused(problems)),
    }
}

/// Fails when the mapping of a repository that is to be stored is faulty.
pub(super) async fn require(app: &App, repo: &Repo) -> Result<(), ApiError> {
    let manifest = app.host.manifest(Kind::Provider, &repo.kind);
    if !manifest.is_some_and(|manifest| has_mapping(&manifest)) {
        return Ok(());
    }
    // Who is out of order now checks each delivery all the same.
    let Some(provider) = app.host.provider(&repo.kind) else {
        return Ok(());
    };
    let Stored { config, .. } = &repo.settings;
    let problems = provider.check_mapping(&of(config, &repo.url)).await;
    match problems.map_err(out_of_order)? {
        problems if problems.is_empty() => Ok(()),
        problems => Err(refused(problems)),
    }
}

/// Settings without secrets.
fn of(config: &Map<String, Value>, url: &str) -> Settings {
    let mut config = config.clone();
    config.insert("url".to_owned(), url.into());
    Settings {
        config,
        ..Settings::default()
    }
}

fn shown(event: &push_notify_host::Event) -> Option<Map<String, Value>> {
    match serde_json::to_value(event) {
        Ok(Value::Object(event)) => Some(event),
        _ => None,
    }
}

fn headers(form: &mut Form, given: Map<String, Value>) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(given.len());
    for (name, value) in given {
        match value {
            Value::String(value) => headers.push((name.to_ascii_lowercase(), value)),
            _ => form.refuse(
                "headers",
                &Text::new("必须是值为字符串的对象", "must be an object of strings"),
            ),
        }
    }
    headers
}

fn has_mapping(manifest: &Manifest) -> bool {
    manifest.capabilities.contains(&Capability::Mapping)
}

fn mapper(app: &App, kind: &str) -> Result<(Arc<Manifest>, Arc<dyn Provider>), ApiError> {
    let manifest = app.host.manifest(Kind::Provider, kind);
    let manifest = manifest.ok_or_else(|| {
        let unknown = plugin::unknown_type(&app.host, Kind::Provider);
        ApiError::invalid_field("type", &unknown)
    })?;
    if !has_mapping(&manifest) {
        return Err(ApiError::invalid_field("type", &NO_MAPPING));
    }
    let provider = app.host.provider(kind);
    let provider = provider.ok_or_else(|| ApiError::unavailable(OUT_OF_ORDER))?;
    Ok((manifest, provider))
}

const OUT_OF_ORDER: Text = Text::new("解析插件不可用", "The parser is out of order");

fn out_of_order(error: CallError) -> ApiError {
    tracing::warn!(%error, "cannot ask a provider about a mapping");
    ApiError::unavailable(OUT_OF_ORDER)
}

fn refused(problems: Vec<MappingProblem>) -> ApiError {
    let detail = |problem: MappingProblem| {
        let name = match problem.field.split('.').next() {
            Some("mapping") => format!("config.{}", problem.field),
            _ => problem.field,
        };
        Text::of_field(&name, &Text::made(problem.zh, problem.en))
    };
    ApiError::invalid(problems.into_iter().map(detail).collect())
}
