//! No answer may do more than fail.

use super::{complete_with, said};
use push_notify_sdk::testing;

#[test]
fn text_full_of_braces_costs_no_more_than_others() {
    for text in [
        "{".repeat(1 << 20),
        "{\"a\":".repeat(200_000),
        "{}".repeat(500_000),
    ] {
        let body = said(&text).to_string();
        let completion = complete_with(testing::response(200, body), true).unwrap();
        assert!(!completion.text.is_empty());
    }
}
