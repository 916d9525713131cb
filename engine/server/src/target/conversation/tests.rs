use super::*;

fn channel(capabilities: &str) -> Manifest {
    let text = format!(
        "id = \"x\"\nkind = \"channel\"\nversion = \"0.1.0\"\ndescription = \"x\"\ncapabilities = [{capabilities}]\n"
    );
    Manifest::from_toml(&text).expect("a manifest")
}

#[test]
fn what_a_channel_cannot_do_falls_away() {
    for (asked, capabilities, reached) in [
        ("new", "\"update\", \"reply\"", "new"),
        ("update", "\"update\", \"reply\"", "update"),
        ("update", "\"reply\"", "new"),
        ("thread", "\"update\"", "new"),
        ("thread", "\"reply\"", "thread"),
        ("update+thread", "\"update\", \"reply\"", "update+thread"),
        ("update+thread", "\"update\"", "update"),
        ("update+thread", "\"reply\"", "thread"),
        ("update+thread", "", "new"),
    ] {
        let found = Conversation::of_name(asked)
            .expect("a word")
            .reached(Some(&channel(capabilities)));
        assert_eq!(found.name(), reached, "{asked} with {capabilities}");
    }
    assert_eq!(Conversation::Update.reached(None), Conversation::New);
}
