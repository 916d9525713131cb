use super::{
    judge::{judge, report, short},
    request::{base_of, path_of},
    values::{breaks_as_text, numbers, texts},
};
use crate::contract::world::{World, send};
use push_notify_tests::{Backend, OpenApi, both};
use serde_json::json;

both!(no_query_parameter_is_too_hostile);

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
