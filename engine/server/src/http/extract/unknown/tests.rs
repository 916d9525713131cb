use super::{LONGEST, MOST, unknown};
use push_notify_core::i18n::Locale;

const LIST: [&str; 9] = [
    "page",
    "size",
    "sort",
    "order",
    "keyword",
    "type",
    "status",
    "start_time",
    "end_time",
];

fn said(known: &[&str], name: &str) -> String {
    match &unknown(known, [name].into_iter())[..] {
        [(shown, problem)] => format!("{shown} {}", problem.as_str(Locale::English)),
        _ => String::new(),
    }
}

#[test]
fn the_name_that_was_meant_is_said() {
    let cases = [
        ("page_size", "size"),
        ("pageSize", "size"),
        ("per_page", "size"),
        ("limit", "size"),
        ("Page", "page"),
        ("pgae", "page"),
        ("page_no", "page"),
        ("sort_by", "sort"),
        ("q", "keyword"),
        ("keywords", "keyword"),
        ("since", "start_time"),
        ("startTime", "start_time"),
        ("end-time", "end_time"),
        ("statuses", "status"),
        ("types", "type"),
    ];
    for (name, meant) in cases {
        let expected = format!("{name} is not known here; did you mean {meant}?");
        assert_eq!(said(&LIST, name), expected);
    }
}

#[test]
fn what_is_like_nothing_gets_the_list() {
    assert_eq!(
        said(&["name", "url"], "branch"),
        "branch is not known here; what is: name, url"
    );
    assert_eq!(
        said(&[], "branch"),
        "branch is not known here: nothing is taken"
    );
    // Called so elsewhere, but there is no such thing here.
    assert_eq!(
        said(&["name"], "limit"),
        "limit is not known here; what is: name"
    );
}

#[test]
fn what_is_known_is_not_complained_of() {
    assert!(LIST.iter().all(|name| said(&LIST, name).is_empty()));
}

#[test]
fn hostile_names_stay_short() {
    let long = "x\n".repeat(10_000);
    let names: Vec<String> = (0..1000).map(|number| format!("{number}{long}")).collect();
    let found = unknown(&LIST, names.iter().map(String::as_str));
    assert_eq!(found.len(), MOST);
    for (name, _) in found {
        assert!(name.chars().count() <= LONGEST && !name.contains('\n'));
    }
}
