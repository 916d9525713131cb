use super::Remark;
use crate::{
    ReviewComment, Secret, crypto,
    delivery::{HTML_COMMENT, OWN_MARK},
};

/// Marks what the engine says of a merge request, so that it is known again where the memory of it
/// is lost. Nobody sees a mark: its host's Markdown hides it. And nobody makes one for what is not
/// said yet, to have it taken for ours: that takes the access token.
#[derive(Debug)]
pub struct Marks<'a> {
    merge_request: String,
    token: &'a Secret,
    /// What hides a mark.
    hidden_by: (&'static str, &'static str),
}

impl<'a> Marks<'a> {
    /// `merge_request` tells it from all others.
    pub fn of(merge_request: impl Into<String>, token: &'a Secret) -> Self {
        Self {
            merge_request: merge_request.into(),
            token,
            hidden_by: HTML_COMMENT,
        }
    }

    pub fn hidden_by(self, hidden_by: (&'static str, &'static str)) -> Self {
        Self { hidden_by, ..self }
    }

    /// The same for all reviews: each replaces the summary of the one before.
    pub fn summary(&self) -> String {
        self.mark("summary", "")
    }

    /// Of what a review decided.
    pub fn verdict(&self) -> String {
        self.mark("verdict", "")
    }

    /// Another one for what is said of another commit.
    pub fn comment(&self, head: &str, comment: &ReviewComment) -> String {
        let (path, line, body) = (&comment.path, comment.line, &comment.body);
        self.mark("comment", &format!("{head}\n{path}\n{line}\n{body}"))
    }

    fn mark(&self, what: &str, of: &str) -> String {
        let text = format!("{}\n{what}\n{of}", self.merge_request);
        let mut tag = crypto::hex(crypto::hmac_sha256(self.token, text));
        tag.truncate(16);
        let (before, behind) = self.hidden_by;
        format!("{before}{OWN_MARK}{what}:{tag}{behind}")
    }
}

/// The text with the mark at its end.
pub fn marked(text: &str, mark: &str) -> String {
    format!("{text}\n\n{mark}")
}

/// The id of the first comment with this mark: a later one may be quoted from it.
pub fn find(remarks: &[Remark], mark: &str) -> Option<String> {
    let ours = remarks.iter().filter(|remark| remark.has(mark));
    ours.map(|remark| remark.id).min().map(|id| id.to_string())
}
