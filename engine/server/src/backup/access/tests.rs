use super::*;

fn account(id: i64, role: &str, status: &str, hash: &str, deleted: bool) -> Account {
    Account {
        id: UserId::new(id),
        username: format!("user{id}"),
        role: role.to_owned(),
        status: status.to_owned(),
        password_hash: hash.to_owned(),
        deleted,
    }
}

#[test]
fn what_came_back_is_said_by_name() {
    let now = |role, status, hash, deleted| account(1, role, status, hash, deleted);
    let backup = || account(1, "admin", "active", "old", false);
    for (was, said) in [
        (now("admin", "active", "old", false), None),
        (
            now("admin", "locked", "old", false),
            Some("was locked, and is active again"),
        ),
        (
            now("admin", "active", "new", false),
            Some("has an earlier password again"),
        ),
        (
            now("user", "active", "old", false),
            Some("had the role user, and has the role admin again"),
        ),
        (
            now("admin", "active", "old", true),
            Some("was deleted, and is there again"),
        ),
        (
            now("user", "locked", "new", true),
            Some(
                "was deleted, and is there again; was locked, and is active again; had the role user, and has the role admin \
                 again; has an earlier password again",
            ),
        ),
    ] {
        let said: Vec<String> = said.iter().map(|said| format!("user1: {said}")).collect();
        assert_eq!(came_back(&[was], &[backup()]), said);
    }
}

#[test]
fn who_is_new_or_gone_is_said_too() {
    let one = || account(1, "admin", "active", "x", false);
    let two = || account(2, "user", "active", "x", false);
    assert_eq!(
        came_back(&[one()], &[one(), two()]),
        ["user2: was not there before the restoration"]
    );
    assert_eq!(
        came_back(&[one(), two()], &[one()]),
        ["user2: is not in the backup, and is gone"]
    );
    // Whoever was and is deleted is no news.
    let gone = || account(3, "user", "active", "x", true);
    assert_eq!(came_back(&[gone()], &[gone()]), [""; 0]);
    assert_eq!(came_back(&[gone()], &[]), [""; 0]);
    assert_eq!(came_back(&[], &[gone()]), [""; 0]);
}
