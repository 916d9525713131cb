use super::*;

fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
    let peer = ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711));
    let mut headers = HeaderMap::new();
    for line in forwarded {
        headers.append(FORWARDED_FOR, line.parse().unwrap());
    }
    let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
    let client = Client::of(Some(&peer), &headers, &trusted);
    client.ip.unwrap().to_string()
}

#[test]
fn without_trusted_proxies_the_header_says_nothing() {
    assert_eq!(client("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
}

#[test]
fn a_trusted_proxy_is_believed_about_its_own_peer_only() {
    let net = ["10.0.0.0/8"];
    assert_eq!(
        client("10.0.0.1", &["203.0.113.9, 198.51.100.7"], &net),
        "198.51.100.7"
    );
    assert_eq!(
        client("10.0.0.1", &["198.51.100.7, 10.0.0.2"], &net),
        "198.51.100.7"
    );
    assert_eq!(
        client("10.0.0.1", &["203.0.113.9", "198.51.100.7"], &net),
        "198.51.100.7"
    );
}

#[test]
fn what_is_no_address_ends_the_chain() {
    assert_eq!(
        client("10.0.0.1", &["unknown"], &["10.0.0.0/8"]),
        "10.0.0.1"
    );
    assert_eq!(client("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    assert_eq!(
        client("::ffff:10.0.0.1", &["2001:db8::1"], &["10.0.0.0/8"]),
        "2001:db8::1"
    );
}
