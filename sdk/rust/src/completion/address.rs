use std::fmt::Display;

/// An administrator's address of an API, used as given: a query stays where it belongs, a fragment
/// and slashes at the end are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    base: String,
    query: String,
}

impl Address {
    pub fn parse(url: &str) -> Self {
        let url = url.trim();
        let url = url.split('#').next().unwrap_or_default();
        let (path, query) = match url.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (url, String::new()),
        };
        Self {
            base: path.trim_end_matches('/').to_owned(),
            query,
        }
    }

    /// What stands before `end` when the path ends in it.
    pub fn without(&self, end: &str) -> Option<Self> {
        let base = self.base.strip_suffix(end)?;
        Some(Self {
            base: base.trim_end_matches('/').to_owned(),
            query: self.query.clone(),
        })
    }

    /// The address of `path` below this one.
    pub fn at(&self, path: impl Display) -> String {
        let (base, query) = (&self.base, &self.query);
        format!("{base}{path}{query}")
    }

    /// Without the query.
    pub fn base(&self) -> &str {
        &self.base
    }
}
