use super::{
    Client, Dialect, Marks, Posted, Problems, Remark, find, inert, marked, post_comments,
    post_review, post_summary, post_verdict, recall, shortened, summary,
};
use crate::{
    Decision, Failure, Published, Review, ReviewComment, Secret,
    http::{Request, Response},
};

/// A merge request that a review is published at.
pub struct Discussion<'a, D> {
    pub client: &'a Client<D>,
    /// Of the merge request.
    pub number: u64,
    pub review: &'a Review,
    pub marks: Marks<'a>,
    posted: Posted,
}

impl<'a, D: Dialect> Discussion<'a, D> {
    pub(super) fn of(
        client: &'a Client<D>,
        number: u64,
        review: &'a Review,
        token: &'a Secret,
    ) -> Self {
        let name = format!("{}{}{number}", client.name(), D::NUMBER_SIGN);
        Self {
            client,
            number,
            review,
            posted: Posted::of(format!("{name}@{}", review.head_sha)),
            marks: Marks::of(name, token).hidden_by(D::MARK),
        }
    }

    /// What a comment at a line says, with the mark by which it is known again.
    pub fn text(&self, comment: &ReviewComment) -> String {
        let text = inert(&comment.body);
        marked(&shortened(&text, D::LONGEST_COMMENT), &self.mark(comment))
    }

    /// Learns which comments at lines the host shows already; `there` lists them.
    pub fn recall(
        &self,
        there: impl FnOnce() -> Result<Vec<Remark>, Failure>,
    ) -> Result<(), Failure> {
        let mark = |comment: &ReviewComment| self.mark(comment);
        recall(&self.review.comments, &self.posted, mark, there)
    }

    /// Posts the comments at their lines, each by the request that `post` makes.
    pub fn post_comments(
        &self,
        problems: &mut Problems,
        post: impl Fn(&ReviewComment) -> Request,
    ) -> Result<Vec<u32>, Failure> {
        let post = |comment: &ReviewComment| Ok(post(comment).send()?);
        post_comments(&self.review.comments, &self.posted, problems, post)
    }

    /// Posts comments and verdict as one review, as far as the host takes them so; see
    /// [`post_review`].
    pub fn post_review(
        &self,
        problems: &mut Problems,
        at_once: impl Fn(Decision, &[ReviewComment]) -> Request,
        alone: impl Fn(&ReviewComment) -> Request,
        withdraw: impl FnOnce() -> Result<Option<Response>, Failure>,
    ) -> Result<Vec<u32>, Failure> {
        post_review(
            self.review,
            &self.posted,
            problems,
            |decision, comments| Ok(at_once(decision, comments).send()?),
            |comment| Ok(alone(comment).send()?),
            withdraw,
        )
    }

    pub(super) fn publish(&self, problems: &mut Problems) -> Result<Published, Failure> {
        let mut published = Published {
            folded: D::at_lines(self, problems)?,
            ..Published::default()
        };
        if let Some(text) = summary(self.review, &published.folded) {
            let result = self.summarise(&text);
            published.summary = problems.note("summary", result)?.flatten();
        }
        if let Some(verdict) = self.review.verdict
            && let Some(request) = D::verdict(self, verdict)
        {
            post_verdict(&self.posted, verdict, || Ok(Some(request.send()?)))?;
        }
        Ok(published)
    }

    fn summarise(&self, text: &str) -> Result<Option<String>, Failure> {
        let (client, number) = (self.client, self.number);
        let mark = self.marks.summary();
        let body = D::comment(&marked(&shortened(text, D::LONGEST_COMMENT), &mark));
        post_summary(
            &self.posted,
            self.review.earlier.as_deref(),
            || Ok(find(&D::comments(client, number)?, &mark)),
            |id| Ok(D::edit_comment(client, number, id).json(&body).send()?),
            || Ok(D::new_comment(client, number).json(&body).send()?),
        )
    }

    fn mark(&self, comment: &ReviewComment) -> String {
        self.marks.comment(&self.review.head_sha, comment)
    }
}
