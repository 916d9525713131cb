use crate::{
    Unit, bare, cut, dot, first, hard_breaks, harmless, plain, quiet, title, web, with_links,
};
use push_notify_sdk::{Field, Message, Severity};
use push_notify_template::testing;

#[test]
fn a_title_is_one_line_and_never_missing() {
    let of = |text: &str| {
        let message = Message {
            title: text.to_owned(),
            repository: "orchard-works/pear-ledger".to_owned(),
            ..Message::default()
        };
        title(&message, 40)
    };
    assert_eq!(of("two\r\nlines"), "two lines");
    assert_eq!(of(" \n "), "orchard-works/pear-ledger");
    assert_eq!(of(&"題".repeat(40)), "題".repeat(40));
    assert_eq!(of(&"題".repeat(41)), format!("{}…", "題".repeat(39)));
    assert_eq!(title(&Message::default(), 40), "Push Notify");
    assert_eq!(first("abc", 3), "abc");
}

#[test]
fn only_web_addresses_lead_anywhere() {
    assert_eq!(
        web(Some("https://git.example.com")),
        Some("https://git.example.com")
    );
    for strange in [
        None,
        Some(""),
        Some("javascript:alert(1)"),
        Some("file:///x"),
    ] {
        assert_eq!(web(strange), None);
    }
}

#[test]
fn markdown_reads_as_plain_text() {
    for (markdown, text) in [
        ("## Head\n\n**bold** and `co*de`", "Head\n\nbold and co*de"),
        ("one\ntwo  \nthree", "one\ntwo\nthree"),
        ("- a\n- b\n  - c\n\nafter", "- a\n- b\n  - c\n\nafter"),
        ("- a\n\n- b", "- a\n- b"),
        ("3. a\n4. b", "3. a\n4. b"),
        (
            "[a](https://git.example.com/1) b",
            "a (https://git.example.com/1) b",
        ),
        ("<https://git.example.com>", "https://git.example.com"),
        ("[Mei](mention:0): hi", "Mei: hi"),
        ("[a](javascript:x)", "a"),
        ("![pear](https://img.example.com/p.png)", "pear"),
        ("| a | b |\n|---|---|\n| c | d |", "a | b\nc | d"),
        ("```\nx\n  y\n```\nz", "x\n  y\n\nz"),
        (r"snake\_case \<b> \\", r"snake_case <b> \"),
        ("\u{a0}\u{a0}in", "  in"),
        ("<b>x</b>", "<b>x</b>"),
        ("> quote\n\nafter", "quote\n\nafter"),
    ] {
        assert_eq!(plain(markdown), text, "{markdown}");
    }
}

#[test]
fn a_small_screen_has_no_addresses_behind_links() {
    assert_eq!(
        bare("[3f2a9c1d](https://git.example.com/1) Fix <https://git.example.com/2>"),
        "3f2a9c1d Fix https://git.example.com/2"
    );
}

#[test]
fn a_state_has_a_mark() {
    let mut message = Message {
        severity: Some(Severity::High),
        ..Message::default()
    };
    assert_eq!(dot(&message), "");
    message.state = Some("resolved".to_owned());
    assert_eq!(dot(&message), "🟢 ");
}

#[test]
fn what_strangers_wrote_is_read_as_they_wrote_it() {
    for stranger in testing::strangers() {
        let escaped = push_notify_template::escape_markdown(&stranger).into_owned();
        let shown = plain(&escaped);
        assert_eq!(
            testing::normal(&shown).trim(),
            testing::normal(&stranger).trim(),
            "{escaped}"
        );
    }
}

#[test]
fn harmless_markdown_fetches_nothing_and_leads_to_the_web_only() {
    for (markdown, shown) in [
        (
            "**a** [b](https://c.example.com)",
            "**a** [b](https://c.example.com)",
        ),
        (
            "![a](https://b.example.com/p.png)",
            "[a](https://b.example.com/p.png)",
        ),
        (
            "!![a](https://b.example.com)",
            "!\u{200b}[a](https://b.example.com)",
        ),
        (
            "\\![a](https://b.example.com)",
            "\\!\u{200b}[a](https://b.example.com)",
        ),
        ("[a](javascript:alert(1))", "[a] (javascript:alert(1))"),
        ("hi [Mei](mention:0)!", "hi Mei!"),
        (
            "](mention:0) [x](mention:y)",
            "] (mention:0) [x] (mention:y)",
        ),
        ("<img src=x>", "<\u{200b}img src=x>"),
        ("<https://example.com>", "<https://example.com>"),
        (r"\<img> \[x\](y)", r"\<img> \[x\](y)"),
        ("a < b\r\n", "a < b"),
    ] {
        assert_eq!(harmless(markdown), shown);
    }
}

#[test]
fn line_breaks_are_kept_where_markdown_would_join_lines() {
    for (text, kept) in [
        ("**a**\nb\nc", "**a**  \nb  \nc"),
        ("# a\nb\n- c\n- d\n\ne", "# a\nb\n- c\n- d\n\ne"),
        ("```\na\nb\n```\nc", "```\na\nb\n```\nc"),
    ] {
        assert_eq!(hard_breaks(text), kept);
    }
}

#[test]
fn fields_and_a_link_stand_below_the_text() {
    let mut message = Message {
        body: "text\n".to_owned(),
        fields: vec![Field {
            name: "Size".to_owned(),
            value: "*48*".to_owned(),
            short: true,
        }],
        url: Some("https://git.example.com/a_(b)".to_owned()),
        locale: "en-US".to_owned(),
        ..Message::default()
    };
    assert_eq!(
        with_links(&message),
        "text\n\n**Size**: \\*48\\*\n\n[View details](https://git.example.com/a_%28b%29)"
    );
    message.body.clear();
    message.fields.clear();
    assert!(with_links(&message).starts_with("[View details]"));
    message.url = Some("javascript:alert(1)".to_owned());
    assert_eq!(with_links(&message), "");
}

#[test]
fn nobody_is_called_by_accident() {
    assert_eq!(quiet("@all, @张三"), "@\u{200b}all, @\u{200b}张三");
    assert_eq!(quiet("mei@example.com @ 5"), "mei@example.com @ 5");
}

#[test]
fn a_text_is_cut_at_a_character_and_says_so() {
    for unit in [Unit::Bytes, Unit::Json, Unit::GoJson, Unit::Chars] {
        for piece in ["x", "é", "張", "🍐", "\"", "\u{1}", "<", "a\n\n"] {
            let text = piece.repeat(2000);
            let short = cut(&text, 1000, unit, "en-US");
            let taken = unit.of(&short.text);
            assert!(taken <= 1000 && taken > 980, "{unit:?} {piece:?}: {taken}");
            let note = format!("{} bytes left out)", short.left_out);
            assert!(short.text.ends_with(&note), "{}", short.text);
        }
    }
    let whole = cut("abc", 3, Unit::Bytes, "zh-CN");
    assert_eq!((whole.text.as_str(), whole.note("x")), ("abc", None));
    let short = cut(&"字".repeat(100), 80, Unit::Bytes, "zh-CN");
    assert!(short.text.ends_with("字节）") && short.note("80 bytes").is_some());
}

/// What takes more time than its length is a way to stop whoever reads it.
#[test]
fn a_long_text_of_one_mark_is_soon_read() {
    for mark in [
        "!",
        "](mention:0)",
        "[",
        "![",
        "\\![",
        "<",
        "> ",
        "- ",
        "`",
        "|a",
    ] {
        let text = mark.repeat(100_000 / mark.len());
        let start = std::time::Instant::now();
        let shown = (harmless(&text), plain(&text));
        let took = start.elapsed().as_secs();
        assert!(took < 30, "{mark}: {took} s, {} bytes", shown.0.len());
    }
}
