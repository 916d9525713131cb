//! `push-notify backup` and `restore`.

use super::load::{BINARY, Load, PASSWORD, SETTINGS, all_have_the_token, settled};
use push_notify_tests::{Api, Backend, Receiver, Response, Site};
use serde_json::json;
use std::{
    collections::HashSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

/// One that takes a little, so that there is always something that waits.
async fn slow_receiver() -> Receiver {
    Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(20))).await
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The commits and states of all pushes.
async fn pushes(admin: &Api) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in 1.. {
        let path = format!("/api/v1/pushes?size=100&page={page}");
        let answer = admin.get(&path).await.expect(200);
        let list = answer.list();
        if list.is_empty() {
            break;
        }
        found.extend(list.iter().map(|push| {
            let text = |field: &str| push[field].as_str().expect("a text").to_owned();
            (text("commit_id"), text("state"))
        }));
    }
    found
}

/// A backup that was made while webhooks came in, and the commits that were answered before it
/// began.
async fn backed_up_under_load(
    site: &Site,
    receiver: &Receiver,
) -> (PathBuf, HashSet<String>, Load) {
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let load = Load::set_up(&admin, receiver).await;
    let path = site.folder().join("backup.tar");
    let backing_up = async {
        load.wait_for(100).await;
        let before = load.answered();
        let (code, said) = site.run(&["backup", text(&path), "--with-key"]).await;
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("pushes") && said.contains("secret key"),
            "{said}"
        );
        before
    };
    let ((), before) = tokio::join!(load.send(&admin, 0..400), backing_up);
    assert_eq!(load.answered().len(), 400, "nobody was refused meanwhile");
    assert!(before.len() < 400);
    node.kill().await;
    (path, before.into_iter().collect(), load)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_before_a_backup_is_there_after_its_restoration() {
    let receiver = slow_receiver().await;
    let site = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let (backup, before, load) = backed_up_under_load(&site, &receiver).await;
    let mode = fs::metadata(&backup)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    let left: Vec<_> = fs::read_dir(site.folder())
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().contains("partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    let other = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let (code, said) = other.run(&["restore", text(&backup)]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("secret.key was put back"), "{said}");
    assert!(said.contains("dead letters"), "{said}");
    let sent_before = receiver.count();
    let mut node = other.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let found = pushes(&admin).await;
    let commits: HashSet<&String> = found.iter().map(|(commit, _)| commit).collect();
    let lost: Vec<_> = before
        .iter()
        .filter(|commit| !commits.contains(commit))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    let held = found.iter().filter(|(_, state)| state == "failed").count();
    assert!(held > 0, "some waited");
    assert!(found.iter().all(|(_, state)| state != "pending"));
    assert_eq!(
        receiver.count(),
        sent_before,
        "nothing is sent a second time"
    );

    // Its secrets work: a webhook is let in, a message goes out.
    let answered = load.answered().len();
    load.send(&admin, 1000..1001).await;
    assert_eq!(load.answered().len(), answered + 1);
    settled(&admin).await;
    assert!(all_have_the_token(&receiver));
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_goes_on_when_the_operator_says_so() {
    let receiver = slow_receiver().await;
    let site = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let (backup, before, _) = backed_up_under_load(&site, &receiver).await;
    // In place: the database that is there is put aside.
    let (code, said) = site
        .run(&["restore", text(&backup), "--send-waiting"])
        .await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(".replaced-"), "{said}");
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    settled(&admin).await;
    let found = pushes(&admin).await;
    assert!(found.len() >= before.len());
    assert!(
        found.iter().all(|(_, state)| state == "delivered"),
        "{found:?}"
    );
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restoration_that_would_do_harm_is_refused() {
    let site = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let backup = site.folder().join("backup.tar");
    let (code, said) = site.run(&["backup", text(&backup)]).await;
    assert_eq!(code, 1);
    assert!(said.contains("there is no database"), "{said}");

    let mut node = site.start().await;
    let (code, said) = site.run(&["backup", text(&backup)]).await;
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("Keep") && said.contains("secret.key"),
        "{said}"
    );
    let (code, said) = site.run(&["backup", text(&backup)]).await;
    assert_eq!(code, 1);
    assert!(said.contains("--force"), "{said}");
    let (code, said) = site.run(&["backup", text(&backup), "--force"]).await;
    assert_eq!(code, 0, "{said}");
    let (code, said) = site.run(&["backup", text(site.folder())]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("push-notify-20"), "{said}");

    let (code, said) = site.run(&["restore", text(&backup)]).await;
    assert_eq!(code, 1);
    assert!(said.contains("stop the server first"), "{said}");
    node.kill().await;

    let mut bytes = fs::read(&backup).expect("it is there");
    bytes[100_000] ^= 1;
    fs::write(&backup, bytes).expect("it is written");
    let (code, said) = site.run(&["restore", text(&backup)]).await;
    assert_eq!(code, 1);
    assert!(said.contains("damaged"), "{said}");
    let mut node = site.start().await;
    Api::new(node.address).login("admin", PASSWORD).await;
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_left_to_its_own_tools() {
    let site = Site::new(Backend::Postgres, BINARY, "").await;
    let backup = site.folder().join("backup.tar");
    let (code, said) = site.run(&["backup", text(&backup)]).await;
    assert_eq!(code, 1);
    assert!(said.contains("pg_dump --format=custom"), "{said}");
    // Where its key is.
    assert!(said.contains("secret.key apart"), "{said}");
    let key = "[secrets]\nkey = \"YmVuY2gta2V5LW5vdC1yZWFsLWJlbmNoLWtleS0wMDE=\"";
    let keyed = Site::new(Backend::Postgres, BINARY, key).await;
    let (_, of_keyed) = keyed.run(&["backup", text(&backup)]).await;
    assert!(
        of_keyed.contains("the value of `secrets.key` apart"),
        "{of_keyed}"
    );
    assert!(!of_keyed.contains("secret.key "), "{of_keyed}");
    let (code, said) = site.run(&["restore", text(&backup)]).await;
    assert_eq!(code, 1);
    assert!(said.contains("pg_restore --clean"), "{said}");
    assert!(said.contains("push-notify user end-access"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restoration_revokes_keys_and_says_who_came_back() {
    let site = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let backup = site.folder().join("backup.tar");
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let mut ids = Vec::new();
    for name in ["deleted", "locked", "changed", "demoted", "unchanged"] {
        let body = json!({
            "username": name, "email": format!("{name}@example.com"), "password": "User-not-real-1", "role": "admin",
        });
        ids.push(admin.post("/api/v1/users", &body).await.expect(200).id());
    }
    let key = json!({"name": "leaked", "scopes": ["users:write"]});
    let key = admin.post("/api/v1/api-keys", &key).await.expect(200);
    let leaked = admin.with_key(key.data()["key"].as_str().expect("a key"));
    let (code, said) = site.run(&["backup", text(&backup)]).await;
    assert_eq!(code, 0, "{said}");
    let user = |index: usize| format!("/api/v1/users/{}", ids[index]);
    admin.delete(&user(0)).await.expect(200);
    admin
        .put(&format!("{}/lock", user(1)), &json!({"action": "lock"}))
        .await
        .expect(200);
    let reset = format!("{}/reset-password", user(2));
    admin.post(&reset, &json!({})).await.expect(200);
    admin
        .put(&user(3), &json!({"role": "user"}))
        .await
        .expect(200);
    admin
        .delete(&format!("/api/v1/api-keys/{}", key.id()))
        .await
        .expect(200);
    leaked.get("/api/v1/users").await.expect(401);
    node.kill().await;

    let (code, said) = site.run(&["restore", text(&backup)]).await;
    assert_eq!(code, 0, "{said}");
    for line in [
        "1 API keys are revoked",
        "deleted: was deleted, and is there again",
        "locked: was locked, and is active again",
        "changed: has an earlier password again",
        "demoted: had the role user, and has the role admin again",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("unchanged:"), "{said}");
    let mut node = site.start().await;
    let api = Api::new(node.address);
    let leaked = |node: &Api| node.with_key(key.data()["key"].as_str().expect("a key"));
    leaked(&api).get("/api/v1/users").await.expect(401);
    api.login("admin", PASSWORD).await;
    node.kill().await;

    // Nothing came back that was not there; and keys stay when the operator says so.
    let (code, said) = site
        .run(&["restore", text(&backup), "--keep-api-keys"])
        .await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Nothing else came back"), "{said}");
    assert!(said.contains("1 API keys are good again"), "{said}");
    let mut node = site.start().await;
    leaked(&Api::new(node.address))
        .get("/api/v1/users")
        .await
        .expect(200);
    node.kill().await;

    let other = Site::new(Backend::Sqlite, BINARY, SETTINGS).await;
    let (code, said) = other.run(&["restore", text(&backup)]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("no database to compare it with"), "{said}");
}
