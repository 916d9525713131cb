use super::{Number, SURE};
use std::time::Duration;
use tokio::time::Instant;

#[test]
fn a_number_that_is_not_seen_for_a_while_is_given_up() {
    let number = Number::of_session(3, Instant::now());
    assert!(number.holds(3));
    assert!(!number.holds(4));
    number.seen(3, Instant::now() - SURE + Duration::from_secs(1));
    assert!(number.is_sure());
    number.seen(3, Instant::now() - SURE);
    assert!(!number.is_sure());
    assert!(!number.holds(3), "another may have its work by now");
}

#[test]
fn another_number_holds_nothing_of_the_first() {
    let number = Number::of_session(3, Instant::now());
    number.seen(5, Instant::now());
    assert_eq!(number.get(), 5);
    assert!(number.holds(5));
    assert!(!number.holds(3));
}

#[test]
fn the_one_server_of_a_file_is_always_sure() {
    assert!(Number::of_file().holds(0));
}
