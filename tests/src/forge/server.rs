use super::{Books, Comment, Fault, File, Inline, On, Status, Verdict, books::MergeRequest};
use crate::{Receiver, Request, Response};
use std::{
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A Git host with one repository. Its scripted answers ([`Receiver::then`]) and faults come before
/// its own.
pub struct Forge {
    receiver: Receiver,
    books: Arc<Mutex<Books>>,
    /// Of the repository, such as `company/backend-service`.
    pub path: String,
    /// The only access token that it knows.
    pub token: String,
}

/// How a host answers.
pub(super) type Dialect = fn(&Request, &mut Books) -> Response;

impl Forge {
    /// With a private repository at `path`.
    pub(super) async fn serving(path: &str, dialect: Dialect) -> Self {
        let token = format!("token-not-real-{}", hex::encode(rand::random::<[u8; 12]>()));
        let books = Arc::new(Mutex::new(Books::new(path, &token)));
        let known = Arc::clone(&books);
        let receiver = Receiver::answering(move |request| {
            let books = &mut *lock(&known);
            books
                .fault(request)
                .unwrap_or_else(|| dialect(request, books))
        })
        .await;
        Self {
            receiver,
            books,
            path: path.to_owned(),
            token,
        }
    }

    /// The repository's own URL, as an administrator enters it.
    pub fn repository_url(&self) -> String {
        self.url(&format!("/{}", self.path))
    }

    /// The files that a merge request changes. Its head is the commit `head`.
    pub fn merge_request(&self, number: u64, head: &str, files: Vec<File>) {
        let merge_request = MergeRequest {
            head: head.to_owned(),
            files,
            own: false,
        };
        self.books().merge_requests.insert(number, merge_request);
    }

    /// The owner of the token opened this merge request: most hosts let nobody approve one of their
    /// own.
    pub fn opened_by_us(&self, number: u64) {
        let mut books = self.books();
        let merge_request = books.merge_requests.get_mut(&number);
        merge_request.expect("it is there").own = true;
    }

    /// The files that differ from `base` to `head`, which are branches or commits. What is not set
    /// is 404, as after a force-push.
    pub fn compare(&self, base: &str, head: &str, files: Vec<File>) {
        let between = (base.to_owned(), head.to_owned());
        self.books().compares.insert(between, files);
    }

    /// The files that one commit changes.
    pub fn commit(&self, sha: &str, files: Vec<File>) {
        self.books().commits.insert(sha.to_owned(), files);
    }

    /// A file as it is at a commit.
    pub fn content(&self, sha: &str, path: &str, bytes: impl Into<Vec<u8>>) {
        let at = (sha.to_owned(), path.to_owned());
        self.books().contents.insert(at, bytes.into());
    }

    /// Makes the repository public: who only reads needs no token.
    pub fn make_public(&self) {
        self.books().public = true;
    }

    /// Makes requests fail.
    pub fn fault(&self, fault: Fault) {
        self.books().faults.push(fault);
    }

    /// The comments at lines, in the order in which they were posted.
    pub fn inline(&self) -> Vec<Inline> {
        self.books().inline.clone()
    }

    /// The comments on a whole merge request or commit: the summaries.
    pub fn comments(&self) -> Vec<Comment> {
        self.books().comments.clone()
    }

    /// The comment `id` is gone: somebody deleted it.
    pub fn delete_comment(&self, id: &str) {
        let mut books = self.books();
        books
            .comments
            .retain(|comment| comment.id.to_string() != id);
    }

    pub fn statuses(&self) -> Vec<Status> {
        self.books().statuses.clone()
    }

    /// Reviews as such: approvals, requests for changes, and what only carries comments.
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.books().verdicts.clone()
    }

    /// The summaries of one merge request.
    pub fn comments_on(&self, number: u64) -> Vec<Comment> {
        let mut comments = self.comments();
        comments.retain(|comment| comment.on == On::MergeRequest(number));
        comments
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        lock(&self.books)
    }
}

impl Deref for Forge {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
