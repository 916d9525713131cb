use push_notify_core::i18n::Text;
use push_notify_host::{Host, PluginInfo, PluginState};
use push_notify_manifest::{Field, FieldType, Kind, Manifest};
use serde_json::{Value, json};

/// The ids of the plugins of a kind that a new target or repository may name as its type.
pub fn loaded(host: &Host, kind: Kind) -> Vec<String> {
    let mut ids: Vec<String> = host
        .plugins()
        .iter()
        .filter(|plugin| {
            matches!(
                plugin.state,
                PluginState::Active | PluginState::Loading | PluginState::Quarantined { .. }
            )
        })
        .filter_map(|plugin| plugin.manifest.as_ref())
        .filter(|manifest| manifest.kind == kind)
        .map(|manifest| manifest.id.clone())
        .collect();
    ids.sort_unstable();
    ids
}

/// What is wrong with a type that no loaded plugin has.
pub fn unknown_type(host: &Host, kind: Kind) -> Text {
    let loaded = loaded(host, kind).join(", ");
    Text::made(
        format!("不是已加载的插件，可用的类型：{loaded}"),
        format!("is not the id of a loaded {kind} plugin; loaded are: {loaded}"),
    )
}

/// The plugins as `GET /plugins` shows them.
pub fn views(plugins: &[PluginInfo]) -> Vec<Value> {
    plugins.iter().map(view).collect()
}

/// What each that failed to load failed at.
pub fn failures(plugins: &[PluginInfo]) -> Vec<Text> {
    let failure = |plugin: &PluginInfo| match &plugin.state {
        PluginState::Failed { reason } => {
            let text = format!("{}: {reason}", plugin.name);
            Some(Text::made(text.clone(), text))
        }
        _ => None,
    };
    plugins.iter().filter_map(failure).collect()
}

/// One that failed to load has no manifest, and its file's name for an id.
fn view(plugin: &PluginInfo) -> Value {
    let manifest = plugin.manifest.as_deref();
    let (state, reason) = match &plugin.state {
        PluginState::Active => ("active", None),
        PluginState::Loading => ("loading", None),
        PluginState::Disabled => ("disabled", None),
        PluginState::Quarantined { reason } => ("quarantined", Some(reason)),
        PluginState::Failed { reason } => ("failed", Some(reason)),
    };
    json!({
        "id": manifest.map_or(&plugin.name, |manifest| &manifest.id),
        "kind": manifest.map(|manifest| manifest.kind),
        "version": manifest.map(|manifest| &manifest.version),
        "contract": manifest.map(|manifest| &manifest.contract),
        "description": manifest.map(|manifest| &manifest.description),
        "category": manifest.map(|manifest| manifest.category),
        "capabilities": manifest.map(|manifest| &manifest.capabilities),
        "instructions": manifest.map(|manifest| &manifest.instructions),
        "icon": manifest.map(|manifest| &manifest.icon),
        "text": manifest.map(|manifest| &manifest.text),
        "state": state,
        "reason": reason,
        "digest": plugin.digest,
        "size": plugin.size,
        "permissions": { "asked": plugin.asked, "granted": plugin.granted },
        "config": manifest.map(config).unwrap_or_default(),
        "limits": manifest.map(|manifest| &manifest.limits),
        "calls": plugin.calls,
        "traps": plugin.traps,
    })
}

fn config(manifest: &Manifest) -> Vec<Value> {
    manifest
        .config
        .iter()
        .map(|(name, field)| config_field(name, field))
        .collect()
}

fn config_field(name: &str, field: &Field) -> Value {
    let kind = match field.kind {
        FieldType::String => "string",
        FieldType::Integer => "integer",
        FieldType::Number => "number",
        FieldType::Boolean => "boolean",
        FieldType::List => "list",
        FieldType::Map => "map",
        FieldType::Object => "object",
    };
    json!({
        "name": name,
        "type": kind,
        "required": field.required,
        "secret": field.secret,
        "format": field.format,
        "default": field.default,
        "options": field.options,
        "min": field.min,
        "max": field.max,
        "multiline": field.multiline,
        "pattern": field.pattern,
        "placeholder": field.placeholder,
        "group": field.group,
        "title": field.title,
        "help": field.help,
    })
}
