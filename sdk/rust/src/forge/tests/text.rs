//! What comes from the host and what goes there.

use crate::forge::{counted, file, hunks, inert, is_binary, path};

#[test]
fn only_text_of_a_readable_size_is_shown() {
    assert_eq!(file("梨\n".into()).as_deref(), Some("梨\n"));
    assert_eq!(file(b"a\0b".to_vec()), None);
    assert_eq!(file(vec![0xff, 0xfe]), None);
    assert!(file(vec![b'a'; 1 << 20]).is_some());
    assert_eq!(file(vec![b'a'; (1 << 20) + 1]), None);
}

#[test]
fn a_path_stays_below_its_repository() {
    assert_eq!(path("src/a b.rs").as_deref(), Some("src/a%20b.rs"));
    assert_eq!(
        path("梨?x=1#y/%2e%2e").as_deref(),
        Some("%E6%A2%A8%3Fx%3D1%23y/%252e%252e")
    );
    for wrong in ["", "/etc/passwd", "a//b", "a/../b", "..", ".", "a/."] {
        assert_eq!(path(wrong), None, "{wrong}");
    }
}

#[test]
fn hunks_begin_at_the_first_of_them() {
    let bare = "@@ -1 +1,2 @@\n-a\n+b\n+++c\n\\ No newline at end of file\n";
    assert_eq!(hunks(bare), Some(bare));
    assert_eq!(hunks(&format!("--- a/x\n+++ b/x\n{bare}")), Some(bare));
    assert_eq!(counted(bare), (2, 1));
    for none in ["", "Binary files a/x and b/x differ\n", "rename from a\n"] {
        assert_eq!(hunks(none), None);
    }
    assert!(is_binary("Binary files a/x and b/x differ\n"));
    assert!(!is_binary("@@ -1 +1 @@\n+Binary files a and b differ\n"));
}

#[test]
fn a_posted_text_commands_nobody() {
    for (text, posted) in [
        ("/merge", "\\/merge"),
        (
            "Fine.\n  /approve\r\n/close",
            "Fine.\n  \\/approve\r\n\\/close",
        ),
        (
            "// a comment\n/* one */ a/b /tmp",
            "// a comment\n/* one */ a/b /tmp",
        ),
        ("ask @all", "ask @\u{200b}all"),
        ("@All, @all", "@\u{200b}All, @\u{200b}all"),
        ("@allan a@allow @", "@allan a@allow @"),
        ("梨 @张三", "梨 @张三"),
    ] {
        assert_eq!(inert(text), posted);
    }
}

#[test]
fn a_block_of_code_stays_as_it_is() {
    for text in [
        "Better:\n```sh\n/usr/bin/env\n```\n",
        "~~~\n/usr\n```\n/bin\n~~~~",
        "````md\n```\n/usr\n```\n/bin\n````",
        "- `a.rs:3` Better:\n  ```\n  /usr\n  ```",
        "```\n/usr\n``` not yet\n/bin\n```",
    ] {
        assert_eq!(inert(text), text);
    }
}

#[test]
fn what_only_looks_like_a_block_of_code_commands_nobody() {
    for (text, posted) in [
        ("```\n/usr\n```\n/merge", "```\n/usr\n```\n\\/merge"),
        // Not closed: by too few, by others, by nothing.
        ("````\n/merge\n```", "````\n\\/merge\n```"),
        ("```\n/merge\n~~~", "```\n\\/merge\n~~~"),
        ("```a\n/merge\n```b", "```a\n\\/merge\n```b"),
        // No fences: within a line, too short, too far to the right.
        ("```x```\n/merge\n```", "```x```\n\\/merge\n```"),
        ("``\n/merge\n``", "``\n\\/merge\n``"),
        ("    ```\n/merge\n    ```", "    ```\n\\/merge\n    ```"),
        // The list ends, and the block with it.
        ("- a\n  ```\n/merge\n  ```", "- a\n  ```\n\\/merge\n  ```"),
    ] {
        assert_eq!(inert(text), posted);
    }
    let many = "```a\n/merge\n".repeat(100_000);
    assert!(!inert(&many).contains("\n/merge"));
}
