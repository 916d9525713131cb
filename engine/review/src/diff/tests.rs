use super::{Place, Shown, numbered, pieces};

const PATCH: &str = "@@ -1,3 +1,4 @@ fn main() {\n one\n-two\n+deux\n+trois\n three\n@@ -10,2 +11,1 @@\n-ten\n eleven\n\\ No newline at end of file\n";

#[test]
fn lines_are_where_hosts_look_for_them() {
    let shown = Shown::of(PATCH);
    let at = |line| {
        shown
            .place(line)
            .map(|Place { old_line, position }| (old_line, position))
    };
    assert_eq!(at(1), Some((Some(1), 1)));
    assert_eq!(at(2), Some((None, 3)));
    assert_eq!(at(3), Some((None, 4)));
    assert_eq!(at(4), Some((Some(3), 5)));
    assert_eq!(at(5), None);
    assert_eq!(at(11), Some((Some(11), 8)));
    assert_eq!(at(12), None);
}

#[test]
fn a_numbered_diff_keeps_every_line() {
    assert_eq!(
        numbered(PATCH),
        "@@ -1,3 +1,4 @@ fn main() {\n    1  one\n      -two\n    2 +deux\n    3 +trois\n    4  three\n\
         @@ -10,2 +11,1 @@\n      -ten\n   11  eleven\n      \\ No newline at end of file\n"
    );
}

#[test]
fn what_is_no_diff_shows_no_line() {
    for text in [
        "",
        "Binary files differ",
        "@@ nonsense @@\n+a",
        "@@ -1 +99999999999 @@\n+a",
        "+a\n b",
    ] {
        assert_eq!(Shown::of(text).place(1), None, "{text}");
        numbered(text);
    }
    assert_eq!(
        Shown::of("@@ -0,0 +1 @@\n+a")
            .place(1)
            .map(|place| place.position),
        Some(1)
    );
    assert_eq!(
        Shown::of("@@ -4294967295 +4294967295 @@\n+a\n+b\n c").place(1),
        None
    );
}

#[test]
fn a_long_diff_is_cut_between_hunks() {
    let whole: Vec<&str> = pieces(PATCH, 1000).unwrap();
    assert_eq!(whole, [PATCH]);
    let parts = pieces(PATCH, 70).unwrap();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts.concat(), PATCH);
    assert!(parts[1].starts_with("@@ -10"));
    assert_eq!(pieces(PATCH, 30), None);
    let many = "@@ -1 +1 @@\n+a\n".repeat(50);
    let parts = pieces(&many, 100).unwrap();
    assert_eq!(parts.concat(), many);
    assert!(
        parts
            .iter()
            .all(|part| part.len() <= 100 && part.starts_with("@@"))
    );
}
