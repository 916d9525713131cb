use crate::Manifest;

const TOKEN: &str = "[config.token]\ntype = \"string\"\n";

fn channel(more: &str) -> Result<Manifest, String> {
    let start = "id = \"chat\"\nkind = \"channel\"\nversion = \"1.0.0\"\n";
    let field = "conversation_field = \"token\"\n";
    Manifest::from_toml(&format!("{start}{field}{more}")).map_err(|problem| problem.to_string())
}

#[test]
fn what_a_conversation_needs_is_a_field_of_a_channel_that_can_hold_one() {
    let update = "capabilities = [\"update\"]\n";
    let manifest = channel(&format!("{update}{TOKEN}")).unwrap();
    assert_eq!(manifest.conversation_field.as_deref(), Some("token"));
    assert_eq!(Manifest::from_json(&manifest.to_json()).unwrap(), manifest);
    let problem = channel(update).unwrap_err();
    assert!(problem.contains("there is no config.token"), "{problem}");
    let problem = channel(TOKEN).unwrap_err();
    assert!(problem.contains("neither changes nor answers"), "{problem}");
}
