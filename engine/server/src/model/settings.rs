//! What a model's plugin is told of it, and whether the plugin can use that.

use super::Model;
use crate::plugin::settings::Problem;
use push_notify_core::{
    i18n::Text,
    id::ModelId,
    secret::{MASK, Place, Vault, VaultError},
};
use push_notify_host::{Party, SecretValue, Settings};
use push_notify_manifest::Manifest;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// The plugin's fields that come from the model's own.
const OWN: [&str; 4] = ["api_url", KEY, "model", "timeout"];
const KEY: &str = "api_key";

/// What every plugin may be given, if it declares it: name, smallest, largest.
const COMMON: [(&str, f64, f64); 5] = [
    ("temperature", 0.0, 2.0),
    ("top_p", 0.0, 1.0),
    ("max_tokens", 1.0, 1_000_000.0),
    ("presence_penalty", -2.0, 2.0),
    ("frequency_penalty", -2.0, 2.0),
];

/// The one of them that has no fraction.
const WHOLE: &str = "max_tokens";

impl Model {
    pub(super) fn place(id: ModelId) -> Place<'static> {
        Place {
            table: "models",
            column: "api_key",
            row: id.get(),
        }
    }

    /// For a call of its plugin; `config` is what [`fit`] made of it. A key that the plugin does
    /// not ask for stays here.
    pub(super) fn settings(
        &self,
        vault: &Vault,
        manifest: &Manifest,
        config: Map<String, Value>,
    ) -> Result<Settings, VaultError> {
        let mut secrets = Vec::new();
        if !self.api_key.is_empty() && manifest.config.contains_key(KEY) {
            let key = vault.open_text(Self::place(self.id), &self.api_key)?;
            secrets.push((KEY.to_owned(), SecretValue::new(key)));
        }
        Ok(Settings {
            config,
            secrets,
            party: Party::Model(self.id.get()),
        })
    }
}

/// Whether a model of this plugin must have a key. Of a plugin that is not loaded nobody knows that
/// it may go without.
pub(super) fn needs_key(manifest: Option<&Manifest>) -> bool {
    manifest.is_none_or(|manifest| {
        let field = manifest.config.get(KEY);
        field.is_some_and(|field| field.required)
    })
}

/// As the API shows them: the common ones are always there, `null` where they are not set.
pub(super) fn shown(params: Map<String, Value>) -> Map<String, Value> {
    let common = COMMON
        .iter()
        .map(|(name, ..)| ((*name).to_owned(), Value::Null));
    common.chain(params).collect()
}

/// For the documentation: the common parameters; a plugin may declare others.
pub(super) fn params_schema(_: &mut SchemaGenerator) -> Schema {
    let common = COMMON.iter().map(|(name, least, most)| {
        let kind = if *name == WHOLE { "integer" } else { "number" };
        let schema = json!({ "type": [kind, "null"], "minimum": least, "maximum": most });
        ((*name).to_owned(), schema)
    });
    let common: Map<String, Value> = common.collect();
    let names: Vec<&str> = COMMON.iter().map(|(name, ..)| *name).collect();
    json_schema!({ "type": "object", "properties": common, "required": names })
}

/// What is wrong with the parameters, whatever the plugin. Without a manifest, the common ones are
/// all that is known.
pub(super) fn check_params(
    params: &Map<String, Value>,
    manifest: Option<&Manifest>,
) -> Vec<Problem> {
    let problem = |(name, value): (&String, &Value)| {
        let common = COMMON.iter().find(|(known, ..)| known == name);
        let problem = match common {
            Some((_, least, most)) => out_of_bounds(name, value, *least, *most)?,
            None if OWN.contains(&name.as_str()) => Text::new(
                "是模型自身的字段，不能放在params中",
                "is a field of the model itself, not a parameter",
            ),
            None if manifest.is_none() => Text::new("不是已知参数", "is not a known parameter"),
            None if manifest.is_some_and(|manifest| is_secret(manifest, name)) => Text::new(
                "是密钥，不能作为参数存储",
                "is a secret and cannot be stored as a parameter",
            ),
            None => return None,
        };
        Some((format!("params.{name}"), problem))
    };
    params.iter().filter_map(problem).collect()
}

fn is_secret(manifest: &Manifest, name: &str) -> bool {
    manifest.config.get(name).is_some_and(|field| field.secret)
}

fn out_of_bounds(name: &str, value: &Value, least: f64, most: f64) -> Option<Text> {
    if name == WHOLE && !value.is_i64() {
        return Some(Text::new("必须是整数", "must be a whole number"));
    }
    match value.as_f64() {
        None => Some(Text::new("必须是数字", "must be a number")),
        Some(number) if (least..=most).contains(&number) => None,
        Some(_) => Some(Text::made(
            format!("必须在{least}到{most}之间"),
            format!("must be between {least} and {most}"),
        )),
    }
}

/// The model as its plugin declares it, with the plugin's defaults and without the key; else what
/// is wrong, by the names that the API has. `api_key` is only checked.
pub(super) fn fit(
    manifest: &Manifest,
    model: &Model,
    api_key: Option<&str>,
) -> Result<Map<String, Value>, Vec<Problem>> {
    let mut config = model.params.clone();
    let stored = (!model.api_key.is_empty()).then_some(MASK);
    let own: [(&str, Value); OWN.len()] = [
        ("api_url", model.api_url.as_str().into()),
        (KEY, api_key.or(stored).into()),
        ("model", model.kind.as_str().into()),
        ("timeout", model.timeout_seconds.into()),
    ];
    for (name, value) in own {
        if manifest.config.contains_key(name) && !value.is_null() {
            config.insert(name.to_owned(), value);
        }
    }
    let problems = manifest.check_config(&mut config).err().unwrap_or_default();
    let problems: Vec<Problem> = problems
        .into_iter()
        // A stored key was checked when it came.
        .filter(|problem| problem.field != KEY || api_key.is_some() || stored.is_none())
        .map(|problem| {
            let name = match problem.field.as_str() {
                "model" => "type".to_owned(),
                own if OWN.contains(&own) => own.to_owned(),
                param => format!("params.{param}"),
            };
            (name, Text::made(problem.zh, problem.en))
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    config.remove(KEY);
    Ok(config)
}
