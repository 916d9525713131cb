mod commits;
mod ours;
mod shorten;

use super::{compare_url, made_and_gone};

#[test]
fn what_a_push_did_to_its_ref_is_judged_by_both_ends() {
    const ZERO: &str = "0000000000000000000000000000000000000000";
    let long = "0".repeat(64);
    let sha = "7be27be27be27be27be27be27be27be27be27be2";
    let (yes, no) = (Some(true), Some(false));
    for (flags, ends, expected) in [
        ((None, None), (Some(sha), Some(sha)), (no, no)),
        ((None, None), (Some(ZERO), Some(sha)), (yes, no)),
        ((None, None), (Some(sha), Some(ZERO)), (no, yes)),
        ((None, None), (Some(&*long), Some(sha)), (yes, no)),
        ((None, None), (Some(sha), Some(&*long)), (no, yes)),
        ((None, None), (None, Some(sha)), (None, no)),
        ((None, None), (Some(sha), None), (no, None)),
        ((None, None), (None, None), (None, None)),
        ((yes, no), (Some(sha), Some(sha)), (yes, no)),
        ((no, yes), (None, None), (no, yes)),
        // Tests.
        ((None, None), (Some(ZERO), Some(ZERO)), (no, no)),
        ((None, None), (Some(&*long), Some(&*long)), (no, no)),
        ((no, yes), (Some(ZERO), Some(ZERO)), (no, no)),
        ((yes, no), (Some(ZERO), Some(ZERO)), (no, no)),
        ((yes, yes), (Some(sha), Some(sha)), (no, no)),
        ((yes, yes), (None, None), (no, no)),
        ((yes, None), (None, Some(ZERO)), (no, no)),
    ] {
        let (created, deleted) = flags;
        let (before, after) = ends;
        assert_eq!(
            made_and_gone(created, deleted, before, after),
            expected,
            "{flags:?} {ends:?}"
        );
    }
}

#[test]
fn what_is_compared_with_nothing_has_no_address() {
    let compared = |url: &str| compare_url(Some(url.to_owned())).is_some();
    assert!(compared("https://git.example.com/a/b/compare/7be2...81ac"));
    assert!(compared("https://git.example.com/a/b/compare/v1.2.0"));
    for url in [
        "",
        "https://git.example.com/",
        "https://git.example.com/a/b/compare/",
        "https://git.example.com/a/b/compare/7be2...000000000000",
        "https://git.example.com/a/b/compare/0000000000000000000000000000000000000000...7be2",
    ] {
        assert!(!compared(url), "{url}");
    }
}
