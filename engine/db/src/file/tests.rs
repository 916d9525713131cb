use super::*;
use sqlx::{AnyConnection, Connection as _};

/// Names that mean something else in a URL, a shell or SQLite.
const NAMES: [&str; 22] = [
    "plain.db",
    "with space.db",
    " both ends ",
    "a%20b.db",
    "100%.db",
    "a?b=c.db",
    "?mode=ro",
    "a#b.db",
    "a&b=c.db",
    "a+b.db",
    "a:b.db",
    "file:x.db",
    ":memory:",
    "[x].db",
    "it's.db",
    "\"quoted\".db",
    "back\\slash.db",
    "数据库.db",
    "u\u{308}.db",
    "a;b,c=d@e.db",
    "~",
    "...",
];

#[tokio::test]
async fn a_file_is_found_by_its_name_whatever_is_in_it() {
    sqlx::any::install_default_drivers();
    let dir = tempfile::tempdir().unwrap();
    for name in NAMES {
        let folder = dir.path().join(format!("in {name}"));
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join(name);
        let url = sqlite_url(&file, Opening::Made).unwrap();
        let mut made = AnyConnection::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE t (x BIGINT)")
            .execute(&mut made)
            .await
            .unwrap();
        made.close().await.unwrap();
        let found: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().collect();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(found[0].file_name().to_str(), Some(name));
        let url = sqlite_url(&file, Opening::There).unwrap();
        let mut there = AnyConnection::connect(&url).await.unwrap();
        sqlx::query("SELECT x FROM t")
            .fetch_all(&mut there)
            .await
            .unwrap();
    }
}

#[test]
fn what_cannot_be_a_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["/", "..", "a/..", "nowhere/x.db", "/nowhere/at/all/x.db"] {
        assert!(
            sqlite_url(&dir.path().join(path), Opening::Made).is_err(),
            "{path}"
        );
    }
}

#[test]
fn the_configuration_names_a_path_and_no_url() {
    let data = Path::new("/data dir");
    for (url, file) in [
        ("sqlite", "/data dir/push-notify.db"),
        ("sqlite:", "/data dir/push-notify.db"),
        ("sqlite://", "/data dir/push-notify.db"),
        ("sqlite:x.db", "x.db"),
        ("sqlite://x.db", "x.db"),
        ("sqlite:///a/x.db", "/a/x.db"),
        ("sqlite:///a b/x.db", "/a b/x.db"),
        ("sqlite:///a%20b/x.db", "/a%20b/x.db"),
        ("sqlite:///a/x.db?mode=ro", "/a/x.db?mode=ro"),
        ("sqlite:///a#b/x.db", "/a#b/x.db"),
    ] {
        assert_eq!(sqlite_file(url, data), Path::new(file), "{url}");
    }
}
