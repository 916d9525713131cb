use super::Id;
use crate::{
    Comment, Rejection,
    delivery::{not_ours, present},
};
use serde::Deserialize;

/// A comment on anything.
#[derive(Debug, Deserialize)]
pub struct CommentPayload {
    id: Option<Id>,
    body: Option<String>,
    html_url: Option<String>,
    path: Option<String>,
    line: Option<u32>,
    commit_id: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl CommentPayload {
    /// Ours is refused.
    pub fn normalised(self) -> Result<Comment, Rejection> {
        let text = self.body.unwrap_or_default();
        not_ours(&text)?;
        Ok(Comment {
            id: self.id.map(|id| id.0),
            text,
            url: present(self.html_url),
            path: present(self.path),
            line: self.line.filter(|line| *line > 0),
        })
    }

    /// The commit that it is about, or that was the newest when it was written.
    pub fn commit(&self) -> Option<String> {
        present(self.commit_id.clone())
    }

    /// When what the delivery tells of was done to it. Of one that is gone nobody says when.
    pub fn happened_at(&self, action: &str) -> Option<String> {
        match action {
            "created" => present(self.created_at.clone()),
            "edited" => present(self.updated_at.clone()),
            _ => None,
        }
    }
}
