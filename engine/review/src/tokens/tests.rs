use super::{bytes, estimate};

#[test]
fn chinese_is_a_token_for_each_character() {
    assert_eq!(estimate(""), 0);
    assert_eq!(estimate("abc"), 1);
    assert_eq!(estimate("abcd"), 2);
    assert_eq!(estimate("审查"), 2);
    assert_eq!(estimate("fn 审查"), 3);
    assert_eq!(bytes(10), 30);
}
