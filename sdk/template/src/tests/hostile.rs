//! Templates that mean harm: each ends soon, in a refusal or within the limits, on a stack as small
//! as a worker's.

use crate::Template;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A debug build takes 0.3 seconds at most; the rest is for busy machines.
const SOON: Duration = Duration::from_secs(5);
const STACK: usize = 1024 * 1024;
const MAX_BODY: usize = 256 * 1024;

/// Parses and, if that is let pass, renders `template` with `data`; what parsing said.
fn survives(template: &str, data: &Value) -> Result<(), String> {
    let start = Instant::now();
    let parsed = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                let template = Template::parse("", template).map_err(|error| error.message)?;
                if let Ok(rendered) = template.render(data) {
                    assert!(rendered.body.len() <= MAX_BODY);
                }
                Ok(())
            })
            .expect("a thread")
            .join()
            .expect("no panic")
    });
    assert!(
        start.elapsed() < SOON,
        "{:?}: {:.80}",
        start.elapsed(),
        template
    );
    parsed
}

fn assert_refused(template: &str, message: &str) {
    assert_eq!(
        survives(template, &json!({})),
        Err(message.to_owned()),
        "{template:.80}"
    );
}

const STEPS: &str = "too many steps are needed";
const OUTPUT: &str = "more than 256 KiB are written";
const RECURSION: &str = "the named templates call each other too deeply";

#[test]
fn endless_loops_end() {
    assert_refused("{{range 9000000000000000000}}{{end}}", STEPS);
    assert_refused(
        "{{range 9000000000000000000}}{{range 9000000000000000000}}{{$x := 1}}{{end}}{{end}}",
        STEPS,
    );
    assert_refused("{{range 9000000000000000000}}{{continue}}{{end}}", STEPS);
    assert_refused(
        "{{range 9000000000000000000}}0123456789abcdef0123456789abcdef{{end}}",
        OUTPUT,
    );
}

#[test]
fn recursion_ends() {
    assert_refused(
        "{{define \"a\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
        RECURSION,
    );
    assert_refused(
        "{{define \"a\"}}{{template \"b\"}}{{end}}{{define \"b\"}}{{template \"a\"}}{{end}}{{template \"a\"}}",
        RECURSION,
    );
    let nested = format!(
        "{}{{{{template \"a\" .}}}}{}",
        "{{with .}}".repeat(59),
        "{{end}}".repeat(59)
    );
    assert_refused(
        &format!("{{{{define \"a\"}}}}{nested}{{{{end}}}}{{{{template \"a\" .}}}}"),
        RECURSION,
    );
    assert_refused(
        "{{define \"a\"}}{{if not .Author}}{{template \"a\" .}}{{end}}{{end}}{{template \"a\" .}}",
        RECURSION,
    );
}

#[test]
fn a_chain_that_doubles_at_each_link_ends() {
    let mut template = String::from("{{define \"t0\"}}{{end}}");
    for link in 1..100 {
        let before = link - 1;
        template += &format!(
            "{{{{define \"t{link}\"}}}}{{{{template \"t{before}\"}}}}{{{{template \"t{before}\"}}}}{{{{end}}}}"
        );
    }
    assert_refused(&(template + "{{template \"t99\"}}"), STEPS);
}

#[test]
fn values_that_double_end() {
    for double in [
        "print $x $x",
        "printf \"%s%s\" $x $x",
        "$x | js | html",
        "join $x $.ChangedFiles",
        "println $x $x $x",
    ] {
        let template = format!(
            "{{{{$x := \"<<<<>>>>\"}}}}{{{{range 1000000}}}}{{{{$x = {double}}}}}{{{{end}}}}"
        );
        assert_refused(&template, STEPS);
    }
}

#[test]
fn wide_formats_end() {
    assert_refused("{{printf \"%999999d\" 1}}", OUTPUT);
    assert!(survives("{{$x := printf \"%999999d\" 1}}{{len $x}}", &json!({})).is_ok());
    let many = |verb: &str| {
        format!(
            "{{{{$x := printf \"{}\" 1 1.5 \"s\"}}}}{{{{len $x}}}}",
            verb.repeat(60_000 / verb.len())
        )
    };
    for verb in [
        "%[1]65535d",
        "%[1]999999b",
        "%[2]9999.999999f",
        "%[3]999999q",
        "%[1].999999x",
        "%[1].99999U",
        "%[3]999999x",
    ] {
        let verb = &verb.replace("999999", "99999");
        assert!(survives(&many(verb), &json!({})).is_ok(), "{verb}");
    }
    assert_refused(
        "{{range 1000000}}{{$x := printf \"%[1]*[1]d\" 999999}}{{end}}",
        STEPS,
    );
    assert_refused(
        "{{range 1000000}}{{$x := printf \"%.999999f\" 1.5}}{{end}}",
        STEPS,
    );
}

#[test]
fn loops_over_large_data_end() {
    let lists = json!({
        "ChangedFiles": vec![""; 200_000],
        "Commits": vec![json!([]); 200_000],
        "CommitMsg": "<[".repeat(2_000_000),
    });
    for template in [
        "{{range .ChangedFiles}}{{range $.ChangedFiles}}{{end}}{{end}}",
        "{{range .ChangedFiles}}{{$x := join \"\" $.ChangedFiles}}{{end}}",
        "{{range .ChangedFiles}}{{$x := slice $.ChangedFiles 1}}{{end}}",
        "{{range .ChangedFiles}}{{$x := print $.Commits}}{{end}}",
        "{{range .ChangedFiles}}{{$x := html $.CommitMsg}}{{$y := js $.CommitMsg}}{{end}}",
        "{{range .ChangedFiles}}{{if eq $.CommitMsg $.CommitMsg}}{{end}}{{end}}",
        "{{range .ChangedFiles}}{{$x := firstLine $.CommitMsg | upper | trunc 9999999}}{{end}}",
        "{{range .ChangedFiles}}{{$x := printf \"%q %x\" $.CommitMsg $.CommitMsg}}{{end}}",
        "{{.CommitMsg}}{{.ChangedFiles}}{{.Commits}}",
    ] {
        assert_eq!(survives(template, &lists), Ok(()), "{template}");
    }
}

#[test]
fn sources_that_are_all_structure_end() {
    const KIB: usize = 1024;
    for unit in [
        "{{if 1}}",
        "{{end}}",
        "{{else if 1}}",
        "(",
        "{{(",
        "{{",
        "}}",
        "{{\"",
        "{{/*",
        "{{/**/}}",
        "{{1}}",
        "{{.A}}",
        "{{$a:=1}}",
        "{{- ",
        "\n{{- \"\" -}}\n",
        "{{1|print",
        "{{block \"a\" .}}",
        "{{define \"a\"}}{{end}}",
        "{{template \"a\"}}",
        "-",
        "{{`",
    ] {
        let source = unit.repeat(64 * KIB / unit.len());
        let _ = survives(&source, &json!({}));
        let _ = survives(&format!("{{{{{}}}}}", "(".repeat(30 * KIB)), &json!({}));
        let _ = survives(
            &format!("{{{{if 1}}}}{:.60000}{{{{end}}}}", source),
            &json!({}),
        );
    }
    let long_pipe = format!("{{{{1{}}}}}", "|print".repeat(10_000));
    let _ = survives(&long_pipe, &json!({}));
    let many_args = format!("{{{{print{}}}}}", " .CommitMsg".repeat(5000));
    let _ = survives(&many_args, &json!({"CommitMsg": "x".repeat(1_000_000)}));
    let fields = (0..9000)
        .map(|n| format!("{{{{.{n:x}A}}}}").replace("{{.", "{{._"))
        .collect::<String>();
    let _ = survives(&fields[..60_000], &json!({}));
    let chain = (1..1500)
        .map(|n| {
            format!(
                "{{{{define \"{n}\"}}}}{{{{template \"{}\" .}}}}{{{{end}}}}",
                n - 1
            )
        })
        .collect::<String>();
    let _ = survives(
        &format!("{{{{define \"0\"}}}}{{{{end}}}}{chain}{{{{template \"1499\" .}}}}"),
        &json!({}),
    );
}
