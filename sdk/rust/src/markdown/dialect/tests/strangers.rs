//! What people wrote, or could write, arrives as it was written and calls nobody.

use super::{all, written};
use crate::markdown::dialect::{DISCORD, FEISHU, SLACK, TELEGRAM, WECOM, WECOM_V2, line};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

const HOSTILE: [&str; 44] = [
    "@all",
    "@everyone and @here",
    "<!channel> <!here|here>",
    "<@U1> <@123> <@&5> <#C1>",
    "<at id=all></at>",
    "<at user_id=\"all\">all</at>",
    "<font color=\"warning\">red</font>",
    "<@zhangsan>",
    "__init__.py",
    "snake_case_name",
    "*a* **b** ***c*** ~d~ ~~e~~ _f_ __g__",
    "`rm -rf`",
    "``two`` `one",
    "```sh rm -rf ```",
    "~~~ x ~~~",
    "<b>bold</b> <img src=x onerror=alert(1)>",
    "&lt;tag&gt; &amp; &#35; &copy;",
    "AT&T; a&b &",
    "a < b > c <- <= <3",
    "| a | b | || spoiler ||",
    "> quote",
    "# heading",
    "## Push Notify: approved",
    "#hash C# a # b ##",
    "- item",
    "+ item",
    "* item",
    "1. one",
    "2) two",
    "- [ ] task",
    "---",
    "===",
    "[click](javascript:alert(1))",
    "![a](img.png) [ref][1]",
    "[a]: b",
    "\\ \\\\ \\*not\\* \\[x\\](y)",
    "ends with \\",
    "\"quoted\" and 'quoted'",
    "$x^2$ $$y$$",
    ":smile: :DONE: std::io",
    "梨 🍐 é ，。",
    "Signed-off-by: Mei <mei@example.com>",
    "tg://user?id=1 /stop@bot",
    "https://evil.example/a_b_c?d=1&e=*2",
];

/// As the engine escapes values: every mark of Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text without the characters that nobody sees and with marks for those that look like them.
fn seen(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\u{200b}')
        .map(|c| match c {
            '∗' => '*',
            'ˍ' => '_',
            '∼' => '~',
            'ˋ' => '`',
            c => c,
        })
        .collect()
}

fn without_entities(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&")
}

/// The text, and the names of everything but text and paragraphs, as CommonMark reads it.
fn read(markdown: &str) -> (String, Vec<String>) {
    let options =
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let (mut text, mut markup) = (String::new(), Vec::new());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Paragraph) | Event::End(_) => {}
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with("https://evil") => {}
            other => markup.push(format!("{other:?}")),
        }
    }
    (text, markup)
}

#[test]
fn a_value_is_text_for_readers_of_markdown() {
    for style in [&DISCORD, &FEISHU, &WECOM_V2] {
        for value in HOSTILE {
            for (before, after) in [("", ""), ("a ", " b"), ("**x:** ", "")] {
                let page = written(&format!("{before}{}{after}", escaped(value)), style);
                let (text, markup) = read(&page);
                let plain = format!("{}{value}{after}", before.replace('*', ""));
                assert_eq!(text, plain, "{page}");
                let strange = markup.iter().find(|markup| !markup.contains("Strong"));
                assert_eq!(strange, None, "{value}: {page}");
            }
        }
    }
}

#[test]
fn a_value_is_text_in_the_lines_of_every_block() {
    for style in [&DISCORD, &FEISHU, &WECOM_V2] {
        for value in HOSTILE {
            for block in ["> ", "- ", "1. ", "# "] {
                let page = written(&format!("{block}{}", escaped(value)), style);
                let (text, markup) = read(&page);
                assert_eq!(text, value, "{page}");
                assert!(markup.len() <= 2, "{markup:?}: {page}");
            }
        }
    }
}

#[test]
fn a_value_is_text_at_slack() {
    for value in HOSTILE {
        let page = written(&escaped(value), &SLACK);
        assert_eq!(
            seen(&without_entities(&page)),
            shown_address(value, "<", ">")
        );
        let tags = page.replace("<https://evil.example/a_b_c?d=1&amp;e=>", "");
        assert!(!tags.contains(['<', '>', '`']), "{page}");
        for word in page.split(' ') {
            let marked = |mark| word.starts_with(mark) && word.len() > 1;
            assert!(!marked('*') && !marked('_') && !marked('~'), "{page}");
        }
    }
}

/// The value with its address between marks, as Slack has it.
fn shown_address(value: &str, open: &str, close: &str) -> String {
    let address = "https://evil.example/a_b_c?d=1&e=";
    value.replace(address, &format!("{open}{address}{close}"))
}

#[test]
fn a_value_is_text_at_telegram() {
    for value in HOSTILE {
        let page = written(&escaped(value), &TELEGRAM);
        assert_eq!(seen(&without_entities(&page)), value);
        assert!(!page.contains(['<', '>']), "{page}");
        let calls = |at: usize| {
            let (before, behind) = page.split_at(at);
            let in_word = before.ends_with(char::is_alphanumeric);
            !in_word && behind[1..].starts_with(|c: char| c.is_alphanumeric())
        };
        assert!(!page.match_indices('@').any(|(at, _)| calls(at)), "{page}");
    }
}

#[test]
fn a_value_is_text_at_wecom() {
    for value in HOSTILE {
        let page = written(&escaped(value), &WECOM);
        assert_eq!(seen(&page), value);
        for mark in ["<@", "<f", "</", "<i", "](", "`", "**", "&l", "&#"] {
            assert!(!page.contains(mark), "{page}");
        }
        assert!(!page.starts_with(['#', '>']), "{page}");
    }
}

/// Fences and code end where they end, whatever is in them.
#[test]
fn code_stays_code() {
    for value in HOSTILE {
        for (name, style) in all() {
            let block = written(&format!("````\n{value}\n````\n\nafter"), style);
            let span = written(&format!("``` {value} ``` after"), style);
            for page in [&block, &span] {
                for tag in ["<at ", "<!c", "<@U", "<@z", "<img", "<b>"] {
                    let is_read = match name {
                        "slack" | "telegram" => true,
                        "feishu" => tag != "<!c" && !tag.starts_with("<@"),
                        "wecom" => tag != "<!c",
                        _ => false,
                    };
                    assert!(!is_read || !page.contains(tag), "{name}: {page}");
                }
                assert!(page.trim_end().ends_with("after"), "{name}: {page}");
            }
            if matches!(name, "discord" | "feishu" | "wecom v2") {
                let marks = block.matches("```").count();
                assert_eq!(marks, 2, "{name}: {block}");
            }
        }
    }
}

#[test]
fn a_line_of_text_is_text() {
    for (name, style) in all() {
        let title = line(" **two**\r\nlines @all <!here> ", style).into_text();
        assert!(!title.contains(['\n', '\r']), "{name}: {title}");
        let calls = title.replace("\\<", "").contains("<!");
        assert!(name == "plain" || !calls, "{name}: {title}");
        let is_marked = title.contains("**two**");
        assert!(
            matches!(name, "plain" | "telegram") || !is_marked,
            "{title}"
        );
    }
}

#[test]
fn a_page_of_nothing_but_marks_takes_no_more_than_its_text() {
    for unit in [
        "> ", "*", "[", "![", "`", "- ", "<", "|", "\\", "**a ", "[a](", ":A", "@a",
    ] {
        let page = unit.repeat(20_000);
        for (name, style) in all() {
            let size = written(&page, style).len();
            assert!(size < 24 * page.len(), "{name} {unit:?}: {size}");
        }
    }
}

#[test]
fn what_ends_is_closed() {
    let (_, markup) = read(&written("***a** b* `c` [d](https://d.example)", &DISCORD));
    assert!(
        markup.iter().any(|tag| tag.contains("Emphasis")),
        "{markup:?}"
    );
    let ends = Parser::new("*a*").filter(|event| matches!(event, Event::End(TagEnd::Emphasis)));
    assert_eq!(ends.count(), 1);
}
