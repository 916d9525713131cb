//! What the configuration grants, held against what the plugins ask for.

use super::sources::manifests;
use push_notify_core::config::Plugins;
use std::collections::{BTreeMap, BTreeSet};

/// What of `settings` can have no effect, by its key.
pub fn faults(settings: &Plugins) -> anyhow::Result<Vec<(String, String)>> {
    let mut asked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for manifest in manifests(settings)? {
        asked
            .entry(manifest.id.clone())
            .or_default()
            .extend(manifest.permissions.asked());
    }
    let mut faults = Vec::new();
    for (id, switch) in &settings.each {
        let Some(asked) = asked.get(id) else {
            faults.push((format!("plugins.{id}"), absent(id, &asked)));
            continue;
        };
        let useless = switch.grants.iter().filter(|grant| !asked.contains(*grant));
        let key = format!("plugins.{id}.grants");
        faults.extend(useless.map(|grant| (key.clone(), not_asked(grant, asked))));
    }
    Ok(faults)
}

fn absent(id: &str, asked: &BTreeMap<String, BTreeSet<String>>) -> String {
    let ids = asked.keys().map(String::as_str).collect::<Vec<_>>();
    let nearest = ids
        .iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(known, id), known))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest {
        Some((_, meant)) => format!("there is no such plugin; did you mean `{meant}`?"),
        None => format!(
            "there is no such plugin: it is neither built in nor in `plugins.dir`; there are {}",
            ids.join(", ")
        ),
    }
}

fn not_asked(grant: &str, asked: &BTreeSet<String>) -> String {
    let has_form = grant == "reuse"
        || ["http:", "smtp:"].iter().any(|word| {
            grant
                .strip_prefix(word)
                .is_some_and(|pattern| !pattern.is_empty())
        });
    let asked = match asked.is_empty() {
        true => "it asks for nothing".to_owned(),
        false => {
            let lines: Vec<String> = asked.iter().map(|line| format!("\"{line}\"")).collect();
            format!("it asks for {}", lines.join(", "))
        }
    };
    match has_form {
        true => format!("\"{grant}\" is not what the plugin asks for; {asked}"),
        false => {
            format!("\"{grant}\" is no grant (http:HOST, smtp:HOST or reuse); {asked}")
        }
    }
}
