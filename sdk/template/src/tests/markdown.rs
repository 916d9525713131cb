use crate::testing::{normal, read, strangers};
use crate::{Template, digest_data, escape_markdown, escape_prose, markdown_code};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

fn body(template: &str, data: Value) -> String {
    let template = Template::parse("t", template).unwrap();
    template.render_message(&data).unwrap().body
}

#[test]
fn what_strangers_write_is_shown_as_they_wrote_it() {
    for value in strangers() {
        for (template, before, after) in [
            ("{{.CommitMsg}}", "", ""),
            ("a {{.CommitMsg}}", "a ", ""),
            ("a\n\n{{.CommitMsg}}\n\nb", "a\n", "\nb"),
        ] {
            let made = body(template, json!({ "CommitMsg": value }));
            let read = read(&made);
            assert_eq!(
                normal(&read.text),
                normal(&format!("{before}{value}{after}")),
                "{template:?} with {value:?} gave {made:?}"
            );
            assert!(
                read.markup.is_empty() && read.links.is_empty(),
                "{template:?} with {value:?} gave {made:?}: {read:?}"
            );
        }
    }
}

#[test]
fn one_line_of_a_stranger_is_shown_as_it_is_wherever_a_template_puts_it() {
    let lines = strangers().into_iter();
    for value in lines.filter(|value| !value.contains(['\n', '\r'])) {
        for template in [
            "- {{.CommitMsg}}\n- b",
            "1. {{.CommitMsg}}",
            "> {{.CommitMsg}}",
            "## {{.CommitMsg}}\n\nb",
            "**{{.CommitMsg}}** b",
            "_{{.CommitMsg}}_ b",
            "x{{.CommitMsg}}x",
            "`{{.CommitMsg}}` b",
            "``{{.CommitMsg}}``",
            "```\n{{.CommitMsg}}\n```\nb",
            "~~~ {{.CommitMsg}}\n{{.CommitMsg}}\n~~~",
            "[{{.CommitMsg}}](https://git.example.com) b",
            "{{.CommitMsg}}[l](https://git.example.com)",
            "| a | b |\n|---|---|\n| {{.CommitMsg}} | c |\n| `{{.CommitMsg}}` | c |",
            "{{.CommitMsg}}{{.CommitMsg}}",
            "{{printf \"%s-%v\" .CommitMsg .CommitMsg}}",
            "\\{{.CommitMsg}}",
            "a ` b {{.CommitMsg}}",
            "[x]{{.CommitMsg}}",
            "![x]{{.CommitMsg}}",
            "[x]\n{{.CommitMsg}}",
        ] {
            let made = body(template, json!({ "CommitMsg": value }));
            let read = read(&made);
            let shown = normal(&read.text);
            let expected = normal(&value.replace('\t', " "));
            assert!(
                shown.contains(expected.trim())
                    || shown.replace(' ', "").contains(&expected.replace(' ', "")),
                "{template:?} with {value:?} gave {made:?}, shown as {shown:?}"
            );
            let foreign = |link: &String| link != "https://git.example.com";
            let is_markup = |it: &String| {
                ["Image", "Html", "InlineHtml", "Footnote", "TaskList"]
                    .iter()
                    .any(|name| it.starts_with(name))
            };
            assert!(
                !read.links.iter().any(foreign) && !read.markup.iter().any(is_markup),
                "{template:?} with {value:?} gave {made:?}: {read:?}"
            );
        }
    }
}

/// Pieces that mean something somewhere, in any order.
#[test]
fn no_sequence_of_marks_becomes_markup() {
    const PIECES: &str = "\\ ` `` ``` * ** _ __ ~ ~~ [ ] ( ) ![ ]( < > <b> </b> <!-- & &lt; # ## -\u{1} +\u{1} *\u{1} 1.\u{1} 1)\u{1} \
         = === --- | |---| : :// http://a.b \n \n\n \u{1} \u{1}\u{1}\u{1}\u{1} a 字";
    let pieces: Vec<String> = PIECES
        .split(' ')
        .map(|piece| piece.replace('\u{1}', " "))
        .collect();
    let templates = [
        "{{.CommitMsg}}",
        "- {{.CommitMsg}} `{{.CommitMsg}}` [{{.CommitMsg}}](https://a.example) [x]{{.CommitMsg}}",
    ];
    let [alone, among] = templates.map(|content| Template::parse("t", content).unwrap());
    let shown = |template: &Template, value: &str| {
        let made = template.render_message(&json!({ "CommitMsg": value }));
        made.unwrap().body
    };
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..5_000 {
        let count = random.random_range(1..12);
        let value: String = (0..count)
            .map(|_| pieces[random.random_range(0..pieces.len())].as_str())
            .collect();
        let made = shown(&alone, &value);
        let read = read(&made);
        assert_eq!(
            normal(&read.text).trim_start(),
            normal(&value).trim_start(),
            "{value:?} gave {made:?}"
        );
        assert!(
            read.markup.is_empty() && read.links.is_empty(),
            "{value:?} gave {made:?}: {read:?}"
        );
        let made = shown(&among, &value);
        let read = self::read(&made);
        let is_foreign = |it: &String| it.starts_with("Image") || it.contains("Html");
        assert!(
            !read.markup.iter().any(is_foreign)
                && read.links.iter().all(|l| l == "https://a.example"),
            "{value:?} gave {made:?}: {read:?}"
        );
    }
}

#[test]
fn a_value_is_compared_measured_and_cut_as_it_was_written() {
    let data = json!({"CommitMsg": "feature/a_b-[x]*", "CodeViewSummary": "\n  \n  first_line <b>\nsecond", "ChangedFiles": ["a_b.rs", "c*d"]});
    for (template, expected) in [
        (r#"{{eq .CommitMsg "feature/a_b-[x]*"}}"#, "true"),
        (
            r#"{{if eq .CommitMsg "main" "feature/a_b-[x]*"}}y{{end}}"#,
            "y",
        ),
        (r#"{{lt .CommitMsg "feature/a_b-[y"}}"#, "true"),
        ("{{len .CommitMsg}}", "16"),
        ("{{index .CommitMsg 9}}", "95"),
        ("{{slice .CommitMsg 8}}", r"a_b-\[x\]\*"),
        ("{{trunc 13 .CommitMsg}}|", r"feature/a_b-\[|"),
        ("{{.CodeViewSummary | firstLine}}", r"first_line \<b>"),
        ("{{upper .CommitMsg}}", r"FEATURE/A_B-\[X\]\*"),
        (r#"{{printf "%q" .CommitMsg}}"#, r#""feature/a_b-\[x\]\*""#),
        (
            r#"{{printf "%x" "_"}}{{printf "%x" (slice .CommitMsg 9 10)}}"#,
            "5f5f",
        ),
        (
            r#"{{printf "%.3s|%18s|" .CommitMsg .CommitMsg}}"#,
            r"fea|  feature/a_b-\[x\]\*|",
        ),
        (
            r#"{{printf "[%s](%s)" .CommitMsg "https://a.example"}}"#,
            r"[feature/a_b-\[x\]\*](https://a.example)",
        ),
        (r#"{{join ", " .ChangedFiles}}"#, r"a_b.rs, c\*d"),
        ("{{urlquery .CommitMsg}}", "feature%2Fa_b-%5Bx%5D%2A"),
        (
            "{{html .CodeViewSummary | firstLine}}",
            r"first_line \&lt;b\&gt;",
        ),
    ] {
        let made = body(template, data.clone());
        assert_eq!(made, expected, "{template}");
    }
}

#[test]
fn an_address_stays_one_in_a_link_and_is_shown_right_outside() {
    let url = "https://git.example.com/a/__b__/compare/1...2?x=1&y=%20#L1_*";
    let data = json!({ "Url": url, "RepoUrl": url, "Branch": "a(b)_<c>" });
    for template in ["[l]({{.Url}})", "<{{.Url}}>", "[`x`]({{.Url}} \"t\")"] {
        assert_eq!(
            read(&body(template, data.clone())).links,
            [url],
            "{template}"
        );
    }
    assert_eq!(
        read(&body("see {{.Url}}", data.clone())).text.trim(),
        format!("see {url}")
    );
    let made = body("[l](https://git.example.com/tree/{{.Branch}})", data);
    assert_eq!(made, "[l](https://git.example.com/tree/a%28b%29_%3Cc%3E)");
    for bad in [
        "javascript:alert(1)",
        "//evil.example",
        "https://",
        "https:///path",
        "ftp://a.example",
        "https://a.example/x)y",
        "https://a.example/ b",
        "https://a.example/[b]",
        "https://a.example/\"x",
        "https://a.example/<x>",
        "https://a.example/\nx",
        "https://a.example/x\\",
        "张https://a.example",
        "",
    ] {
        let data = json!({"Commits": [{ "Url": bad }]});
        let made = body("{{range .Commits}}({{.Url}}){{end}}", data);
        assert_eq!(made, "()", "{bad}");
    }
}

#[test]
fn plain_words_cost_nothing_and_read_well() {
    for (text, expected) in [
        (
            "feature/login-2 by 张三: v1.2.0",
            "feature/login-2 by 张三: v1.2.0",
        ),
        ("src/my_file.rs", "src/my_file.rs"),
        (r"C:\dir\file", r"C:\dir\file"),
        (
            "see #12, it's 5 + 3 = 8 -- ok",
            "see #12, it's 5 + 3 = 8 -- ok",
        ),
        ("[a](b) <c>", r"\[a\](b) \<c>"),
        ("(a): b", "(a): b"),
        ("__init__", r"\_\_init\_\_"),
        ("- x\n# y\n> z\n1. w", "\\- x\n\\# y\n\\> z\n1\\. w"),
    ] {
        assert_eq!(escape_markdown(text), expected, "{text}");
    }
}

#[test]
fn code_of_a_model_stays_code_and_its_prose_does_not_act() {
    let as_it_is = |text: &str| text.to_owned();
    for (line, expected) in [
        ("use `a[0]` **now**", r"use `a[0]` \*\*now\*\*"),
        ("`` a`b `` and `", r"``a`b`` and \`"),
        ("` open [x](y)", r"\` open \[x\](y)"),
        ("`a` `[x](y)", r"`a` \`\[x\](y)"),
        (r"\`a`[x](y)`", r"\\`a`\[x\](y)\`"),
    ] {
        assert_eq!(escape_prose(line, as_it_is), expected, "{line}");
    }
    for (text, expected) in [
        ("a.rs", "`a.rs`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a\n\n[x](y)", "`a  [x](y)`"),
    ] {
        assert_eq!(markdown_code(text), expected, "{text}");
    }
}

#[test]
fn what_a_digest_says_of_strangers_is_text() {
    let content = "{{range .Notifications}}- **{{.RepoName}}** {{.Branch}}: {{if .Url}}[{{.Title}}]({{.Url}}){{end}} {{.CommitMsg}}\n{{end}}";
    let template = Template::parse_for("t", content, &digest_data(serde_json::Map::new())).unwrap();
    let lines = strangers().into_iter();
    for value in lines.filter(|value| !value.contains(['\n', '\r'])) {
        let one = json!({"RepoName": value, "Branch": value, "Title": value, "CommitMsg": value, "Url": "https://git.example.com"});
        let made = template.render_message(&json!({ "Notifications": [one, one] }));
        let made = made.unwrap().body;
        let read = read(&made);
        let found = read.text.replace('\u{a0}', " ");
        let expected = normal(&value).replace("    ", "\t");
        assert!(
            found.matches(expected.trim()).count() >= 8
                || found
                    .replace([' ', '\t'], "")
                    .contains(&expected.replace([' ', '\t'], "")),
            "{value:?} gave {made:?}"
        );
        assert_eq!(
            read.links, ["https://git.example.com"; 2],
            "{value:?} gave {made:?}"
        );
    }
}
