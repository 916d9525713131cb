use super::*;

#[test]
fn an_id_is_a_plain_number_in_json_and_in_text() {
    let ids = vec![PushId::new(1), PushId::new(i64::MAX)];
    let text = serde_json::to_string(&ids).unwrap();
    assert_eq!(text, "[1,9223372036854775807]");
    assert_eq!(serde_json::from_str::<Vec<PushId>>(&text).unwrap(), ids);
    assert_eq!(PushId::new(7).to_string(), "7");
    assert_eq!("7".parse(), Ok(RepoId::new(7)));
    assert!("seven".parse::<RepoId>().is_err());
}

#[test]
fn the_api_document_says_of_an_id_what_it_says_of_a_number() {
    let schema = |schema: Schema| schema.to_value();
    assert_eq!(
        schema(schemars::schema_for!(RepoId)),
        schema(schemars::schema_for!(i64))
    );
}

#[test]
fn a_review_has_the_number_of_its_event() {
    let event = EventId::new(3);
    assert_eq!(ReviewId::of(event).get(), 3);
    assert_eq!(ReviewId::of(event).event(), event);
}
