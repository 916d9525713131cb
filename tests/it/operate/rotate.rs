//! `push-notify secrets`: one key takes the place of another.

use super::load::{BINARY, Load, PASSWORD, SETTINGS, all_have_the_token, settled};
use push_notify_tests::{Api, Backend, Receiver, Site, both, until};
use sqlx::AnyPool;
use std::{fs, time::Duration};

both!(
    a_key_is_replaced_under_load_however_often_that_is_interrupted,
    a_key_that_is_not_there_is_named_at_the_start,
);

/// Every column that may hold a sealed value.
const SEALED: [&str; 6] = [
    "SELECT webhook_secret FROM repos",
    "SELECT COALESCE(access_token, '') FROM repos",
    "SELECT secrets FROM repos",
    "SELECT secrets FROM targets",
    "SELECT api_key FROM models",
    "SELECT headers FROM events",
];

async fn values(url: &str) -> Vec<String> {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(url).await.expect("the database");
    let mut values = Vec::new();
    for sql in SEALED {
        let found: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&pool)
            .await
            .expect("its values");
        values.extend(found);
    }
    pool.close().await;
    values
}

/// The id of the current key, as `secrets status` says it.
async fn current(site: &Site) -> String {
    let (code, said) = site.run(&["secrets", "status"]).await;
    assert_eq!(code, 0, "{said}");
    let line = said.lines().find(|line| line.ends_with("the current key"));
    let id = line.and_then(|line| line.split_whitespace().next());
    id.unwrap_or_else(|| panic!("no current key in {said}"))
        .to_owned()
}

async fn a_key_is_replaced_under_load_however_often_that_is_interrupted(on: Backend) {
    let receiver = Receiver::start().await;
    let site = Site::new(on, BINARY, SETTINGS).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let load = Load::set_up(&admin, &receiver).await;
    load.send(&admin, 0..400).await;
    let former = current(&site).await;

    let (code, said) = site.run(&["secrets", "new-key"]).await;
    assert_eq!(code, 0, "{said}");
    let (code, said) = site.run(&["secrets", "rotate"]).await;
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("SIGHUP"),
        "the server does not know it yet: {said}"
    );
    node.hang_up().await;
    until("the server to read its keys", async || {
        node.output()
            .contains("read the secret keys again")
            .then_some(())
    })
    .await;
    admin.get("/api/v1/auth/me").await.expect(200);

    let rotating = async {
        for _ in 0..6 {
            let time = Duration::from_millis(rand::random_range(30..250));
            site.run_for(&["secrets", "rotate"], time).await;
        }
        let (code, said) = site.run(&["secrets", "rotate"]).await;
        assert_eq!(code, 0, "{said}");
    };
    tokio::join!(load.send(&admin, 400..700), rotating);
    assert_eq!(load.answered().len(), 700, "nobody was refused meanwhile");
    settled(&admin).await;
    let all = values(site.database_url()).await;
    assert!(all.iter().filter(|value| value.contains("v1:")).count() > 700);
    assert!(all.iter().all(|value| !value.contains(&former)));
    node.kill().await;

    // The former key is out of the file.
    let key_file = site.data_dir().join("secret.key");
    let lines = fs::read_to_string(&key_file).expect("the keys");
    assert_eq!(lines.lines().count(), 2);
    let newest = lines.lines().next().expect("a key");
    fs::write(&key_file, newest).expect("it is written");
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    load.send(&admin, 700..710).await;
    assert_eq!(load.answered().len(), 710);
    settled(&admin).await;
    assert_eq!(receiver.count(), 710);
    assert!(all_have_the_token(&receiver));
    node.kill().await;
}

async fn a_key_that_is_not_there_is_named_at_the_start(on: Backend) {
    let receiver = Receiver::start().await;
    let site = Site::new(on, BINARY, SETTINGS).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    Load::set_up(&admin, &receiver).await;
    let key_id = current(&site).await;
    node.kill().await;
    let key_file = site.data_dir().join("secret.key");
    let right = fs::read_to_string(&key_file).expect("the key");

    let other = "b25lLW9mLXRoZS13cm9uZy1rZXlzLW5vdC1yZWFsLTE=";
    fs::write(&key_file, other).expect("it is written");
    let said = site.fail().await;
    assert!(
        said.contains(&format!("sealed by the key {key_id}")),
        "{said}"
    );
    assert!(said.contains("secrets.previous_keys"), "{said}");
    let (code, said) = site.run(&["config", "check", "--online"]).await;
    assert_eq!(code, 3, "{said}");
    assert!(said.contains(&key_id), "{said}");

    fs::remove_file(&key_file).expect("it is there");
    let said = site.fail().await;
    assert!(said.contains("secret.key is not there"), "{said}");
    assert!(said.contains(&key_id), "{said}");
    assert!(!key_file.exists(), "none is made up in its place");

    // As a further line it is enough.
    fs::write(&key_file, format!("{other}\n{right}\n")).expect("it is written");
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let mut node = site.start().await;
    until("the server to say what it needs", async || {
        node.output()
            .contains("push-notify secrets rotate")
            .then_some(())
    })
    .await;
    node.kill().await;
}
