use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// A webhook as GitHub sends it.
#[derive(Debug, Clone)]
pub struct Delivery {
    event: String,
    id: String,
    body: Vec<u8>,
    content_type: &'static str,
    signing: Signing,
    headers: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
enum Signing {
    Right,
    With(String),
    Not,
}

impl Delivery {
    /// A push of one commit to `main`.
    pub fn push(commit: &str) -> Self {
        Self::new("push", &push_body(commit))
    }

    pub fn new(event: &str, body: &Value) -> Self {
        Self::raw(event, body.to_string().into_bytes())
    }

    pub fn raw(event: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            event: event.to_owned(),
            id: hex::encode(rand::random::<[u8; 16]>()),
            body: body.into(),
            content_type: "application/json",
            signing: Signing::Right,
            headers: Vec::new(),
        }
    }

    /// `X-GitHub-Delivery`.
    pub fn id(mut self, id: &str) -> Self {
        self.id = id.to_owned();
        self
    }

    /// As `application/x-www-form-urlencoded`.
    pub fn form(mut self) -> Self {
        let payload: String = url::form_urlencoded::byte_serialize(&self.body).collect();
        self.body = format!("payload={payload}").into_bytes();
        self.content_type = "application/x-www-form-urlencoded";
        self
    }

    pub fn unsigned(mut self) -> Self {
        self.signing = Signing::Not;
        self
    }

    pub fn signed_with(mut self, secret: &str) -> Self {
        self.signing = Signing::With(secret.to_owned());
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The request, signed with the repository's `secret` unless it was told otherwise.
    pub fn onto(self, request: reqwest::RequestBuilder, secret: &str) -> reqwest::RequestBuilder {
        let mut request = request
            .header("content-type", self.content_type)
            .header("user-agent", "GitHub-Hookshot/0000000")
            .header("x-github-event", self.event)
            .header("x-github-delivery", self.id);
        let secret = match &self.signing {
            Signing::Right => Some(secret),
            Signing::With(other) => Some(other.as_str()),
            Signing::Not => None,
        };
        if let Some(secret) = secret {
            let signature = signature(secret, &self.body);
            request = request.header("x-hub-signature-256", format!("sha256={signature}"));
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(self.body)
    }
}

/// HMAC-SHA256 in hex.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

pub fn push_body(commit: &str) -> Value {
    let repository = "https://github.com/company/backend-service";
    json!({
        "ref": "refs/heads/main",
        "before": "1111111111111111111111111111111111111111",
        "after": commit,
        "created": false,
        "deleted": false,
        "forced": false,
        "compare": format!("{repository}/compare/111111111111...{commit}"),
        "repository": {
            "id": 12345,
            "name": "backend-service",
            "full_name": "company/backend-service",
            "private": true,
            "html_url": repository,
            "clone_url": format!("{repository}.git"),
            "default_branch": "main",
        },
        "pusher": { "name": "zhangsan", "email": "zhangsan@example.com" },
        "sender": { "login": "zhangsan", "avatar_url": "https://avatars.example.com/u/1" },
        "commits": [{
            "id": commit,
            "message": format!("feat: 新增登录功能 {commit}"),
            "timestamp": "2026-01-19T14:00:00Z",
            "url": format!("{repository}/commit/{commit}"),
            "author": { "name": "张三", "email": "zhangsan@example.com", "username": "zhangsan" },
            "added": ["src/login.go"],
            "modified": ["README.md"],
            "removed": [],
        }],
        "head_commit": { "id": commit },
    })
}
