//! `/api/v1/plugins`.

use push_notify_tests::{Backend, TestApp};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_plugin_shows_what_it_asks_for_gets_and_takes() {
    let app = TestApp::start(Backend::Sqlite).await;
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    let find = |id: &str| -> &Value {
        plugins
            .list()
            .iter()
            .find(|plugin| plugin["id"] == id)
            .unwrap_or_else(|| panic!("no {id}"))
    };
    for (id, kind) in [
        ("github", "provider"),
        ("gitea", "provider"),
        ("gitlab", "provider"),
        ("gitee", "provider"),
        ("bitbucket", "provider"),
        ("bitbucket_dc", "provider"),
        ("alertmanager", "provider"),
        ("jenkins", "provider"),
        ("sentry", "provider"),
        ("harbor", "provider"),
        ("sonarqube", "provider"),
        ("generic", "provider"),
        ("dingtalk", "channel"),
        ("feishu", "channel"),
        ("wecom", "channel"),
        ("slack", "channel"),
        ("telegram", "channel"),
        ("discord", "channel"),
        ("email", "channel"),
        ("webhook", "channel"),
        ("ntfy", "channel"),
        ("gotify", "channel"),
        ("bark", "channel"),
        ("serverchan", "channel"),
        ("pushplus", "channel"),
        ("pagerduty", "channel"),
        ("mattermost", "channel"),
        ("teams", "channel"),
        ("matrix", "channel"),
        ("openai", "ai"),
        ("anthropic", "ai"),
        ("ollama", "ai"),
    ] {
        let plugin = find(id);
        assert_eq!(plugin["kind"], kind);
        assert_eq!(plugin["state"], "active", "{plugin:#}");
        assert_eq!(plugin["contract"], "0.1.0");
        assert!(
            plugin["version"]
                .as_str()
                .is_some_and(|version| version.split('.').count() == 3)
        );
        assert_eq!(plugin["digest"].as_str().map(str::len), Some(64));
    }
    let asked = &find("dingtalk")["permissions"]["asked"];
    let granted = &find("dingtalk")["permissions"]["granted"];
    assert!(
        asked
            .as_array()
            .is_some_and(|asked| asked.contains(&json!("http:oapi.dingtalk.com"))),
        "{asked}"
    );
    assert_eq!(
        asked.as_array().map(Vec::len),
        granted.as_array().map(Vec::len),
        "official plugins get what they ask for"
    );
    let fields = find("email")["config"].as_array().expect("fields");
    let field = |name: &str| {
        fields
            .iter()
            .find(|field| field["name"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
    };
    assert_eq!(field("smtp_port")["type"], "integer");
    assert_eq!(field("smtp_port")["required"], true);
    assert_eq!(field("password")["secret"], true);
    assert_eq!(
        field("tls")["options"],
        json!(["starttls", "implicit", "none"])
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_plugin_is_listed_as_failed_and_stops_nobody() {
    let app = TestApp::on(Backend::Sqlite)
        .plugin("broken", b"not a component", &[])
        .start()
        .await;
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    let broken = plugins
        .list()
        .iter()
        .find(|plugin| plugin["state"] == "failed")
        .expect("it is listed");
    assert!(
        broken["id"]
            .as_str()
            .is_some_and(|id| id.contains("broken")),
        "{broken:#}"
    );
    assert!(
        broken["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
    let health = app.get("/api/v1/system/health").await.expect(200);
    assert_eq!(health.data()["status"], "degraded");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plugins_are_loaded_again_on_demand() {
    let app = TestApp::start(Backend::Sqlite).await;
    let reloaded = app
        .post("/api/v1/plugins/reload", &json!({}))
        .await
        .expect(200);
    let ids: Vec<&str> = reloaded
        .list()
        .iter()
        .filter_map(|plugin| plugin["id"].as_str())
        .collect();
    for id in [
        "github",
        "gitea",
        "gitlab",
        "gitee",
        "dingtalk",
        "feishu",
        "wecom",
        "slack",
        "telegram",
        "discord",
        "email",
        "webhook",
        "ntfy",
        "gotify",
        "bark",
        "serverchan",
        "pushplus",
        "pagerduty",
        "mattermost",
        "teams",
        "matrix",
        "openai",
        "anthropic",
        "ollama",
    ] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    app.stop().await;
}

/// A script looks at the status alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_that_leaves_a_plugin_out_is_no_success() {
    let builder = TestApp::on(Backend::Sqlite).plugin("broken", b"not a component", &[]);
    let plugins = builder.plugin_dir();
    let file = plugins.with_file_name("config.toml");
    std::fs::write(&file, format!("[plugins]\ndir = {plugins:?}")).expect("it is written");
    let builder = builder.config(|config| config.file = Some(file));
    let app = builder.start().await;
    let reload = async || app.post("/api/v1/plugins/reload", &json!({})).await;
    let refused = reload().await.expect(422);
    assert!(refused.text.contains("broken"), "{}", refused.text);
    let states: Vec<&Value> = refused
        .list()
        .iter()
        .map(|plugin| &plugin["state"])
        .collect();
    assert!(states.contains(&&json!("failed")) && states.contains(&&json!("active")));
    std::fs::remove_file(plugins.join("broken.wasm")).expect("it is there");
    let loaded = reload().await.expect(200);
    assert!(
        loaded
            .list()
            .iter()
            .all(|plugin| plugin["state"] == "active")
    );
    app.stop().await;
}
