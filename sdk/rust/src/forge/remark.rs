use super::{Listed, told};
use crate::{
    Failure,
    http::{Error, Response},
};
use serde::Deserialize;

/// What somebody said, as hosts list it: a comment, or a review as such.
#[derive(Debug, Deserialize)]
pub struct Remark {
    pub id: u64,
    pub body: Option<String>,
    /// Of a review: what it decided.
    pub state: Option<String>,
    /// Of a review: what it is of.
    pub commit_id: Option<String>,
    /// Of a review: whether what it decided was taken back.
    pub dismissed: Option<bool>,
}

impl Remark {
    /// A comment.
    pub fn new(id: u64, body: Option<String>) -> Self {
        Self {
            id,
            body,
            state: None,
            commit_id: None,
            dismissed: None,
        }
    }

    pub fn has(&self, mark: &str) -> bool {
        self.body.as_deref().is_some_and(|body| body.contains(mark))
    }
}

/// A page of what was said. Empty where the host does not show it: then something may be said
/// twice, which is better than not at all.
pub fn remarks(answer: Result<Response, Error>) -> Result<Vec<Remark>, Failure> {
    let list: Option<Listed<Remark, 100>> = told(answer)?;
    Ok(list.map(|list| list.entries).unwrap_or_default())
}
