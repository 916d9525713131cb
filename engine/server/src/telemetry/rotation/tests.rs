use super::*;
use std::fs;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_full_file_is_put_aside_and_the_oldest_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("server.log");
    let mut log = Rotating::open(&path, 20, 2).unwrap();
    for number in 0..7 {
        log.write_all(format!("line {number}\n").as_bytes())
            .unwrap();
    }
    assert_eq!(
        names(dir.path()),
        ["server.log", "server.log.1", "server.log.2"]
    );
    let text = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(text("server.log"), "line 6\n");
    assert_eq!(text("server.log.1"), "line 4\nline 5\n");
    assert_eq!(text("server.log.2"), "line 2\nline 3\n");
}

#[test]
fn a_restart_goes_on_with_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("server.log");
    for text in ["first\n", "second\n", "a line longer than a file may be\n"] {
        let mut log = Rotating::open(&path, 15, 3).unwrap();
        log.write_all(text.as_bytes()).unwrap();
    }
    assert_eq!(
        fs::read_to_string(dir.path().join("server.log.1")).unwrap(),
        "first\nsecond\n"
    );
    assert!(fs::read_to_string(&path).unwrap().starts_with("a line"));
}

#[test]
fn nothing_is_put_aside_when_nothing_is_to_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("server.log");
    let mut log = Rotating::open(&path, 10, 0).unwrap();
    log.write_all(b"one line\n").unwrap();
    log.write_all(b"another\n").unwrap();
    assert_eq!(names(dir.path()), ["server.log"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "another\n");
}
