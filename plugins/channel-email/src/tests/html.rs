use crate::html::page;
use push_notify_sdk::{Message, Severity};

fn mail(markdown: &str) -> Message {
    Message {
        body: markdown.to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        locale: "zh-CN".to_owned(),
        ..Message::default()
    }
}

/// What is inside the frame.
fn content(markdown: &str) -> String {
    let page = page("Title", &mail(markdown));
    let (_, rest) = page.rsplit_once("<div class=\"body\">\n").unwrap();
    rest.split("</div>").next().unwrap().trim().to_owned()
}

#[test]
fn markdown_becomes_html() {
    let markdown = "## Title\n\n**a**: `b` ~~c~~\n\n- one\n- two\n\n| h |\n|---|\n| 1 |\n";
    let html = content(markdown);
    for part in [
        "<h2>Title</h2>",
        "<strong>a</strong>",
        "<code>b</code>",
        "<del>c</del>",
        "<li>one</li>",
        "<td>1</td>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_line_break_is_kept() {
    assert_eq!(content("one\ntwo"), "<p>one<br />\ntwo</p>");
}

#[test]
fn tags_are_shown_as_text() {
    for source in [
        "<script>alert(1)</script>",
        "a <b onclick=x>b</b> c",
        "<img src=x onerror=alert(1)>",
        "<!-- comment --> <?php ?> <![CDATA[x]]>",
        "<div>\n\n**x**\n\n</div>",
        "`<script>`",
        "    <script>",
        "```<script>\n<script>\n```",
        "[<script>](https://example.com/<script>)",
        "&lt;script&gt; &#60;script&#62;",
    ] {
        let html = content(source);
        for tag in ["<script", "<img", "<b ", "<div", "<!--", "<?", "<!["] {
            assert!(!html.contains(tag), "{source} gave {html}");
        }
    }
    assert_eq!(content("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    let page = page("</title><script>", &mail(""));
    assert!(page.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"));
}

#[test]
fn links_lead_to_the_web_or_a_mail_address_only() {
    let kept = [
        (
            "[a](https://example.com/?a=1&b=2)",
            r#"<p><a href="https://example.com/?a=1&amp;b=2">a</a></p>"#,
        ),
        (
            "[a](HTTP://example.com)",
            r#"<p><a href="HTTP://example.com">a</a></p>"#,
        ),
        (
            "<https://example.com>",
            r#"<p><a href="https://example.com">https://example.com</a></p>"#,
        ),
        (
            "<mei@example.com>",
            r#"<p><a href="mailto:mei@example.com">mei@example.com</a></p>"#,
        ),
        (
            "[a][b]\n\n[b]: https://example.com",
            r#"<p><a href="https://example.com">a</a></p>"#,
        ),
    ];
    for (source, html) in kept {
        assert_eq!(content(source), html);
    }
    for source in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](//example.com)",
        "[a](file:///etc/hosts)",
        "[a]()",
        "[a][b]\n\n[b]: javascript:alert(1)",
    ] {
        assert_eq!(content(source), "<p>a</p>", "{source}");
    }
    assert!(!content("<javascript:alert(1)>").contains("href"));
    // Quotes cannot leave the attribute.
    assert!(!content("[a](https://example.com/\"onclick=\"x)").contains("\"onclick"));
}

#[test]
fn images_become_links() {
    let link = r#"<p><a href="https://img.example.com/p.png">a <strong>pear</strong></a></p>"#;
    assert_eq!(
        content("![a **pear**](https://img.example.com/p.png)"),
        link
    );
    assert_eq!(content("![a](data:image/png;base64,AA)"), "<p>a</p>");
    let nested = content("[![badge](https://img.example.com/b.svg)](https://example.com)");
    assert_eq!(nested, r#"<p><a href="https://example.com">badge</a></p>"#);
}

#[test]
fn the_bar_says_whether_it_is_bad() {
    for (state, severity, colour) in [
        (Some("failed"), None, "#cf222e"),
        (Some("firing"), Some(Severity::Critical), "#cf222e"),
        (Some("firing"), Some(Severity::Medium), "#bf8700"),
        (Some("resolved"), Some(Severity::Critical), "#1a7f37"),
        (Some("succeeded"), None, "#1a7f37"),
        (Some("merged"), None, "#1a7f37"),
        (Some("open"), None, "#0969da"),
        (None, None, "#0969da"),
    ] {
        let message = Message {
            state: state.map(str::to_owned),
            severity,
            ..mail("x")
        };
        let bar = format!("border-top:4px solid {colour}");
        assert!(page("t", &message).contains(&bar), "{state:?}");
    }
}

#[test]
fn the_state_is_a_word_and_more_is_one_button_away() {
    let message = Message {
        state: Some("failed".to_owned()),
        url: Some("https://git.example.com/?a=1&b=\"x".to_owned()),
        ..mail("x")
    };
    let failed = page("Pipeline <failed>", &message);
    for part in [
        "font-weight:600\">&#9679; 失败</p>",
        "line-height:1.4\">Pipeline &lt;failed&gt;</h1>",
        "<a href=\"https://git.example.com/?a=1&amp;b=&quot;x\"",
        ">查看详情</a></td>",
    ] {
        assert!(failed.contains(part), "{part} in {failed}");
    }
    // A template with a heading of its own has that alone.
    let own = page("Title", &mail("# Own\n\nx"));
    assert_eq!(own.matches("<h1").count(), 1, "{own}");
    assert!(!own.contains("class=\"button\"") && !own.contains("&#9679;"));
}

#[test]
fn lists_of_mails_show_how_the_text_begins() {
    let preview = |markdown: &str| {
        let page = page("Title", &mail(markdown));
        let (_, rest) = page.split_once("mso-hide:all\">").unwrap();
        rest.split("</div>").next().unwrap().to_owned()
    };
    for (markdown, expected) in [
        ("## Title\n\n**main** by mei\n", "main by mei"),
        ("one\ntwo\n\nthree", "one two three"),
        ("- `a<b>` & c", "a&lt;b&gt; &amp; c"),
        ("<script>x</script>", ""),
        ("", ""),
        ("# Title", ""),
    ] {
        assert_eq!(preview(markdown), expected, "{markdown}");
    }
    assert_eq!(preview(&"梨".repeat(1000)).chars().count(), 140);
}

#[test]
fn the_footer_says_why_in_the_readers_language() {
    let zh = page("t", &mail("x"));
    assert!(zh.contains("<html lang=\"zh-CN\">"));
    assert!(zh.contains("orchard-works/pear-ledger 的推送目标包含您的地址"));
    let en = Message {
        locale: "en-US".to_owned(),
        repository: "<b>/x".to_owned(),
        ..mail("x")
    };
    let en = page("t", &en);
    assert!(en.contains("<html lang=\"en\">"));
    assert!(en.contains("for &lt;b&gt;/x names your address"));
}
