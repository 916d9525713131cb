use super::compare::unchanged;
use push_notify_tests::{Backend, OpenApi, TestApp};
use serde_json::Value;
use std::fmt::Write as _;

/// What fits into a line stands in one.
const WIDTH: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_openapi_document() {
    let app = TestApp::start(Backend::Sqlite).await;
    let OpenApi(mut document) = OpenApi::of(&app).await;
    document["info"]["version"] = "VERSION".into();
    let mut text = String::new();
    outline(&document, 0, &mut text);
    unchanged("openapi", &text);
    app.stop().await;
}

/// JSON in which a change touches few lines, and which has a third of the lines of the usual form.
fn outline(value: &Value, depth: usize, text: &mut String) {
    let line = value.to_string();
    let fits = depth * 2 + line.chars().count() <= WIDTH;
    let (entries, [open, close]): (Vec<(String, &Value)>, _) = match value {
        Value::Object(fields) if !fits => {
            let named = fields.iter();
            (
                named
                    .map(|(name, value)| (format!("{name}: "), value))
                    .collect(),
                ['{', '}'],
            )
        }
        Value::Array(items) if !fits => (
            items.iter().map(|item| (String::new(), item)).collect(),
            ['[', ']'],
        ),
        _ => return text.push_str(&line),
    };
    writeln!(text, "{open}").expect("a text");
    for (name, value) in entries {
        write!(text, "{:1$}{name}", "", depth * 2 + 2).expect("a text");
        outline(value, depth + 1, text);
        text.push('\n');
    }
    write!(text, "{:1$}{close}", "", depth * 2).expect("a text");
}
