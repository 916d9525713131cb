use super::judge::short;
use crate::contract::{
    served::{form_type, form_with_file},
    world::World,
};
use push_notify_tests::{Backend, both};

both!(no_file_to_import_is_too_hostile);

async fn no_file_to_import_is_too_hostile(on: Backend) {
    let world = World::build(on).await;
    let sound = world.fill_text("$exported_prompt").unwrap_or_default();
    let deep = "[".repeat(100_000);
    let long = format!("{{\"name\": \"{}\"}}", "x".repeat(100_000));
    let half: String = sound.chars().take(sound.chars().count() / 2).collect();
    let files = [
        "",
        "null",
        "[]",
        "{}",
        "1",
        "not JSON",
        "{\"name\": 1}",
        "\0",
        "' OR 1=1 --",
        &deep,
        &long,
        &half,
    ];
    let mut forms: Vec<Vec<u8>> = files
        .iter()
        .map(|file| form_with_file(file).into_bytes())
        .collect();
    let form = form_with_file(&sound);
    forms.push(form.replace("name=\"file\"", "name=\"other\"").into_bytes());
    forms.push(
        form.chars()
            .take(form.len() / 2)
            .collect::<String>()
            .into_bytes(),
    );
    forms.push(
        form_with_file("\u{1}")
            .into_bytes()
            .iter()
            .map(|byte| if *byte == 1 { 0xff } else { *byte })
            .collect(),
    );
    forms.push(Vec::new());
    for form in forms {
        let shown: String = String::from_utf8_lossy(&form).chars().take(300).collect();
        let request = world
            .app
            .request(reqwest::Method::POST, "/api/v1/prompts/import")
            .header("content-type", form_type())
            .body(form);
        let answer = world.app.send(request).await;
        assert!(
            (400..500).contains(&answer.status),
            "{shown}: {} {}",
            answer.status,
            short(&answer)
        );
    }
    world.app.stop().await;
}
