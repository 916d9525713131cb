use super::{Level, Request, cache::Cache};
use crate::http::{self, Response};
use crate::smtp::{self, Envelope, Outcome, Server};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The engine as one test wants it. Clones share what they know.
#[derive(Clone, Default)]
pub struct Host(Rc<State>);

/// A message that the plugin handed over with [`smtp::send`](crate::smtp::send).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub server: Server,
    pub envelope: Envelope,
    pub message: Vec<u8>,
}

/// A line that the plugin logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub level: Level,
    pub message: String,
}

type Http = dyn FnMut(&Request) -> Result<Response, http::Error>;
type Smtp = dyn FnMut(&Server, &Envelope, &[u8]) -> Result<Vec<Outcome>, smtp::Error>;

#[derive(Default)]
pub(super) struct State {
    pub(super) now_ms: Cell<u64>,
    pub(super) secrets: RefCell<Vec<(String, String)>>,
    pub(super) cache: Cache,
    pub(super) randomness: Cell<u64>,
    http: RefCell<Option<Box<Http>>>,
    smtp: RefCell<Option<Box<Smtp>>>,
    requests: RefCell<Vec<Request>>,
    mails: RefCell<Vec<Mail>>,
    lines: RefCell<Vec<Line>>,
}

thread_local! {
    static INSTALLED: RefCell<Vec<Rc<State>>> = const { RefCell::new(Vec::new()) };
}

impl Host {
    /// It is 1970, there are no secrets, and nobody answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the clock, to Unix time in ms. It stands still.
    pub fn now_ms(self, now_ms: u64) -> Self {
        self.0.now_ms.set(now_ms);
        self
    }

    /// Makes `placeholder` stand for `value` in crypto calls.
    pub fn secret(self, placeholder: &str, value: &str) -> Self {
        let entry = (placeholder.to_owned(), value.to_owned());
        self.0.secrets.borrow_mut().push(entry);
        self
    }

    /// Answers HTTP requests.
    pub fn http(
        self,
        answer: impl FnMut(&Request) -> Result<Response, http::Error> + 'static,
    ) -> Self {
        *self.0.http.borrow_mut() = Some(Box::new(answer));
        self
    }

    /// Takes mail.
    pub fn smtp(
        self,
        answer: impl FnMut(&Server, &Envelope, &[u8]) -> Result<Vec<Outcome>, smtp::Error> + 'static,
    ) -> Self {
        *self.0.smtp.borrow_mut() = Some(Box::new(answer));
        self
    }

    /// Runs `call` with this as the engine of the current thread.
    pub fn run<T>(&self, call: impl FnOnce() -> T) -> T {
        struct Uninstall;
        impl Drop for Uninstall {
            fn drop(&mut self) {
                INSTALLED.with_borrow_mut(|installed| installed.pop());
            }
        }
        INSTALLED.with_borrow_mut(|installed| installed.push(self.0.clone()));
        let _uninstall = Uninstall;
        call()
    }

    /// Lets time pass between calls.
    pub fn advance_ms(&self, ms: u64) {
        self.0.now_ms.set(self.0.now_ms.get().saturating_add(ms));
    }

    /// The HTTP requests so far, with placeholders where secrets belong.
    pub fn requests(&self) -> Vec<Request> {
        self.0.requests.borrow().clone()
    }

    /// The mails so far, with placeholders where secrets belong.
    pub fn mails(&self) -> Vec<Mail> {
        self.0.mails.borrow().clone()
    }

    /// The log so far.
    pub fn lines(&self) -> Vec<Line> {
        self.0.lines.borrow().clone()
    }
}

impl State {
    /// The engine of the current thread, for a call of `function`.
    pub(super) fn current(function: &str) -> Rc<Self> {
        INSTALLED
            .with_borrow(|installed| installed.last().cloned())
            .unwrap_or_else(|| {
                panic!(
                    "{function} was called outside the engine: in a test, wrap the call in \
                     `push_notify_sdk::testing::Host::new().run(|| ...)`"
                )
            })
    }

    pub(super) fn http(&self, request: &Request) -> Result<Response, http::Error> {
        self.requests.borrow_mut().push(request.clone());
        let mut answer = self.http.borrow_mut();
        let answer = answer.as_mut().unwrap_or_else(|| {
            panic!(
                "nothing answers {:?} {}: give the test's `testing::Host` an `.http(|request| ...)`",
                request.method, request.url
            )
        });
        answer(request)
    }

    pub(super) fn smtp(&self, mail: Mail) -> Result<Vec<Outcome>, smtp::Error> {
        self.mails.borrow_mut().push(mail.clone());
        let mut answer = self.smtp.borrow_mut();
        let answer = answer.as_mut().unwrap_or_else(|| {
            panic!(
                "nothing takes mail for {}: give the test's `testing::Host` an `.smtp(|server, envelope, message| ...)`",
                mail.server.host
            )
        });
        answer(&mail.server, &mail.envelope, &mail.message)
    }

    pub(super) fn log(&self, line: Line) {
        self.lines.borrow_mut().push(line);
    }
}
