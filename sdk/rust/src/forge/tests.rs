mod comments;
mod diff;
mod mark;
mod review;
mod route;
mod summary;
mod text;

use super::{Home, Posted, check};
use crate::Failure;
use crate::testing::{Host, response};

fn home(url: &str, api_url: Option<&str>) -> Option<(String, String)> {
    let home = Home::new(url, api_url, "/api/v4").ok()?;
    Some((home.api, home.path))
}

#[test]
fn a_repository_is_found_by_any_form_of_its_url() {
    for url in [
        "https://git.example.com/group/sub/app",
        "https://git.example.com/group/sub/app.git/",
        "ssh://git@git.example.com:2222/group/sub/app.git",
        "git@git.example.com:group/sub/app.git",
    ] {
        let (api, path) = home(url, None).unwrap();
        assert_eq!(api, "https://git.example.com/api/v4", "{url}");
        assert_eq!(path, "group/sub/app", "{url}");
    }
    assert_eq!(
        home("http://127.0.0.1:3000/a/b", None).unwrap().0,
        "http://127.0.0.1:3000/api/v4"
    );
    for url in [
        "https://git.example.com/",
        "https://git.example.com",
        "app",
        "ftp://h/a/b",
    ] {
        assert_eq!(home(url, None), None, "{url}");
    }
}

#[test]
fn a_host_under_a_path_is_known_by_its_api_address() {
    let api = Some("https://example.com/gitlab/api/v4/");
    assert_eq!(
        home("https://example.com/gitlab/group/app", api),
        Some((
            "https://example.com/gitlab/api/v4".to_owned(),
            "group/app".to_owned()
        ))
    );
    // The pages of another host than the API's are left as they are.
    assert_eq!(
        home(
            "https://code.example.com/group/app",
            Some("https://api.example.com/v4")
        )
        .unwrap()
        .1,
        "group/app"
    );
}

#[test]
fn owner_and_name_are_two_parts() {
    let home = |url| Home::new(url, None, "").unwrap();
    let two = home("https://example.com/a/b");
    assert_eq!(two.owner_and_name(), Ok(("a", "b")));
    let three = home("https://example.com/a/b/c");
    assert!(matches!(
        three.owner_and_name(),
        Err(Failure::Misconfigured(_))
    ));
}

#[test]
fn a_used_up_rate_is_waited_for() {
    let wait = |answer: crate::http::Response| {
        let checked = Host::new().now_ms(1_000_000).run(|| check(answer));
        match checked {
            Err(Failure::Retry(retry)) => retry.after_ms,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait(response(429, "")), Some(60_000));
    assert_eq!(
        wait(response(403, "").with_header("Retry-After", "7")),
        Some(7_000)
    );
    let spent = |status| {
        response(status, "")
            .with_header("x-ratelimit-remaining", "0")
            .with_header("x-ratelimit-reset", "1030")
    };
    assert_eq!(wait(spent(403)), Some(30_000));
    assert_eq!(
        wait(response(403, "You have exceeded a secondary rate limit")),
        Some(60_000)
    );
}

#[test]
fn a_refused_token_is_for_an_administrator() {
    for status in [401, 403, 404] {
        let checked = Host::new().run(|| check(response(status, "no")));
        assert!(
            matches!(checked, Err(Failure::Misconfigured(_))),
            "{status}"
        );
    }
    assert!(Host::new().run(|| check(response(204, ""))).is_ok());
}

#[test]
fn what_was_posted_is_remembered_by_review_and_part() {
    Host::new().run(|| {
        let posted = Posted::of("app!7@abc");
        assert!(!posted.has("src/a.rs:1"));
        posted.remember("src/a.rs:1");
        assert!(posted.has("src/a.rs:1"));
        assert!(!posted.has("src/a.rs:2"));
        assert!(!Posted::of("app!8@abc").has("src/a.rs:1"));
    });
}
