use crate::completion::Address;

#[test]
fn an_address_is_used_as_given() {
    for (given, at) in [
        (
            "https://ai.example.com/v1",
            "https://ai.example.com/v1/models",
        ),
        ("https://ai.example.com//", "https://ai.example.com/models"),
        (
            " https://ai.example.com/d/?api-version=1#top",
            "https://ai.example.com/d/models?api-version=1",
        ),
    ] {
        assert_eq!(Address::parse(given).at("/models"), at);
    }
}

#[test]
fn an_end_is_taken_off_where_it_is() {
    let address = Address::parse("https://ai.example.com/v1/chat/?a=b");
    let base = address.without("/chat").unwrap();
    assert_eq!(base.base(), "https://ai.example.com/v1");
    assert_eq!(base.at("/models"), "https://ai.example.com/v1/models?a=b");
    assert_eq!(address.without("/v1"), None);
}
