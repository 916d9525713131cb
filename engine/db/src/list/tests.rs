use super::{Filter, Value, pattern};

#[test]
fn absent_values_add_nothing() {
    let filter = Filter::default()
        .and("a = ?", None::<i64>)
        .and("b = ?", Some(5))
        .containing("(x LIKE ? OR y LIKE ?)", Some("50%".to_owned()));
    assert_eq!(filter.sql(), " WHERE b = $1 AND (x LIKE $2 OR y LIKE $2)");
    assert_eq!(
        filter.values,
        [Value::Int(5), Value::Text("%50\\%%".to_owned())]
    );
    assert_eq!(Filter::default().sql(), "");
}

#[test]
fn what_like_takes_for_a_wildcard_is_escaped() {
    assert_eq!(pattern("A_b%c\\"), "%A\\_b\\%c\\\\%");
}
