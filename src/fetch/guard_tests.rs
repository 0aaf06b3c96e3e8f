//! Every spelling of an address that must not be dialled, and what may be all the same.

use super::*;

const REFUSED: [&str; 80] = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "0x7f.1",
    "0x7f000001",
    "0X7F.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "0177.0x0.0.01",
    "%31%32%37.0.0.1",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127.255.255.254",
    "0",
    "0.0.0.0",
    "0.1.2.3",
    "0x0",
    "10.0.0.1",
    "10.255.255.255",
    "012.1.2.3",
    "0xa.0.0.1",
    "10.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "169.254.1.1",
    "169.254.169.254",
    "169.254.43518",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.257",
    "192.168.255.255",
    "0xc0a80001",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::1]",
    "[2001:0:1::1]",
    "[3fff::1]",
    "[100::1]",
];

const PUBLIC: [&str; 10] = [
    "93.184.216.34",
    "8.8.8.8",
    "134744072",
    "172.32.0.1",
    "100.128.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "[2606:2800:220:1::1]",
    "[64:ff9b::8.8.8.8]",
    "[::ffff:8.8.8.8]",
];

fn check(guard: &Guard, host: &str) -> Result<(), FetchError> {
    guard.check(&PageUrl::parse(&format!("http://{host}/")).unwrap(), None)
}

fn guard(networks: &[&str]) -> Guard {
    Guard::new(networks.iter().map(|network| network.parse().unwrap()).collect())
}

#[test]
fn no_spelling_of_a_private_address_gets_through() {
    for host in REFUSED {
        let error = check(&guard(&[]), host).expect_err(host);
        assert_eq!(error.fault.class, Class::BlockedAddress, "{host}");
    }
    for host in PUBLIC {
        assert_eq!(check(&guard(&[]), host), Ok(()), "{host}");
    }
}

#[test]
fn a_named_network_is_admitted_and_metadata_only_by_itself() {
    let wide =
        guard(&["127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "fd00::/8", "64:ff9b::/96", "2002::/16"]);
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "169.254.1.1", "[fd00::1]", "[64:ff9b::a00:1]"] {
        assert_eq!(check(&wide, host), Ok(()), "{host}");
    }
    for host in [
        "169.254.169.254",
        "[::ffff:a9fe:a9fe]",
        "100.100.100.200",
        "[fd00:ec2::254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "10.0.0.1",
        "[::1]",
    ] {
        assert!(check(&wide, host).is_err(), "{host}");
    }
    let own_lines = guard(&["169.254.169.254/32", "fd00:ec2::254/128"]);
    assert_eq!(check(&own_lines, "169.254.169.254"), Ok(()));
    assert_eq!(check(&own_lines, "[fd00:ec2::254]"), Ok(()));
}

#[test]
fn one_bad_address_spoils_the_answer_of_a_lookup() {
    let found = |ips: &[&str]| -> Vec<SocketAddr> {
        ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
    };
    let public = found(&["93.184.216.34", "2606:2800:220:1::1"]);
    assert_eq!(guard(&[]).admit(public.clone()), Ok(public));
    for mixed in [["93.184.216.34", "10.0.0.1"], ["::1", "93.184.216.34"], ["8.8.8.8", "::ffff:127.0.0.1"]] {
        assert!(guard(&[]).admit(found(&mixed)).is_err(), "{mixed:?}");
    }
    assert!(guard(&["127.0.0.0/8"]).admit(found(&["127.0.0.1", "10.0.0.1"])).is_err());
}

#[test]
fn ports_of_other_protocols_are_refused() {
    for port in [0, 22, 25, 6667, 10080] {
        assert!(check(&guard(&[]), &format!("8.8.8.8:{port}")).is_err(), "{port}");
        assert!(check(&guard(&[]), &format!("town.example:{port}")).is_err(), "{port}");
    }
    assert_eq!(check(&guard(&[]), "town.example:8080"), Ok(()));
}

#[test]
fn an_endless_address_is_refused_and_not_repeated() {
    let error = check(&guard(&[]), &format!("town.example/{}", "x".repeat(9000))).unwrap_err();
    assert_eq!(error.fault.class, Class::TooLarge);
    assert_eq!(error.fault.url.unwrap().as_str(), "http://town.example/");
}

#[test]
fn exactly_one_address_is_admitted_for_the_sample() {
    let at = |text: &str| {
        guard(&[]).check(&PageUrl::parse(text).unwrap(), Some("127.0.0.1:4000".parse().unwrap()))
    };
    assert_eq!(at("http://127.0.0.1:4000/a"), Ok(()));
    assert!(at("http://127.0.0.1:4001/a").is_err() && at("http://127.0.0.2:4000/a").is_err());
    assert!(at("https://127.0.0.1/").is_err());
}
