use crate::{Receiver, Request, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use push_notify_core::clock::Clock;
use serde_json::{Value, json};
use sha2::Sha256;
use std::ops::Deref;

/// DingTalk's robot API as FACTS.md describes it: errors come with status 200; the token, the
/// signature and its time are checked.
pub struct DingTalk {
    receiver: Receiver,
    pub token: String,
    pub secret: String,
}

const HOUR_MS: i64 = 3_600_000;
const LONGEST_BODY: usize = 20_000;

impl DingTalk {
    pub async fn start() -> Self {
        let random = hex::encode(rand::random::<[u8; 8]>());
        let token = format!("robot-token-not-real-{random}");
        let secret = format!("SECnot-real-{random}");
        let expected = (token.clone(), secret.clone());
        let receiver = Receiver::answering(move |request| {
            let (code, text) = judge(request, &expected.0, &expected.1);
            Self::errcode(code, text)
        })
        .await;
        Self {
            receiver,
            token,
            secret,
        }
    }

    /// An answer of the API.
    pub fn errcode(code: i64, text: &str) -> Response {
        Response::json(200, &json!({"errcode": code, "errmsg": text}))
    }

    /// An answer of the gateway before it.
    pub fn throttled(wait_seconds: u64) -> Response {
        Response::json(
            200,
            &json!({"status": 1111, "wait": wait_seconds, "source": "x5", "punish": "deny", "uuid": "not-real"}),
        )
    }

    /// The message of each request.
    pub fn messages(&self) -> Vec<Value> {
        self.requests().iter().map(Request::json).collect()
    }
}

impl Deref for DingTalk {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

fn judge(request: &Request, token: &str, secret: &str) -> (i64, &'static str) {
    if request.method != "POST" {
        return (43002, "need POST request");
    }
    if request.uri.path() != "/robot/send" {
        return (404, "no such method");
    }
    let json = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"));
    if !json {
        return (43004, "invalid content-type");
    }
    let query = request.query();
    if query.get("access_token").map(String::as_str) != Some(token) {
        return (300005, "token is not exist");
    }
    let timestamp = query
        .get("timestamp")
        .map(String::as_str)
        .unwrap_or_default();
    let now = Clock::default().now_ms();
    let in_time = timestamp
        .parse::<i64>()
        .is_ok_and(|at| (now - at).abs() < HOUR_MS);
    if !in_time {
        return (310000, "invalid timestamp");
    }
    if query.get("sign") != Some(&sign(timestamp, secret)) {
        return (310000, "sign not match");
    }
    if request.body.len() > LONGEST_BODY {
        return (460101, "message too long, exceed 20000 bytes");
    }
    let message = request.json();
    match message["msgtype"].as_str() {
        Some("markdown") => {
            let there = |field: &str| {
                message["markdown"][field]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            };
            if there("title") && there("text") {
                (0, "ok")
            } else {
                (40035, "缺少参数 markdown")
            }
        }
        _ => (400105, "unsupported msgtype"),
    }
}

fn sign(timestamp: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(format!("{timestamp}\n{secret}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
