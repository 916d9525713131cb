use crate::{Receiver, Request, Response};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Telegram's Bot API as far as messages go: it holds, changes and answers them.
pub struct Telegram {
    receiver: Receiver,
    pub token: String,
    held: Arc<Mutex<Held>>,
}

/// A message as readers see it.
#[derive(Debug, Clone)]
pub struct TelegramMessage {
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// How often it was changed.
    pub edits: usize,
}

#[derive(Default)]
struct Held {
    messages: BTreeMap<i64, TelegramMessage>,
    /// Of the last message; none is given twice.
    last_id: i64,
}

const CHAT: i64 = -1001234567890;
const NOT_MODIFIED: &str =
    "Bad Request: message is not modified: the new text and buttons are those that are there";

impl Telegram {
    pub async fn start() -> Self {
        let token = format!("12345:not-real-{}", hex::encode(rand::random::<[u8; 8]>()));
        let held = Arc::new(Mutex::new(Held::default()));
        let (base, own) = (format!("/bot{token}/"), held.clone());
        let receiver = Receiver::answering(move |request| {
            // A colon in the path may be written either way.
            let path = request.uri.path().replace("%3A", ":");
            match path.strip_prefix(&base) {
                Some(method) => lock(&own).answer(method, request),
                None => refused(404, "Not Found"),
            }
        })
        .await;
        Self {
            receiver,
            token,
            held,
        }
    }

    /// A target in its one chat, as the admin API takes it.
    pub fn target(&self, name: &str) -> Value {
        json!({
            "name": name,
            "type": "telegram",
            "config": {"token": self.token, "chat_id": CHAT.to_string(), "api_url": self.url("")},
        })
    }

    /// In the order in which they were sent.
    pub fn messages(&self) -> Vec<TelegramMessage> {
        lock(&self.held).messages.values().cloned().collect()
    }

    /// Somebody deletes all of them.
    pub fn forget_messages(&self) {
        lock(&self.held).messages.clear();
    }
}

impl Deref for Telegram {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

impl Held {
    fn answer(&mut self, method: &str, request: &Request) -> Response {
        let body = request.json();
        let text = body["text"].as_str().unwrap_or_default().to_owned();
        match method {
            "getChat" => Response::json(200, &json!({"ok": true, "result": {"id": CHAT}})),
            "sendMessage" => {
                let reply_to = body["reply_parameters"]["message_id"].as_i64();
                if reply_to.is_some_and(|id| !self.messages.contains_key(&id)) {
                    return refused(400, "Bad Request: message to be replied not found");
                }
                self.last_id += 1;
                let message = TelegramMessage {
                    text,
                    reply_to,
                    edits: 0,
                };
                self.messages.insert(self.last_id, message);
                sent(self.last_id)
            }
            "editMessageText" => {
                let id = body["message_id"].as_i64().unwrap_or_default();
                match self.messages.get_mut(&id) {
                    None => refused(400, "Bad Request: message to edit not found"),
                    Some(message) if message.text == text => refused(400, NOT_MODIFIED),
                    Some(message) => {
                        message.text = text;
                        message.edits += 1;
                        sent(id)
                    }
                }
            }
            _ => refused(404, "Not Found"),
        }
    }
}

fn sent(id: i64) -> Response {
    let result = json!({"message_id": id, "chat": {"id": CHAT, "type": "supergroup"}});
    Response::json(200, &json!({"ok": true, "result": result}))
}

fn refused(code: u16, description: &str) -> Response {
    let answer = json!({"ok": false, "error_code": code, "description": description});
    Response::json(code, &answer)
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
