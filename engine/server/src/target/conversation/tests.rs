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
            .reached(Some(&channel(capabilities)), |_| false);
        assert_eq!(found.name(), reached, "{asked} with {capabilities}");
    }
    assert_eq!(
        Conversation::Update.reached(None, |_| true),
        Conversation::New
    );
}

#[test]
fn a_channel_that_needs_a_field_for_it_does_nothing_without() {
    let mut channel = channel("\"update\", \"reply\"");
    channel.conversation_field = Some("token".to_owned());
    let asked = Conversation::UpdateThread;
    let reached = |filled: &str| asked.reached(Some(&channel), |field| field == filled);
    assert_eq!(reached("token"), asked);
    assert_eq!(reached("webhook_url"), Conversation::New);
}
