use crate::{Called, Calls, Rendered, Template};
use serde_json::json;
use std::{collections::HashMap, sync::Arc};

fn called(name: &str, place: Option<usize>) -> Called {
    Called {
        name: name.to_owned(),
        place,
    }
}

/// Mei Li goes by `Mei` and is at place 0, Tom is asked for at 3, and nobody knows Ann.
fn rendered(title: &str, content: &str) -> Rendered {
    let calls = Calls {
        known: HashMap::from([
            ("Mei".to_owned(), called("Mei [Li]", Some(0))),
            ("Ann".to_owned(), called("Ann", None)),
        ]),
        asked: vec![called("Tom", Some(3)), called("Ann", None)],
    };
    let data = json!({
        "Author": "Mei", "Branch": "[x](mention:0)", "CommitMsg": "*Ann*",
        "ChangedFiles": ["Mei", "Ann", "*x*"],
    });
    let template = Template::parse(title, content).unwrap();
    template.render_calling(&data, &Arc::new(calls)).unwrap()
}

#[test]
fn people_are_called_where_the_template_says() {
    let mei = "[Mei \\[Li\\]](mention:0)";
    let below = "\n\n[Tom](mention:3)";
    for (content, body) in [
        ("by {{mention .Author}}", format!("by {mei}{below}")),
        (
            "by **{{.Author | mention}}**",
            format!("by **{mei}**{below}"),
        ),
        (
            "{{mention .ChangedFiles}}",
            format!("{mei}, Ann, \\*x\\*{below}"),
        ),
        // Whom nobody knows is named as they are, without markup of their own.
        ("{{mention .CommitMsg}}", format!("\\*Ann\\*{below}")),
        ("{{mention .Tag}}", "[Tom](mention:3)".to_owned()),
        ("{{mention 7}}", format!("7{below}")),
        ("cc {{mentions}}", "cc [Tom](mention:3) Ann".to_owned()),
        // What strangers write calls nobody.
        ("{{.Branch}}", format!("\\[x\\](mention:0){below}")),
        ("{{mention .Branch}}", format!("\\[x\\](mention:0){below}")),
    ] {
        assert_eq!(rendered("t", content).body, body, "{content}");
    }
}

#[test]
fn a_title_only_names_people() {
    let rendered = rendered("{{mention .Author}} {{mentions}}!", "{{mentions}}");
    assert_eq!(rendered.title, "Mei !");
}

#[test]
fn without_people_to_call_there_are_names() {
    let template = Template::parse("t", "{{mention .Author}}{{mentions}}").unwrap();
    let data = json!({"Author": "[Mei]"});
    assert_eq!(template.render_message(&data).unwrap().body, "\\[Mei\\]");
}
