use super::{LogFormat, Role, load};

fn load_text(text: &str) -> Result<super::Config, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    load(Some(file.path())).map_err(|error| format!("{error:#}"))
}

#[test]
fn the_defaults_are_complete_and_sound() {
    let config = load(None).unwrap();
    assert_eq!(config.server.listen.port(), 8080);
    assert_eq!(config.log.format, LogFormat::Text);
    assert!(config.plugins.each["dingtalk"].enabled);
}

#[test]
fn a_file_changes_single_keys_and_keeps_the_rest() {
    let config = load_text(
        "[plugins.dingtalk]\nenabled = false\n[plugins.webhook]\ngrants = [\"http:x.example.com\"]",
    )
    .unwrap();
    assert!(!config.plugins.each["dingtalk"].enabled);
    assert!(!config.plugins.each["dingtalk"].grants.is_empty());
    assert!(config.plugins.each["webhook"].enabled);
}

#[test]
fn one_role_is_for_servers_that_share_a_database() {
    let error = load_text("[server]\nroles = [\"api\"]").unwrap_err();
    assert!(
        error.contains("server.roles") && error.contains("database.url"),
        "{error}"
    );
    let text =
        "[server]\nroles = [\"worker\"]\n[database]\nurl = \"postgres://db.example.com/push\"";
    let server = load_text(text).unwrap().server;
    assert!(server.has(Role::Worker) && !server.has(Role::Api));
}

#[test]
fn a_mistake_is_named_by_its_key() {
    assert!(
        load_text("[server]\nlisten_on = 1")
            .unwrap_err()
            .contains("listen_on")
    );
    assert!(
        load_text("[server]\nlisten = \"nowhere\"")
            .unwrap_err()
            .contains("server.listen")
    );
    assert!(
        load_text("[delivery]\nconcurrency = 0")
            .unwrap_err()
            .contains("delivery.concurrency")
    );
    assert!(
        load_text("[plugins]\nai_timeout_ms = 0")
            .unwrap_err()
            .contains("plugins.ai_timeout_ms")
    );
    assert!(
        load_text("[database]\nurl = \"mysql://x\"")
            .unwrap_err()
            .contains("database.url")
    );
    assert!(
        load_text("[mail]\nsmtp_host = \"mail.example.com\"")
            .unwrap_err()
            .contains("mail.from")
    );
    assert!(
        load_text("[metrics]\nlisten = \"9464\"")
            .unwrap_err()
            .contains("metrics.listen")
    );
    assert!(
        load_text("[otel]\nendpoint = \"collector:4318\"")
            .unwrap_err()
            .contains("otel.endpoint")
    );
    assert!(
        load_text("[otel]\nsample_ratio = 2.0")
            .unwrap_err()
            .contains("otel.sample_ratio")
    );
    let error = load_text("[server]\nroles = [\"api\", \"cook\"]").unwrap_err();
    for part in ["server.roles", "cook", "`api`", "`worker`"] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    assert!(
        load_text("[server]\nroles = []")
            .unwrap_err()
            .contains("server.roles")
    );
    assert!(load_text("nope").unwrap_err().contains("TOML"));
    assert!(
        load_text("[plugins.email]\ngrant = []")
            .unwrap_err()
            .contains("grant")
    );
}
