use super::{Form, Query, path::positive};
use crate::http::{ApiError, code};
use push_notify_core::{i18n::Locale, id::RepoId};

fn details(error: &ApiError) -> Vec<&str> {
    error
        .details
        .iter()
        .map(|text| text.as_str(Locale::English))
        .collect()
}

fn form(body: &str) -> Form {
    match Form::parse(body.as_bytes()) {
        Ok(form) => form,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_body_must_be_a_json_object() {
    for body in ["", "{", "[]", "7", "\"x\"", "{\"a\":1}x"] {
        let error = Form::parse(body.as_bytes())
            .err()
            .map(|error| error.status.as_u16());
        assert_eq!(error, Some(400), "{body}");
    }
}

#[test]
fn every_broken_rule_is_named_at_once() {
    let mut form = form(r#"{"name": "  ", "url": "aaaa", "note": "a\u0000b"}"#);
    form.required_line("name", 10);
    form.line("url", 3);
    form.line("note", 10);
    form.required_line("type", 10);
    let error = form.finish().unwrap_err();
    assert_eq!(error.status, 422);
    assert_eq!(
        details(&error),
        [
            "name must not be empty",
            "url has at most 3 characters",
            "note must not contain control characters",
            "type must not be empty",
        ]
    );
}

#[test]
fn a_wrong_type_is_malformed() {
    let mut form = form(r#"{"name": 5, "ids": [1, "2"], "config": [], "on": "yes", "id": 1.5}"#);
    form.required_line("name", 10);
    form.ids::<RepoId>("ids");
    form.object("config");
    form.boolean("on");
    form.required_id::<RepoId>("id");
    let error = form.finish().unwrap_err();
    assert_eq!(error.status, 400);
    assert_eq!(details(&error).len(), 5);
}

#[test]
fn a_business_code_is_used_when_all_agree_on_it() {
    let refused = |also: bool| {
        let mut form = form("{}");
        let problem = super::form::MISSING;
        form.refuse_as(&code::REPO_URL_INVALID, "url", &problem);
        if also {
            form.refuse("name", &problem);
        }
        form.finish().unwrap_err().code
    };
    assert_eq!(refused(false), 20002);
    assert_eq!(refused(true), 422);
}

#[test]
fn lists_have_their_limits() {
    let refused = |body: &str, read: fn(&mut Form)| {
        let mut form = form(body);
        read(&mut form);
        form.finish().err().map(|error| error.status.as_u16())
    };
    let ranked = |body| refused(body, |form| drop(form.ranked_ids::<RepoId>("ids", 2)));
    assert_eq!(ranked(r#"{"ids": [2, 1]}"#), None);
    for body in [
        r#"{"ids": [1, 1]}"#,
        r#"{"ids": [0]}"#,
        r#"{"ids": [1, 2, 3]}"#,
    ] {
        assert_eq!(ranked(body), Some(422), "{body}");
    }
    assert_eq!(ranked(r#"{"ids": ["1"]}"#), Some(400));
    let any = |body| refused(body, |form| drop(form.any_choices("on", &["push"])));
    assert_eq!(any(r#"{"on": []}"#), None);
    assert_eq!(any(r#"{"on": ["tag"]}"#), Some(422));
    let lines = |body| refused(body, |form| drop(form.lines("globs", 2, 3)));
    assert_eq!(lines(r#"{"globs": ["长长长", "b", "b"]}"#), None);
    for body in [
        r#"{"globs": ["aaaa"]}"#,
        r#"{"globs": [" "]}"#,
        r#"{"globs": ["a\n"]}"#,
    ] {
        assert_eq!(lines(body), Some(422), "{body}");
    }
    assert_eq!(lines(r#"{"globs": ["a", "b", "c"]}"#), Some(422));
}

#[test]
fn lists_are_sets() {
    let mut form = form(r#"{"ids": [3, 1, 3], "events": ["tag_push", "push", "push"]}"#);
    assert_eq!(form.ids("ids"), Some(vec![RepoId::new(1), RepoId::new(3)]));
    let kinds = ["push", "merge_request", "tag_push"];
    assert_eq!(
        form.choices("events", &kinds),
        Some(vec!["push", "tag_push"])
    );
    assert!(form.finish().is_ok());
}

#[test]
fn ids_in_paths_are_digits() {
    assert_eq!(positive("12"), Some(12));
    for text in ["0", "-1", "+1", " 1", "1.0", "x", "", "9223372036854775808"] {
        assert_eq!(positive(text), None, "{text}");
    }
}

#[test]
fn a_page_has_bounds() {
    let sortable = [("created_at", "r.created_at"), ("name", "r.name")];
    let mut query = Query::parse("page=3&size=20&sort=name&order=asc&keyword=");
    let page = query.page(&sortable);
    assert_eq!(query.text("keyword"), None);
    assert!(query.finish().is_ok());
    assert_eq!((page.size, page.offset()), (20, 40));
    assert_eq!((page.sort, page.descending), ("r.name", false));

    let mut query =
        Query::parse("page=0&size=101&sort=password_hash&order=up&from=yesterday&k=%00");
    query.page(&sortable);
    query.time("from");
    query.text("k");
    let error = query.finish().unwrap_err();
    assert_eq!(error.status, 400);
    assert_eq!(details(&error).len(), 6);
    assert!(details(&error)[2].contains("created_at, name"));
}

#[test]
fn the_empty_inputs_of_a_form_count_as_absent() {
    let empty = r#"{"role": "", "id": "", "day": "", "zone": "", "count": "", "needed": ""}"#;
    let mut form = form(empty);
    assert_eq!(form.choice("role", &["user"]), None);
    assert_eq!(form.id::<RepoId>("id"), None);
    assert_eq!(form.date("day"), None);
    assert!(form.zone("zone").is_none());
    assert_eq!(form.whole("count", 1, 9), None);
    form.require("needed");
    assert_eq!(form.choice("needed", &["user"]), None);
    let error = form.finish().unwrap_err();
    assert_eq!(details(&error), ["needed must not be empty"]);
}

#[test]
fn fields_that_nothing_reads_are_refused_also_within_others() {
    let body = r#"{"name": "x", "nmae": "y", "digest": {"enabled": true, "minimum": 1}, "free": {"any": 1}}"#;
    let mut form = form(body);
    form.line("name", 10);
    form.object("free");
    form.nested("digest", |digest| {
        digest.boolean("enabled");
        digest.whole("min", 1, 9);
    });
    let error = form.finish().unwrap_err();
    assert_eq!(error.status, 422);
    assert_eq!(
        details(&error),
        [
            "digest.minimum is not known here; what is: enabled, min",
            "nmae is not known here; did you mean name?",
        ]
    );
}

#[test]
fn a_parameter_is_known_and_given_once() {
    let mut query = Query::parse("page=1&page=2&pagesize=5&x=1&x=2");
    query.page(&[("id", "id")]);
    let error = query.finish().unwrap_err();
    assert_eq!(error.status, 400);
    assert_eq!(
        details(&error),
        [
            "page is given more than once",
            "pagesize is not known here; did you mean size?",
            "x is not known here; what is: page, size, sort, order",
        ]
    );
    // An empty one is none, but has to be known.
    assert!(Query::parse("x=").finish().is_err());
    assert!(Query::parse("").finish().is_ok());
    assert!(Query::parse("&&").finish().is_ok());
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let mut form = form("\u{feff}{\"name\": \"x\"}");
    assert_eq!(form.required_line("name", 10), "x");
    assert!(form.finish().is_ok());
}
