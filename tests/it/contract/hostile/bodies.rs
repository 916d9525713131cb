use super::{
    judge::{judge, report},
    request::{base_of, path_of},
    values::{breaks, is_boundless, values},
};
use crate::contract::world::{World, send};
use push_notify_tests::{Backend, OpenApi, both};
use serde_json::{Map, Value, json};

both!(no_value_of_a_field_is_too_hostile);

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
                let mut body = renamed(&base, count);
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

/// With names that nobody has yet.
fn renamed(body: &Value, number: usize) -> Value {
    let mut body = body.clone();
    for (field, name) in [
        ("name", format!("name {number}")),
        ("username", format!("name_{number}")),
        ("email", format!("name.{number}@example.com")),
    ] {
        if let Some(place) = body.get_mut(field) {
            *place = name.into();
        }
    }
    body
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
