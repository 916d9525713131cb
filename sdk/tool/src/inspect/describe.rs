use super::Plugin;
use crate::progress;
use push_notify_manifest::{Field, FieldType, Format, Limits, Manifest, Permissions};

/// For people: what it is, asks for and takes, and the configuration that lets it.
pub fn describe(plugin: &Plugin) -> String {
    let manifest = &plugin.manifest;
    let Manifest {
        id,
        kind,
        version,
        contract,
        ..
    } = manifest;
    let mut text = format!("{id}: {kind} plugin, version {version}, contract {contract}\n");
    if !manifest.description.is_empty() {
        text.push_str(&format!("  {}\n", manifest.description));
    }
    let mut row = |name: &str, value: String| {
        let mut name = name;
        for line in value.lines() {
            text.push_str(&format!("  {name:<10} {line}\n"));
            name = "";
        }
    };
    row(
        "file",
        format!("{}, {}", plugin.path.display(), progress::size(plugin.size)),
    );
    row("sha256", plugin.sha256.clone());
    if let Some(problem) = &plugin.problem {
        row("REFUSED", problem.clone());
    }
    for warning in &plugin.warnings {
        row("warning", warning.clone());
    }
    row("asks for", or_nothing(asks(&manifest.permissions)));
    row("imports", or_nothing(plugin.surface.functions().join(", ")));
    let can: Vec<&str> = manifest.capabilities.iter().map(|can| can.name()).collect();
    row("can", or_nothing(can.join(", ")));
    row("limits", or_nothing(limits(&manifest.limits)));
    let fields: Vec<String> = manifest
        .config
        .iter()
        .map(|(name, entry)| field(name, entry))
        .collect();
    row("config", or_nothing(fields.join("\n")));
    let templates: Vec<&str> = manifest.templates.keys().map(String::as_str).collect();
    row("found by", manifest.webhook.detect.join(", "));
    row("templates", or_nothing(templates.join(", ")));
    text.push_str("\n  To run it, put the file into the folder of `plugins.dir`, and this into the engine's configuration:\n\n");
    text.push_str(&grant_lines(manifest));
    text
}

/// The operator's side of the manifest's permissions.
pub(super) fn grant_lines(manifest: &Manifest) -> String {
    let grants: Vec<String> = manifest
        .permissions
        .asked()
        .iter()
        .map(|grant| format!("\"{grant}\""))
        .collect();
    let mut text = format!("    [plugins.{}]\n    enabled = true\n", manifest.id);
    if !grants.is_empty() {
        text.push_str(&format!("    grants = [{}]\n", grants.join(", ")));
    }
    text
}

fn or_nothing(text: String) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        text
    }
}

fn asks(permissions: &Permissions) -> String {
    let place = |what: &str, pattern: &String| match Permissions::config_field(pattern) {
        Some(field) => format!("{what} the host in the configuration field `{field}`"),
        None => format!("{what} {pattern}"),
    };
    let http = permissions
        .http
        .iter()
        .map(|pattern| place("requests to", pattern));
    let smtp = permissions
        .smtp
        .iter()
        .map(|pattern| place("mail through", pattern));
    let reuse = permissions
        .reuse
        .map(|calls| format!("one instance for {calls} calls"));
    http.chain(smtp).chain(reuse).collect::<Vec<_>>().join("\n")
}

fn limits(limits: &Limits) -> String {
    let rate = limits.rate.map(|rate| format!("{rate} for a target"));
    let penalty = limits
        .penalty
        .map(|penalty| format!("{penalty} of silence above it"));
    let body = limits
        .max_body_bytes
        .map(|bytes| format!("bodies of {bytes} bytes"));
    let time = limits.timeout_ms.map(|ms| format!("{ms} ms a call"));
    let memory = limits.memory_mib.map(|mib| format!("{mib} MiB of memory"));
    let calls = limits
        .concurrency
        .map(|calls| format!("{calls} calls at once for a target"));
    [rate, penalty, body, time, memory, calls]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn field(name: &str, field: &Field) -> String {
    let kind = match (field.kind, field.format) {
        (FieldType::String, None) => "string",
        (FieldType::String, Some(Format::Url)) => "URL",
        (FieldType::String, Some(Format::Host)) => "host",
        (FieldType::String, Some(Format::Email)) => "e-mail address",
        (FieldType::Integer, _) => "integer",
        (FieldType::Number, _) => "number",
        (FieldType::Boolean, _) => "boolean",
        (FieldType::List, Some(Format::Email)) => "list of e-mail addresses",
        (FieldType::List, _) => "list of strings",
        (FieldType::Map, _) => "strings by name",
        (FieldType::Object, _) => "JSON object",
    };
    let mut text = format!("{name}: {kind}");
    text.push_str(if field.required { ", required" } else { "" });
    text.push_str(if field.secret { ", secret" } else { "" });
    if !field.options.is_empty() {
        let options: Vec<String> = field.options.iter().map(ToString::to_string).collect();
        text.push_str(&format!(", one of {}", options.join(" ")));
    }
    if let Some(default) = &field.default {
        text.push_str(&format!(", default {default}"));
    }
    if let Some(title) = &field.title {
        text.push_str(&format!(" ({})", title.en));
    }
    text
}
