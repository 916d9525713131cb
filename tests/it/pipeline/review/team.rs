use push_notify_core::config::Config;
use push_notify_tests::{
    Answer, Api, Backend, Delivery, DingTalk, OpenAi, Repo, Robot, TestApp,
    forge::{File, Forge},
    push_body, until,
};
use serde_json::{Value, json};

/// A repository at a Git host of its own, a model that reviews it, and a group that hears of it.
pub struct Team {
    pub app: TestApp,
    pub host: Forge,
    pub model: OpenAi,
    pub robot: DingTalk,
    pub repo: Repo,
}

/// The commit that a merge request of these tests is about.
pub const HEAD: &str = "cccccccccccccccccccccccccccccccccccccccc";
pub const BEFORE: &str = "1111111111111111111111111111111111111111";

/// A file whose line 2 was added.
pub fn login() -> File {
    File::modified(
        "src/login.go",
        "@@ -1,2 +1,3 @@\n package login\n+var token = \"x\"\n func Login() {}\n",
    )
}

impl Team {
    /// With these settings of the repository's reviews.
    pub async fn start(on: Backend, review: Value) -> Self {
        Self::with(on, review, |_| {}).await
    }

    pub async fn with(on: Backend, review: Value, change: impl FnOnce(&mut Config)) -> Self {
        let host = Forge::github().await;
        Self::at(on, host, json!({ "review": review }), change).await
    }

    /// At this host. `fields` are the repository's.
    pub async fn at(
        on: Backend,
        host: Forge,
        fields: Value,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let model = OpenAi::start().await;
        let robot = DingTalk::start().await;
        let mut app = TestApp::on(on).config(change).start().await;
        app.secrets.extend([host.token.clone(), model.key.clone()]);
        app.target(Robot::at(&robot).target("team")).await;
        let model_id = add_model(&app, &model, "reviewer").await;
        let mut repo = fields;
        repo["url"] = json!(host.repository_url());
        repo["access_token"] = json!(host.token);
        repo["model_id"] = json!(model_id);
        let repo = app.repo_with("backend", repo).await;
        Self {
            app,
            host,
            model,
            robot,
            repo,
        }
    }

    /// Sends a webhook, and returns the event's id and that of its push.
    pub async fn deliver(&self, delivery: Delivery) -> (i64, i64) {
        taken(&self.app.deliver(&self.repo, delivery).await)
    }

    /// The review, when it has ended.
    pub async fn ended(&self, id: i64) -> Value {
        until(&format!("review {id} to end"), async || {
            let review = self.review(id).await;
            let waits = ["pending", "processing"].contains(&review["status"].as_str()?);
            (!waits).then_some(review)
        })
        .await
    }

    /// The review, when the host has been told of it or will not be.
    pub async fn published(&self, id: i64) -> Value {
        until(&format!("review {id} to be shown"), async || {
            let review = self.review(id).await;
            let over = !matches!(review["publication"].as_str(), None | Some("pending"));
            over.then_some(review)
        })
        .await
    }

    pub async fn review(&self, id: i64) -> Value {
        let answer = self.app.get(&format!("/api/v1/reviews/{id}")).await;
        answer.expect(200).data().clone()
    }

    /// What the group was told by this push.
    pub async fn told(&self, push_id: i64) -> String {
        let push = self.app.push_in_state(push_id, "delivered").await;
        push["content"]["body"].as_str().expect("a text").to_owned()
    }

    /// The questions that the model was asked, each as one text.
    pub fn questions(&self) -> Vec<String> {
        let question = |request: push_notify_tests::Request| {
            let turns = request.json()["messages"].as_array().cloned()?;
            let texts = turns.iter().filter_map(|turn| turn["content"].as_str());
            Some(texts.collect::<Vec<_>>().join("\n\n"))
        };
        let requests = self.model.requests().into_iter();
        requests.filter_map(question).collect()
    }
}

/// The ids of the event and of its push, in the answer to a webhook.
pub fn taken(answer: &Answer) -> (i64, i64) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let id = |name: &str| answer.data()[name].as_i64().expect("an id");
    (id("event_id"), id("push_id"))
}

pub async fn add_model(admin: &Api, model: &OpenAi, name: &str) -> i64 {
    let body = json!({
        "name": name, "type": OpenAi::MODEL, "provider": "openai",
        "api_url": model.completions_url(), "api_key": model.key,
    });
    admin.post("/api/v1/models", &body).await.expect(200).id()
}

/// A merge request as GitHub announces it.
pub fn merge_request(number: u64, head: &str, action: &str) -> Delivery {
    Delivery::new("pull_request", &merge_request_body(number, head, action))
}

pub fn merge_request_body(number: u64, head: &str, action: &str) -> Value {
    let user = json!({"login": "lisi"});
    json!({
        "action": action,
        "number": number,
        "pull_request": {
            "number": number, "title": "Add a login page", "state": "open", "draft": false, "merged": false,
            "html_url": format!("https://github.com/company/backend-service/pull/{number}"), "user": user,
            "head": {"ref": "login", "sha": head}, "base": {"ref": "main", "sha": BEFORE},
        },
        "repository": push_body("x")["repository"],
        "sender": user,
    })
}

/// A reply of the model.
pub fn reply(decision: &str, score: u32, issues: Value) -> Value {
    json!({"score": score, "decision": decision, "summary": "One thing should be mended.", "issues": issues})
}

/// An issue at a line of [`login`].
pub fn issue(line: u32, severity: &str) -> Value {
    json!({
        "path": "src/login.go", "line": line, "severity": severity, "category": "SECURITY",
        "message": "The token is in the code.", "suggestion": "Read it from the environment.",
    })
}
