use super::*;

fn client(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
    of(
        ProxyHeader::XForwardedFor,
        FORWARDED_FOR,
        peer,
        lines,
        trusted,
    )
}

fn of(
    proxy_header: ProxyHeader,
    name: HeaderName,
    peer: &str,
    lines: &[&str],
    trusted: &[&str],
) -> String {
    let peer = ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711));
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name.clone(), line.parse().unwrap());
    }
    let proxies = Proxies {
        trusted: trusted.iter().map(|net| net.parse().unwrap()).collect(),
        header: proxy_header,
    };
    let client = Client::of(Some(&peer), &headers, &proxies);
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
fn proxies_write_addresses_in_many_ways() {
    for (line, expected) in [
        ("203.0.113.8", "203.0.113.8"),
        ("203.0.113.8:41234", "203.0.113.8"),
        ("[2001:db8::1]:5123", "2001:db8::1"),
        ("[2001:db8::3]", "2001:db8::3"),
        ("2001:db8::4", "2001:db8::4"),
        ("203.0.113.12 ,", "203.0.113.12"),
        (",, 203.0.113.12,, ,", "203.0.113.12"),
        ("203.0.113.9:1, 203.0.113.8:2,", "203.0.113.8"),
        ("\"203.0.113.8\"", "203.0.113.8"),
        ("\"[2001:db8::1]:5123\"", "2001:db8::1"),
        ("  203.0.113.8\t", "203.0.113.8"),
        ("::ffff:203.0.113.8", "203.0.113.8"),
        ("[::ffff:203.0.113.8]:80", "203.0.113.8"),
        ("203.0.113.8:_hidden", "203.0.113.8"),
        ("\"203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::1"),
    ] {
        assert_eq!(
            client("10.0.0.1", &[line], &["10.0.0.0/8"]),
            expected,
            "{line}"
        );
    }
}

#[test]
fn what_is_no_address_ends_the_chain() {
    for line in [
        "unknown",
        "_hidden",
        "",
        ",",
        "203.0.113.8:",
        "203.0.113.8:x",
        "203.0.113.8:123456",
        "203.0.113",
        "[2001:db8::1",
        "[2001:db8::1]x",
        "203.0.113.8 203.0.113.9",
        "198.51.100.7, unknown",
        "203.0.113.8, \"198.51.100.7",
        "localhost",
    ] {
        assert_eq!(
            client("10.0.0.1", &[line], &["10.0.0.0/8"]),
            "10.0.0.1",
            "{line}"
        );
    }
    assert_eq!(client("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    assert_eq!(
        client("::ffff:10.0.0.1", &["2001:db8::1"], &["10.0.0.0/8"]),
        "2001:db8::1"
    );
}

#[test]
fn the_standard_header_is_read_where_it_is_asked_for() {
    let forwarded = |lines: &[&str]| {
        let net = ["10.0.0.0/8"];
        of(
            ProxyHeader::Forwarded,
            header::FORWARDED,
            "10.0.0.1",
            lines,
            &net,
        )
    };
    for (line, expected) in [
        ("for=203.0.113.8", "203.0.113.8"),
        ("For=\"203.0.113.8:4711\"", "203.0.113.8"),
        ("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ("proto=https; for=192.0.2.60", "192.0.2.60"),
        ("for=203.0.113.9, for=198.51.100.7", "198.51.100.7"),
        ("for=198.51.100.7, for=10.0.0.2;by=10.0.0.1", "198.51.100.7"),
        (
            "for=198.51.100.7;host=\"a,for=203.0.113.9;b\"",
            "198.51.100.7",
        ),
        (
            "for=198.51.100.7;host=\"a\\\",for=203.0.113.9\"",
            "198.51.100.7",
        ),
        ("\", for=198.51.100.7", "198.51.100.7"),
        ("for=198.51.100.7,", "198.51.100.7"),
        // What a client wrote before the proxy added its word.
        ("for=203.0.113.9;host=\"x, for=198.51.100.7", "198.51.100.7"),
        ("for=\"203.0.113.9, for=198.51.100.7", "198.51.100.7"),
        ("for=203.0.113.9;host=\\, for=198.51.100.7", "198.51.100.7"),
        ("for=unknown", "10.0.0.1"),
        ("for=_gazonk", "10.0.0.1"),
        ("for=198.51.100.7, proto=https", "10.0.0.1"),
        ("by=198.51.100.7", "10.0.0.1"),
    ] {
        assert_eq!(forwarded(&[line]), expected, "{line}");
    }
    assert_eq!(
        forwarded(&["for=203.0.113.9", "for=198.51.100.7"]),
        "198.51.100.7"
    );
    // The other header is nobody's word then, and the other way round.
    let net = ["10.0.0.0/8"];
    let line = ["for=198.51.100.7"];
    let unread = of(
        ProxyHeader::Forwarded,
        FORWARDED_FOR,
        "10.0.0.1",
        &line,
        &net,
    );
    assert_eq!(unread, "10.0.0.1");
}
