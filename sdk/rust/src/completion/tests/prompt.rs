use crate::{AiRequest, Role, Turn, completion};

fn said(turns: &[(Role, &str)], json: bool) -> Vec<(&'static str, String)> {
    let turn = |(role, text): &(Role, &str)| Turn {
        role: *role,
        text: (*text).to_owned(),
    };
    let request = AiRequest {
        turns: turns.iter().map(turn).collect(),
        json,
        schema: None,
        max_tokens: None,
    };
    completion::messages(&request)
        .into_iter()
        .map(|message| (message.role, message.content.into_owned()))
        .collect()
}

#[test]
fn turns_are_messages() {
    let turns = [
        (Role::System, "a"),
        (Role::User, "b"),
        (Role::Assistant, "c"),
    ];
    let expected = [("system", "a"), ("user", "b"), ("assistant", "c")];
    let expected = expected.map(|(role, text)| (role, text.to_owned()));
    assert_eq!(said(&turns, false), expected);
}

#[test]
fn a_wish_for_json_is_put_into_words_once() {
    let told = said(&[(Role::System, "You review."), (Role::User, "why?")], true);
    assert_eq!(told.len(), 2);
    assert!(told[0].1.starts_with("You review.\n\n") && told[0].1.contains("JSON"));
    let told = said(&[(Role::User, "why?")], true);
    assert_eq!((told[0].0, told.len()), ("system", 2));
    assert_eq!(said(&[(Role::User, "as Json")], true).len(), 1);
}

#[test]
fn the_smaller_limit_holds() {
    assert_eq!(completion::limit(Some(10), Some(20)), Some(10));
    assert_eq!(completion::limit(Some(20), Some(10)), Some(10));
    assert_eq!(completion::limit(None, Some(10)), Some(10));
    assert_eq!(completion::limit(None, None), None);
}
