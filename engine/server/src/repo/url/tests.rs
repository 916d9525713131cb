use super::origin;

#[test]
fn an_origin_ignores_the_path_only() {
    let same = origin("https://github.com/a/b");
    assert!(same.is_some());
    assert_eq!(origin("https://GitHub.com:443/c"), same);
    assert_ne!(origin("http://github.com/a/b"), same);
    assert_ne!(origin("https://github.com:8443/a/b"), same);
    assert_ne!(origin("git@github.com:a/b"), same);
    assert_eq!(origin("git@github.com:a/b"), origin("git@GitHub.com:c/d"));
}
