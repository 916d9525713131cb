use push_notify::log::system::{self, Level, Line};
use push_notify_core::config::Registration;
use push_notify_tests::{Answer, Api, Backend, Delivery, DingTalk, OpenAi, Repo, Robot, TestApp};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A server with one of everything, as the contract's calls need it.
pub struct World {
    pub app: TestApp,
    pub robot: DingTalk,
    _ai: OpenAi,
    /// What `$name` stands for.
    pub values: HashMap<&'static str, Value>,
    /// Who calls: by the names that `as` takes.
    clients: HashMap<&'static str, Api>,
    pub repo: Repo,
    /// What could not be made.
    pub trouble: Vec<String>,
}

pub const PASSWORD: &str = "Test-secret-1-not-real";

impl World {
    pub async fn build(on: Backend) -> Self {
        let robot = DingTalk::start().await;
        let mut app = TestApp::on(on)
            .config(|config| config.auth.registration = Registration::Open)
            .start()
            .await;
        let repo = app
            .repo_with("ledger", json!({"access_token": "ghp_not-real"}))
            .await;
        let webhook = repo.path.rsplit('/').next().unwrap_or_default();
        let ai = OpenAi::start().await;
        let mut world = Self {
            values: HashMap::from([
                ("repo", json!(repo.id)),
                ("webhook", json!(webhook)),
                ("ai_url", json!(ai.completions_url())),
                ("ai_key", json!(ai.key)),
                ("password", json!(PASSWORD)),
            ]),
            clients: HashMap::from([("nobody", app.api.anonymous())]),
            trouble: Vec::new(),
            app,
            robot,
            _ai: ai,
            repo,
        };
        world.people().await;
        world.models().await;
        world.targets().await;
        world.templates().await;
        world.pushes().await;
        world.prompts().await;
        world.log().await;
        world
    }

    /// What this process says belongs to no server in it: a line of this one's.
    async fn log(&self) {
        let app = self.app.server.app();
        let line = Line {
            level: Level::Info,
            module: "http".to_owned(),
            message: "took a delivery".to_owned(),
            detail: None,
            request_id: Some("req-of-the-contract".to_owned()),
            client_ip: Some("192.0.2.7".to_owned()),
            created_at: app.clock.now_us(),
        };
        system::store::insert(&app.db, &[line])
            .await
            .expect("the line is written");
    }

    async fn people(&mut self) {
        let me = self.app.get("/api/v1/auth/me").await;
        self.values.insert("admin", me.json["data"]["id"].clone());
        for name in ["member", "changer", "leaver", "other_user", "spare_user"] {
            let body = json!({
                "username": name, "email": format!("{name}@example.com"), "password": PASSWORD, "role": "user",
            });
            self.make(name, "/api/v1/users", body).await;
        }
        for name in ["member", "changer", "leaver"] {
            let body = json!({"username": name, "password": PASSWORD});
            let answer = self.app.anonymous().post("/api/v1/auth/login", &body).await;
            let Some(token) = answer.json["data"]["access_token"].as_str() else {
                self.trouble
                    .push(format!("{name} cannot log in: {}", answer.text));
                continue;
            };
            self.clients.insert(name, self.app.with_token(token));
            let refresh = answer.json["data"]["refresh_token"].clone();
            if name == "changer" {
                continue;
            }
            self.values.insert(
                if name == "member" {
                    "refresh_token"
                } else {
                    "ended_token"
                },
                refresh,
            );
        }
    }

    async fn models(&mut self) {
        for name in ["model", "other_model", "spare_model"] {
            let title = if name == "model" { "reviewer" } else { name };
            let params = json!({
                "temperature": 0.3, "max_tokens": 4000, "top_p": 0.9, "presence_penalty": 0, "frequency_penalty": 0,
            });
            let body = json!({
                "name": title, "type": OpenAi::MODEL, "provider": "OpenAI", "api_url": self.values["ai_url"],
                "api_key": self.values["ai_key"], "timeout": 20, "params": params,
            });
            self.make(name, "/api/v1/models", body).await;
        }
        self.must("POST", "/api/v1/models/$model/verify", json!({}))
            .await;
        self.must("PUT", "/api/v1/repos/$repo", json!({"model_id": "$model"}))
            .await;
    }

    async fn targets(&mut self) {
        for name in ["other_repo", "spare_repo"] {
            let body =
                json!({"name": name, "url": "https://github.com/example/other", "type": "github"});
            self.make(name, "/api/v1/repos", body).await;
        }
        for (name, title, repo) in [
            ("target", "team", "$repo"),
            ("other_target", "other team", "$other_repo"),
            ("spare_target", "spare team", "$other_repo"),
        ] {
            let mut body = Robot::at(&self.robot).target(title);
            body["scope"] = json!("repo");
            body["repo_ids"] = json!([repo]);
            self.make(name, "/api/v1/targets", body).await;
        }
        self.make("person", "/api/v1/people", json!({"name": "somebody"}))
            .await;
    }

    async fn templates(&mut self) {
        for name in ["template", "other_template", "spare_template"] {
            let title = if name == "template" { "short" } else { name };
            let body = json!({
                "name": title, "type": "dingtalk", "scene": "commit_notify", "title": "{{.RepoName}}",
                "content": "{{.Author}}: {{.CommitMsg}}",
            });
            self.make(name, "/api/v1/templates", body).await;
        }
        let second = json!({"content": "{{.Author}} on {{.Branch}}: {{.CommitMsg}}"});
        self.must("PUT", "/api/v1/templates/$template", second)
            .await;
    }

    /// Two that are delivered, two that failed.
    async fn pushes(&mut self) {
        for name in ["push", "spare_push", "failed_push", "other_failed_push"] {
            let fails = name.contains("failed");
            if fails {
                self.robot
                    .then(DingTalk::errcode(300_005, "token is not exist"));
            }
            let id = self.app.push(&self.repo, &format!("{name}-commit")).await[0];
            let state = if fails { "misconfigured" } else { "delivered" };
            let push = self.app.push_in_state(id, state).await;
            self.values.insert("event", push["event_id"].clone());
            self.values.insert(name, json!(id));
        }
        let mut body = Robot::at(&self.robot).target("linked team");
        body["scope"] = json!("repo");
        body["repo_ids"] = json!(["$repo"]);
        self.make("linked_target", "/api/v1/targets", body).await;
    }

    async fn prompts(&mut self) {
        for name in ["prompt", "other_prompt", "spare_prompt", "exported"] {
            let title = if name == "prompt" {
                "style of Go"
            } else {
                name
            };
            let body = json!({
                "name": title, "type": "codeview", "scene": "code_style", "language": "go", "model_id": "$model",
                "content": "Review {{.FileName}}:\n{{.FileContent}}",
            });
            self.make(name, "/api/v1/prompts", body).await;
        }
        let second = json!({"content": "Please review {{.FileName}}:\n{{.FileContent}}"});
        self.must("PUT", "/api/v1/prompts/$prompt", second).await;
        let exported = self
            .must("GET", "/api/v1/prompts/$exported/export", Value::Null)
            .await;
        if let Some(exported) = exported {
            self.values.insert("exported_prompt", json!(exported.text));
        }
        self.must("DELETE", "/api/v1/prompts/$exported", Value::Null)
            .await;
    }

    /// Makes a thing, to be called `name` from now on.
    pub async fn make(&mut self, name: &'static str, path: &str, body: Value) {
        if let Some(made) = self.must("POST", path, body).await {
            match made.json["data"].get("id") {
                Some(id) => drop(self.values.insert(name, id.clone())),
                None => self
                    .trouble
                    .push(format!("POST {path} answers without an id: {}", made.text)),
            }
        }
    }

    async fn must(&mut self, method: &str, path: &str, body: Value) -> Option<Answer> {
        let answer = match (self.fill_text(path), self.fill(&body)) {
            (Ok(path), Ok(body)) => send(&self.app.api.unrecorded(), method, &path, &body).await,
            (Err(name), _) | (_, Err(name)) => {
                self.trouble.push(format!("{method} {path} needs ${name}"));
                return None;
            }
        };
        if answer.status == 200 {
            return Some(answer);
        }
        let shown: String = answer.text.chars().take(300).collect();
        self.trouble
            .push(format!("{method} {path}: {} {shown}", answer.status));
        None
    }

    /// Who sends what says `as`.
    pub fn client(&self, name: Option<&str>) -> Result<&Api, String> {
        match name {
            None => Ok(&self.app.api),
            Some(name) => self.clients.get(name).ok_or_else(|| name.to_owned()),
        }
    }

    pub async fn deliver(&self) -> Answer {
        let commit = "abc123def0000000000000000000000000000000";
        self.app.deliver(&self.repo, Delivery::push(commit)).await
    }

    /// With each `$name` as its value. Fails with the name of what was never made.
    pub fn fill(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => match text.strip_prefix('$') {
                Some(name) => self.value(name)?.clone(),
                None => value.clone(),
            },
            Value::Array(entries) => entries
                .iter()
                .map(|entry| self.fill(entry))
                .collect::<Result<_, _>>()?,
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), self.fill(value)?)))
                .collect::<Result<_, String>>()?,
            other => other.clone(),
        })
    }

    /// As [`World::fill`], inside a text.
    pub fn fill_text(&self, text: &str) -> Result<String, String> {
        let mut parts = text.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
            let (name, rest) = part.split_at(end.unwrap_or(part.len()));
            match self.value(name)? {
                Value::String(text) => filled += text,
                other => filled += &other.to_string(),
            }
            filled += rest;
        }
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<&Value, String> {
        self.values.get(name).ok_or_else(|| name.to_owned())
    }
}

/// Sends a body unless it is null.
pub async fn send(api: &Api, method: &str, path: &str, body: &Value) -> Answer {
    let method = method.parse().expect("a method");
    let request = api.request(method, path);
    api.send(if body.is_null() {
        request
    } else {
        request.json(body)
    })
    .await
}
