//! Programming languages: what they are called, and which one a file is written in.

mod table;

use table::{LANGUAGES, Language};

/// The language of a file, by its name alone: `src/main.rs` -> `rust`. None where there is no code
/// in it, or none we know.
pub fn of_path(path: &str) -> Option<&'static str> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let known = |language: &&Language| language.files.contains(&file);
    if let Some(language) = LANGUAGES.iter().find(known) {
        return Some(language.key);
    }
    let (start, extension) = file.rsplit_once('.')?;
    // `.go` is a hidden file.
    if start.is_empty() {
        return None;
    }
    let extension = extension.to_ascii_lowercase();
    let language = LANGUAGES
        .iter()
        .find(|language| language.extensions.contains(&extension.as_str()))?;
    Some(language.key)
}

/// What people call it: `cpp` -> `C++`. A key that we do not know is its own name.
pub fn display_name(key: &str) -> &str {
    let language = LANGUAGES.iter().find(|language| language.key == key);
    language.map_or(key, |language| language.name)
}

/// The key of a language, however somebody wrote its name: `Golang` -> `go`, `C++` -> `cpp`. One
/// that we do not know is only put in lower case.
pub fn canonical(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let language = LANGUAGES.iter().find(|language| {
        language.key == name
            || language.name.to_lowercase() == name
            || language.aliases.contains(&name.as_str())
    });
    language.map_or(name, |language| language.key.to_owned())
}

#[cfg(test)]
mod tests;
