use super::*;
use rusqlite::Connection;

/// Which states meet the condition.
fn that_meet(condition: &str) -> Vec<PushState> {
    let connection = Connection::open_in_memory().unwrap();
    let meets = |state: PushState| {
        let sql = format!("SELECT {condition} FROM (SELECT ?1 AS state)");
        connection
            .query_row(&sql, [state.name()], |row| row.get::<_, bool>(0))
            .unwrap()
    };
    let all = PushState::ALL.iter().copied();
    all.filter(|state| meets(*state)).collect()
}

#[test]
fn a_condition_and_its_method_mean_the_same_states() {
    let those = |holds: fn(PushState) -> bool| -> Vec<PushState> {
        let all = PushState::ALL.iter().copied();
        all.filter(|state| holds(*state)).collect()
    };
    assert_eq!(that_meet(PENDING), [PushState::Pending]);
    assert_eq!(that_meet(PARKED), [PushState::Parked]);
    assert_eq!(that_meet(DELIVERED), [PushState::Delivered]);
    assert_eq!(that_meet(CANCELLED), [PushState::Cancelled]);
    assert_eq!(that_meet(WAITING), those(PushState::is_waiting));
    assert_eq!(that_meet(ENDED), those(|state| !state.is_waiting()));
    assert_eq!(that_meet(DEAD), those(PushState::is_dead));
    assert_eq!(that_meet(ALIVE), those(|state| !state.is_dead()));
}

#[test]
fn a_word_is_read_as_what_it_was_written_for() {
    for state in PushState::ALL {
        assert_eq!(PushState::of_name(state.name()), Some(*state));
    }
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::of_name(outcome.name()), Some(*outcome));
    }
    assert_eq!(PushState::of_name("sent"), None);
}
