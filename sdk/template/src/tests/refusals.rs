//! Templates that are refused when they are saved, with the line.

use crate::{Part, Template};

/// Every template with the line and the message it is refused with.
fn assert_refused(cases: &[(&str, u32, &str)]) {
    for (template, line, message) in cases {
        let error = Template::parse("", template).err();
        let found = error
            .as_ref()
            .map(|error| (error.part, error.line, error.message.as_str()));
        assert_eq!(
            found,
            Some((Part::Content, Some(*line), *message)),
            "{template}"
        );
    }
}

#[test]
fn blocks_that_do_not_close_are_refused_at_the_line_that_opens_them() {
    for keyword in ["if", "range", "with"] {
        let message = format!("{{{{{keyword}}}}} is not closed by {{{{end}}}}");
        assert_refused(&[(&format!("a\n{{{{{keyword} .Author}}}}\nb\n"), 2, &message)]);
        assert_refused(&[(
            &format!("{{{{{keyword} .Author}}}}\n{{{{else}}}}\n"),
            1,
            &message,
        )]);
    }
    assert_refused(&[
        (
            "\n\n{{block \"x\" .}}",
            3,
            "{{block}} is not closed by {{end}}",
        ),
        (
            "{{define \"x\"}}\n",
            1,
            "{{define}} is not closed by {{end}}",
        ),
        (
            "{{if .Author}}\n{{if .Branch}}{{end}}",
            1,
            "{{if}} is not closed by {{end}}",
        ),
    ]);
}

#[test]
fn stray_and_misplaced_keywords_are_refused() {
    assert_refused(&[
        ("a\n{{end}}", 2, "unexpected {{end}}: no block is open"),
        (
            "{{if .Author}}{{end}}\n{{end}}",
            2,
            "unexpected {{end}}: no block is open",
        ),
        ("{{else}}", 1, "unexpected {{else}}: no block is open"),
        (
            "{{if .Author}}\n{{else}}\n{{else}}{{end}}",
            3,
            "unexpected {{else}}",
        ),
        (
            "{{if .Author}}{{else}}{{else if .Tag}}{{end}}",
            1,
            "unexpected {{else}}",
        ),
        ("{{define \"x\"}}{{else}}{{end}}", 1, "unexpected {{else}}"),
        (
            "{{range .ChangedFiles}}{{else if .Tag}}{{end}}",
            1,
            "{{else}} of {{range}} takes nothing here",
        ),
        (
            "{{if .Author}}{{else with .Tag}}{{end}}",
            1,
            "{{else}} of {{if}} takes nothing here",
        ),
        (
            "{{if .Author}}\n{{define \"x\"}}{{end}}{{end}}",
            2,
            "{{define}} must stand outside of every block",
        ),
        ("{{break}}", 1, "{{break}} outside of {{range}}"),
        (
            "{{range .Commits}}{{else}}\n{{continue}}{{end}}",
            2,
            "{{continue}} outside of {{range}}",
        ),
        (
            "{{range .Commits}}{{block \"x\" .}}{{break}}{{end}}{{end}}",
            1,
            "{{break}} outside of {{range}}",
        ),
        ("{{print if}}", 1, "unexpected keyword if"),
    ]);
}

#[test]
fn what_does_not_end_is_refused() {
    assert_refused(&[
        ("a\n{{.Author", 2, "the action is not closed by }}"),
        ("{{", 1, "the action is not closed by }}"),
        ("{{-", 1, "unexpected character '-'"),
        ("{{.", 1, "the action is not closed by }}"),
        ("{{call ", 1, "the action is not closed by }}"),
        ("x\n{{\"abc}}\n\"", 2, "the string is not closed"),
        ("{{`abc}}", 1, "the string is not closed by `"),
        ("{{'a}}", 1, "the character is not closed"),
        ("\n{{/* abc }}", 2, "the comment is not closed by */"),
        ("{{ (.Author }}", 1, "a parenthesis is not closed"),
        ("{{ .Author) }}", 1, "unexpected )"),
    ]);
}

#[test]
fn comments_must_fill_their_action() {
    assert_refused(&[
        ("{{ /* a */ }}", 1, "a comment must start right after {{"),
        (
            "{{/* a */ }}",
            1,
            "a comment must fill its action: {{/* like this */}}",
        ),
        ("{{-  /* a */}}", 1, "a comment must start right after {{"),
        (
            "{{.Author /* a */}}",
            1,
            "a comment must start right after {{",
        ),
    ]);
}

#[test]
fn names_that_do_not_exist_are_refused() {
    assert_refused(&[
        ("a\n{{nope .Author}}", 2, "function \"nope\" is not defined"),
        ("{{.Author | nope}}", 1, "function \"nope\" is not defined"),
        (
            "{{if false}}\n{{(nope)}}{{end}}",
            2,
            "function \"nope\" is not defined",
        ),
        ("\n{{$x}}", 2, "variable $x is not defined"),
        ("{{$x = 1}}", 1, "variable $x is not defined"),
        (
            "{{if true}}{{$x := 1}}{{end}}\n{{$x}}",
            2,
            "variable $x is not defined",
        ),
        (
            "{{range $i, $v := .Commits}}{{end}}{{$v}}",
            1,
            "variable $v is not defined",
        ),
        (
            "{{$x := 1}}{{define \"a\"}}{{$x}}{{end}}",
            1,
            "variable $x is not defined",
        ),
        (
            "\n\n{{template \"nope\" .}}",
            3,
            "template \"nope\" is not defined",
        ),
        (
            "{{define \"x\"}}1{{end}}\n{{define \"x\"}}2{{end}}",
            2,
            "template \"x\" is defined twice",
        ),
    ]);
}

#[test]
fn malformed_actions_are_refused() {
    assert_refused(&[
        ("\n{{}}", 2, "the action is empty"),
        ("{{-.Author}}", 1, "unexpected character '-'"),
        ("{{.Author-}}", 1, "unexpected character '-'"),
        ("{{\u{3000}.Author}}", 1, "unexpected character '\\u{3000}'"),
        ("{{1 + 2}}", 1, "unexpected character '+'"),
        ("{{1.2.3}}", 1, "this is not a number"),
        ("{{1x}}", 1, "this is not a number"),
        ("{{08}}", 1, "this is not a number"),
        ("{{1__0}}", 1, "this is not a number"),
        ("{{0x}}", 1, "this is not a number"),
        ("{{1e}}", 1, "this is not a number"),
        ("{{1e1_}}", 1, "this is not a number"),
        ("{{1e_9}}", 1, "this is not a number"),
        ("{{1_e9}}", 1, "this is not a number"),
        ("{{1e1__9}}", 1, "this is not a number"),
        ("{{1e400}}", 1, "the number is out of range"),
        ("{{-1e309}}", 1, "the number is out of range"),
        ("{{1.8e308}}", 1, "the number is out of range"),
        ("{{1e4_00}}", 1, "the number is out of range"),
        (
            "{{1e99999999999999999999}}",
            1,
            "the number is out of range",
        ),
        ("{{0x1p1024}}", 1, "the number is out of range"),
        (
            "{{0x1.fffffffffffff8p1023}}",
            1,
            "the number is out of range",
        ),
        ("{{0x0.001p1100}}", 1, "the number is out of range"),
        (
            "{{-0x1p+99999999999999999999}}",
            1,
            "the number is out of range",
        ),
        ("{{2i}}", 1, "there are no complex numbers here"),
        ("{{\"\\z\"}}", 1, "the string has an unknown escape"),
        (
            "{{print \"a\"\"b\"}}",
            1,
            "a space is missing between two arguments",
        ),
        ("{{\"a\".X}}", 1, "a literal has no fields"),
        ("{{1 | 2}}", 1, "a value cannot stand behind |"),
        ("{{$a, $b := 1}}", 1, ":= is out of place"),
        ("{{.Author = 1}}", 1, "= is out of place"),
        (
            "{{block \"x\"}}{{end}}",
            1,
            "a block needs a name and a value: {{block \"name\" .}}",
        ),
    ]);
    for template in [
        "{{if}}{{end}}",
        "{{template}}",
        "{{define x}}{{end}}",
        "{{.Author | }}",
        "{{end x}}",
    ] {
        assert!(Template::parse("", template).is_err(), "{template}");
    }
}

#[test]
fn type_errors_with_the_sample_data_are_refused_and_those_without_data_are_not() {
    assert_refused(&[
        ("a\n{{len .FileCount}}", 2, "len: int has no length"),
        (
            "{{.Author.Name}}",
            1,
            "can't evaluate field Name in type string",
        ),
        (
            "{{index .ChangedFiles 99}}",
            1,
            "index: a position is out of range",
        ),
        (
            "{{trunc 1}}",
            1,
            "trunc: wrong number of arguments, 1 for 2",
        ),
        ("{{range .Author}}{{end}}", 1, "cannot range over string"),
        ("{{call .Author}}", 1, "call: the data holds no functions"),
    ]);
    assert!(Template::parse("", "{{if gt .FileCount 2}}{{index .ChangedFiles 0}}{{end}}").is_ok());
}

#[test]
fn a_fault_of_the_title_is_told_from_one_of_the_content() {
    let error = Template::parse("{{if .Tag}}", "{{end}}")
        .err()
        .expect("refused");
    assert_eq!(
        error.to_string(),
        "title, line 1: {{if}} is not closed by {{end}}"
    );
}
