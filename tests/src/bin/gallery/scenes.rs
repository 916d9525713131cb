//! Messages, from made-up events.

use anyhow::Context as _;
use push_notify::template;
use push_notify_manifest::Manifest;
use push_notify_sdk::{Field, Message, Severity};
use push_notify_template::scene::{self, DIGEST};
use serde_json::{Map, Value, json};

pub(crate) struct Scene {
    pub(crate) name: &'static str,
    /// Of the template.
    scene: &'static str,
    /// What differs from what is made up for it.
    given: Value,
}

pub(crate) fn all() -> Vec<Scene> {
    let sample = scene::made_up("commit_notify", Map::new());
    let one = json!({
        "Commits": [sample["Commits"][0]], "TotalCommits": 1, "Url": sample["Commits"][0]["Url"],
    });
    let many: Vec<Value> = (1..=10)
        .map(|number| {
            let mut commit = sample["Commits"][number % 2].clone();
            commit["Message"] = json!(format!("fix: count pears of box {number} once"));
            commit
        })
        .collect();
    let files: Vec<String> = (1..=40)
        .map(|number| format!("src/box/{number}.rs"))
        .collect();
    let many = json!({
        "Commits": many, "TotalCommits": 128, "MoreCommits": 118, "ChangedFiles": files,
        "FileCount": 40, "Forced": true,
    });
    let tag = json!({
        "Kind": "tag_push", "Tag": "v1.2.0", "Branch": null, "Created": true, "Commits": [],
    });
    let request = json!({
        "Kind": "merge_request", "Branch": null, "Commits": [], "Action": "opened", "State": "open",
        "MergeRequest": scene::made_up("comment_notify", Map::new())["MergeRequest"],
    });
    let mended = json!({
        "Action": "succeeded", "State": "succeeded", "Severity": null,
        "Pipeline": {"Name": "build", "State": "succeeded", "Seconds": 81, "FailedJobs": []},
    });
    let broken = json!({"Severity": null});
    let ended = json!({"Action": "resolved", "State": "resolved"});
    let scene = |name, scene, given| Scene { name, scene, given };
    vec![
        scene("push", "commit_notify", json!({})),
        scene("push of one commit", "commit_notify", one),
        scene("push of many commits", "commit_notify", many),
        scene("tag", "commit_notify", tag),
        scene("merge request", "commit_notify", request),
        scene("review", "review_notify", json!({})),
        scene(
            "comment",
            "comment_notify",
            json!({"Severity": null, "State": null}),
        ),
        scene("issue", "issue_notify", json!({"Severity": null})),
        scene("release", "release_notify", json!({"Severity": null})),
        scene("pipeline that failed", "pipeline_notify", broken),
        scene("pipeline that is mended", "pipeline_notify", mended),
        scene("alert", "alert_notify", json!({"Severity": "critical"})),
        scene("alert that ended", "alert_notify", ended),
        scene(
            "anything else",
            "generic_notify",
            json!({"Severity": "low"}),
        ),
        scene("digest", DIGEST, json!({})),
    ]
}

impl Scene {
    /// As the engine hands it to a channel.
    pub(crate) fn message(&self, channel: &Manifest, language: &str) -> anyhow::Result<Message> {
        let texts = template::built_in(channel);
        let text = texts.into_iter().find(|(scene, _)| *scene == self.scene);
        let (_, text) = text.context("a scene without a template")?;
        let compiled = scene::parse(self.scene, &text.title, &text.content)?;
        let mut given = Map::new();
        if self.scene != "generic_notify" {
            // What most sources leave out.
            given.extend([
                ("Text".to_owned(), Value::Null),
                ("Fields".to_owned(), json!([])),
            ]);
        }
        given.extend(self.given.as_object().cloned().unwrap_or_default());
        let mut data = scene::made_up(self.scene, given);
        data["Language"] = json!(language);
        let rendered = compiled.render_message(&data)?;
        let part = |name: &str| data[name].as_str().map(str::to_owned);
        let told = self.scene != DIGEST;
        let fields = data["Fields"].as_array().cloned().unwrap_or_default();
        let fields = fields.iter().map(|field| Field {
            name: field["Name"].as_str().unwrap_or_default().to_owned(),
            value: field["Value"].as_str().unwrap_or_default().to_owned(),
            short: true,
        });
        Ok(Message {
            id: "gallery".to_owned(),
            title: rendered.title,
            body: rendered.body,
            scene: self.scene.to_owned(),
            url: part("Url").filter(|_| told),
            kind: part("Kind").filter(|_| told),
            action: part("Action").filter(|_| told),
            state: part("State").filter(|_| told),
            severity: part("Severity").and_then(|name| severity(&name)),
            subject: told.then(|| self.name.replace(' ', "-")),
            branch: part("Branch").filter(|_| told),
            author: part("Author").filter(|_| told),
            fields: fields.collect(),
            repository: "company/backend-service".to_owned(),
            locale: language.to_owned(),
            created_at_ms: 1_793_610_000_000,
            origin: "push.example.com".to_owned(),
            attempt: 1,
            ..Message::default()
        })
    }
}

fn severity(name: &str) -> Option<Severity> {
    Some(match name {
        "critical" => Severity::Critical,
        "high" => Severity::High,
        "medium" => Severity::Medium,
        "low" => Severity::Low,
        "info" => Severity::Info,
        _ => return None,
    })
}
