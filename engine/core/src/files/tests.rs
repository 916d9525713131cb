use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_is_ours_alone_is_taken_from_others() {
    let dir = tempfile::tempdir().unwrap();
    let made = dir.path().join("a/b");
    private_folder(&made, "server.data_dir").unwrap();
    assert_eq!((mode(&dir.path().join("a")), mode(&made)), (0o700, 0o700));
    for open in [0o755, 0o777, 0o750, 0o701, 0o740, 0o705, 0o2775] {
        set_mode(&made, open);
        private_folder(&made, "server.data_dir").unwrap();
        assert_eq!(mode(&made) & 0o777, 0o700, "{open:o}");
    }
    // Whatever is in it.
    for name in ["push-notify.db", "secret.key", "index.html", "notes"] {
        fs::write(made.join(name), "").unwrap();
    }
    set_mode(&made, 0o755);
    private_folder(&made, "server.data_dir").unwrap();
    assert_eq!(mode(&made), 0o700);
}

#[test]
fn a_folder_that_others_use_is_refused_with_the_cure() {
    let dir = tempfile::tempdir().unwrap();
    let shared = dir.path().join("with blanks");
    fs::create_dir(&shared).unwrap();
    set_mode(&shared, 0o1777);
    let refused = private_folder(&shared, "database.url")
        .unwrap_err()
        .to_string();
    for part in ["everybody", "`database.url`", "inside", "with blanks'"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    assert!(!refused.contains("chmod"), "{refused}");
    assert_eq!(mode(&shared), 0o1777);
    for system in [
        "/",
        "/etc",
        "/home",
        "/opt",
        "/usr",
        "/usr/../var",
        "/var/lib",
    ] {
        let why = used_by_others(Path::new(system)).unwrap();
        assert_eq!(why.as_deref(), Some("it is the system's"), "{system}");
    }
    if is_root() {
        fs::write(shared.join("theirs"), "").unwrap();
        std::os::unix::fs::chown(shared.join("theirs"), Some(65_534), None).unwrap();
        set_mode(&shared, 0o755);
        let refused = private_folder(&shared, "server.data_dir")
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("theirs") && refused.contains("chmod 700 '"),
            "{refused}"
        );
        assert_eq!(mode(&shared), 0o755);
        set_mode(&shared, 0o700);
        private_folder(&shared, "server.data_dir").unwrap();
    }
}

#[test]
fn a_file_is_taken_from_others() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("push-notify.db");
    private_file(&file).unwrap();
    open_private(&file).unwrap();
    assert_eq!(mode(&file), 0o600);
    for open in [0o644, 0o666, 0o640, 0o604, 0o660, 0o755] {
        set_mode(&file, open);
        private_file(&file).unwrap();
        assert_eq!(mode(&file) & 0o077, 0, "{open:o}");
    }
    private_file(&dir.path().join("push-notify.db/x")).unwrap_err();
}

#[test]
fn a_path_is_shown_as_a_shell_takes_it() {
    for (path, shown) in [
        ("/var/lib/push-notify", "/var/lib/push-notify"),
        ("./data", "./data"),
        ("my data", "'my data'"),
        ("it's", r"'it'\''s'"),
        ("$HOME", "'$HOME'"),
        ("数据", "数据"),
    ] {
        assert_eq!(quoted(Path::new(path)), shown);
    }
}
