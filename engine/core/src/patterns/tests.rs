use super::{LONGEST, MOST, Patterns};

fn matches(pattern: &str, path: &str) -> bool {
    Patterns::compile(&[pattern.to_owned()])
        .unwrap()
        .is_match(path)
}

#[test]
fn a_pattern_without_a_slash_matches_in_any_folder() {
    assert!(matches("*.ts", "a.ts"));
    assert!(matches("*.ts", "src/deep/a.ts"));
    assert!(matches("*.{ts,tsx}", "src/a.tsx"));
    assert!(matches("*.test.ts", "src/a.test.ts"));
    assert!(!matches("*.ts", "a.tsx"));
    assert!(matches("node_modules", "web/node_modules/x/index.js"));
    assert!(!matches("node_modules", "web/node_modules_x/index.js"));
    assert!(matches("生成*.go", "pkg/生成的.go"));
}

#[test]
fn a_pattern_with_a_slash_matches_from_the_root() {
    assert!(matches("dist/**", "dist/a/b.js"));
    assert!(!matches("dist/**", "web/dist/b.js"));
    assert!(matches("**/dist/**", "web/dist/b.js"));
    assert!(matches("/Makefile", "Makefile"));
    assert!(!matches("/Makefile", "sub/Makefile"));
    assert!(matches("src/*.go", "src/a.go"));
    assert!(!matches("src/*.go", "src/sub/a.go"));
    assert!(matches("src/gen", "src/gen/a.go"));
}

#[test]
fn a_trailing_slash_stands_for_a_folder() {
    assert!(matches("build/", "sub/build/a.js"));
    assert!(!matches("build/", "sub/build"));
    assert!(!matches("/build/", "sub/build/a.js"));
}

#[test]
fn what_cannot_match_is_refused_by_name() {
    for bad in ["src/[a", "a{b", "!*.ts", "", "/", "//"] {
        let error = Patterns::compile(&["*.go".to_owned(), bad.to_owned()]).unwrap_err();
        assert_eq!(error.pattern, bad);
        assert!(!error.reason.is_empty(), "{bad}");
    }
}

#[test]
fn no_pattern_matches_nothing() {
    let none = Patterns::compile(&[]).unwrap();
    assert!(none.is_empty());
    assert!(!none.is_match("a.go"));
}

#[test]
fn the_worst_patterns_are_compiled_or_refused_not_run_into_the_ground() {
    for worst in ["**/", "{a,b}", "{", "[^a]", "*a", "?"] {
        let pattern: String = worst.chars().cycle().take(LONGEST).collect();
        if let Ok(patterns) = Patterns::compile(&vec![pattern; MOST]) {
            assert_eq!(patterns.is_match(&"é".repeat(4000)), worst == "**/");
        }
    }
}
