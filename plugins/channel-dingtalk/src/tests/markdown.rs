use crate::markdown::for_dingtalk;

#[test]
fn a_single_line_break_is_kept() {
    assert_eq!(for_dingtalk("one\ntwo\r\nthree"), "one  \ntwo  \nthree");
    assert_eq!(for_dingtalk("one  \ntwo"), "one  \ntwo");
    assert_eq!(for_dingtalk("one\n\ntwo\n"), "one\n\ntwo");
}

#[test]
fn headings_lists_and_fences_are_left_alone() {
    let text = "# Heading\ntext\n\n- a\n- b\n1. c\n2) d\n\n```\ncode\nmore\n```";
    assert_eq!(for_dingtalk(text), text);
    assert_eq!(
        for_dingtalk("**files**\n- a\n  more of a\n- b"),
        "**files**\n- a  \n  more of a\n- b"
    );
}

#[test]
fn an_image_becomes_a_link() {
    assert_eq!(
        for_dingtalk("![pear](https://img.example.com/p.png)"),
        "[pear](https://img.example.com/p.png)"
    );
    for (marks, shown) in [
        ("!!", "!\u{200b}"),
        ("!!!", "!!\u{200b}"),
        ("\\!", "!\u{200b}"),
        ("\\!!", "\\!\u{200b}"),
        ("!\\!", "!!\u{200b}"),
        ("\\\\!", "\\\\"),
    ] {
        let text = for_dingtalk(&format!("{marks}[a](https://b.example.com)"));
        assert_eq!(text, format!("{shown}[a](https://b.example.com)"));
    }
    assert_eq!(
        for_dingtalk("wow! [a](https://b.example.com)"),
        "wow! [a](https://b.example.com)"
    );
}

#[test]
fn a_link_leads_to_the_web_a_mail_address_or_dingtalk_only() {
    for sound in [
        "[a](https://example.com)",
        "[a](HTTP://example.com)",
        "[a](mailto:mei@example.com)",
        "[a](dingtalk://dingtalkclient/page/link?url=x)",
        "[a](<https://example.com>)",
        "a [b] (c) d",
    ] {
        assert_eq!(for_dingtalk(sound), sound);
    }
    for (unsound, shown) in [
        ("[a](javascript:alert(1))", "[a] (javascript:alert(1))"),
        ("[a]( JavaScript:alert(1))", "[a] ( JavaScript:alert(1))"),
        (
            "![a](data:image/png;base64,AA)",
            "[a] (data:image/png;base64,AA)",
        ),
        ("[a](file:///etc/hosts)", "[a] (file:///etc/hosts)"),
        ("[[a](b)](c)", "[[a] (b)] (c)"),
        ("[張](é)", "[張] (é)"),
    ] {
        assert_eq!(for_dingtalk(unsound), shown);
    }
}

#[test]
fn tags_are_those_of_templates_only() {
    for sound in [
        "<font color=#ff0000>a</font>",
        "<FONT color=red>a</FONT>",
        "a<br>b<br/>c",
        "<https://example.com>",
        "<mailto:mei@example.com>",
        "a < b <= c <- d <3",
    ] {
        assert_eq!(for_dingtalk(sound), sound);
    }
    for (tag, shown) in [
        (
            "<img src=//example.com/p.png>",
            "<\u{200b}img src=//example.com/p.png>",
        ),
        ("</div>", "<\u{200b}/div>"),
        ("<!-- x -->", "<\u{200b}!-- x -->"),
        ("`<script>`", "`<\u{200b}script>`"),
        ("<fontx>", "<\u{200b}fontx>"),
        ("<javascript:alert(1)>", "<\u{200b}javascript:alert(1)>"),
    ] {
        assert_eq!(for_dingtalk(tag), shown);
    }
}

#[test]
fn what_the_engine_escapes_stays_escaped() {
    for (text, shown) in [
        (r"\<img src=x>", "&lt;img src=x>"),
        (r"\&lt;", "&amp;lt;"),
        (
            r"!\[a\](https://b.example.com)",
            r"!\[a\](https://b.example.com)",
        ),
        (r"\](javascript:x)", r"\](javascript:x)"),
        (r"C:\dir \\\* \", r"C:\dir \\\* \"),
        (r"lib/\_\_init\_\_.py", r"lib/\_\_init\_\_.py"),
    ] {
        assert_eq!(for_dingtalk(text), shown);
    }
}

/// A stranger's text of one mark takes no longer than any other.
#[test]
fn a_long_run_of_marks_is_read_once() {
    for mark in ["!", "]", "<", "\\", "!]", "![", "]("] {
        let text = mark.repeat(120_000 / mark.len());
        assert!(!for_dingtalk(&text).is_empty(), "{mark}");
    }
}
