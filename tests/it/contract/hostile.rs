//! Whatever is sent, nothing ends in a 5xx, and what breaks the document's schema is refused by name.

use super::world::{World, send};
use push_notify_tests::{Answer, Backend, OpenApi, Operation, both, contract};
use serde_json::{Map, Value, json};

both!(
    no_value_of_a_field_is_too_hostile,
    no_query_parameter_is_too_hostile,
    no_id_is_too_hostile,
);

/// Strings that mean something to somebody.
fn texts() -> Vec<String> {
    vec![
        String::new(),
        "x".repeat(10_000),
        "👩‍👩‍👧‍👦🚀".to_owned(),
        "\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd}".to_owned(),
        "a\0b".to_owned(),
        "' OR 1=1 --".to_owned(),
        "%'; DROP TABLE users; --".to_owned(),
        "{{.}}{{range .}}{{end}}{{".to_owned(),
        "../../etc/passwd".to_owned(),
        "a\r\nX-Injected: yes".to_owned(),
    ]
}

fn numbers() -> Vec<Value> {
    vec![
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!(-0.5),
    ]
}

async fn no_value_of_a_field_is_too_hostile(on: Backend) {
    let world = World::build(on).await;
    let doc = OpenApi::of(&world.app).await;
    let mut problems = Vec::new();
    let mut count = 0;
    for operation in doc
        .operations()
        .iter()
        .filter(|operation| operation.takes_json())
    {
        let path = path_of(&world, operation.path);
        let base = base_of(&world, operation);
        let schema = operation.body().expect("it takes JSON");
        for field in fields(&doc, schema, &[]) {
            if is_boundless(&doc, field.schema) {
                let name = field.path.join(".");
                problems.push(format!(
                    "{} {}: `{name}` may be of any length",
                    operation.method, operation.path
                ));
            }
            for value in values(&doc, field.schema) {
                let mut body = base.clone();
                set(&mut body, &field.path, value.clone());
                let answer = send(&world.app, &operation.method, &path, &body).await;
                count += 1;
                let name = field.path.last().map_or("", String::as_str);
                let broken = breaks(&doc, field.schema, &value);
                problems.extend(judge(operation, name, &value, broken, &answer));
            }
            if field.required {
                let mut body = base.clone();
                remove(&mut body, &field.path);
                let answer = send(&world.app, &operation.method, &path, &body).await;
                let name = field.path.last().map_or("", String::as_str);
                problems.extend(judge(operation, name, &json!("(absent)"), true, &answer));
            }
        }
        for body in [json!([]), json!("text"), json!(1), json!(true)] {
            let answer = send(&world.app, &operation.method, &path, &body).await;
            problems.extend(judge(operation, "", &body, true, &answer));
        }
    }
    report(&problems, count);
    world.app.stop().await;
}

async fn no_query_parameter_is_too_hostile(on: Backend) {
    let world = World::build(on).await;
    let doc = OpenApi::of(&world.app).await;
    let mut problems = Vec::new();
    let mut count = 0;
    for operation in &doc.operations() {
        let path = path_of(&world, operation.path);
        let query: Vec<_> = operation
            .parameters()
            .into_iter()
            .filter(|parameter| parameter.place == "query")
            .collect();
        for parameter in &query {
            let numbers = numbers().into_iter().map(|number| number.to_string());
            for text in texts().into_iter().chain(numbers) {
                let broken = breaks_as_text(&doc, parameter.schema, &text, parameter.required);
                let pair = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair(parameter.name, &text)
                    .finish();
                let body = base_of(&world, operation);
                let answer = send(
                    &world.app,
                    &operation.method,
                    &format!("{path}?{pair}"),
                    &body,
                )
                .await;
                count += 1;
                problems.extend(judge(
                    operation,
                    parameter.name,
                    &json!(text),
                    broken,
                    &answer,
                ));
            }
        }
        if query.iter().any(|parameter| parameter.name == "size") {
            for pair in [
                "size=0",
                "size=101",
                "size=abc",
                "page=0",
                "page=-1",
                "sort=password",
                "order=x",
            ] {
                let name = pair.split('=').next().unwrap_or_default();
                let answer = world.app.get(&format!("{path}?{pair}")).await;
                if answer.status != 400 || !answer.details().contains(name) {
                    problems.push(format!(
                        "{} {path}?{pair}: {} {}",
                        operation.method,
                        answer.status,
                        short(&answer)
                    ));
                }
            }
        }
    }
    report(&problems, count);
    world.app.stop().await;
}

async fn no_id_is_too_hostile(on: Backend) {
    let world = World::build(on).await;
    let doc = OpenApi::of(&world.app).await;
    let mut problems = Vec::new();
    let mut count = 0;
    let ids = [
        "0",
        "-1",
        "999999999",
        "99999999999999999999",
        "1.5",
        "abc",
        "%00",
        "%F0%9F%9A%80",
        "'%20OR%201=1%20--",
        "%2e%2e%2f1",
        "%FF",
    ];
    for operation in &doc.operations() {
        for parameter in operation
            .parameters()
            .iter()
            .filter(|parameter| parameter.place == "path")
        {
            for id in ids {
                let hostile = operation
                    .path
                    .replace(&format!("{{{}}}", parameter.name), id);
                let path = path_of(&world, &hostile);
                let answer = send(
                    &world.app,
                    &operation.method,
                    &path,
                    &base_of(&world, operation),
                )
                .await;
                count += 1;
                if !(400..500).contains(&answer.status) {
                    problems.push(format!(
                        "{} {path}: {} {}",
                        operation.method,
                        answer.status,
                        short(&answer)
                    ));
                }
            }
        }
    }
    report(&problems, count);
    world.app.stop().await;
}

#[track_caller]
fn report(problems: &[String], count: usize) {
    assert!(count > 100, "only {count} requests were made");
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

fn judge(
    operation: &Operation<'_>,
    name: &str,
    value: &Value,
    broken: bool,
    answer: &Answer,
) -> Option<String> {
    let refused = (400..500).contains(&answer.status);
    // 409 and 502 are about more than the value: what the far side says, what is there already.
    let named = answer.details().contains(name);
    let fine = match answer.status {
        400 | 422 => named,
        _ if broken => refused && named,
        status => status < 500 || status == 502,
    };
    let value: String = value.to_string().chars().take(40).collect();
    let should = if broken {
        "should be refused by name"
    } else {
        "should not fail"
    };
    (!fine).then(|| {
        format!(
            "{} {}: `{name}` = {value} {should}: {} {}",
            operation.method,
            operation.path,
            answer.status,
            short(answer)
        )
    })
}

fn short(answer: &Answer) -> String {
    answer.text.chars().take(200).collect()
}

/// With ids of things that are there.
fn path_of(world: &World, path: &str) -> String {
    let noun = path.split('/').nth(3).unwrap_or_default();
    let name = match noun {
        "repos" => "other_repo",
        "targets" => "other_target",
        "templates" => "other_template",
        "prompts" => "other_prompt",
        "models" => "other_model",
        "pushes" => "push",
        "events" => "event",
        _ => "other_user",
    };
    let value = |name: &str| {
        world
            .values
            .get(name)
            .map_or("1".to_owned(), Value::to_string)
    };
    path.replace("{id}", &value(name))
        .replace("{repo_id}", &value("repo"))
}

/// A body that could be taken: the contract's, or the document's example.
fn base_of(world: &World, operation: &Operation<'_>) -> Value {
    if !operation.takes_json() {
        return Value::Null;
    }
    let endpoints = contract::endpoints();
    let documented = endpoints
        .iter()
        .find(|endpoint| endpoint.method == operation.method && endpoint.path == operation.path)
        .and_then(|endpoint| world.fill(endpoint.call.first()?.body.as_ref()?).ok());
    let body = documented.or_else(|| operation.example().cloned());
    body.filter(Value::is_object).unwrap_or_else(|| json!({}))
}

struct Place<'a> {
    path: Vec<String>,
    schema: &'a Value,
    required: bool,
}

/// Every field, those inside objects too.
fn fields<'a>(doc: &'a OpenApi, schema: &'a Value, above: &[String]) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    for part in doc.parts(schema) {
        for (name, inner) in part["properties"].as_object().into_iter().flatten() {
            let mut path = above.to_vec();
            path.push(name.clone());
            places.extend(fields(doc, inner, &path));
            let required = above.is_empty() && doc.requires(schema, name);
            places.push(Place {
                path,
                schema: inner,
                required,
            });
        }
    }
    places
}

/// A text whose length the document does not limit.
fn is_boundless(doc: &OpenApi, schema: &Value) -> bool {
    let limits = ["maxLength", "enum", "const", "format"];
    let is_text = doc.types(schema).contains(&"string");
    is_text
        && limits
            .iter()
            .all(|name| doc.keyword(schema, name).is_none())
}

fn values(doc: &OpenApi, schema: &Value) -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!("text"),
        json!([]),
        json!({}),
        json!([null]),
        json!(["x"]),
        json!([-1]),
        json!({"a\0": {"$ne": 1}}),
    ];
    values.extend(numbers());
    values.extend(texts().into_iter().map(Value::from));
    if doc.types(schema).contains(&"array") {
        values.push((0..10_000).collect());
    }
    values
}

/// Whether a JSON value breaks what the schema says. Null stands for an absent field, so it is never counted.
fn breaks(doc: &OpenApi, schema: &Value, value: &Value) -> bool {
    let types = doc.types(schema);
    let own = match value {
        Value::Null => return false,
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits =
        types.is_empty() || types.contains(&own) || (own == "integer" && types.contains(&"number"));
    let limit = |name: &str| doc.keyword(schema, name).and_then(Value::as_f64);
    let outside = |size: f64, least: &str, most: &str| {
        limit(least).is_some_and(|least| size < least)
            || limit(most).is_some_and(|most| size > most)
    };
    let enumerated = doc.keyword(schema, "enum").and_then(Value::as_array);
    let unknown = enumerated.is_some_and(|known| !known.contains(value));
    let too_much = match value {
        Value::String(text) => outside(text.chars().count() as f64, "minLength", "maxLength"),
        Value::Number(number) => outside(number.as_f64().unwrap_or_default(), "minimum", "maximum"),
        Value::Array(entries) => {
            outside(entries.len() as f64, "minItems", "maxItems")
                || doc.items(schema).is_some_and(|items| {
                    entries
                        .iter()
                        .any(|entry| entry.is_null() || breaks(doc, items, entry))
                })
        }
        _ => false,
    };
    !fits || unknown || too_much
}

/// As [`breaks`], for what stands in a query. An empty one counts as absent.
fn breaks_as_text(doc: &OpenApi, schema: &Value, text: &str, required: bool) -> bool {
    if text.is_empty() {
        return required;
    }
    let types = doc.types(schema);
    let format = doc.keyword(schema, "format").and_then(Value::as_str);
    match text.parse::<i64>() {
        Ok(number) if types.contains(&"integer") => breaks(doc, schema, &json!(number)),
        _ if types.contains(&"integer") => true,
        // None of the texts is one.
        _ if matches!(format, Some("date" | "date-time")) => true,
        _ => breaks(doc, schema, &json!(text)),
    }
}

fn set(body: &mut Value, path: &[String], value: Value) {
    let mut place = body;
    for step in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[step.as_str()];
    }
    *place = value;
}

fn remove(body: &mut Value, path: &[String]) {
    if let (Some(fields), Some(name)) = (body.as_object_mut(), path.last()) {
        fields.remove(name);
    }
}
