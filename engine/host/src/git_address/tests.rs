use super::{
    GitAddress,
    GitAddressError::{Credentials, Shape},
    GitScheme::{self, Http, Https, Ssh},
};

#[test]
fn every_form_that_git_takes_is_read() {
    let cases: [(&str, GitScheme, &str, Option<u16>, &str); 13] = [
        (
            "https://github.com/company/app",
            Https,
            "github.com",
            None,
            "company/app",
        ),
        (
            "https://GitHub.com:443/company/app.git",
            Https,
            "github.com",
            None,
            "company/app",
        ),
        (
            "HTTPS://github.com/company/app/",
            Https,
            "github.com",
            None,
            "company/app",
        ),
        (
            "http://git.example.com:3000/team/app",
            Http,
            "git.example.com",
            Some(3000),
            "team/app",
        ),
        (
            "https://git.example.com/团队/项目",
            Https,
            "git.example.com",
            None,
            "团队/项目",
        ),
        (
            "https://bücher.example/a/b",
            Https,
            "xn--bcher-kva.example",
            None,
            "a/b",
        ),
        (
            "https://[2001:db8::1]:8443/a/b",
            Https,
            "[2001:db8::1]",
            Some(8443),
            "a/b",
        ),
        (
            "https://github.com/@scope/app?tab=readme#top",
            Https,
            "github.com",
            None,
            "@scope/app",
        ),
        (
            "ssh://git@git.example.com:2222/team/app.git",
            Ssh,
            "git.example.com",
            Some(2222),
            "team/app",
        ),
        (
            "ssh://git@ssh.github.com:443/a/b",
            Ssh,
            "ssh.github.com",
            Some(443),
            "a/b",
        ),
        (
            "ssh://git.example.com/a/b",
            Ssh,
            "git.example.com",
            None,
            "a/b",
        ),
        (
            "git@github.com:company/app.git",
            Ssh,
            "github.com",
            None,
            "company/app",
        ),
        (
            "git@GitHub.com:/company/app",
            Ssh,
            "github.com",
            None,
            "company/app",
        ),
    ];
    for (text, scheme, host, port, path) in cases {
        let expected = GitAddress {
            scheme,
            host: host.to_owned(),
            port,
            path: path.to_owned(),
        };
        assert_eq!(GitAddress::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    for text in [
        "git@good:a@evil:x",
        "git@good.example:a@evil.example/x",
        "git@good@evil:x",
        "a:b@evil:x",
        "git@good/x@evil:x",
        "git@good#@evil:x",
        "https://good@evil@other/a/b",
        "https://good\\@evil/a/b",
        "https:\\\\good/a/b",
        "https:///evil/a/b",
        "https://good\t.example/a/b",
        "https://good/a\n/b",
        "https://good\u{a0}/a/b",
        "git@ho st:a/b",
        "git@[::1]:a/b",
        "ssh://a@b@c/d",
    ] {
        assert_eq!(GitAddress::parse(text), Err(Shape), "{text}");
    }
}

#[test]
fn what_names_no_repository_is_refused() {
    for text in [
        "",
        "backend",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://github.com",
        "https://github.com/",
        "https://github.com/.git",
        "git@:a",
        "git@github.com:",
        "github.com:company/app",
        "@github.com:company/app",
    ] {
        assert_eq!(GitAddress::parse(text), Err(Shape), "{text}");
    }
}

#[test]
fn credentials_are_told_apart() {
    for text in [
        "https://user:test-password-not-real@github.com/a/b",
        "https://token-not-real@github.com/a/b",
        "ssh://git:test-password-not-real@github.com/a/b",
    ] {
        assert_eq!(GitAddress::parse(text), Err(Credentials), "{text}");
    }
}
