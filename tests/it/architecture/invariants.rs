//! The invariants of ARCHITECTURE.md, as far as the tree itself tells.

use super::tree::{is_test, sources};
use push_notify::log::operation::words;
use push_notify_core::i18n::Locale;
use push_notify_tests::workspace;
use std::{collections::BTreeSet, fs};

/// No file outside `home` has `what` in its code.
#[track_caller]
fn lives_only_in(what: &[&str], folders: &[&str], home: impl Fn(&str) -> bool) {
    let strays: Vec<&str> = sources(folders)
        .into_iter()
        .filter(|source| !home(&source.path) && what.iter().any(|what| source.code.contains(what)))
        .map(|source| source.path.as_str())
        .collect();
    assert!(strays.is_empty(), "{what:?} in {strays:#?}");
}

const ENGINE: [&str; 4] = [
    "engine/core/src",
    "engine/db/src",
    "engine/review/src",
    "engine/server/src",
];

#[test]
fn only_the_host_knows_wasmtime() {
    lives_only_in(&["wasmtime"], &["engine", "sdk", "plugins"], |path| {
        path.starts_with("engine/host/")
    });
    for manifest in ["engine/server", "sdk/rust", "sdk/tool", "sdk/manifest"] {
        let text =
            fs::read_to_string(workspace().join(manifest).join("Cargo.toml")).expect("a manifest");
        assert!(!text.contains("wasmtime"), "{manifest}");
    }
}

#[test]
fn sql_lives_in_stores_the_database_folder_and_the_pipeline() {
    lives_only_in(&["sqlx::query", "sqlx::raw_sql"], &ENGINE, |path| {
        path.ends_with("/store.rs")
            || path.contains("/store/")
            || path.starts_with("engine/db/src/")
            || path.starts_with("engine/server/src/pipeline/")
            || is_test(path)
    });
}

/// What else stores one, or spells a state, misses what the owner learns to do.
#[test]
fn a_push_is_stored_by_its_owner_alone() {
    let words = ["INSERT INTO pushes", "'delivered'", "'misconfigured'"];
    lives_only_in(&words, &ENGINE, |path| {
        path.starts_with("engine/server/src/push/") || is_test(path)
    });
}

#[test]
fn axum_lives_in_the_http_rooms_and_in_the_features_api() {
    lives_only_in(&["axum::", "axum "], &ENGINE, |path| {
        ["auth/", "http/", "web/"]
            .iter()
            .any(|room| path.starts_with(&format!("engine/server/src/{room}")))
            || path.ends_with("/api.rs")
            || path.contains("/api/")
    });
    lives_only_in(&["axum"], &["engine/host/src"], is_test);
}

#[test]
fn features_do_not_know_the_pipeline() {
    lives_only_in(&["crate::pipeline", "pipeline::"], &ENGINE, |path| {
        let inside = path.strip_prefix("engine/server/src/").unwrap_or_default();
        inside.starts_with("pipeline/")
            || inside.starts_with("web/")
            || ["loading.rs", "run.rs"].contains(&inside)
    });
}

#[test]
fn only_the_clock_reads_the_wall_clock() {
    lives_only_in(
        &["SystemTime::now", "Timestamp::now", "Utc::now"],
        &ENGINE,
        |path| path == "engine/core/src/clock.rs",
    );
}

/// An action without words is shown as it is, in English, to those who read Chinese.
#[test]
fn every_recorded_action_has_words() {
    let nouns = [
        "repo",
        "target",
        "template",
        "prompt",
        "model",
        "push",
        "event",
        "review",
        "plugin",
        "user",
        "api_key",
        "settings",
        "log",
        "dead_letter",
        "replay",
    ];
    let sources = sources(&ENGINE);
    // Keys of the configuration look like actions.
    let recording = sources
        .iter()
        .filter(|source| !source.path.starts_with("engine/core/src/config/"));
    let literals = recording.flat_map(|source| source.code.split('"'));
    let actions: BTreeSet<&str> = literals
        .filter(|text| {
            let parts = text.split_once('.');
            parts.is_some_and(|(noun, verb)| {
                let is_word = verb.bytes().all(|byte| byte.is_ascii_lowercase());
                nouns.contains(&noun) && !verb.is_empty() && is_word
            })
        })
        // Fields of lines in the log.
        .filter(|text| !text.ends_with(".id"))
        .collect();
    assert!(actions.len() > 30, "{actions:?}");
    let bare: Vec<&&str> = actions
        .iter()
        .filter(|action| {
            let words = words(action, "");
            let words = words.as_str(Locale::Chinese);
            words.contains(|c: char| c.is_ascii_lowercase())
        })
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn files_stay_small() {
    let large: Vec<(&str, usize)> = sources(&["engine", "sdk", "plugins", "tests"])
        .into_iter()
        .map(|source| (source.path.as_str(), source.text.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .collect();
    assert!(large.is_empty(), "{large:#?}");
}

#[test]
fn a_module_file_is_a_table_of_contents() {
    let logic: Vec<&str> = sources(&["engine", "sdk", "plugins"])
        .into_iter()
        .filter(|source| source.path.ends_with("/mod.rs"))
        .filter(|source| {
            source
                .code
                .lines()
                .any(|line| line.trim_start().starts_with("async fn ") || line.starts_with("fn "))
        })
        .map(|source| source.path.as_str())
        .collect();
    assert!(logic.is_empty(), "{logic:#?}");
}

#[test]
fn every_key_of_the_configuration_is_explained() {
    let defaults = push_notify_core::config::DEFAULTS;
    let mut section = "";
    let mut explained = false;
    let mut bare = Vec::new();
    for line in defaults.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
            // A plugin's table is explained where the first one stands.
            explained = section.starts_with("plugins.");
        } else if line.starts_with('#') {
            explained = true;
        } else if line.is_empty() {
            explained = false;
        } else if let Some((key, _)) = line.split_once(" = ")
            && !explained
        {
            bare.push(format!("{section}.{key}"));
        }
    }
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn no_file_holds_a_secret_a_machine_path_or_an_unfinished_thought() {
    let folders = ["engine", "sdk", "plugins", "tests/src", "tests/it"];
    let this = file!();
    // Put together here, so that this file is not one of those that it looks for.
    let unwelcome = [
        ["/ro", "ot/"],
        ["/ho", "me/runner"],
        ["TO", "DO"],
        ["FIX", "ME"],
        ["todo", "!("],
        ["unimplemented", "!("],
    ]
    .map(|parts| parts.concat());
    let found: Vec<String> = sources(&folders)
        .into_iter()
        .filter(|source| !source.path.ends_with(this))
        .flat_map(|source| {
            let found = unwelcome
                .iter()
                .filter(|what| source.text.contains(what.as_str()));
            found.map(move |what| format!("{}: {what}", source.path))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// A map that leads nowhere is worse than none.
#[test]
fn every_place_that_the_map_names_is_there() {
    let map = fs::read_to_string(workspace().join("ARCHITECTURE.md")).expect("the map");
    let homes = ["", "engine/server/src", "engine/host/src", "engine/host"];
    let looks_like_a_path = |text: &str| {
        let ends = [".rs", ".toml", ".md", "/"]
            .iter()
            .any(|end| text.ends_with(end));
        ends && text.contains('/') && !text.contains([' ', '*', '<', '{'])
    };
    let named: Vec<&str> = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|text| looks_like_a_path(text))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    let missing: Vec<&&str> = named
        .iter()
        .filter(|path| {
            !homes
                .iter()
                .any(|home| workspace().join(home).join(path).exists())
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
