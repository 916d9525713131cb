use super::redacted;
use crate::config;

#[test]
fn secrets_and_passwords_in_urls_are_masked() {
    let mut config = config::load(None).unwrap();
    config.secrets.key = "c2VjcmV0LW5vdC1yZWFs".to_owned();
    config.auth.admin_password = "Test-not-real-1".to_owned();
    config.database.url = "postgres://notify:not-real@db.example.com/notify".to_owned();
    config.redis.url = "redis://:not-real@cache.example.com:6379".to_owned();
    config.server.public_url =
        "https://user-not-real@notify.example.com/?mode=x&Access_Token=query-not-real&ssl%6Bey=y"
            .to_owned();
    config.metrics.token = "scrape-not-real".to_owned();
    let header = (
        "authorization".to_owned(),
        "Bearer otel-not-real".to_owned(),
    );
    config.otel.headers.extend([header]);
    let shown = redacted(&config).unwrap().to_string();
    for secret in [
        "c2VjcmV0",
        "Test-not-real",
        "not-real@",
        "query-not-real",
        "scrape-not-real",
        "otel-not-real",
        "=y",
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("db.example.com/notify"));
    assert!(shown.contains("https://******@notify.example.com/?mode=x&Access_Token=******&"));
    assert!(shown.contains("\"memory_mib\":128"));
}
