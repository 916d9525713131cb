//! What becomes of a digest's pushes.

use super::job::{DigestJob, Member};
use crate::{
    pipeline::{
        commit::{Change, Settlement},
        message::Lease,
    },
    push::PushState,
};
use push_notify_core::id::PushId;

impl DigestJob {
    /// How many pushes its message carries.
    pub(in crate::pipeline) fn len(&self) -> usize {
        self.members.len()
    }

    /// The pushes as they were, still together.
    pub(in crate::pipeline) fn put_back(&self, lease: Lease) -> Vec<Settlement> {
        let settlement = |member: &Member| Settlement {
            push_id: member.push_id,
            lease,
            carried_by: self.leader(),
            change: Change::Deferred {
                attempts: member.attempt - 1,
                run_at: member.due_at,
            },
            health: None,
            card: None,
        };
        self.members.iter().map(settlement).collect()
    }

    /// `change` is what the attempt came to; each gets it, and says whose message it was. If they
    /// do not stay `together`, each goes its own way, and nothing is kept of the message that they
    /// had in common.
    pub(in crate::pipeline) fn settlements(
        &self,
        lease: Lease,
        together: bool,
        change: &Change,
    ) -> Vec<Settlement> {
        let settlement = |(index, member): (usize, &Member)| {
            let mut own = change.clone();
            if let Change::Parked {
                attempts, content, ..
            } = &mut own
            {
                *attempts = member.attempt - 1;
                *content = None;
            }
            if let Change::Attempted {
                attempt,
                detail,
                state,
                content,
                recipients,
                ..
            } = &mut own
            {
                *attempt = member.attempt;
                *detail = Some(self.told_of(index, detail.as_deref()));
                // Once for all of them, and only when it is the last word: another attempt may be
                // about fewer.
                if index > 0 || !together || *state == PushState::Pending {
                    *content = None;
                }
                if !together {
                    *recipients = None;
                }
            }
            Settlement {
                push_id: member.push_id,
                lease,
                carried_by: self.leader().filter(|_| together),
                change: own,
                health: None,
                card: None,
            }
        };
        self.members.iter().enumerate().map(settlement).collect()
    }

    fn told_of(&self, index: usize, reason: Option<&str>) -> String {
        let others = self.members.len().saturating_sub(1);
        let others = match others {
            1 => "1 other".to_owned(),
            others => format!("{others} others"),
        };
        let whose = match (index, self.leader()) {
            (1.., Some(leader)) => format!("in the message of push {leader}, with {others}"),
            _ => format!("in one message with {others}"),
        };
        match reason {
            Some(reason) => format!("{whose}: {reason}"),
            None => whose,
        }
    }

    fn leader(&self) -> Option<PushId> {
        self.members.first().map(|first| first.push_id)
    }
}
