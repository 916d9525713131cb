//! `push-notify user`: the way back for whoever cannot log in.

use super::load::BINARY;
use push_notify_tests::{Answer, Api, Backend, Site, both};
use serde_json::json;

both!(
    a_lost_password_has_a_way_back_beside_a_running_server,
    all_sessions_and_keys_end_when_the_operator_says_so,
);

const PASSWORD: &str = "Admin-not-real-1";
const SETTINGS: &str = "[auth]\nadmin_password = \"Admin-not-real-1\"\nlock_after = 3";

async fn login(api: &Api, name: &str, password: &str) -> Answer {
    let body = json!({"username": name, "password": password});
    api.post("/api/v1/auth/login", &body).await
}

async fn key(admin: &Api) -> Api {
    let body = json!({"name": "dashboard", "scopes": ["pushes:read"]});
    let made = admin.post("/api/v1/api-keys", &body).await.expect(200);
    admin.with_key(made.data()["key"].as_str().expect("a key"))
}

async fn a_lost_password_has_a_way_back_beside_a_running_server(on: Backend) {
    let site = Site::new(on, BINARY, SETTINGS).await;
    let mut node = site.start().await;
    let api = Api::new(node.address);
    let (admin, _) = api.login("admin", PASSWORD).await;
    let dashboard = key(&admin).await;
    dashboard.get("/api/v1/pushes").await.expect(200);
    for _ in 0..3 {
        login(&api, "admin", "forgotten")
            .await
            .expect_code(401, 10005);
    }
    login(&api, "admin", PASSWORD).await.expect_code(403, 10004);

    let (code, said) = site.run(&["user", "reset-password", "Admin"]).await;
    assert_eq!(code, 0, "{said}");
    let password = said
        .lines()
        .map(str::trim)
        .find(|line| line.len() == 20 && !line.contains(' '));
    let password = password.unwrap_or_else(|| panic!("no password in {said}"));
    assert!(said.contains("admin (admin)"), "{said}");
    login(&api, "admin", PASSWORD).await.expect_code(401, 10005);
    let (admin, answer) = api.login("admin", password).await;
    assert_eq!(answer.data()["user"]["must_change_password"], true);
    admin.get("/api/v1/repos").await.expect_code(403, 403);
    dashboard.get("/api/v1/pushes").await.expect_code(401, 401);
    let change = json!({
        "old_password": password, "new_password": "Admin-not-real-2", "confirm_password": "Admin-not-real-2",
    });
    admin
        .put("/api/v1/auth/password", &change)
        .await
        .expect(200);
    let log = admin.get("/api/v1/logs/operations").await.expect(200);
    let reset = log
        .list()
        .iter()
        .find(|entry| entry["action"] == "user.reset");
    assert_eq!(
        reset.expect("it is in the log")["username"],
        "push-notify user"
    );
    node.kill().await;
    // It works without a server as well.
    let (code, said) = site.run(&["user", "reset-password", "admin"]).await;
    assert_eq!(code, 0, "{said}");
}

async fn all_sessions_and_keys_end_when_the_operator_says_so(on: Backend) {
    let site = Site::new(on, BINARY, SETTINGS).await;
    let mut node = site.start().await;
    let api = Api::new(node.address);
    let (admin, _) = api.login("admin", PASSWORD).await;
    let dashboard = key(&admin).await;
    let (code, said) = site.run(&["user", "end-access"]).await;
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("1 sessions") && said.contains("1 API keys"),
        "{said}"
    );
    dashboard.get("/api/v1/pushes").await.expect_code(401, 401);
    let (admin, _) = api.login("admin", PASSWORD).await;
    let log = admin.get("/api/v1/logs/operations").await.expect(200);
    assert!(
        log.text.contains("Ended the sessions and API keys of"),
        "{}",
        log.text
    );
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_is_not_there_is_said_so_with_who_is() {
    let site = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let (code, said) = site.run(&["user", "reset-password", "admin"]).await;
    assert_eq!(code, 1);
    assert!(said.contains("there is no database"), "{said}");
    let mut node = site.start().await;
    let (code, said) = site.run(&["user", "reset-password", "root"]).await;
    assert_eq!(code, 1);
    assert!(
        said.contains("no user root; administrators are: admin"),
        "{said}"
    );
    let (code, said) = site.run(&["user", "reset-password"]).await;
    assert_eq!(code, 2);
    assert!(said.contains("NAME"), "{said}");
    node.kill().await;
}
