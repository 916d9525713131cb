//! What a restoration brings back of who may do what.

use super::store::Account;
use push_notify_core::id::UserId;

/// What a user can do again, or can no longer, a sentence each. `before` are the accounts of the
/// database that was replaced.
pub(super) fn came_back(before: &[Account], restored: &[Account]) -> Vec<String> {
    let mut said = Vec::new();
    for account in restored.iter().filter(|account| !account.deleted) {
        let name = &account.username;
        let Some(was) = before.iter().find(|was| was.id == account.id) else {
            said.push(format!("{name}: was not there before the restoration"));
            continue;
        };
        let mut changes = Vec::new();
        if was.deleted {
            changes.push("was deleted, and is there again".to_owned());
        }
        if was.status != account.status {
            changes.push(format!(
                "was {}, and is {} again",
                was.status, account.status
            ));
        }
        if was.role != account.role {
            changes.push(format!(
                "had the role {}, and has the role {} again",
                was.role, account.role
            ));
        }
        if was.password_hash != account.password_hash {
            changes.push("has an earlier password again".to_owned());
        }
        if !changes.is_empty() {
            said.push(format!("{name}: {}", changes.join("; ")));
        }
    }
    let is_there = |id: UserId| {
        restored
            .iter()
            .any(|account| account.id == id && !account.deleted)
    };
    for was in before
        .iter()
        .filter(|was| !was.deleted && !is_there(was.id))
    {
        said.push(format!(
            "{}: is not in the backup, and is gone",
            was.username
        ));
    }
    said
}

#[cfg(test)]
mod tests;
