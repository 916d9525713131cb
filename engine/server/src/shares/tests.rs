use super::{Shares, network};
use std::net::IpAddr;

fn of(address: &str) -> IpAddr {
    network(Some(address.parse().expect("an address")))
}

#[test]
fn a_network_has_no_more_than_its_share() {
    let shares = Shares::new(3);
    assert!(shares.take(of("192.0.2.1"), 3));
    assert!(!shares.take(of("192.0.2.1"), 1));
    assert!(!shares.take(of("::ffff:192.0.2.1"), 1));
    assert!(shares.take(of("192.0.2.2"), 1));
    shares.give_back(of("192.0.2.1"), 2);
    assert!(shares.take(of("192.0.2.1"), 2));
    assert!(!shares.take(of("192.0.2.2"), u64::MAX));
}

#[test]
fn an_ipv6_network_is_one() {
    let shares = Shares::new(1);
    assert!(shares.take(of("2001:db8::1"), 1));
    assert!(!shares.take(of("2001:db8::ffff:0:2"), 1));
    assert!(shares.take(of("2001:db8:0:1::1"), 1));
}

#[test]
fn who_has_nothing_is_forgotten() {
    let shares = Shares::new(9);
    for number in 0..100u8 {
        let address = IpAddr::from([192, 0, 2, number]);
        assert!(shares.take(address, 2));
        shares.give_back(address, 1);
        shares.give_back(address, 1);
    }
    assert!(shares.lock().is_empty());
}
