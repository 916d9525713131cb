//! Expected outputs come from Go's text/template (1.27), where ours does not say that it differs.

use super::{assert_bodies, body, data};
use crate::{Rendered, Template};

#[test]
fn values_print_as_in_go() {
    assert_bodies(&[
        ("plain text }} and }", "plain text }} and }"),
        ("{{.Author}}", "hello"),
        ("{{.中文}}", "值"),
        ("{{.ChangedFiles}}", "[a b c]"),
        ("{{.Commits}}", "[map[Id:one Url:<nil>] map[Id:two Url:u]]"),
        (
            "{{.Whole}} {{.Part}} {{.FileCount}} {{.Forced}}",
            "2 1.5 5 true",
        ),
        (
            "{{1e21}} {{1e-7}} {{123456789.0}} {{123456.0}}",
            "1e+21 1e-07 1.23456789e+08 123456",
        ),
        ("{{print .Whole .Part \"x\" 1 2 \"y\"}}", "2 1.5x1 2y"),
        ("{{println .Author 1}}", "hello 1\n"),
        (
            "{{1.5}} {{0x10}} {{0b11}} {{017}} {{1_000}} {{-3}} {{'a'}}",
            "1.5 16 3 15 1000 -3 97",
        ),
        (
            "{{print 1e1_9}} {{1_0.2_5e-1_0}} {{0x_1p-2}} {{0x1.8p1}} {{0xA_Bp0}}",
            "1e+19 1.025e-09 0.25 3 171",
        ),
        (
            "{{1.7976931348623157e308}} {{0x1.fffffffffffffp1023}} {{1e-400}} {{0x1p-2000}}",
            "1.7976931348623157e+308 1.7976931348623157e+308 0 0",
        ),
        ("{{\"a\\n\\x41\\u00e9\"}} {{`raw\\n`}}", "a\nAé raw\\n"),
    ]);
}

#[test]
fn a_missing_or_null_variable_of_the_data_prints_nothing() {
    assert_bodies(&[
        ("[{{.Missing}}]", "[]"),
        ("[{{.Missing.Deep}}]", "[]"),
        ("[{{.ReviewTime}}]", "[]"),
        ("[{{range .ChangedFiles}}{{$.Missing}}{{end}}]", "[]"),
        (
            "[{{define \"x\"}}{{.Missing}}{{end}}{{template \"x\" .}}]",
            "[]",
        ),
        (
            "[{{$all := .}}{{with .Author}}{{$all.Missing}}{{end}}]",
            "[]",
        ),
        ("[{{html .Missing}}{{urlquery .Missing}}]", "[]"),
    ]);
}

#[test]
fn any_other_nil_prints_as_in_go() {
    assert_bodies(&[
        ("{{.MergeRequest.Missing}}", "<no value>"),
        ("{{.MergeRequest.Author}}", "<no value>"),
        (
            "{{range .Commits}}{{.Missing}}{{end}}",
            "<no value><no value>",
        ),
        ("{{index .MergeRequest \"nope\"}}", "<no value>"),
        ("{{print .Missing}}", "<nil>"),
        ("{{printf \"%v %s\" .Missing .Missing}}", "<nil> %!s(<nil>)"),
    ]);
}

#[test]
fn truth_is_as_in_go() {
    let falsy = [
        ".Deleted",
        ".TotalCommits",
        "0.0",
        ".Tag",
        ".ReviewTime",
        ".CodeViewIssues",
        ".Missing",
    ];
    for value in falsy {
        assert_eq!(
            body(&format!("{{{{if {value}}}}}y{{{{else}}}}n{{{{end}}}}")).as_deref(),
            Ok("n"),
            "{value}"
        );
    }
    assert_bodies(&[
        (
            "{{if \"0\"}}y{{end}}{{if .Commits}}y{{end}}{{if -1}}y{{end}}",
            "yyy",
        ),
        (
            "{{and .Forced .Author}} {{and .Deleted .Author}} {{or .Tag .Author}}",
            "hello false hello",
        ),
        ("{{or .Missing \"x\"}} {{not .Tag}}", "x true"),
        (
            "{{and .Deleted (index .ChangedFiles 99)}} {{or .Author (index .ChangedFiles 99)}}",
            "false hello",
        ),
    ]);
}

#[test]
fn comparisons_are_as_in_go() {
    assert_bodies(&[
        (
            "{{eq .FileCount 1 2 5}} {{eq .Author \"x\"}} {{ne 1 2}}",
            "true false true",
        ),
        (
            "{{eq .Missing \"x\"}} {{ne .Missing \"x\"}} {{eq .Missing nil}}",
            "false true true",
        ),
        (
            "{{lt 1 2}} {{le 2 2}} {{gt \"b\" \"a\"}} {{ge 1.5 2.5}}",
            "true true true false",
        ),
    ]);
    for (template, message) in [
        ("{{eq 5 5.0}}", "eq: int and float64 cannot be compared"),
        ("{{eq .Author 5}}", "eq: string and int cannot be compared"),
        ("{{lt .Missing 3}}", "lt: nil and int cannot be compared"),
        ("{{lt true false}}", "lt: bool has no order"),
        (
            "{{eq .ChangedFiles .ChangedFiles}}",
            "eq: []interface {} cannot be compared",
        ),
    ] {
        assert_eq!(
            body(template).map_err(|error| error.message),
            Err(message.to_owned()),
            "{template}"
        );
    }
}

#[test]
fn len_index_and_slice_count_bytes() {
    assert_bodies(&[
        (
            "{{len .Branch}} {{len .ChangedFiles}} {{len .MergeRequest}}",
            "6 3 4",
        ),
        (
            "{{index \"abc\" 0}} {{index .ChangedFiles 1}} {{index .Author}}",
            "97 b hello",
        ),
        ("{{index .Commits 1 \"Id\"}}", "two"),
        (
            "{{slice .Author 1 3}} {{slice .ChangedFiles 1}} {{slice .ChangedFiles 0 1 2}}",
            "el [b c] [a]",
        ),
        ("{{slice .Branch 0 3}} {{slice \"é\" 1}}", "张 \u{fffd}"),
    ]);
}

#[test]
fn loops_and_scopes_are_as_in_go() {
    assert_bodies(&[
        ("{{range .ChangedFiles}}[{{.}}]{{end}}", "[a][b][c]"),
        (
            "{{range $i, $v := .ChangedFiles}}{{$i}}{{$v}}{{end}}{{range $v := .ChangedFiles}}{{$v}}{{end}}",
            "0a1b2cabc",
        ),
        (
            "{{range $k, $v := .MergeRequest}}{{$k}} {{end}}",
            "Author Number Title Url ",
        ),
        ("{{range 3}}{{.}}{{end}}", "012"),
        (
            "{{range .Missing}}x{{else}}none{{end}}{{range .ChangedFiles}}x{{else}}e{{end}}",
            "nonexxx",
        ),
        (
            "{{range .ChangedFiles}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}",
            "ac",
        ),
        (
            "{{range .ChangedFiles}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}",
            "a",
        ),
        (
            "{{with .Tag}}1{{else with .Author}}2{{.}}{{else}}3{{end}}",
            "2hello",
        ),
        (
            "{{if .Tag}}1{{else if .TotalCommits}}2{{else if .Forced}}3{{else}}4{{end}}",
            "3",
        ),
        (
            "{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}{{if true}}{{$x := 3}}{{$x}}{{end}}{{$x}}",
            "232",
        ),
        ("{{with .Author}}{{$.FileCount}}{{.}}{{end}}", "5hello"),
    ]);
}

#[test]
fn named_templates_are_as_in_go() {
    assert_bodies(&[
        (
            "{{template \"x\" .Author}}{{define \"x\"}}<{{.}}{{$}}>{{end}}",
            "<hellohello>",
        ),
        (
            "{{define \"x\"}}<{{.}}>{{end}}{{template \"x\"}}",
            "<<no value>>",
        ),
        ("{{block \"b\" .Author}}B{{.}}{{end}}", "Bhello"),
        (
            "{{define \"x\"}}  {{end}}{{define \"x\"}}2{{end}}{{template \"x\"}}",
            "2",
        ),
        ("{{define \"main\"}}M{{end}}{{template \"main\"}}", "M"),
    ]);
}

#[test]
fn trim_markers_and_comments_are_as_in_go() {
    assert_bodies(&[
        ("a  {{- .Author -}}  b", "ahellob"),
        ("a\n{{- /* c */}}\nb", "a\nb"),
        ("a\n{{/* c */ -}}\n\nb", "a\nb"),
        ("{{/* two\nlines with {{.Author}} */}}x{{-3}}", "x-3"),
        ("{{\n.Author\n}}{{\"}}\"}}{{`}}`}}{{'}'}}", "hello}}}}125"),
        ("{ {{- .Author -}} }", "{hello}"),
    ]);
}

#[test]
fn printf_is_as_in_go() {
    assert_bodies(&[
        (
            r#"{{printf "%d %s %v %q %x %X %c %U %t" 5 "s" .ChangedFiles "q" 255 255 65 65 true}}"#,
            "5 s [a b c] \"q\" ff FF A U+0041 true",
        ),
        (
            r#"{{printf "%5d|%-5d|%05d|%+d|%#x|%5s|%.2s|%05s" 42 42 42 42 42 "ab" "abc" "ab"}}"#,
            "   42|42   |00042|+42|0x2a|   ab|ab|000ab",
        ),
        (
            r#"{{printf "%5s|%-3s|" .Branch .Branch}}"#,
            "   张三|张三 |",
        ),
        (
            r#"{{printf "%f %.2f %8.3f|%-8.3f|%08.3f" 1.5 1.5 1.5 1.5 -1.5}}"#,
            "1.500000 1.50    1.500|1.500   |-001.500",
        ),
        (
            r#"{{printf "%e %g %G %.3g %g" 1500.5 1500.5 1e-10 1500.5 1000000.0}}"#,
            "1.500500e+03 1500.5 1E-10 1.5e+03 1e+06",
        ),
        (
            r#"{{printf "%d %s %t" "x" 1 "y"}}"#,
            "%!d(string=x) %!s(int=1) %!t(string=y)",
        ),
        (r#"{{printf "%f %d" 5 1.5}}"#, "%!f(int=5) %!d(float64=1.5)"),
        (
            r#"{{printf "%s %s" "a"}}{{printf "a" 1 "b"}}"#,
            "a %!s(MISSING)a%!(EXTRA int=1, string=b)",
        ),
        (
            r#"{{printf "%[2]s %[1]s" "a" "b"}} {{printf "%[3]s" "a"}} {{printf "%*d|%-*d|" 4 1 4 1}}"#,
            "b a %!s(BADINDEX)    1|1   |",
        ),
        (
            r#"{{printf "%T %T %T %T" 1 "s" .ChangedFiles .MergeRequest}}"#,
            "int string []interface {} map[string]interface {}",
        ),
        (
            r#"{{printf "%q %s" .ChangedFiles .ChangedFiles}}"#,
            "[\"a\" \"b\" \"c\"] [a b c]",
        ),
        (
            r#"{{printf "100%% %!"}}{{printf "%"}}"#,
            "100% %!!(MISSING)%!(NOVERB)",
        ),
    ]);
}

#[test]
fn escapers_are_as_in_go() {
    assert_bodies(&[
        (
            "{{html .MergeRequest.Url}}",
            "&lt;a href=&#34;x&#34;&gt;&amp;&#39;",
        ),
        (
            "{{js .MergeRequest.Url}}",
            "\\u003Ca href\\u003D\\\"x\\\"\\u003E\\u0026\\'",
        ),
        (
            "{{urlquery \"a b&c\"}} {{\"é\" | urlquery}}",
            "a+b%26c %C3%A9",
        ),
    ]);
}

#[test]
fn our_own_functions_work_in_pipes() {
    assert_bodies(&[
        (
            "{{join \", \" .ChangedFiles}} {{.ChangedFiles | join \"/\"}}",
            "a, b, c a/b/c",
        ),
        ("{{.Missing | join \",\"}}{{join \",\" .Author}}", "hello"),
        (
            "{{.Author | upper}} {{lower \"ÀB\"}} {{upper .Missing}}",
            "HELLO àb ",
        ),
        (
            "{{.Branch | trunc 1}} {{trunc 99 .Author}} {{trunc 0 .Author}}",
            "张 hello ",
        ),
        (
            "{{.Tag | default \"none\"}} {{default 1 .FileCount}}",
            "none 5",
        ),
        (
            "{{firstLine \"\\n  a b \\nc\"}}|{{firstLine .Missing}}",
            "a b|",
        ),
        (
            "{{short \"0123456789abcdef\"}} {{short \"012\"}}",
            "01234567 012",
        ),
    ]);
}

#[test]
fn an_error_of_a_rendering_names_its_line_and_no_value() {
    let template =
        Template::parse("", "a\n{{if .Author}}\n{{lt .FileCount 3}}{{end}}").expect("sound");
    let mut data = data();
    data["FileCount"] = "not-for-the-log".into();
    let error = template
        .render(&data)
        .expect_err("a string has no order with a number");
    assert_eq!(
        error.to_string(),
        "content, line 3: lt: string and int cannot be compared"
    );
}

#[test]
fn the_title_is_one_short_line() {
    let template = Template::parse("{{.Author}}\n\r\n  {{.Tag}}x\n", "").expect("sound");
    let rendered = template.render(&data());
    let expected = Rendered {
        title: "hello   x".to_owned(),
        body: String::new(),
    };
    assert_eq!(rendered, Ok(expected));
    let long = Template::parse(&"长".repeat(600), "").expect("sound");
    let title = long.render(&data()).expect("renders").title;
    assert_eq!((title.chars().count(), title.ends_with("长…")), (500, true));
}

#[test]
fn nil_compares_with_everything() {
    assert_bodies(&[
        (
            "{{ne .MergeRequest nil}} {{eq .MergeRequest nil}}",
            "true false",
        ),
        ("{{ne nil .MergeRequest}} {{eq nil .Commits}}", "true false"),
        ("{{eq .Missing nil}} {{ne .Missing nil}}", "true false"),
        (
            "{{eq .Author nil}} {{eq .FileCount nil}} {{eq .Forced nil}}",
            "false false false",
        ),
        (
            "{{if ne .MergeRequest nil}}x{{end}}{{if eq .ChangedFiles nil}}y{{end}}",
            "x",
        ),
        ("{{eq .Author \"a\" nil \"hello\"}}", "true"),
    ]);
}
