use super::{Occupied, Places, Taken};
use futures_util::FutureExt as _;
use push_notify_core::config;
use std::{net::IpAddr, sync::Arc};

fn places(most: usize, per_address: usize) -> Arc<Places> {
    let defaults = config::load(None).expect("the defaults are sound");
    let settings = config::Connections {
        most,
        per_address,
        ..defaults.connections
    };
    let proxies = ["10.0.0.0/8".parse().expect("a range")];
    Arc::new(Places::new(&settings, &proxies))
}

fn at(address: &str) -> IpAddr {
    address.parse().expect("an address")
}

fn take(places: &Arc<Places>, address: &str) -> Result<Arc<Occupied>, Taken> {
    places.try_take(at(address)).map(Arc::new)
}

fn must_leave(place: &Occupied) -> bool {
    place.asked_to_leave().now_or_never().is_some()
}

#[test]
fn who_waits_for_longest_gives_way_to_a_newcomer_of_the_same_address() {
    let places = places(9, 2);
    let first = take(&places, "192.0.2.1").expect("there is room");
    let second = take(&places, "192.0.2.1").expect("there is room");
    // It was just answered, so the other one waits for longer.
    drop(first.busy());
    let _third = take(&places, "192.0.2.1").expect("one gives way");
    assert!(must_leave(&second) && !must_leave(&first));
}

#[test]
fn who_is_busy_stays_and_the_newcomer_of_its_address_is_refused() {
    let places = places(9, 2);
    let held: Vec<_> = (0..2)
        .map(|_| take(&places, "192.0.2.1").expect("there is room"))
        .collect();
    let _busy: Vec<_> = held.iter().map(Occupied::busy).collect();
    assert_eq!(take(&places, "192.0.2.1").err(), Some(Taken::ByItself));
    // Another address has its own.
    assert!(take(&places, "192.0.2.2").is_ok());
}

#[test]
fn proxies_have_as_many_as_there_are() {
    let places = places(9, 2);
    let held: Vec<_> = (0..9)
        .map(|_| take(&places, "10.1.2.3").expect("there is room"))
        .collect();
    let busy: Vec<_> = held.iter().map(Occupied::busy).collect();
    assert_eq!(take(&places, "10.1.2.3").err(), Some(Taken::ByAll));
    drop(busy);
    assert!(take(&places, "192.0.2.1").is_ok());
}

#[test]
fn whoever_leaves_makes_room_and_is_forgotten() {
    let places = places(3, 1);
    for _ in 0..10 {
        let place = take(&places, "192.0.2.1").expect("there is room");
        drop(place.busy());
    }
    let seats = places.lock();
    assert!(seats.by_id.is_empty() && seats.by_network.is_empty());
}

#[tokio::test]
async fn a_newcomer_waits_until_somebody_leaves() {
    let places = places(1, 1);
    let first = take(&places, "192.0.2.1").expect("there is room");
    let busy = first.busy();
    let mut waits = Box::pin(places.take(at("192.0.2.2")));
    assert!((&mut waits).now_or_never().is_none());
    drop((busy, first));
    assert!(waits.await.is_some());
}
