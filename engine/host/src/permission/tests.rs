use super::Granted;
use push_notify_manifest::Manifest;
use url::Url;

fn granted(http: &[&str], smtp: &[&str], grants: &[&str]) -> Granted {
    let manifest = format!(
        "id = \"webhook\"\nkind = \"channel\"\nversion = \"1.0.0\"\n[permissions]\nhttp = {http:?}\nsmtp = {smtp:?}\nreuse = 4\n\
         [config.url]\ntype = \"string\"\n[config.smtp_host]\ntype = \"string\"\n"
    );
    let manifest = Manifest::from_toml(&manifest).unwrap();
    let grants: Vec<String> = grants.iter().map(|grant| (*grant).to_owned()).collect();
    Granted::new(&manifest, &grants).unwrap()
}

fn fields() -> Vec<(String, String)> {
    [
        ("url", "http://Intern.example.com:8080/base"),
        ("smtp_host", "Mail.example.com"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Whether a plugin that asks for `pattern`, and was granted it, reaches `url`.
fn reaches(pattern: &str, url: &str) -> bool {
    let granted = granted(&[pattern], &[], &[&format!("http:{pattern}")]);
    granted
        .check_http(&Url::parse(url).unwrap(), &fields())
        .is_ok()
}

#[test]
fn the_address_of_a_repository_stands_for_its_host_by_https() {
    let of = |address: &str, url: &str| {
        let granted = granted(&["${config.url}"], &[], &["http:${config.url}"]);
        let fields = [("url".to_owned(), address.to_owned())];
        granted
            .check_http(&Url::parse(url).unwrap(), &fields)
            .is_ok()
    };
    for address in [
        "git@git.example.com:group/app.git",
        "ssh://git@git.example.com:2222/group/app.git",
        "https://git.example.com/group/app",
    ] {
        assert!(of(address, "https://git.example.com/api"), "{address}");
        assert!(!of(address, "http://git.example.com/api"), "{address}");
        assert!(!of(address, "https://example.com/api"), "{address}");
    }
    assert!(!of("git.example.com:group/app", "https://git.example.com/"));
}

#[test]
fn host_is_https_on_its_port() {
    assert!(reaches(
        "api.example.com",
        "https://api.example.com/any?thing"
    ));
    assert!(reaches("api.example.com", "https://API.example.com:443/"));
    for other in [
        "http://api.example.com/",
        "https://api.example.com:8443/",
        "https://example.com/",
        "https://api.example.com.evil.example/",
        "https://xapi.example.com/",
        "https://api.example.com./",
    ] {
        assert!(!reaches("api.example.com", other), "{other}");
    }
}

#[test]
fn port_and_scheme_are_part_of_the_pattern() {
    assert!(reaches(
        "api.example.com:8443",
        "https://api.example.com:8443/"
    ));
    assert!(!reaches("api.example.com:8443", "https://api.example.com/"));
    assert!(reaches("http://api.example.com", "http://api.example.com/"));
    assert!(!reaches(
        "http://api.example.com",
        "https://api.example.com/"
    ));
    assert!(reaches(
        "http://api.example.com:81",
        "http://api.example.com:81/"
    ));
    assert!(reaches(
        "münchen.example",
        "https://xn--mnchen-3ya.example/"
    ));
}

#[test]
fn star_stands_for_names_below() {
    assert!(reaches("*.example.com", "https://a.example.com/"));
    assert!(reaches("*.example.com", "https://a.b.example.com/"));
    for other in [
        "https://example.com/",
        "https://aexample.com/",
        "https://a.example.com.evil.example/",
        "http://a.example.com/",
    ] {
        assert!(!reaches("*.example.com", other), "{other}");
    }
}

#[test]
fn field_stands_for_exactly_its_origin() {
    assert!(reaches(
        "${config.url}",
        "http://intern.example.com:8080/other"
    ));
    for other in [
        "https://intern.example.com:8080/",
        "http://intern.example.com/",
        "http://example.com:8080/",
    ] {
        assert!(!reaches("${config.url}", other), "{other}");
    }
    let granted = granted(&["${config.url}"], &[], &["http:${config.url}"]);
    let url = Url::parse("http://intern.example.com:8080/").unwrap();
    assert!(granted.check_http(&url, &[]).is_err());
}

#[test]
fn refusal_says_which_key_is_missing() {
    let only_asked = granted(&["hooks.example.com"], &["${config.smtp_host}"], &[]);
    let url = |text| Url::parse(text).unwrap();
    assert_eq!(
        only_asked
            .check_http(&url("https://hooks.example.com/x?token=t"), &[])
            .unwrap_err(),
        "http to hooks.example.com is not granted: add \"http:hooks.example.com\" to plugins.webhook.grants"
    );
    assert_eq!(
        only_asked
            .check_smtp("mail.example.com", &fields())
            .unwrap_err(),
        "smtp to mail.example.com is not granted: add \"smtp:${config.smtp_host}\" to plugins.webhook.grants"
    );
    let told = only_asked
        .check_http(&url("https://evil.example.com:444/"), &[])
        .unwrap_err();
    assert!(
        told.contains("\"evil.example.com:444\" must be in its permissions.http"),
        "{told}"
    );
    // The operator alone opens nothing.
    let only_granted = granted(&[], &[], &["http:hooks.example.com"]);
    assert!(
        only_granted
            .check_http(&url("https://hooks.example.com/"), &[])
            .is_err()
    );
}

#[test]
fn mail_goes_to_the_host_that_is_named() {
    let by_field = granted(&[], &["${config.smtp_host}"], &["smtp:${config.smtp_host}"]);
    assert!(by_field.check_smtp("mail.EXAMPLE.com", &fields()).is_ok());
    assert!(by_field.check_smtp("evil.example.com", &fields()).is_err());
    let by_name = granted(
        &[],
        &["smtp.example.com", "*.mail.example"],
        &["smtp:smtp.example.com", "smtp:*.mail.example"],
    );
    assert!(by_name.check_smtp("smtp.example.com", &[]).is_ok());
    assert!(by_name.check_smtp("a.mail.example", &[]).is_ok());
    assert!(by_name.check_smtp("mail.example", &[]).is_err());
}

#[test]
fn reuse_needs_both_keys() {
    assert_eq!(granted(&[], &[], &["reuse"]).reuse, Some(4));
    assert_eq!(granted(&[], &[], &[]).reuse, None);
}

#[test]
fn field_with_an_address_of_git_stands_for_its_host_by_https_and_no_other() {
    let granted = granted(&["${config.url}"], &[], &["http:${config.url}"]);
    let reaches = |address: &str, url: &str| {
        let fields = [("url".to_owned(), address.to_owned())];
        granted
            .check_http(&Url::parse(url).unwrap(), &fields)
            .is_ok()
    };
    for address in ["git@good.example:a/b", "ssh://git@good.example:2222/a/b"] {
        assert!(reaches(address, "https://good.example/api"), "{address}");
        assert!(!reaches(address, "http://good.example/api"), "{address}");
    }
    for address in [
        "git@good.example:a@evil.example:x",
        "git@good.example@evil.example:x",
        "git@good.example:a/b@evil.example:x",
        "ssh://git@good.example@evil.example/x",
        "good.example:a@evil.example:x",
    ] {
        assert!(!reaches(address, "https://evil.example/"), "{address}");
        assert!(!reaches(address, "https://good.example/"), "{address}");
    }
}
