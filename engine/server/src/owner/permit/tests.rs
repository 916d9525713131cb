use super::*;
use push_notify_core::id::UserId;

#[test]
fn what_is_not_seen_is_not_there_and_what_is_not_ones_own_stays_as_it_is() {
    let own = Sight::Own(UserId::new(7));
    let (others, seen, mine) = ((false, false), (true, false), (true, true));
    for (standing, sight, to, status) in [
        (Some(mine), own, Verb::Write, None),
        (Some(mine), own, Verb::Read, None),
        (Some(mine), Sight::All, Verb::Write, None),
        (Some(seen), own, Verb::Write, Some(403)),
        (Some(seen), own, Verb::Read, None),
        (Some(seen), Sight::All, Verb::Write, Some(403)),
        (Some(others), own, Verb::Write, Some(404)),
        (Some(others), own, Verb::Read, Some(404)),
        (Some(others), Sight::All, Verb::Write, Some(403)),
        (Some(others), Sight::All, Verb::Read, None),
        (None, own, Verb::Write, Some(404)),
        (None, own, Verb::Read, Some(404)),
        (None, Sight::All, Verb::Write, Some(404)),
    ] {
        for thing in Thing::ALL {
            let standing = standing.map(|(sees, changes)| Standing { sees, changes });
            let refused = judge(thing, standing, sight, to).err();
            let found = refused.map(|error| error.status.as_u16());
            assert_eq!(found, status, "{thing:?} {standing:?} {sight:?} {to:?}");
        }
    }
}
