use crate::html::page;

/// What is inside the frame.
fn content(markdown: &str) -> String {
    let page = page("Title", markdown);
    let (_, rest) = page.rsplit_once("word-break:break-word\">\n").unwrap();
    rest.split("</td></tr></table>\n</td>")
        .next()
        .unwrap()
        .trim()
        .to_owned()
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
    let page = page("</title><script>", "");
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
