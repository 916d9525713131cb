//! What is on disk is for the server's own user, and found whatever it is called.

use super::load::BINARY;
use push_notify_tests::{Backend, Site};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

fn mode(path: &Path) -> u32 {
    let found = fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    found.permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// Everything in a folder, and below.
fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => found.extend(all(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_open_to_others_is_closed_at_the_start() {
    let dir = tempfile::tempdir().expect("a folder");
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    let database = elsewhere.join("push-notify.db");
    let logs = dir.path().join("logs");
    fs::create_dir(&logs).expect("a folder");
    let log = logs.join("server.log");
    let settings = format!("[log]\nfile = {:?}", log.to_str().expect("UTF-8"));
    let url = format!("sqlite://{}", database.display());
    let site = Site::on(&url, BINARY, &settings).await;
    // As an earlier release, a copy or a hand has left them.
    let mut node = site.start().await;
    node.kill().await;
    let endings = ["", "-wal", "-shm", ".lock"];
    let files: Vec<PathBuf> = endings
        .iter()
        .map(|ending| PathBuf::from(format!("{}{ending}", database.display())))
        .collect();
    fs::write(logs.join("server.log.1"), "old").expect("it is written");
    for file in files.iter().filter(|file| file.exists()) {
        set_mode(file, 0o644);
    }
    set_mode(&log, 0o644);
    set_mode(&logs.join("server.log.1"), 0o644);
    set_mode(&elsewhere, 0o755);
    set_mode(&site.data_dir(), 0o755);

    let mut node = site.start().await;
    for folder in [&elsewhere, &site.data_dir()] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    assert!(files.iter().all(|file| file.exists()), "{files:?}");
    for file in files.iter().chain([&log, &logs.join("server.log.1")]) {
        assert_eq!(mode(file) & 0o077, 0, "{} {:o}", file.display(), mode(file));
    }
    for path in all(&elsewhere) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    assert_eq!(mode(&site.data_dir().join("secret.key")), 0o600);
    node.kill().await;

    // A folder that others use as well is not the server's to close.
    set_mode(&elsewhere, 0o1777);
    let said = site.fail().await;
    assert!(
        said.contains("everybody") && said.contains("database.url"),
        "{said}"
    );
    set_mode(&elsewhere, 0o700);
    let mut node = site.start().await;
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn databases_and_backups_are_found_whatever_they_are_called() {
    let dir = tempfile::tempdir().expect("a folder");
    let names = ["with space", "a%20b", "a?b=c", "100%", "a#b", "数据"];
    for name in names {
        let folder = dir.path().join(name);
        let url = format!("sqlite://{}/{name}.db", folder.display());
        let site = Site::on(&url, BINARY, "").await;
        let mut node = site.start().await;
        let backup = site.folder().join(name);
        let backup_text = backup.to_str().expect("UTF-8");
        let (code, said) = site.run(&["backup", backup_text]).await;
        assert_eq!(code, 0, "{name}: {said}");
        assert!(backup.is_file(), "{name}: {said}");
        let (code, said) = site.run(&["user", "reset-password", "admin"]).await;
        assert_eq!(code, 0, "{name}: {said}");
        node.kill().await;
        let (code, said) = site.run(&["restore", backup_text]).await;
        assert_eq!(code, 0, "{name}: {said}");
        let found: Vec<String> = fs::read_dir(&folder)
            .expect("the folder of that name")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        assert!(found.contains(&format!("{name}.db")), "{found:?}");
        assert!(
            found.iter().all(|found| found.starts_with(name)),
            "{found:?}"
        );
    }
    // A name that SQLite would take for a URL.
    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    let mut node = site.start().await;
    for name in ["file:x?mode=memory", ":memory:"] {
        let (code, said) = site.run(&["backup", name]).await;
        assert_eq!(code, 0, "{name}: {said}");
        assert!(site.folder().join(name).is_file(), "{name}: {said}");
    }
    node.kill().await;
}

/// `make run` in a container, where everybody is root.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn make_run_serves_as_an_ordinary_user() {
    let dir = tempfile::tempdir().expect("a folder");
    set_mode(dir.path(), 0o755);
    let server = dir.path().join("server");
    fs::write(
        &server,
        "#!/bin/sh\nmkdir -p -m 700 data\nid -u\nstat -c '%u %a' data\ntouch data/x && echo \"$1\"\n",
    )
    .expect("it is written");
    set_mode(&server, 0o755);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/serve.sh");
    let run = async |run_as: Option<&str>| {
        let mut command = tokio::process::Command::new(&script);
        command
            .arg("./server")
            .current_dir(dir.path())
            .env_remove("RUN_AS");
        command.envs(run_as.map(|name| ("RUN_AS", name)));
        let output = command.output().await.expect("it runs");
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<String> = said
            .lines()
            .filter(|line| !line.starts_with("=="))
            .map(str::to_owned)
            .collect();
        lines
    };
    let me =
        fs::metadata("/proc/self").map(|process| std::os::unix::fs::MetadataExt::uid(&process));
    let is_root = me.is_ok_and(|me| me == 0);
    let said = run(None).await;
    assert_eq!(said.len(), 3, "{said:?}");
    assert_ne!(said[0], "0");
    assert_eq!(said[1], format!("{} 700", said[0]), "the data is its own");
    assert_eq!(said[2], "serve");
    if is_root {
        assert_eq!(run(Some("root")).await[0], "0");
        assert_ne!(run(Some("daemon")).await[0], "0");
    }
}
