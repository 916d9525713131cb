//! Which provider a delivery is for, when nothing but its headers and its payload say so.

use push_notify_host::Dialects;
use push_notify_manifest::Manifest;
use push_notify_tests::{Backend, TestApp, guest, signature, workspace};
use reqwest::Method;
use serde_json::json;
use std::{fs, sync::Arc};

fn official() -> Dialects {
    let ids = [
        "github",
        "gitlab",
        "gitee",
        "gitea",
        "bitbucket",
        "bitbucket_dc",
    ];
    let manifests = ids.map(|id| {
        let path = workspace().join(format!("plugins/provider-{id}/plugin.toml"));
        let text = fs::read_to_string(path).expect("a manifest");
        (Arc::new(Manifest::from_toml(&text).expect(id)), true)
    });
    Dialects::new(manifests)
}

#[test]
fn the_most_particular_header_names_the_host() {
    let dialects = official();
    let order = [
        ("X-Hook-UUID", "bitbucket"),
        ("X-Forgejo-Event", "gitea"),
        ("X-Gitea-Event", "gitea"),
        ("X-Gogs-Event", "gitea"),
        ("X-Gitee-Event", "gitee"),
        ("X-Gitlab-Event", "gitlab"),
        ("X-Event-Key", "bitbucket_dc"),
        ("X-GitHub-Event", "github"),
    ];
    assert_eq!(dialects.conflicts(), []);
    assert!(dialects.headers().eq(order.map(|(header, _)| header)));
    // However many others are there as well.
    for carried in 1_u32..1 << order.len() {
        let is_there = |index: usize| carried & 1 << index != 0;
        let first = (0..order.len()).find(|index| is_there(*index));
        let provider = dialects.provider(|name| {
            let index = order.iter().position(|(header, _)| *header == name);
            index.is_some_and(is_there)
        });
        assert_eq!(provider, first.map(|first| order[first].1), "{carried:b}");
    }
}

/// The guest is of a host that the engine has never heard of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_with_a_header_and_a_payload_of_its_own_is_found_by_its_manifest() {
    let mut app = TestApp::on(Backend::Sqlite)
        .plugin("trapper", &guest("trapper"), &[])
        .start()
        .await;
    let url = "https://code.example.org/company/backend";
    let fields = json!({"type": "trapper", "url": format!("{url}.git")});
    let repo = app.repo_with("elsewhere", fields).await;
    let body = |url: &str| {
        let links = format!(r#""links":[{{"href":"git://nowhere"}},{{"href":"{url}"}}]"#);
        format!(r#"{{"repo":{{{links}}},"branch":" main"}}"#)
    };
    let deliver = async |path: &str, header: &'static str, body: String| {
        let signature = signature(&repo.secret, body.as_bytes());
        let request = app.anonymous().request(Method::POST, path);
        let request = request.header(header, "push");
        let request = request.header("x-test-signature", signature);
        app.api.send(request.body(body)).await
    };
    for path in ["/api/v1/webhooks", "/api/v1/webhooks/trapper"] {
        let answer = deliver(path, "x-test-event", body(url)).await.expect(200);
        assert_eq!(answer.data()["repo_id"], repo.id, "{path}");
        let other = body("https://code.example.org/company/other");
        deliver(path, "x-test-event", other).await.expect(401);
        // Another host's place for it.
        let odd = json!({"repository": {"html_url": url}}).to_string();
        deliver(path, "x-test-event", odd).await.expect(400);
    }
    let unknown = deliver("/api/v1/webhooks", "x-unheard-of", body(url));
    let unknown = unknown.await.expect(400);
    assert!(unknown.text.contains("X-Test-Event"), "{}", unknown.text);

    // Gone with its plugin.
    let mut config = app.config.clone();
    config.plugins.each.remove("trapper");
    let file = std::path::Path::new(&config.plugins.dir).join("trapper.wasm");
    std::fs::remove_file(file).expect("it is there");
    app.server.reload(&config).await.expect("it reloads");
    let gone = deliver("/api/v1/webhooks", "x-test-event", body(url)).await;
    assert!(!gone.expect(400).text.contains("X-Test-Event"));
    app.stop().await;
}
