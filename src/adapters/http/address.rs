//! Which addresses may be fetched: a feed's author must not be able to make this program speak to the network it runs in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Ranges of IPv4 that are no public hosts (IANA special-purpose registry), as first address, prefix length and name.
const SPECIAL_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private network"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "a carrier's shared network"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private network"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private network"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// Ranges of IPv6 within global unicast that are no public hosts.
const SPECIAL_V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments or Teredo"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
];

/// Names that mean this machine or its own network by definition (RFC 6761, 6762, 8375 and ICANN's `internal`).
const LOCAL_NAMES: &[&str] =
    &["localhost", "local", "internal", "home.arpa", "ip6-localhost", "ip6-loopback", "localdomain"];

fn in_v4(ip: Ipv4Addr, network: Ipv4Addr, length: u8) -> bool {
    let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
    ip.to_bits() & mask == network.to_bits() & mask
}

fn in_v6(ip: Ipv6Addr, network: Ipv6Addr, length: u8) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
    ip.to_bits() & mask == network.to_bits() & mask
}

/// Why `ip` is no public host; `None` when it is one. An IPv4 address inside an IPv6 one counts as itself.
pub(super) fn special(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => {
            SPECIAL_V4.iter().find(|(network, length, _)| in_v4(ip, *network, *length)).map(|(_, _, name)| *name)
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, e, f, g, h] = ip.segments();
            let v4 = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
            if let Some(mapped) = ip.to_ipv4_mapped() {
                return special(IpAddr::V4(mapped));
            }
            match (a, b, c, d, e, f) {
                // NAT64 (RFC 6052) and 6to4 (RFC 3056) lead to the IPv4 address they hold.
                (0x64, 0xff9b, 0, 0, 0, 0) => return special(IpAddr::V4(v4(g, h))),
                (0x2002, ..) => return special(IpAddr::V4(v4(b, c))).or(Some("6to4")),
                _ => {}
            }
            match ip {
                _ if ip.is_loopback() => Some("loopback"),
                _ if ip.is_unspecified() => Some("this network"),
                _ if ip.is_multicast() => Some("multicast"),
                _ if ip.is_unique_local() => Some("a private network"),
                _ if ip.is_unicast_link_local() => Some("link-local"),
                // Only 2000::/3 has public hosts.
                _ if a & 0xe000 != 0x2000 => Some("reserved"),
                _ => SPECIAL_V6.iter().find(|(n, length, _)| in_v6(ip, *n, *length)).map(|(_, _, name)| *name),
            }
        }
    }
}

/// Why an allow rule cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a host, host:port, address or network: {0:?} (write intranet.example, intranet.example:8080, 10.1.2.3 or 10.1.0.0/16)"
)]
pub struct AllowRuleError(String);

/// One exception to the rule that only public addresses are fetched: for feeds in an intranet, and for tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowRule {
    /// A host by its name, whatever it resolves to; with a port only that port.
    Host {
        /// The name in lower case.
        name: String,
        /// The only port, if one was given.
        port: Option<u16>,
    },
    /// An address, or a network by its prefix length; a port only with a single address.
    Network {
        /// An address of the network.
        ip: IpAddr,
        /// Length of the prefix that counts.
        length: u8,
        /// The only port, if one was given.
        port: Option<u16>,
    },
}

impl AllowRule {
    /// Reads `intranet.example`, `intranet.example:8080`, `10.1.2.3`, `127.0.0.1:8080`, `10.1.0.0/16`, `[fd00::1]:80` or `fd00::/8`.
    ///
    /// # Errors
    /// When `text` is none of these.
    pub fn parse(text: &str) -> Result<Self, AllowRuleError> {
        let text = text.trim();
        let fail = || AllowRuleError(text.to_owned());
        if let Some((ip, length)) = text.split_once('/') {
            let ip: IpAddr = ip.parse().map_err(|_| fail())?;
            let most = if ip.is_ipv4() { 32 } else { 128 };
            let length: u8 = length.parse().ok().filter(|l| *l <= most).ok_or_else(fail)?;
            return Ok(Self::Network { ip, length, port: None });
        }
        if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Ok(Self::Network { ip, length: if ip.is_ipv4() { 32 } else { 128 }, port: None });
        }
        if let Ok(address) = text.parse::<std::net::SocketAddr>() {
            let ip = address.ip();
            return Ok(Self::Network { ip, length: if ip.is_ipv4() { 32 } else { 128 }, port: Some(address.port()) });
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port.parse::<u16>().map_err(|_| fail())?)),
            None => (text, None),
        };
        match Host::parse(name) {
            Ok(Host::Domain(name)) if !name.is_empty() => Ok(Self::Host { name: bare_name(&name), port }),
            _ => Err(fail()),
        }
    }

    fn has_ip(&self, candidate: IpAddr, at: Option<u16>) -> bool {
        match (self, candidate) {
            (Self::Network { port: Some(port), .. }, _) if at != Some(*port) => false,
            (Self::Network { ip: IpAddr::V4(network), length, .. }, IpAddr::V4(ip)) => in_v4(ip, *network, *length),
            (Self::Network { ip: IpAddr::V6(network), length, .. }, IpAddr::V6(ip)) => in_v6(ip, *network, *length),
            _ => false,
        }
    }
}

/// A host name without the dot that may end it, in lower case.
fn bare_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// The rule and its exceptions.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    allow: Vec<AllowRule>,
}

impl Guard {
    pub(super) fn new(allow: Vec<AllowRule>) -> Self {
        Self { allow }
    }

    /// The ports to which an allowed host name is bound; `None` when no rule names it.
    fn named(&self, name: &str) -> Option<Vec<Option<u16>>> {
        let ports: Vec<Option<u16>> = self
            .allow
            .iter()
            .filter_map(|rule| match rule {
                AllowRule::Host { name: allowed, port } if allowed == name => Some(*port),
                _ => None,
            })
            .collect();
        (!ports.is_empty()).then_some(ports)
    }

    /// Checks an address before anything is sent to it: its scheme, port, and host as far as it can be judged unresolved.
    ///
    /// # Errors
    /// With the reason why it may not be fetched.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("scheme {} is not http or https", url.scheme()));
        }
        let port = url.port_or_known_default().filter(|p| *p != 0).ok_or("port 0 reaches nothing")?;
        match url.host() {
            None => Err("it has no host".to_owned()),
            Some(Host::Ipv4(ip)) => self.check_ip(IpAddr::V4(ip), Some(port)),
            Some(Host::Ipv6(ip)) => self.check_ip(IpAddr::V6(ip), Some(port)),
            Some(Host::Domain(name)) => {
                let name = bare_name(name);
                if let Some(ports) = self.named(&name) {
                    return if ports.iter().any(|p| p.is_none_or(|p| p == port)) {
                        Ok(())
                    } else {
                        Err(format!("{name} is allowed on another port only"))
                    };
                }
                let local =
                    LOCAL_NAMES.iter().any(|l| name == *l || name.strip_suffix(l).is_some_and(|n| n.ends_with('.')));
                if name.is_empty() || local {
                    return Err(format!("{name:?} is a name of this machine or its network"));
                }
                Ok(())
            }
        }
    }

    /// Checks an address that a literal or a resolver gave.
    ///
    /// # Errors
    /// With the reason why it may not be fetched.
    pub(super) fn check_ip(&self, ip: IpAddr, port: Option<u16>) -> Result<(), String> {
        let ip = ip.to_canonical();
        match special(ip) {
            Some(what) if !self.allow.iter().any(|rule| rule.has_ip(ip, port)) => Err(format!("{ip} is {what}")),
            _ => Ok(()),
        }
    }

    /// Checks what `name` resolved to: one address that may not be fetched spoils all.
    ///
    /// # Errors
    /// With the reason why it may not be fetched.
    pub(super) fn check_resolved(&self, name: &str, ips: &[IpAddr]) -> Result<(), String> {
        if self.named(&bare_name(name)).is_some() {
            return Ok(());
        }
        ips.iter().try_for_each(|ip| self.check_ip(*ip, None)).map_err(|why| format!("{name} resolves to {why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spellings that all lead to addresses that are not public.
    pub(crate) const PRIVATE: &[&str] = &[
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://127.1/",
        "http://127.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0x7f.0x0.0x0.0x1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://0x7F.0.0.1/",
        "http://127.0.0.1./",
        "http://127.255.255.254/",
        "http://%31%32%37.0.0.1/",
        "http://127%2e0%2e0%2e1/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://①②⑦.0.0.1/",
        "http://user:pw@127.0.0.1/",
        "http://example.com@127.0.0.1/",
        "http:\\\\127.0.0.1\\",
        "http:127.0.0.1",
        "https://127.0.0.1/",
        "http://0/",
        "http://0.0.0.0/",
        "http://0.1.2.3/",
        "http://00000000/",
        "http://10.0.0.1/",
        "http://10.255.255.255/",
        "http://167772161/",
        "http://012.0.0.1/",
        "http://0xa.1/",
        "http://100.64.0.1/",
        "http://100.127.255.254/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://169.254.43518/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://172.16.1/",
        "http://192.168.0.1/",
        "http://192.168.257/",
        "http://3232235521/",
        "http://0300.0250.0.1/",
        "http://192.0.0.8/",
        "http://192.0.2.1/",
        "http://192.88.99.1/",
        "http://198.18.0.1/",
        "http://198.19.255.255/",
        "http://198.51.100.7/",
        "http://203.0.113.9/",
        "http://224.0.0.1/",
        "http://239.255.255.250/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://4294967295/",
        "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[0000::0001]:8080/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:c0a8:1::1]/",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "http://[2001:db8::1]/",
        "http://[3fff::1]/",
        "http://[fc00::1]/",
        "http://[fd12:3456:789a::1]/",
        "http://[fe80::1]/",
        "http://[febf::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://[100::1]/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://localhost:631/",
        "http://feed.localhost/",
        "http://LocalHost.LocalDomain/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://router.home.arpa/",
        "http://ip6-localhost/",
        "http://ｌocalhost/",
        "http://loc%61lhost/",
    ];

    #[test]
    fn no_spelling_of_a_private_address_passes() {
        let guard = Guard::default();
        assert!(PRIVATE.len() >= 60, "only {} spellings", PRIVATE.len());
        // The table of `cargo test --lib spelling -- --nocapture`.
        for text in PRIVATE {
            // What is no address at all cannot be fetched either.
            let answer = match Url::parse(text) {
                Err(error) => error.to_string(),
                Ok(url) => guard.check_url(&url).expect_err(text),
            };
            println!("{text:<58} refused: {answer}");
        }
        println!("{} spellings, none let through", PRIVATE.len());
    }

    #[test]
    fn other_schemes_and_port_0_do_not_pass() {
        for text in [
            "file:///etc/passwd",
            "ftp://news.example/",
            "gopher://news.example/",
            "data:text/xml,x",
            "http://news.example:0/",
        ] {
            assert!(Guard::default().check_url(&Url::parse(text).unwrap()).is_err(), "{text} passed");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "http://news.example/",
            "https://8.8.8.8/",
            "http://172.32.0.1/",
            "http://100.128.0.1/",
            "http://192.0.1.1/",
            "http://[2606:4700::6810:85e5]/",
            "http://[2a00:1450:4009::200e]/",
            "http://[64:ff9b::808:808]/",
            "https://localhost.news.example/",
            "http://notlocal/",
            "http://[::ffff:8.8.8.8]/",
        ] {
            assert_eq!(Guard::default().check_url(&Url::parse(text).unwrap()), Ok(()), "{text}");
        }
    }

    #[test]
    fn exceptions_reach_as_far_as_they_say() {
        let guard = |rules: &[&str]| Guard::new(rules.iter().map(|r| AllowRule::parse(r).unwrap()).collect());
        for (rules, url, passes) in [
            (&["127.0.0.1:8080"][..], "http://127.0.0.1:8080/", true),
            (&["127.0.0.1:8080"], "http://127.0.0.1:8081/", false),
            (&["127.0.0.1:8080"], "http://[::ffff:127.0.0.1]:8080/", true),
            (&["127.0.0.1"], "http://127.0.0.1:9/", true),
            (&["127.0.0.1"], "http://127.0.0.2/", false),
            (&["10.1.0.0/16"], "http://10.1.255.1/", true),
            (&["10.1.0.0/16"], "http://10.2.0.1/", false),
            (&["fd00::/8"], "http://[fd12::1]/", true),
            (&["[::1]:80"], "http://[::1]/", true),
            (&["localhost:8080"], "http://LOCALHOST.:8080/", true),
            (&["localhost:8080"], "http://localhost/", false),
            (&["localhost"], "http://localhost:1234/", true),
            (&["localhost"], "http://127.0.0.1/", false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(guard(rules).check_url(&url).is_ok(), passes, "{rules:?} {url}");
        }
        assert!(
            guard(&["intranet.example"]).check_resolved("intranet.example", &["10.0.0.1".parse().unwrap()]).is_ok()
        );
        assert!(guard(&["10.0.0.0/8"]).check_resolved("any.example", &["10.0.0.1".parse().unwrap()]).is_ok());
        let mixed = ["8.8.8.8".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        assert!(guard(&[]).check_resolved("any.example", &mixed).is_err(), "one private address must spoil all");
    }

    #[test]
    fn rules_that_cannot_be_read_are_refused() {
        for text in ["", "10.0.0.0/33", "a b", "host:port", "10.0.0.0/x", "fd00::/129"] {
            assert!(AllowRule::parse(text).is_err(), "{text:?}");
        }
    }
}
