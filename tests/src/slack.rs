use crate::{Receiver, Request, Response};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Slack's Web API as far as messages go: it holds them, changes and threads them, and takes one a
/// second for each channel where it is told so. Errors come with status 200.
pub struct Slack {
    receiver: Receiver,
    pub token: String,
    state: Arc<Mutex<State>>,
}

/// A message as readers see it.
#[derive(Debug, Clone)]
pub struct SlackMessage {
    pub ts: String,
    /// The message that it answers.
    pub thread_ts: Option<String>,
    /// How often it was changed.
    pub edits: usize,
    pub body: Value,
}

#[derive(Default)]
struct State {
    messages: BTreeMap<String, SlackMessage>,
    /// Said of every message that is to be changed.
    refusal: Option<&'static str>,
    pace: Option<Duration>,
    last: Option<Instant>,
    count: u64,
}

impl Slack {
    pub async fn start() -> Self {
        let token = format!("xoxb-not-real-{}", hex::encode(rand::random::<[u8; 8]>()));
        let state = Arc::new(Mutex::new(State::default()));
        let (expected, held) = (format!("Bearer {token}"), state.clone());
        let receiver = Receiver::answering(move |request| {
            if request.header("authorization") != Some(&expected) {
                return said("invalid_auth");
            }
            lock(&held).answer(request)
        })
        .await;
        Self {
            receiver,
            token,
            state,
        }
    }

    /// A target in its one channel, as the admin API takes it.
    pub fn target(&self, name: &str) -> Value {
        json!({
            "name": name,
            "type": "slack",
            "config": {"token": self.token, "channel": "C0NOTREAL", "api_url": self.url("/api")},
        })
    }

    /// In the order in which they were sent.
    pub fn messages(&self) -> Vec<SlackMessage> {
        lock(&self.state).messages.values().cloned().collect()
    }

    /// Somebody deletes all of them.
    pub fn forget_messages(&self) {
        lock(&self.state).messages.clear();
    }

    /// Messages cannot be changed any more, for this reason.
    pub fn refuse_changes(&self, word: Option<&'static str>) {
        lock(&self.state).refusal = word;
    }

    /// So long passes between two calls; sooner, they are refused.
    pub fn paced(&self, pace: Duration) {
        lock(&self.state).pace = Some(pace);
    }
}

impl Deref for Slack {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Response {
        if let (Some(pace), Some(last)) = (self.pace, self.last)
            && last.elapsed() < pace
        {
            let refused = json!({"ok": false, "error": "ratelimited"});
            return Response::json(429, &refused).header("retry-after", "1");
        }
        self.last = Some(Instant::now());
        let body = request.json();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        match (request.uri.path(), text("ts")) {
            ("/api/auth.test", _) => done("C0NOTREAL", "0"),
            ("/api/chat.postMessage", _) => {
                let thread_ts = text("thread_ts");
                if thread_ts
                    .as_ref()
                    .is_some_and(|ts| !self.messages.contains_key(ts))
                {
                    return said("thread_not_found");
                }
                self.count += 1;
                let ts = format!("1795000000.{:06}", self.count);
                let message = SlackMessage {
                    ts: ts.clone(),
                    thread_ts,
                    edits: 0,
                    body,
                };
                self.messages.insert(ts.clone(), message);
                done("C0NOTREAL", &ts)
            }
            ("/api/chat.update", Some(ts)) => match (self.refusal, self.messages.get_mut(&ts)) {
                (_, None) => said("message_not_found"),
                (Some(word), _) => said(word),
                (None, Some(message)) => {
                    message.edits += 1;
                    message.body = body;
                    done("C0NOTREAL", &ts)
                }
            },
            _ => said("unknown_method"),
        }
    }
}

impl SlackMessage {
    pub fn text(&self) -> String {
        self.body.to_string()
    }
}

fn done(channel: &str, ts: &str) -> Response {
    Response::json(200, &json!({"ok": true, "channel": channel, "ts": ts}))
}

fn said(error: &str) -> Response {
    Response::json(200, &json!({"ok": false, "error": error}))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
