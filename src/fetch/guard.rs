//! Which addresses may be dialled: public ones, and the networks that the configuration names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use url::Host;

use crate::model::{Class, PageUrl};

use super::exchange::FetchError;

/// Cloud metadata services: they hand out credentials, so a wide private network does not admit them.
const METADATA_V4: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Networks of the IANA IPv4 special-purpose registry that are not globally reachable, and multicast.
const SPECIAL_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Networks inside `2000::/3` that are special all the same: protocol assignments with Teredo and ORCHID,
/// documentation, 6to4.
const SPECIAL_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Ports that other protocols speak on (Fetch Standard, bad port): a request there could be taken for theirs.
const BAD_PORTS: [u16; 82] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Decides which addresses may be dialled.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    allowed: Vec<IpNet>,
}

impl Guard {
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Checks an address before each hop: its port, and its host when that is a literal. Names are checked
    /// when they are looked up.
    pub(super) fn check(&self, url: &PageUrl, admitted: Option<SocketAddr>) -> Result<(), FetchError> {
        let refuse = |detail: String| Err(FetchError::new(Class::BlockedAddress, url, detail));
        let port = url.as_url().port_or_known_default().unwrap_or(0);
        let literal = match url.as_url().host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) | None => None,
        };
        if literal.is_some_and(|ip| admitted == Some(SocketAddr::new(ip, port))) {
            return Ok(());
        }
        if BAD_PORTS.contains(&port) || port == 0 {
            return refuse(format!("port {port} belongs to another protocol"));
        }
        match literal {
            Some(ip) if !self.permits(ip) => refuse(Self::why(ip)),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether an address may be dialled.
    pub(super) fn permits(&self, ip: IpAddr) -> bool {
        let ip = plain(ip);
        let named =
            |net: &IpNet| net.contains(&ip) && (!is_metadata(ip) || net.prefix_len() == net.max_prefix_len());
        self.allowed.iter().any(named) || is_public(ip)
    }

    /// Why an address is refused, with the cure.
    pub(super) fn why(ip: IpAddr) -> String {
        format!("{ip} is not a public address; name its network in fetch.allow_networks if it is meant")
    }
}

/// An IPv4 address that is written as an IPv6 one (RFC 4291 section 2.5.5.2), as what it is.
fn plain(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

fn is_metadata(ip: IpAddr) -> bool {
    ip == IpAddr::V4(METADATA_V4) || ip == IpAddr::V6(METADATA_V6)
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|(net, bits)| in_v4(ip, *net, *bits)),
        IpAddr::V6(ip) => {
            let [a, b, c, d, e, f, high, low] = ip.segments();
            if [a, b, c, d, e, f] == [0x64, 0xff9b, 0, 0, 0, 0] {
                // NAT64 (RFC 6052): it leads to the IPv4 address in its last 32 bits
                let [w, x] = high.to_be_bytes();
                let [y, z] = low.to_be_bytes();
                return is_public(IpAddr::V4(Ipv4Addr::new(w, x, y, z)));
            }
            a & 0xe000 == 0x2000 && !SPECIAL_V6.iter().any(|(net, bits)| in_v6(ip, *net, *bits))
        }
    }
}

fn in_v4(ip: Ipv4Addr, net: Ipv4Addr, bits: u8) -> bool {
    let shift = 32 - u32::from(bits);
    u32::from(ip) >> shift == u32::from(net) >> shift
}

fn in_v6(ip: Ipv6Addr, net: Ipv6Addr, bits: u8) -> bool {
    let shift = 128 - u32::from(bits);
    u128::from(ip) >> shift == u128::from(net) >> shift
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every spelling of an address that must not be dialled.
    const REFUSED: [&str; 57] = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "127.255.255.254",
        "0",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "012.1.2.3",
        "0xa.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.1.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "0xc0a80001",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::1]",
        "[2001:0:1::1]",
        "[100::1]",
    ];

    fn check(guard: &Guard, host: &str) -> Result<(), FetchError> {
        guard.check(&PageUrl::parse(&format!("http://{host}/")).unwrap(), None)
    }

    #[test]
    fn no_spelling_of_a_private_address_gets_through() {
        let guard = Guard::default();
        for host in REFUSED {
            let error = check(&guard, host).expect_err(host);
            assert_eq!(error.fault.class, Class::BlockedAddress, "{host}");
        }
        for host in
            ["93.184.216.34", "8.8.8.8", "[2606:2800:220:1::1]", "[64:ff9b::8.8.8.8]", "[::ffff:8.8.8.8]"]
        {
            assert_eq!(check(&guard, host), Ok(()), "{host}");
        }
    }

    #[test]
    fn a_named_network_is_admitted_and_metadata_only_by_itself() {
        let guard = Guard::new(vec![
            "127.0.0.0/8".parse().unwrap(),
            "169.254.0.0/16".parse().unwrap(),
            "fd00::/8".parse().unwrap(),
        ]);
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "169.254.1.1", "[fd00::1]"] {
            assert_eq!(check(&guard, host), Ok(()), "{host}");
        }
        for host in ["169.254.169.254", "[fd00:ec2::254]", "10.0.0.1", "[::1]"] {
            assert!(check(&guard, host).is_err(), "{host}");
        }
        let own_line = Guard::new(vec!["169.254.169.254/32".parse().unwrap()]);
        assert_eq!(check(&own_line, "169.254.169.254"), Ok(()));
    }

    #[test]
    fn ports_of_other_protocols_are_refused() {
        let guard = Guard::default();
        for port in [22, 25, 6667, 10080] {
            assert!(check(&guard, &format!("8.8.8.8:{port}")).is_err(), "{port}");
            assert!(check(&guard, &format!("town.example:{port}")).is_err(), "{port}");
        }
        assert_eq!(check(&guard, "town.example:8080"), Ok(()));
    }

    #[test]
    fn exactly_one_address_is_admitted_for_the_sample() {
        let guard = Guard::default();
        let at =
            |text: &str| guard.check(&PageUrl::parse(text).unwrap(), Some("127.0.0.1:4000".parse().unwrap()));
        assert_eq!(at("http://127.0.0.1:4000/a"), Ok(()));
        assert!(at("http://127.0.0.1:4001/a").is_err() && at("http://127.0.0.2:4000/a").is_err());
    }
}
