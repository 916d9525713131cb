//! Patterns of names. `*` and `?` stop at slashes, `**` does not.

use globset::{GlobBuilder, GlobMatcher};

/// A list of patterns, any of which a name may match.
#[derive(Debug, Clone, Default)]
pub struct Globs(Vec<Glob>);

#[derive(Debug, Clone)]
enum Glob {
    /// Without a wildcard.
    Exact(String),
    Pattern(GlobMatcher),
}

/// How names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Matters,
    /// As of logins and mail addresses.
    Ignored,
}

/// Why a pattern is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobError {
    pub pattern: String,
    pub reason: String,
}

impl Globs {
    pub fn compile(patterns: &[String], case: Case) -> Result<Self, GlobError> {
        let compile = |pattern: &String| {
            let glob = Glob::compile(pattern, case);
            glob.map_err(|error| GlobError {
                pattern: pattern.clone(),
                reason: error.kind().to_string(),
            })
        };
        patterns
            .iter()
            .map(compile)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub fn is_match(&self, name: &str) -> bool {
        self.0.iter().any(|glob| glob.is_match(name))
    }
}

impl Glob {
    fn compile(pattern: &str, case: Case) -> Result<Self, globset::Error> {
        let is_exact = !pattern.contains(['*', '?', '[', ']', '{', '}', '\\']);
        if is_exact && case == Case::Matters {
            return Ok(Self::Exact(pattern.to_owned()));
        }
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .backslash_escape(true)
            .case_insensitive(case == Case::Ignored)
            .build()?;
        Ok(Self::Pattern(glob.compile_matcher()))
    }

    fn is_match(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == name,
            Self::Pattern(pattern) => pattern.is_match(name),
        }
    }
}
