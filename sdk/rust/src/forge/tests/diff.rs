use crate::forge::diff::{split, text};
use crate::{
    ChangeStatus::{self, Added, Modified, Removed, Renamed},
    FileChange,
    Omission::{self, Binary, TooLarge},
};

fn files(text: &str) -> Vec<FileChange> {
    split(text).expect("a diff").files
}

/// Of the only file.
fn one(text: &str) -> FileChange {
    let mut files = files(text);
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

const EDIT: &str = "\
diff --git a/src/a.rs b/src/a.rs
index 1111111..2222222 100644
--- a/src/a.rs
+++ b/src/a.rs
@@ -1,2 +1,3 @@ fn main() {
 one
-two
+2
+3
@@ -10 +11 @@
-ten
+10
\\ No newline at end of file
";

#[test]
fn a_patch_is_all_hunks_of_a_file() {
    let file = one(EDIT);
    assert_eq!(
        (file.path.as_str(), file.old_path.as_ref(), file.status),
        ("src/a.rs", None, Modified)
    );
    assert_eq!((file.additions, file.deletions), (Some(3), Some(2)));
    let hunks = &EDIT[EDIT.find("@@").unwrap()..EDIT.len() - 1];
    assert_eq!(file.patch.as_deref(), Some(hunks));
    assert_eq!(one(EDIT.trim_end()).patch, file.patch);
}

/// The diff of one file; its path and former path, what happened to it, and why it has no patch.
type Case = (
    &'static str,
    &'static str,
    Option<&'static str>,
    ChangeStatus,
    Option<Omission>,
);

#[test]
fn each_kind_of_change_is_told() {
    let cases: [Case; 9] = [
        (
            "diff --git a/new.rs b/new.rs\nnew file mode 100644\nindex 0000000..2222222\n--- /dev/null\n+++ b/new.rs\n@@ -0,0 +1 @@\n+a\n",
            "new.rs",
            None,
            Added,
            None,
        ),
        (
            "diff --git a/old.rs b/old.rs\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/old.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
            "old.rs",
            None,
            Removed,
            None,
        ),
        (
            "diff --git a/a.rs b/b c.rs\nsimilarity index 100%\nrename from a.rs\nrename to b c.rs\n",
            "b c.rs",
            Some("a.rs"),
            Renamed,
            None,
        ),
        (
            "diff --git a/a.rs b/b c.rs\nsimilarity index 90%\nrename from a.rs\nrename to b c.rs\nindex 1..2 100644\n--- a/a.rs\n+++ b/b c.rs\t\n@@ -1 +1 @@\n-a\n+b\n",
            "b c.rs",
            Some("a.rs"),
            Renamed,
            None,
        ),
        (
            "diff --git a/a.rs b/copy.rs\nsimilarity index 100%\ncopy from a.rs\ncopy to copy.rs\n",
            "copy.rs",
            Some("a.rs"),
            Added,
            None,
        ),
        (
            "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
            "run.sh",
            None,
            Modified,
            None,
        ),
        (
            "diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n",
            "empty",
            None,
            Added,
            None,
        ),
        (
            "diff --git a/a b/x.png b/a b/x.png\nindex 1..2 100644\nBinary files a/a b/x.png and b/a b/x.png differ\n",
            "a b/x.png",
            None,
            Modified,
            Some(Binary),
        ),
        (
            "diff --git a/x.bin b/x.bin\nnew file mode 100644\nindex 0..2\nGIT binary patch\nliteral 3\nKcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n",
            "x.bin",
            None,
            Added,
            Some(Binary),
        ),
    ];
    let mut all = String::new();
    for (text, path, old_path, status, omitted) in cases {
        all.push_str(text);
        let file = one(text);
        assert_eq!(
            (file.path.as_str(), file.old_path.as_deref()),
            (path, old_path),
            "{text}"
        );
        assert_eq!((file.status, file.omitted), (status, omitted), "{text}");
        assert_eq!(file.patch.is_some(), text.contains("@@"), "{text}");
    }
    let paths: Vec<String> = files(&all).into_iter().map(|file| file.path).collect();
    assert_eq!(paths, cases.map(|(_, path, ..)| path));
}

#[test]
fn names_that_are_not_plain_are_read_as_git_quotes_them() {
    let text = |old: &str, new: &str| {
        format!(
            "diff --git {old} {new}\nindex 1..2 100644\n--- {old}\n+++ {new}\n@@ -1 +1 @@\n-a\n+b\n"
        )
    };
    let path = |name: &str| one(&text(&format!("\"a/{name}\""), &format!("\"b/{name}\""))).path;
    assert_eq!(path(r"\345\274\240.rs"), "张.rs");
    assert_eq!(path(r#"a\"b\\c\td"#), "a\"b\\c\td");
    // Without hunks the first line is all there is.
    assert_eq!(
        one("diff --git \"a/\\303\\251\" \"b/\\303\\251\"\nold mode 100644\nnew mode 100755\n")
            .path,
        "é"
    );
    let renamed = "diff --git \"a/\\303\\251\" b/e\nsimilarity index 100%\nrename from \"\\303\\251\"\nrename to e\n";
    let renamed = one(renamed);
    assert_eq!(
        (renamed.path.as_str(), renamed.old_path.as_deref()),
        ("e", Some("é"))
    );
}

#[test]
fn lines_that_look_like_the_next_file_are_lines() {
    let text = "\
diff --git a/a.sql b/a.sql
index 1..2 100644
--- a/a.sql
+++ b/a.sql
@@ -1,3 +1,3 @@
--- a/other.sql
-++ b/other.sql
+-- a/third.sql
+++ b/third.sql
 diff --git a/x b/x
diff --git a/b.sql b/b.sql
index 1..2 100644
--- a/b.sql
+++ b/b.sql
@@ -1 +1 @@
-a
+b
";
    let files = files(text);
    let paths: Vec<&str> = files.iter().map(|file| &*file.path).collect();
    assert_eq!(paths, ["a.sql", "b.sql"]);
    assert_eq!((files[0].additions, files[0].deletions), (Some(2), Some(2)));
    assert!(
        files[0]
            .patch
            .as_ref()
            .unwrap()
            .ends_with(" diff --git a/x b/x")
    );
}

#[test]
fn what_is_too_much_keeps_its_place_without_its_patch() {
    let file = |name: usize, bytes: usize| {
        let line = "x".repeat(bytes);
        format!(
            "diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -0,0 +1 @@\n+{line}\n"
        )
    };
    let files = files(&[file(1, 5 << 20), file(2, 4 << 20), file(3, 1 << 20)].concat());
    let omitted: Vec<Option<Omission>> = files.iter().map(|file| file.omitted).collect();
    assert_eq!(omitted, [None, Some(TooLarge), None]);
    assert_eq!(files[1].patch, None);
    assert_eq!(files[1].additions, Some(1));

    let many = split(&"diff --git a/x b/x\n".repeat(10_001)).unwrap();
    assert!(many.cut && many.files.len() == 10_000);
}

#[test]
fn a_file_of_another_encoding_loses_only_what_cannot_be_read() {
    for (bytes, expected) in [
        (&b"caf\xe9 cr\xe8me"[..], "caf? cr?me"),
        ("张 三".as_bytes(), "张 三"),
        (b"\xe5\xbc", "??"),
        (b"\xff\xfe\xc0", "???"),
        (b"", ""),
    ] {
        assert_eq!(text(bytes.to_vec()), expected);
    }
}

#[test]
fn nothing_breaks_the_parser() {
    assert!(files("").is_empty() && files("\n").is_empty());
    for text in [
        "<html>",
        "Not found.\n",
        "@@ -1 +1 @@\n-a\n+b\n",
        " diff --git a/x b/x",
    ] {
        assert!(split(text).is_none(), "{text}");
    }
    for text in [
        "diff --git ",
        "diff --git a",
        "diff --git a/x",
        "diff --git \"",
        "diff --git \"a/\\",
        "diff --git \"a/\\39\" \"b/\\777\"",
        "diff --git é/é b/é",
        "diff --git a/x b/x\n@@ -1,4294967295 +1,4294967295 @@\n a\ndiff --git a/y b/y\n",
        "diff --git a/x b/x\n@@ -1,99999999999 +1 @@\n a\n",
        "diff --git a/x b/x\n@@ -1 @@\n",
        "diff --git a/x b/x\n@@ -",
        "diff --git a/x b/x\n--- \n+++ \n",
        "diff --git a/x b/x\n--- \"\n+++ \"\n",
        "diff --git a/x b/x\nrename from \nrename to \"\\\n",
    ] {
        assert!(split(text).is_some(), "{text}");
    }
    // Any cut of a sound one.
    for end in 0..EDIT.len() {
        if EDIT.is_char_boundary(end) {
            split(&EDIT[..end]);
        }
    }
}
