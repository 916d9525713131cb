use super::{
    judge::{report, short},
    request::{base_of, path_of},
};
use crate::contract::world::{World, send};
use push_notify_tests::{Backend, OpenApi, both};

both!(no_id_is_too_hostile);

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
        // What a webhook's address is they say whatever its id.
        let says_what_it_is = operation.path.contains("/webhook") && operation.method == "GET";
        if says_what_it_is && !operation.path.starts_with("/api/v1/repos/") {
            continue;
        }
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
