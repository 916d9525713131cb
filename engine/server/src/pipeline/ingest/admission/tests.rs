use super::{Admission, BodyPermit, Caller};
use futures_util::FutureExt as _;
use push_notify_core::config;
use std::{net::IpAddr, sync::Arc};

const MIB: usize = 1 << 20;

/// Of 8 MiB, a quarter of it for strangers, and for bodies of up to 1 MiB.
fn admission() -> Arc<Admission> {
    let mut config = config::load(None).expect("the defaults are sound");
    config.webhook.memory_mib = 8;
    config.server.max_webhook_bytes = MIB;
    Arc::new(Admission::new(&config))
}

fn stranger(number: u8) -> Caller {
    Caller::Stranger(Some(IpAddr::from([192, 0, 2, number])))
}

/// Whether there is room at once.
fn holds(room: &mut BodyPermit, bytes: usize) -> bool {
    matches!(room.hold(bytes).now_or_never(), Some(Ok(_)))
}

#[tokio::test]
async fn nothing_is_taken_before_it_arrives() {
    let admission = admission();
    let mut rooms: Vec<BodyPermit> = (0..1000).map(|_| admission.room(stranger(1))).collect();
    assert!(rooms.iter_mut().all(|room| holds(room, 0)));
    assert!(holds(&mut admission.room(stranger(1)), MIB));
}

#[tokio::test]
async fn one_address_cannot_take_the_strangers_part() {
    let admission = admission();
    let mut first = admission.room(stranger(1));
    assert!(holds(&mut first, MIB));
    // At once: it waits for nothing but itself.
    let mut second = admission.room(stranger(1));
    assert!(matches!(second.hold(1).now_or_never(), Some(Err(_))));
    assert!(holds(&mut admission.room(stranger(2)), MIB));
    drop(first);
    assert!(holds(&mut second, MIB));
}

#[tokio::test]
async fn strangers_cannot_take_what_is_for_others() {
    let admission = admission();
    let mut rooms = Vec::new();
    for number in 0..50 {
        let mut room = admission.room(stranger(number));
        if holds(&mut room, MIB) {
            rooms.push(room);
        }
    }
    // Two fill their part, and one goes beyond it.
    assert_eq!(rooms.len(), 3);
    let mut invited: Vec<BodyPermit> = (0..6).map(|_| admission.room(Caller::Invited)).collect();
    assert!(invited.iter_mut().all(|room| holds(room, MIB)));
}

#[tokio::test]
async fn bodies_that_wait_for_each_other_come_to_their_end() {
    let admission = admission();
    let mut half: Vec<BodyPermit> = (0..16).map(|_| admission.room(Caller::Invited)).collect();
    for room in &mut half {
        assert!(holds(room, MIB / 2));
    }
    // All is taken, and nobody has enough. One after the other ends.
    let mut ends = Vec::new();
    for mut room in half {
        ends.push(tokio::spawn(async move { room.hold(MIB).await.is_ok() }));
    }
    for end in ends {
        assert!(end.await.expect("no panic"));
    }
}

#[tokio::test]
async fn all_is_given_back() {
    let admission = admission();
    for round in 0..20 {
        let rooms: Vec<BodyPermit> = (0..20)
            .map(|number| {
                let caller = match number % 2 {
                    0 => Caller::Invited,
                    _ => stranger(number),
                };
                let mut room = admission.room(caller);
                for bytes in [1, MIB / 3, MIB] {
                    holds(&mut room, bytes);
                }
                room
            })
            .collect();
        drop(rooms);
        assert_eq!(admission.whole.available_permits(), 8192, "round {round}");
        assert_eq!(admission.strangers.available_permits(), 2048);
        assert_eq!(admission.finishing_invited.available_permits(), 1);
        assert_eq!(admission.finishing_stranger.available_permits(), 1);
        assert!(
            admission
                .by_address
                .take(IpAddr::from([192, 0, 2, 1]), 1024)
        );
        admission
            .by_address
            .give_back(IpAddr::from([192, 0, 2, 1]), 1024);
    }
}
