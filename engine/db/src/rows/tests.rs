use super::{Bulk, padded};
use crate::Dialect;

static BULK: Bulk = Bulk::new("a, b", 2, "SELECT * FROM v");

#[test]
fn a_list_has_a_power_of_two_of_rows() {
    assert_eq!(
        BULK.text(Dialect::Postgres, 3),
        (
            "WITH v (a, b) AS (VALUES ($1, $2), ($3, $4), ($5, $6), ($7, $8)) SELECT * FROM v",
            4
        )
    );
    assert_eq!(
        BULK.text(Dialect::Sqlite, 1),
        ("WITH v (a, b) AS (VALUES (?, ?)) SELECT * FROM v", 1)
    );
}

#[test]
fn what_is_missing_is_padding() {
    assert_eq!(
        padded(&[1, 2, 3], 4).collect::<Vec<_>>(),
        [Some(&1), Some(&2), Some(&3), None]
    );
}
