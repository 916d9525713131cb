//! Globs of files, as in `.gitignore`: one without a slash matches in any folder (`*.ts` has
//! `src/a.ts`), one with a slash from the root (`dist/**`). What matches a folder matches all that
//! is in it. `*` and `?` stop at slashes.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// In one list.
pub const MOST: usize = 100;
/// Of each, in characters.
pub const LONGEST: usize = 200;

/// A list of globs.
#[derive(Debug, Clone)]
pub struct Patterns(GlobSet);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pattern}: {reason}")]
pub struct PatternError {
    pub pattern: String,
    pub reason: String,
}

impl Patterns {
    pub fn compile(patterns: &[String]) -> Result<Self, PatternError> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let refused = |reason: String| PatternError {
                pattern: pattern.clone(),
                reason,
            };
            for glob in globs(pattern).map_err(refused)? {
                let glob = GlobBuilder::new(&glob)
                    .literal_separator(true)
                    .backslash_escape(true)
                    .build();
                set.add(glob.map_err(|error| refused(error.kind().to_string()))?);
            }
        }
        // Each compiled by itself; together they may still be too large.
        let set = set.build().map_err(|error| PatternError {
            pattern: patterns.join(" "),
            reason: error.kind().to_string(),
        })?;
        Ok(Self(set))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `path` is relative to the root of the repository, without a leading slash.
    pub fn is_match(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

/// The thing itself, and what is in it if it is a folder. With a trailing slash only the latter.
fn globs(pattern: &str) -> Result<Vec<String>, String> {
    if pattern.starts_with('!') {
        // Taken literally it would match nothing, and nobody would see why.
        return Err("exceptions (!) are not known".to_owned());
    }
    let named = pattern.trim_end_matches('/');
    let from_root = named.trim_start_matches('/');
    if from_root.is_empty() {
        return Err("it names no file".to_owned());
    }
    let anywhere = !named.contains('/');
    let itself = match anywhere {
        true => format!("**/{from_root}"),
        false => from_root.to_owned(),
    };
    let inside = format!("{itself}/**");
    Ok(match named.len() == pattern.len() {
        true => vec![itself, inside],
        false => vec![inside],
    })
}

#[cfg(test)]
mod tests;
