use super::*;
use crate::storage::Full;
use push_notify_core::id::{RepoId, TeamId, UserId};

const MIB: usize = 1 << 20;
const ZHANG: Option<Owner> = Some(Owner::User(UserId::new(1)));
const TEAM: Option<Owner> = Some(Owner::Team(TeamId::new(1)));

fn storage(repo_mib: u64, owner_mib: u64) -> Storage {
    Storage::new(&config::Storage {
        repo_mib,
        owner_mib,
        parked_repo_mib: 0,
        parked_mib: 0,
    })
}

/// Stores it, if it may.
fn store(account: &Account, mib: usize) -> Result<(), Full> {
    account.take(mib * MIB, 9).map(|held| held.keep())
}

#[test]
fn a_repository_and_an_owner_have_their_bounds() {
    // Bounds, what there is in another repository of the same owner, what is there and what comes,
    // in MiB.
    #[rustfmt::skip] // A line each.
    let table = [
        (10, 20, 0, 0, 10, Ok(())),
        (10, 20, 0, 0, 11, Err(Full::Repo)),
        (10, 20, 0, 9, 1, Ok(())),
        (10, 20, 0, 9, 2, Err(Full::Repo)),
        (10, 20, 0, 10, 0, Ok(())),
        (10, 20, 10, 5, 5, Ok(())),
        (10, 15, 10, 5, 1, Err(Full::Owner)),
        (10, 15, 10, 0, 6, Err(Full::Owner)),
        (0, 15, 10, 5, 1, Err(Full::Owner)),
        (0, 15, 0, 0, 15, Ok(())),
        (10, 0, 10, 9, 1, Ok(())),
        (0, 0, 10_000, 10_000, 10_000, Ok(())),
    ];
    for (repo_mib, owner_mib, other, there, more, expected) in table {
        let case = (repo_mib, owner_mib, other, there, more);
        let storage = storage(repo_mib, owner_mib);
        let (one, another) = (
            storage.account(RepoId::new(1), ZHANG),
            storage.account(RepoId::new(2), ZHANG),
        );
        assert_eq!(store(&another, other), Ok(()), "{case:?}");
        assert_eq!(store(&one, there), Ok(()), "{case:?}");
        assert_eq!(store(&one, more), expected, "{case:?}");
        let kept = if expected.is_ok() {
            there + more
        } else {
            there
        };
        let used = storage.used(RepoId::new(1));
        assert_eq!(used.repo_bytes, (kept * MIB) as i64, "{case:?}");
        assert_eq!(
            used.owner_bytes,
            Some(((other + kept) * MIB) as i64),
            "{case:?}"
        );
    }
}

#[test]
fn what_is_not_kept_is_given_back() {
    let storage = storage(10, 10);
    let account = storage.account(RepoId::new(1), ZHANG);
    let held = account.take(8 * MIB, 9).unwrap();
    assert_eq!(
        account.take(3 * MIB, 9).unwrap_err(),
        Full::Repo,
        "it is counted already"
    );
    drop(held);
    assert_eq!(
        storage.used(RepoId::new(1)),
        Used {
            repo_bytes: 0,
            owner_bytes: Some(0)
        }
    );
    assert_eq!(store(&account, 10), Ok(()));
}

#[test]
fn a_user_a_team_and_another_user_are_three_owners_and_nobody_has_no_bound() {
    let storage = storage(0, 10);
    for (repo_id, owner) in [
        (1, ZHANG),
        (2, TEAM),
        (3, Some(Owner::User(UserId::new(2)))),
    ] {
        let account = storage.account(RepoId::new(repo_id), owner);
        assert_eq!(store(&account, 10), Ok(()), "{owner:?}");
        assert_eq!(store(&account, 1), Err(Full::Owner), "{owner:?}");
    }
    assert_eq!(store(&storage.account(RepoId::new(4), None), 100), Ok(()));
    assert_eq!(
        Owner::of_columns(Some(UserId::new(7)), None),
        Some(Owner::User(UserId::new(7)))
    );
    assert_eq!(
        Owner::of_columns(None, Some(TeamId::new(7))),
        Some(Owner::Team(TeamId::new(7)))
    );
    assert_eq!(Owner::of_columns(None, None), None);
}

#[test]
fn what_is_written_down_and_read_again_counts_once() {
    let storage = storage(10, 10);
    let account = storage.account(RepoId::new(1), ZHANG);
    store(&account, 4).unwrap();
    let unsaved = storage.take_unsaved();
    assert_eq!(unsaved, [(RepoId::new(1), 4 * MIB as i64)]);
    assert_eq!(storage.take_unsaved(), []);
    assert_eq!(storage.used(RepoId::new(1)).repo_bytes, 4 * MIB as i64);
    // It could not be written.
    storage.put_back(&unsaved);
    assert_eq!(storage.take_unsaved(), unsaved);
    // Another server stored three more, and this one two since.
    store(&account, 2).unwrap();
    let saved = Saved {
        repo_id: RepoId::new(1),
        bytes: 7 * MIB as i64,
        owner: ZHANG,
    };
    storage.learn(&[saved]);
    let used = storage.used(RepoId::new(1));
    assert_eq!(
        (used.repo_bytes, used.owner_bytes),
        (9 * MIB as i64, Some(9 * MIB as i64))
    );
    assert_eq!(store(&account, 2), Err(Full::Repo));
    // Retention.
    storage.add(RepoId::new(1), -8 * MIB as i64);
    assert_eq!(store(&account, 2), Ok(()));
    assert_eq!(storage.bytes(), 3 * MIB as i64);
}

#[test]
fn a_repository_that_changes_hands_is_charged_to_the_new_owner() {
    let storage = storage(0, 10);
    store(&storage.account(RepoId::new(1), ZHANG), 9).unwrap();
    storage.take_unsaved();
    let saved = Saved {
        repo_id: RepoId::new(1),
        bytes: 9 * MIB as i64,
        owner: TEAM,
    };
    storage.learn(&[saved]);
    assert_eq!(store(&storage.account(RepoId::new(2), ZHANG), 9), Ok(()));
    assert_eq!(
        store(&storage.account(RepoId::new(1), TEAM), 2),
        Err(Full::Owner)
    );
}

#[test]
fn who_was_refused_lately_is_known() {
    let storage = storage(1, 0);
    let account = storage.account(RepoId::new(1), ZHANG);
    assert_eq!(storage.refused_since(0), 0);
    store(&account, 2).unwrap_err();
    assert_eq!((storage.refused_since(8), storage.refused_since(9)), (1, 0));
}
