//! Servers that do a part each.

use push_notify_tests::{Api, Backend, Delivery, Origin, Receiver, Site};
use reqwest::Method;

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_receives_another_one_delivers() {
    let receiver = Receiver::start().await;
    let settings = format!("[auth]\nadmin_password = \"{PASSWORD}\"");
    let site = Site::new(Backend::Postgres, BINARY, &settings).await;
    let mut api = site.start_with(&["--roles", "api"]).await;
    let (admin, _) = Api::new(api.address).login("admin", PASSWORD).await;
    let origin = Origin::set_up(&admin, &receiver).await;
    for commit in ["aaa", "bbb"] {
        let request = admin.anonymous().request(Method::POST, &origin.path);
        let request = Delivery::push(commit).onto(request, origin.secret);
        admin.send(request).await.expect(200);
    }
    let pushes = admin.get("/api/v1/pushes").await.expect(200);
    for push in pushes.list() {
        let path = format!("/api/v1/pushes/{}", push["id"]);
        let push = admin.get(&path).await.expect(200).data().clone();
        assert_eq!(push["state"], "pending");
        assert!(
            push["next_attempt_at"].is_string(),
            "nobody holds it: {push:#}"
        );
    }
    assert_eq!(receiver.count(), 0, "it sends nothing by itself");

    let mut worker = site.start_with(&["--roles", "worker"]).await;
    receiver.wait_for(2).await;
    let outside = Api::new(worker.address);
    outside.get("/api/v1/system/health").await.expect(200);
    for path in ["/api/v1/auth/me", "/api/v1/repos", "/api/v1/doc"] {
        let refused = outside.get(path).await.expect(404);
        assert!(refused.text.contains("server.roles"), "{}", refused.text);
    }
    let request = outside.request(Method::POST, &origin.path);
    let request = Delivery::push("ccc").onto(request, origin.secret);
    outside.send(request).await.expect(404);
    assert!(worker.terminate().await.success(), "{}", worker.output());
    assert!(api.terminate().await.success(), "{}", api.output());
    assert_eq!(receiver.count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_does_not_exist_or_has_nobody_beside_it_is_named() {
    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    let said = site.fail_with(&["--roles", "api,cook"]).await;
    assert!(
        said.contains("--roles") && said.contains("api, worker"),
        "{said}"
    );
    let said = site.fail_with(&["--roles", "worker"]).await;
    assert!(
        said.contains("server.roles") && said.contains("database.url"),
        "{said}"
    );
}
