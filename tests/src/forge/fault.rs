use crate::{Request, Response};

/// An answer to some requests, in place of the host's own.
#[derive(Debug, Clone)]
pub struct Fault {
    method: &'static str,
    part: String,
    response: Response,
    /// How many the host answers before.
    before: usize,
    left: usize,
}

impl Fault {
    /// Of requests with this method, whose path (as it was sent, without the query) contains
    /// `part`: one of them, unless [`Fault::times`] says more.
    pub fn new(method: &'static str, part: &str, response: Response) -> Self {
        Self {
            method,
            part: part.to_owned(),
            response,
            before: 0,
            left: 1,
        }
    }

    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// The first `count` are left to the host.
    pub fn after(mut self, count: usize) -> Self {
        self.before = count;
        self
    }

    /// Whether it is about this request.
    pub(super) fn take(&mut self, request: &Request) -> Option<Response> {
        let meant = request.method == self.method && request.uri.path().contains(&self.part);
        if !meant || self.left == 0 {
            return None;
        }
        if self.before > 0 {
            self.before -= 1;
            return None;
        }
        self.left -= 1;
        Some(self.response.clone())
    }
}
