//! `push-notify config check`.

use super::load::BINARY;
use push_notify_tests::{Backend, Site};
use std::{fs, process::Stdio};
use tokio::process::Command;

/// The exit code, and what is said of a file with this text.
async fn check(text: &str, environment: &[(&str, &str)], more: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("config.toml");
    fs::write(&file, text).expect("it is written");
    let output = Command::new(BINARY)
        .args(["config", "check", "--config", "config.toml"])
        .args(more)
        .envs(environment.iter().copied())
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .output()
        .await
        .expect("it can be started");
    let said = [output.stdout, output.stderr].concat();
    let code = output.status.code().expect("nobody kills it");
    (code, String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mistake_is_named_with_its_key_its_line_and_its_cure() {
    let cases: [(&str, &[&str]); 32] = [
        (
            "[network]\nallow = [\"10.0.0.0/8\", \"192.168.1.5\"]",
            &[
                "`network.allow`",
                "line 2",
                "\"192.168.1.5\"",
                "\"192.168.1.5/32\"",
            ],
        ),
        (
            "[server]\ntrusted_proxies = [\"fd00::1\"]",
            &["`server.trusted_proxies`", "\"fd00::1/128\""],
        ),
        (
            "[network]\nallow = [\"gateway\"]",
            &["\"gateway\"", "10.0.0.0/8"],
        ),
        (
            "[network]\nallow = \"10.0.0.0/8\"",
            &["`network.allow`", "must be a list, such as [\"a\", \"b\"]"],
        ),
        (
            "[auth]\nadmin_password = 12345678",
            &["`auth.admin_password`", "between quotes"],
        ),
        (
            "[plugins.dingtak]\ngrants = [\"reuse\"]",
            &["`plugins.dingtak`", "line 2", "did you mean `dingtalk`"],
        ),
        (
            "[plugins.pager]\nenabled = true",
            &["`plugins.pager`", "neither built in nor in `plugins.dir`"],
        ),
        (
            "[plugins.github]\ngrants = [\"api.github.com\"]",
            &[
                "`plugins.github.grants`",
                "line 2",
                "\"api.github.com\" is no grant",
                "\"http:api.github.com\"",
            ],
        ),
        (
            "[plugins.github]\ngrants = [\"http:evil.example\"]",
            &["\"http:evil.example\" is not what the plugin asks for"],
        ),
        (
            "[plugins.email]\ngrants = [\"smtp:\"]",
            &["\"smtp:\" is no grant", "\"smtp:${config.smtp_host}\""],
        ),
        (
            "[delivery]\nmax_atempts = 3",
            &[
                "`delivery.max_atempts`",
                "line 2",
                "did you mean `delivery.max_attempts`",
            ],
        ),
        (
            "[servers]\nlisten = \"\"",
            &["did you mean `server.listen`"],
        ),
        ("[delivery]\nxyz = 3", &["no such key", "config defaults"]),
        ("server = 3", &["`server`", "line 1", "[server]"]),
        (
            "[delivery]\n\nmax_attempts = 0",
            &["`delivery.max_attempts`", "line 3", "must not be 0"],
        ),
        (
            "[delivery]\nmax_attempts = -1",
            &["`delivery.max_attempts`", "must be"],
        ),
        (
            "[auth]\naccess_seconds = \"soon\"",
            &["`auth.access_seconds`"],
        ),
        (
            "[auth]\nrefresh_seconds = 60",
            &["`auth.refresh_seconds`", "86400"],
        ),
        (
            "[auth]\nregistration = \"maybe\"",
            &["`auth.registration`", "open"],
        ),
        (
            "[delivery]\nlease_seconds = 10",
            &[
                "`delivery.lease_seconds`",
                "`plugins.timeout_ms`",
                "at least 61",
            ],
        ),
        (
            "[delivery]\nbackoff_base_ms = 9999999",
            &["`delivery.backoff_cap_ms`"],
        ),
        (
            "[server]\nlisten = \"nowhere\"",
            &["`server.listen`", "127.0.0.1:8080"],
        ),
        (
            "[server]\npublic_url = \"notify.example.com\"",
            &["`server.public_url`", "https://notify.example.com"],
        ),
        (
            "[cors]\norigins = [\"https://a.example.com/x\"]",
            &["`cors.origins`"],
        ),
        (
            "[database]\nurl = \"mysql://x\"",
            &["`database.url`", "postgres://"],
        ),
        (
            "[database]\nurl = \"postgres:///notify\"",
            &["`database.url`", "host"],
        ),
        (
            "[redis]\nurl = \"cache.example.com\"",
            &["`redis.url`", "redis://"],
        ),
        ("[mail]\nsmtp_host = \"mail.example.com\"", &["`mail.from`"]),
        ("[log]\nlevel = \"loud\"", &["`log.level`"]),
        (
            "[retention]\nkeep_failed_days = 30",
            &["`retention.keep_failed_days`", "(90)"],
        ),
        ("[plugins]\ndir = \"nowhere\"", &["`plugins.dir`"]),
        (
            "[secrets]\nkey = \"short\"",
            &["`secrets.key`", "openssl rand -base64 32"],
        ),
    ];
    for (text, parts) in cases {
        let (code, said) = check(text, &[], &[]).await;
        assert_eq!(code, 1, "{text}: {said}");
        for part in parts {
            assert!(said.contains(part), "{part} is not in: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_mistakes_are_told_at_once_and_no_value_is_shown() {
    let text =
        "[delivery]\nmax_atempts = 3\nconcurrency = 0\n[mail]\nsmtp_port = \"password-not-real\"";
    let environment = [
        ("PUSH_NOTIFY_SERVER__LISTEN", "here"),
        ("PUSH_NOTIFY_PLUGINS__GITHUB__ENABLED", "perhaps"),
        ("PUSH_NOTIFY_SERVER_LISTEN", "0.0.0.0:80"),
    ];
    let (code, said) = check(text, &environment, &[]).await;
    assert_eq!(code, 1, "{said}");
    for part in [
        "`delivery.max_atempts` (config.toml, line 2)",
        "`delivery.concurrency` (config.toml, line 3)",
        "`mail.smtp_port` (config.toml, line 5)",
        "`server.listen` (environment PUSH_NOTIFY_SERVER__LISTEN)",
        "`plugins.github.enabled` (environment PUSH_NOTIFY_PLUGINS__GITHUB__ENABLED)",
        "did you mean PUSH_NOTIFY_SERVER__LISTEN",
    ] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    assert!(!said.contains("not-real"), "{said}");
    let lists = [
        ("PUSH_NOTIFY_NETWORK__ALLOW", "10.0.0.0/8, fd00::/8"),
        ("PUSH_NOTIFY_CORS__ORIGINS", "https://console.example.com"),
        ("PUSH_NOTIFY_AUTH__ADMIN_PASSWORD", "0123456789"),
    ];
    let (code, said) = check("", &lists, &[]).await;
    assert_eq!(code, 0, "{said}");
    let (code, said) = check("[mail]\npassword = not-real", &[], &[]).await;
    assert_eq!(code, 1);
    assert!(
        said.contains("line 2") && !said.contains("not-real"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_seldom_meant_is_a_warning() {
    let cases = [
        (
            "[server]\nlisten = \"0.0.0.0:8080\"\n[rate_limit]\nenabled = false",
            "`rate_limit.enabled`",
        ),
        ("[server]\nlisten = \"0.0.0.0:8080\"", "`server.public_url`"),
        ("[cors]\norigins = [\"*\"]", "`cors.origins`"),
        (
            "[server]\ntrusted_proxies = [\"0.0.0.0/0\"]",
            "`server.trusted_proxies`",
        ),
        ("[delivery]\nconcurrency = 4", "`delivery.per_target`"),
        ("[auth]\nregistration = \"open\"", "`auth.registration`"),
        ("[auth]\nadmin_password = \"Admin-not-real-1\"", "chmod 600"),
        (
            "[auth]\nadmin_password = \"Admin-not-real-1\"",
            "`auth.admin_password`",
        ),
    ];
    for (text, part) in cases {
        let (code, said) = check(text, &[], &[]).await;
        assert_eq!(code, 0, "{text}: {said}");
        assert!(said.contains("warning: "), "{said}");
        assert!(said.contains(part), "{part} is not in: {said}");
        assert!(said.contains("is sound"), "{said}");
        assert!(!said.contains("Admin-not-real"), "{said}");
    }
    let (code, said) = check("", &[], &[]).await;
    assert_eq!((code, said.as_str()), (0, "the configuration is sound\n"));
    // The file that others can read does not have it.
    let key = ("PUSH_NOTIFY_AUTH__ADMIN_PASSWORD", "Admin-not-real-1");
    let (code, said) = check("", &[key], &[]).await;
    assert_eq!((code, said.as_str()), (0, "the configuration is sound\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn online_tries_what_the_configuration_names() {
    let (code, said) = check("", &[], &["--online"]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the first start makes it"), "{said}");
    let text = "[database]\nurl = \"postgres://nobody:not-real@127.0.0.1:1/x\"\n[redis]\nurl = \"redis://127.0.0.1:1\"\n\
        [mail]\nsmtp_host = \"127.0.0.1\"\nsmtp_port = 1\nfrom = \"a@example.com\"";
    let (code, said) = check(text, &[], &["--online"]).await;
    assert_eq!(code, 3, "{said}");
    for key in ["`database.url`: ", "`redis.url`: ", "`mail.smtp_host`: "] {
        assert!(said.contains(key), "{key} is not in: {said}");
    }
    assert!(!said.contains("not-real"), "{said}");

    let site = Site::new(Backend::Sqlite, BINARY, "").await;
    let mut node = site.start().await;
    let (code, said) = site.run(&["config", "check", "--online"]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("its secrets can be opened"), "{said}");
    node.kill().await;
}
