//! Which addresses may be dialled: public ones, and the networks that the configuration names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use url::Host;

use crate::model::{Class, PageUrl};

use super::exchange::FetchError;

/// Metadata services of the clouds: they hand out credentials, so a wide private network does not admit them.
const METADATA: [IpAddr; 6] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    // Azure's: a public address by its number
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Networks of the IANA IPv4 special-purpose registry, and multicast: no news portal lives in any of them.
const SPECIAL_V4: [(Ipv4Addr, u8); 18] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Networks inside `2000::/3` that are special all the same: protocol assignments with Teredo and ORCHID,
/// documentation, 6to4, AS112.
const SPECIAL_V6: [(Ipv6Addr, u8); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Ports that other protocols speak on (Fetch Standard, bad port): a request there could be taken for theirs.
const BAD_PORTS: [u16; 82] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Servers take addresses of 8 KiB at most; a longer one is a page's way to keep us busy.
const MOST_ADDRESS: usize = 8 * 1024;

/// Decides which addresses may be dialled.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    allowed: Vec<IpNet>,
}

impl Guard {
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Checks an address before each hop: its length, its port, and its host when that is a literal. Names are
    /// checked when they are looked up.
    pub(super) fn check(&self, url: &PageUrl, admitted: Option<SocketAddr>) -> Result<(), FetchError> {
        let refuse = |detail: String| Err(FetchError::new(Class::BlockedAddress, url, detail));
        if url.as_str().len() > MOST_ADDRESS {
            let detail = format!("the address is longer than {MOST_ADDRESS} bytes");
            return Err(FetchError::new(Class::TooLarge, &shortened(url), detail));
        }
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
            return refuse(format!("refused port: {port} belongs to another protocol than HTTP"));
        }
        match literal {
            Some(ip) if !self.permits(ip) => refuse(Self::why(ip)),
            Some(_) | None => Ok(()),
        }
    }

    /// What a name was found to mean, whole, or the first address that may not be dialled: one bad address
    /// spoils the answer, because which of them is dialled is not ours to say.
    pub(super) fn admit(&self, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, IpAddr> {
        match found.iter().find(|address| !self.permits(address.ip())) {
            Some(bad) => Err(bad.ip()),
            None => Ok(found),
        }
    }

    /// Whether an address may be dialled.
    fn permits(&self, ip: IpAddr) -> bool {
        let ip = plain(ip);
        let is_metadata =
            METADATA.contains(&ip) || leads_to(ip).is_some_and(|v4| METADATA.contains(&v4.into()));
        let named =
            |net: &IpNet| net.contains(&ip) && (!is_metadata || net.prefix_len() == net.max_prefix_len());
        self.allowed.iter().any(named) || !is_metadata && is_public(ip)
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

/// The IPv4 address that an IPv6 one leads to: NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn leads_to(ip: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = ip else { return None };
    let ([0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..]) = v6.segments() else {
        return None;
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|(net, bits)| in_v4(ip, *net, *bits)),
        IpAddr::V6(v6) if v6.segments().starts_with(&[0x64, 0xff9b, 0, 0, 0, 0]) => {
            leads_to(ip).is_some_and(|v4| is_public(v4.into()))
        }
        // all that was ever given out lies in `2000::/3`
        IpAddr::V6(v6) => {
            in_v6(v6, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
                && !SPECIAL_V6.iter().any(|(net, bits)| in_v6(v6, *net, *bits))
        }
    }
}

/// An address to be told in an error: its path cut off.
fn shortened(url: &PageUrl) -> PageUrl {
    url.join("/").unwrap_or_else(|_| url.clone())
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
#[path = "guard_tests.rs"]
mod tests;
