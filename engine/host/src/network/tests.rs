use super::{NetworkPolicy, own::OwnAddresses};
use std::net::IpAddr;

fn refused(ip: &str) -> Option<String> {
    let ip: IpAddr = ip.parse().unwrap();
    let check = NetworkPolicy::default().check(ip);
    check.err().map(|denied| denied.to_string())
}

#[test]
fn first_and_last_address_of_every_special_range_is_refused() {
    for ip in [
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.0",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.0",
        "192.88.99.255",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "198.51.100.255",
        "203.0.113.0",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.254",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::808:808",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "::ffff:0:169.254.169.254",
        "::ffff:0:8.8.8.8",
        "0:0:0:1::1",
        "64:ff9b::7f00:1",
        "64:ff9b::ffff:ffff",
        "64:ff9b:1::",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "100::",
        "100::ffff:ffff:ffff:ffff",
        "2001::",
        "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:2::1",
        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
        "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "4000::",
        "8000::1",
        "e000::",
        "fe00::1",
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002::",
        "2002:7f00:1::",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff::1",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
        "5f00::",
        "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fc00::",
        "fd00:ec2::254",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fe80::",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fec0::1",
        "ff00::",
        "ff02::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ] {
        assert!(refused(ip).is_some(), "{ip}");
    }
}

#[test]
fn neighbours_of_special_ranges_are_public() {
    for ip in [
        "1.0.0.0",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2000::",
        "2001:200::",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2001:db7:ffff::",
        "2001:db9::",
        "2003::",
        "2600::",
    ] {
        assert_eq!(refused(ip), None, "{ip}");
    }
}

#[test]
fn refusal_names_the_line_that_would_allow_it() {
    let told = |ip| refused(ip).unwrap();
    assert_eq!(
        told("127.0.0.1"),
        "127.0.0.1 is a private address: add \"127.0.0.0/8\" or the like to network.allow"
    );
    assert!(
        told("::ffff:10.0.0.1").starts_with("10.0.0.1 is a private address: add \"10.0.0.0/8\"")
    );
    assert!(told("fd00::1").contains("\"fc00::/7\""));
}

#[test]
fn listed_networks_are_open_and_no_others() {
    let allow = ["10.1.0.0/16", "fd00::/8"]
        .map(|net| net.parse().unwrap())
        .to_vec();
    let policy = NetworkPolicy::new(allow);
    let open = |ip: &str| policy.check(ip.parse().unwrap()).is_ok();
    assert!(open("10.1.2.3") && open("::ffff:10.1.2.3") && open("fd12::1"));
    assert!(!open("10.2.0.1") && !open("fc00::1") && !open("127.0.0.1"));
}

#[tokio::test]
async fn literal_and_name_are_resolved_to_vetted_addresses_only() {
    let closed = NetworkPolicy::default();
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        assert!(closed.resolve(host, 25).await.is_err(), "{host}");
    }
    let public = closed.resolve("8.8.8.8", 25).await.unwrap();
    assert_eq!(public, ["8.8.8.8:25".parse().unwrap()]);
    let v4_only = NetworkPolicy::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let local = v4_only.resolve("localhost", 25).await.unwrap();
    assert!(local.iter().all(|address| address.is_ipv4()), "{local:?}");
}

#[test]
fn public_addresses_of_this_machine_are_closed_until_they_are_listed() {
    let own: Vec<IpAddr> = ["8.8.4.4", "2001:4860:4860::8844"]
        .map(|ip| ip.parse().unwrap())
        .to_vec();
    let policy = |allow: &[&str]| NetworkPolicy {
        allow: allow.iter().map(|net| net.parse().unwrap()).collect(),
        own: OwnAddresses::fixed(own.clone()),
    };
    let refused = |allow: &[&str], ip: &str| {
        let check = policy(allow).check(ip.parse().unwrap());
        check.err().map(|denied| denied.to_string())
    };
    for ip in ["8.8.4.4", "::ffff:8.8.4.4"] {
        assert_eq!(
            refused(&[], ip).as_deref(),
            Some(
                "8.8.4.4 is an address of this server itself: add \"8.8.4.4/32\" to network.allow"
            )
        );
    }
    assert!(refused(&[], "2001:4860:4860::8844").is_some());
    assert_eq!(refused(&[], "8.8.8.8"), None);
    assert_eq!(refused(&["8.8.4.4/32"], "8.8.4.4"), None);
}

#[test]
fn the_machine_tells_its_addresses() {
    assert!(OwnAddresses::default().contains("127.0.0.1".parse().unwrap()));
}
