use crate::Logs;
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// A client of the admin API and the webhook address.
#[derive(Clone)]
pub struct Api {
    base: String,
    http: reqwest::Client,
    token: Option<String>,
    key: Option<String>,
    /// Everything that was ever answered, for whoever looks for what must not be in it.
    pub answered: Arc<Mutex<Vec<String>>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    /// Null when it is not JSON.
    pub json: Value,
}

impl Api {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            base: format!("http://{address}"),
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            token: None,
            key: None,
            answered: Arc::default(),
        }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub fn anonymous(&self) -> Self {
        Self {
            token: None,
            key: None,
            ..self.clone()
        }
    }

    /// A client that shows an API key in place of a token.
    pub fn with_key(&self, key: &str) -> Self {
        Self {
            key: Some(key.to_owned()),
            ..self.anonymous()
        }
    }

    /// A client whose answers are not kept.
    pub fn unrecorded(&self) -> Self {
        Self {
            answered: Arc::default(),
            ..self.clone()
        }
    }

    /// Logs in, and returns a client that is, with the answer.
    pub async fn login(&self, username: &str, password: &str) -> (Self, Answer) {
        let body = serde_json::json!({"username": username, "password": password});
        let answer = self.post("/api/v1/auth/login", &body).await.expect(200);
        let token = answer.data()["access_token"]
            .as_str()
            .expect("an access token")
            .to_owned();
        (self.with_token(&token), answer)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(reqwest::Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(reqwest::Method::POST, path).json(body))
            .await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(reqwest::Method::PUT, path).json(body))
            .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(reqwest::Method::DELETE, path)).await
    }

    /// A request to be completed by the caller. English, and with the token.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.bare(method, path).header("accept-language", "en-US")
    }

    /// As [`Api::request`], in no language.
    pub fn bare(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match (&self.token, &self.key) {
            (Some(token), _) => request.bearer_auth(token),
            (None, Some(key)) => request.header("x-api-key", key),
            (None, None) => request,
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        self.try_send(request).await.expect("the server answers")
    }

    pub async fn try_send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await?;
        self.answered
            .lock()
            .expect("no test panics with it")
            .push(text.clone());
        let json = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer {
            status,
            headers,
            text,
            json,
        })
    }
}

impl Answer {
    /// Panics, showing the answer and what the server logged of it, when the status is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}{}", self.text, self.logged());
        self
    }

    fn logged(&self) -> String {
        let id = self.json["request_id"].as_str().unwrap_or_default();
        match id.is_empty() {
            true => String::new(),
            false => format!("\n{}", Logs::with(id).join("\n")),
        }
    }

    /// As [`Answer::expect`], and the body's code.
    #[track_caller]
    pub fn expect_code(self, status: u16, code: u32) -> Self {
        assert_eq!(
            (self.status, self.json["code"].as_u64()),
            (status, Some(code.into())),
            "{}",
            self.text
        );
        self
    }

    #[track_caller]
    pub fn data(&self) -> &Value {
        self.json
            .get("data")
            .unwrap_or_else(|| panic!("no data in {}", self.text))
    }

    #[track_caller]
    pub fn id(&self) -> i64 {
        self.data()["id"]
            .as_i64()
            .unwrap_or_else(|| panic!("no id in {}", self.text))
    }

    #[track_caller]
    pub fn list(&self) -> &Vec<Value> {
        self.data()["list"]
            .as_array()
            .unwrap_or_else(|| panic!("no list in {}", self.text))
    }

    /// The `details` of a refusal, joined.
    pub fn details(&self) -> String {
        let details = self.json["details"].as_array().cloned().unwrap_or_default();
        let details: Vec<&str> = details.iter().filter_map(Value::as_str).collect();
        details.join("\n")
    }

    /// Panics unless some detail names this field.
    #[track_caller]
    pub fn names(&self, field: &str) {
        assert!(
            self.details().contains(field),
            "`{field}` is not named in {}",
            self.text
        );
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
