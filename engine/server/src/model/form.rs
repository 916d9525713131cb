//! What the bodies of `POST` and `PUT /models` say.

use super::{Model, price::Price, settings};
use crate::{
    app::App,
    http::{
        ApiError, code,
        extract::{Body, Form, FromForm},
    },
    plugin::settings::{Problem, give_again},
    repo::Status,
};
use push_notify_core::{i18n::Text, id::ModelId, secret::MASK};
use push_notify_manifest::Kind;
use serde_json::{Map, Value};
use url::Url;

const LONGEST_KEY: usize = 1000;
const TIMEOUT_SECONDS: i64 = 60;
const LONGEST_TIMEOUT_SECONDS: i64 = 600;
/// Who has made the API that most others copy.
const PROVIDER: &str = "openai";
const PRICES: [&str; 2] = ["input_price", "output_price"];

/// The body of `POST /models`.
pub struct NewFields {
    name: String,
    kind: String,
    provider: Option<String>,
    api_url: String,
    api_key: Option<String>,
    timeout: Option<i64>,
    params: Map<String, Value>,
    prices: [Option<Price>; 2],
}

impl FromForm for NewFields {
    const EXAMPLE: &'static str = r#"{
        "name": "GPT-4",
        "type": "gpt-4",
        "provider": "OpenAI",
        "api_url": "https://api.openai.com/v1/chat/completions",
        "api_key": "sk-test-not-real",
        "timeout": 60,
        "params": { "temperature": 0.3, "max_tokens": 4000, "top_p": 0.9 },
        "input_price": 2.5,
        "output_price": 10
    }"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.required_line("name", 100),
            kind: form.required_line("type", 200),
            provider: form.optional_line("provider", 32),
            api_url: form.required_line("api_url", 500),
            api_key: form.pasted("api_key", LONGEST_KEY),
            timeout: form.whole("timeout", 1, LONGEST_TIMEOUT_SECONDS),
            params: form.object("params").unwrap_or_default(),
            prices: PRICES.map(|name| price(form, name)),
        }
    }
}

/// The body of `PUT /models/{id}`.
pub struct ChangedFields {
    name: Option<String>,
    kind: Option<String>,
    provider: Option<String>,
    api_url: Option<String>,
    api_key: Option<String>,
    timeout: Option<i64>,
    params: Option<Map<String, Value>>,
    /// Those that are not named stay; `null` removes one.
    prices: [Option<Option<Price>>; 2],
    status: Option<&'static str>,
}

impl FromForm for ChangedFields {
    const EXAMPLE: &'static str = r#"{"timeout": 120, "params": {"temperature": 0.2}}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", 100),
            kind: form.line("type", 200),
            provider: form.optional_line("provider", 32),
            api_url: form.line("api_url", 500),
            api_key: form.pasted("api_key", LONGEST_KEY),
            timeout: form.whole("timeout", 1, LONGEST_TIMEOUT_SECONDS),
            params: form.object("params"),
            prices: PRICES.map(|name| {
                let price = price(form, name);
                form.has(name).then_some(price)
            }),
            status: form.choice("status", &Status::NAMES),
        }
    }
}

/// A model with the key that it came with, in the clear.
pub(super) struct Draft {
    model: Model,
    /// None: the stored one stays, if there is one.
    api_key: Option<String>,
}

impl Draft {
    pub(super) fn new(app: &App, body: Body<NewFields>) -> Result<Self, ApiError> {
        let (fields, mut form) = body.parts();
        let now = app.clock.now_us();
        let [input_price, output_price] = fields.prices;
        let model = Model {
            id: ModelId::default(),
            name: fields.name,
            kind: fields.kind,
            provider: fields.provider.unwrap_or_else(|| PROVIDER.to_owned()),
            api_url: fields.api_url,
            api_key: String::new(),
            timeout_seconds: fields.timeout.unwrap_or(TIMEOUT_SECONDS),
            params: merged(Map::new(), fields.params),
            input_price,
            output_price,
            is_default: false,
            status: Status::Active,
            success_count: 0,
            failed_count: 0,
            total_ms: 0,
            created_at: now,
            updated_at: now,
        };
        if form.is_mask("api_key") {
            let problem = Text::new("必须填写真实的值", "must be the real value, not the mask");
            form.refuse("api_key", &problem);
        }
        let draft = Self {
            model,
            api_key: fields.api_key.filter(|key| !key.is_empty()),
        };
        draft.checked(app, form)
    }

    /// What the body makes of `model`. Fields that it does not name stay, and so does a masked or
    /// empty key; `null` removes a parameter.
    ///
    /// Fails also when the key would stay while the address or the plugin changes: whoever may edit
    /// a model could have the key sent to a host of their own.
    pub(super) fn change(
        app: &App,
        body: Body<ChangedFields>,
        mut model: Model,
    ) -> Result<Self, ApiError> {
        let (fields, mut form) = body.parts();
        let (plugin, origin) = (model.plugin(), origin(&model.api_url));
        model.name = fields.name.unwrap_or(model.name);
        model.kind = fields.kind.unwrap_or(model.kind);
        model.provider = fields.provider.unwrap_or(model.provider);
        model.api_url = fields.api_url.unwrap_or(model.api_url);
        model.timeout_seconds = fields.timeout.unwrap_or(model.timeout_seconds);
        if let Some(params) = fields.params {
            model.params = merged(model.params, params);
        }
        let [input_price, output_price] = fields.prices;
        model.input_price = input_price.unwrap_or(model.input_price);
        model.output_price = output_price.unwrap_or(model.output_price);
        model.status = fields.status.map_or(model.status, Status::from_stored);
        let api_key = fields.api_key.filter(|key| key != MASK && !key.is_empty());
        let moved_by = if self::origin(&model.api_url) != origin {
            Some("api_url")
        } else {
            (model.plugin() != plugin).then_some("provider")
        };
        let stays = api_key.is_none() && !model.api_key.is_empty();
        if let Some(moved_by) = moved_by.filter(|_| stays) {
            form.refuse("api_key", &give_again(moved_by));
        }
        Self { model, api_key }.checked(app, form)
    }

    /// All that breaks a rule is refused as 40001.
    fn checked(self, app: &App, mut form: Form) -> Result<Self, ApiError> {
        for (name, problem) in self.problems(app) {
            form.refuse(&name, &problem);
        }
        form.finish().map_err(|error| match error.code {
            422 => error.as_known(&code::MODEL_INVALID),
            _ => error,
        })?;
        Ok(self)
    }

    fn problems(&self, app: &App) -> Vec<Problem> {
        let model = &self.model;
        let manifest = app.host.manifest(Kind::Ai, &model.plugin());
        let mut problems = settings::check_params(&model.params, manifest.as_deref());
        if let Err(problem) = check_url(&model.api_url) {
            problems.push(("api_url".to_owned(), problem));
        }
        let keyless = self.api_key.is_none() && model.api_key.is_empty();
        if keyless && settings::needs_key(manifest.as_deref()) {
            let problem = Text::new("不能为空", "must not be empty");
            problems.push(("api_key".to_owned(), problem));
        }
        let key = self.api_key.as_deref();
        let more = manifest.and_then(|manifest| settings::fit(&manifest, model, key).err());
        for (name, problem) in more.unwrap_or_default() {
            if !problems.iter().any(|(known, _)| *known == name) {
                problems.push((name, problem));
            }
        }
        // What is absent was named when the body was read.
        let absent = |name: &str| match name {
            "type" => model.kind.is_empty(),
            "api_url" => model.api_url.is_empty(),
            _ => false,
        };
        problems.retain(|(name, _)| !absent(name));
        problems
    }

    /// The row, with a new key sealed for it.
    pub(super) fn seal(self, app: &App, id: ModelId) -> Model {
        let sealed = self
            .api_key
            .map(|key| app.vault.seal(Model::place(id), key.as_bytes()));
        Model {
            id,
            api_key: sealed.unwrap_or(self.model.api_key),
            ..self.model
        }
    }
}

fn price(form: &mut Form, name: &str) -> Option<Price> {
    form.decimal(name, Price::HIGHEST).map(Price::of)
}

fn merged(mut params: Map<String, Value>, given: Map<String, Value>) -> Map<String, Value> {
    params.extend(given);
    params.retain(|_, value| !value.is_null());
    params
}

fn check_url(text: &str) -> Result<(), Text> {
    let shape = || Text::new("必须是HTTP(S)地址", "must be an http or https URL");
    let url = Url::parse(text).map_err(|_| shape())?;
    let sound = matches!(url.scheme(), "http" | "https") && !text.contains(char::is_whitespace);
    if !sound || url.host_str().is_none_or(str::is_empty) {
        return Err(shape());
    }
    match url.username().is_empty() && url.password().is_none() {
        true => Ok(()),
        false => Err(Text::new(
            "不能包含用户名或密码，请使用api_key字段",
            "must not hold a user name or password: use api_key",
        )),
    }
}

/// Scheme, host and port: what the key may be sent to.
fn origin(text: &str) -> Option<url::Origin> {
    Url::parse(text).ok().map(|url| url.origin())
}
