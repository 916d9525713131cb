use super::{all, written};
use crate::markdown::dialect::{
    Cut, DISCORD, Limit, PLAIN, SLACK, TELEGRAM, Unit, cut_note, receipt_note, render,
};

fn cut(markdown: &str, style: &'static super::Style, limit: Limit) -> Cut {
    render(markdown, style, &|_| None).cut(limit, &|left_out| format!("…{left_out}"))
}

#[test]
fn what_fits_is_whole() {
    for (name, style) in all() {
        let whole = written("**a** [b](https://b.example) c", style);
        for unit in [Unit::Bytes, Unit::Chars, Unit::Utf16, Unit::JsonBytes] {
            let limit = Limit::new(unit.of(&whole), unit);
            let cut = cut("**a** [b](https://b.example) c", style, limit);
            assert_eq!((cut.text, cut.left_out), (whole.clone(), 0), "{name}");
        }
    }
}

#[test]
fn a_cut_text_keeps_the_limit_in_every_unit() {
    let long = "**bold _and_** `code` [link](https://a.example/x) 🍐 梨 \"\\\\ <&>\n> quote\n\n- item\n\n```\ncode\n```\n\n"
        .repeat(20);
    for (name, style) in all() {
        for unit in [Unit::Bytes, Unit::Chars, Unit::Utf16, Unit::JsonBytes] {
            for most in (40..900).step_by(7) {
                let cut = cut(&long, style, Limit::new(most, unit));
                let taken = unit.of(&cut.text);
                assert!(taken <= most, "{name} {unit:?} {most}: {taken}");
                assert!(taken + 90 > most, "{name} {unit:?} {most}: {taken}");
                assert!(cut.text.ends_with(&format!("\n\n…{}", cut.left_out)));
            }
        }
    }
}

#[test]
fn markup_is_closed_and_never_split() {
    let text = "a **bold <b> _it_** [link & more](https://a.example/?a&b) `x&y` end";
    for most in 0..90 {
        let cut = cut(text, &TELEGRAM, Limit::new(most + 8, Unit::Chars)).text;
        let mut open = Vec::new();
        for tag in cut.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a whole tag");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name.to_owned()), "{cut}"),
                None => open.push(tag.split(' ').next().unwrap_or_default().to_owned()),
            }
        }
        assert_eq!(open, Vec::<String>::new(), "{cut}");
        for entity in cut.split('&').skip(1) {
            let sound = ["amp;", "lt;", "gt;"]
                .iter()
                .any(|name| entity.starts_with(name));
            assert!(sound, "{cut}");
        }
        for empty in ["<b></b>", "<i></i>", "<code></code>", "\"></a>"] {
            assert!(!cut.contains(empty), "{cut}");
        }
    }
}

#[test]
fn a_fence_is_closed_where_it_is_cut() {
    let cut = cut(
        "```\none\ntwo\n```\n\nafter",
        &DISCORD,
        Limit::new(16, Unit::Chars),
    );
    assert_eq!(cut.text, "```\none\n```\n\n…11");
}

#[test]
fn the_note_counts_what_people_would_have_seen() {
    let text = format!("**{}** [x](https://a.example)", "y".repeat(50));
    let cut = cut(&text, &SLACK, Limit::new(20, Unit::Chars));
    assert_eq!(cut.text, format!("*{}*\n\n…39", "y".repeat(13)));
    assert_eq!(cut.left_out, 39);
}

#[test]
fn markup_can_be_for_nothing() {
    let text = "[a](https://a.example/long/address) **b** &";
    let limit = Limit::of_what_is_shown(5, Unit::Utf16);
    assert_eq!(cut(text, &TELEGRAM, limit).left_out, 0);
    let limit = Limit::of_what_is_shown(6, Unit::Utf16);
    assert_eq!(cut("🍐🍐🍐🍐", &TELEGRAM, limit).text, "🍐\n\n…3");
}

#[test]
fn notes_speak_the_readers_language() {
    assert_eq!(cut_note("en-US", 3), "… (too long, 3 characters left out)");
    assert_eq!(cut_note("zh-CN", 3), "…（内容过长，已省略 3 个字符）");
    assert_eq!(receipt_note("Slack", 0), None);
    assert!(receipt_note("Slack", 9).is_some_and(|note| note.contains("9 characters left out")));
    for (name, style) in all() {
        for locale in ["en-US", "zh-CN"] {
            let note = cut_note(locale, 12);
            let is_text = written(&note, &PLAIN) == note && written(&note, style) == note;
            assert!(is_text, "{name}");
        }
    }
}
