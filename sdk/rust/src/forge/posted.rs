use crate::{cache, crypto};

const DAY_SECONDS: u32 = 24 * 60 * 60;

/// Remembers for a day what a review has posted, so that a call that is repeated after a failure
/// does not post it again.
#[derive(Debug)]
pub struct Posted {
    review: String,
}

impl Posted {
    /// `review` tells this review from all others, such as by repository, merge request and commit.
    pub fn of(review: impl Into<String>) -> Self {
        Self {
            review: review.into(),
        }
    }

    /// Whether `part` was posted.
    pub fn has(&self, part: &str) -> bool {
        cache::get(&self.key(part)).is_some()
    }

    pub fn remember(&self, part: &str) {
        self.remember_id(part, "");
    }

    /// The host's id of `part`, when it was posted.
    pub fn id(&self, part: &str) -> Option<String> {
        let id = cache::get(&self.key(part))?;
        String::from_utf8(id).ok().filter(|id| !id.is_empty())
    }

    pub fn remember_id(&self, part: &str, id: &str) {
        cache::set(&self.key(part), id, DAY_SECONDS);
    }

    /// Keys are short; a path is not.
    fn key(&self, part: &str) -> String {
        let text = format!("{}\n{part}", self.review);
        format!("posted:{}", crypto::hex(crypto::sha256(text)))
    }
}
