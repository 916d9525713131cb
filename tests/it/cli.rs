//! The server as a process: how it starts, what it says, how it ends.

use push_notify_tests::{Api, Backend, Delivery, Receiver, Response, Site, both, until};
use serde_json::json;
use std::{fs, time::Duration};

both!(a_server_that_is_told_to_stop_finishes_what_it_sends);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_shows_a_password_that_works_and_no_later_one_does() {
    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    let mut node = site.start().await;
    let password = until("the password", async || {
        let output = node.output();
        let line = output
            .lines()
            .find(|line| line.trim_start().starts_with("password"))?;
        line.split_whitespace().last().map(str::to_owned)
    })
    .await;
    assert!(password.len() >= 16, "{password}");
    let (admin, answer) = Api::new(node.address).login("admin", &password).await;
    admin.get("/api/v1/auth/me").await.expect(200);
    // It may stand in a log: it is good for choosing another.
    assert_eq!(answer.data()["user"]["must_change_password"], true);
    let refused = admin.get("/api/v1/repos").await.expect_code(403, 403);
    assert!(
        refused.text.contains("PUT /api/v1/auth/password"),
        "{}",
        refused.text
    );
    let key = json!({"name": "early", "scopes": ["repos:write"]});
    admin
        .post("/api/v1/api-keys", &key)
        .await
        .expect_code(403, 403);
    assert!(node.terminate().await.success());

    let mut node = site.start().await;
    let api = Api::new(node.address);
    let (admin, _) = api.login("admin", &password).await;
    let change = json!({
        "old_password": password, "new_password": "Admin-not-real-1", "confirm_password": "Admin-not-real-1",
    });
    admin
        .put("/api/v1/auth/password", &change)
        .await
        .expect(200);
    admin.get("/api/v1/repos").await.expect(200);
    let old = json!({"username": "admin", "password": password});
    api.post("/api/v1/auth/login", &old)
        .await
        .expect_code(401, 10005);
    assert!(node.terminate().await.success());
    assert!(!node.output().contains(&password), "{}", node.output());
    assert!(!node.output().contains("password  "), "{}", node.output());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_of_open_files_is_raised_or_the_server_says_how_few_connections_it_takes() {
    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    for (hard, says_so) in [(20_000, false), (512, true)] {
        let mut node = site.start_with_files(256, hard).await;
        let mut idle = Vec::new();
        for _ in 0..400 {
            let connected = tokio::net::TcpStream::connect(node.address).await;
            idle.push(connected.expect("it listens"));
        }
        // There is room for whoever asks for something.
        Api::new(node.address).get("/healthz").await.expect(200);
        let output = node.output();
        assert_eq!(output.contains("`connections.most`"), says_so, "{output}");
        assert!(!output.contains("cannot accept a connection"), "{output}");
        assert!(node.terminate().await.success());
    }
}

async fn a_server_that_is_told_to_stop_finishes_what_it_sends(on: Backend) {
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(500)))
            .await;
    let password = "Admin-not-real-1";
    let settings = format!("[auth]\nadmin_password = \"{password}\"");
    let site = Site::new(on, BINARY, &settings).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", password).await;
    let repo = json!({
        "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
        "webhook_secret": "webhook-secret-not-real",
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let path = &url[url.find("/webhook/").expect("a webhook path")..];
    let target = json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}});
    admin.post("/api/v1/targets", &target).await.expect(200);
    let request = admin.anonymous().request(reqwest::Method::POST, path);
    let request = Delivery::push("aaa").onto(request, "webhook-secret-not-real");
    admin.send(request).await.expect(200);
    receiver.wait_for(1).await;
    assert!(node.terminate().await.success(), "{}", node.output());

    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", password).await;
    let pushes = admin.get("/api/v1/pushes").await.expect(200);
    assert_eq!(pushes.list()[0]["state"], "delivered");
    assert_eq!(receiver.count(), 1);
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_does_not_exist_or_cannot_be_is_named() {
    let cases = [
        ("[delivery]\nmax_atempts = 3", "max_atempts"),
        ("[delivery]\nmax_attempts = 0", "delivery.max_attempts"),
        ("[auth]\naccess_seconds = \"soon\"", "auth.access_seconds"),
        ("[delivery]\nlease_seconds = 1", "delivery.lease_seconds"),
        ("[log]\nformat = \"xml\"", "log.format"),
    ];
    for (settings, key) in cases {
        let said = Site::new(Backend::Sqlite, BINARY, settings)
            .await
            .fail()
            .await;
        assert!(said.contains(key), "{key} is not in: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_on_the_same_database_file_is_refused() {
    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    let mut node = site.start().await;
    let said = site.fail().await;
    assert!(!said.is_empty());
    assert!(!said.contains("panicked"), "{said}");
    Api::new(node.address)
        .get("/api/v1/system/health")
        .await
        .expect(200);
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_keeps_is_for_its_own_user_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    let mut node = site.start().await;
    let key = site.config.with_file_name("data").join("secret.key");
    let mode = fs::metadata(key).expect("it is made").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_fails_says_so_in_plain_words() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("no-toml.toml"), "nope").expect("it is written");
    let cases: [(&[&str], &str); 6] = [
        (&["backup", "copy.db"], "--config FILE"),
        (&["secrets", "status"], "--config FILE"),
        (&["serve", "--config", "nowhere.toml"], "nowhere.toml"),
        (&["serve", "--config", "no-toml.toml"], "line 1"),
        (&["config", "check", "--config", "no-toml.toml"], "line 1"),
        (&["restore", "nothing.db"], "nothing.db"),
    ];
    for (arguments, part) in cases {
        let output = tokio::process::Command::new(BINARY)
            .args(arguments)
            .current_dir(dir.path())
            .env("RUST_BACKTRACE", "1")
            .output()
            .await
            .expect("it can be started");
        assert!(!output.status.success(), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.starts_with("error: ") && said.contains(part),
            "{arguments:?}: {said}"
        );
        for odd in ["backtrace", "Caused by", "src/", "Os {", "Some("] {
            assert!(!said.contains(odd), "{arguments:?}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_in_the_current_folder_is_found() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(
        dir.path().join("push-notify.toml"),
        "[delivery]\nmax_atempts = 3",
    )
    .expect("written");
    let output = tokio::process::Command::new(BINARY)
        .args(["config", "check"])
        .current_dir(dir.path())
        .output()
        .await
        .expect("it can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("push-notify.toml, line 2"), "{said}");
}
