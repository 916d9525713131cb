use super::{check, origin};

#[test]
fn the_usual_forms_are_taken() {
    for url in [
        "https://github.com/company/backend-service",
        "http://git.example.com:3000/team/app.git",
        "ssh://git@git.example.com:2222/team/app.git",
        "git@github.com:company/backend-service.git",
        "https://git.example.com/团队/项目",
    ] {
        assert!(check(url).is_ok(), "{url}");
    }
}

#[test]
fn anything_else_is_refused() {
    for url in [
        "",
        "backend",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://github.com",
        "https://github.com/",
        "git@:a",
        "git@github.com:",
        "github.com:company/app",
        "https://git hub.com/a",
    ] {
        assert!(check(url).is_err(), "{url}");
    }
}

#[test]
fn credentials_are_refused() {
    for url in [
        "https://user:test-password-not-real@github.com/a/b",
        "https://token-not-real@github.com/a/b",
        "ssh://git:test-password-not-real@github.com/a/b",
    ] {
        assert!(check(url).is_err(), "{url}");
    }
}

#[test]
fn an_origin_ignores_the_path_only() {
    let same = origin("https://github.com/a/b");
    assert_eq!(origin("https://GitHub.com:443/c"), same);
    assert_ne!(origin("http://github.com/a/b"), same);
    assert_ne!(origin("https://github.com:8443/a/b"), same);
    assert_ne!(origin("git@github.com:a/b"), same);
    assert_eq!(origin("git@github.com:a/b"), origin("git@GitHub.com:c/d"));
}
