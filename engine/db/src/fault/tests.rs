use super::Fault;

#[test]
fn the_code_says_whether_the_statement_is_at_fault() {
    let cases = [
        ("13", Some(Fault::Full)),
        // SQLITE_IOERR_WRITE, SQLITE_BUSY_SNAPSHOT, SQLITE_READONLY_DBMOVED, SQLITE_CANTOPEN
        ("778", Some(Fault::Away)),
        ("517", Some(Fault::Busy)),
        ("1032", Some(Fault::ReadOnly)),
        ("14", Some(Fault::Away)),
        // SQLITE_CONSTRAINT_UNIQUE
        ("2067", None),
        ("53100", Some(Fault::Full)),
        ("53300", Some(Fault::Busy)),
        ("57P01", Some(Fault::Away)),
        ("57P03", Some(Fault::Away)),
        ("40P01", Some(Fault::Conflict)),
        ("25006", Some(Fault::ReadOnly)),
        ("23505", None),
        ("22P05", None),
    ];
    for (code, expected) in cases {
        assert_eq!(Fault::of_code(code), expected, "{code}");
    }
}

#[test]
fn a_connection_that_breaks_is_no_fault_of_the_statement() {
    let broken = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
    assert_eq!(Fault::of(&broken), Some(Fault::Away));
    assert_eq!(Fault::of(&sqlx::Error::PoolTimedOut), Some(Fault::Away));
    assert_eq!(Fault::of(&sqlx::Error::RowNotFound), None);
}
