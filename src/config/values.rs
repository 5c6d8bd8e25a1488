//! Values that TOML has no type for: durations, sizes, address ranges, mail addresses.

use jiff::SignedDuration;
use std::net::IpAddr;

/// Reads a duration: whole numbers each with a unit, `30s`, `5m`, `1h`, `7d`, or together `1h30m`.
///
/// # Errors
/// With what is wrong.
pub(super) fn duration(text: &str) -> Result<SignedDuration, String> {
    const HOW: &str = "write it as 30s, 5m, 1h, 7d or 1h30m";
    let (mut total, mut digits) = (0i64, String::new());
    let mut parts = 0;
    for c in text.trim().chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return Err(format!("{text:?} is not a duration: {HOW}")),
        };
        let count: i64 = digits.parse().map_err(|_| format!("{text:?} is not a duration: {HOW}"))?;
        total = count
            .checked_mul(unit)
            .and_then(|n| total.checked_add(n))
            .ok_or_else(|| format!("{text:?} is too long a time"))?;
        digits.clear();
        parts += 1;
    }
    match (digits.is_empty(), parts) {
        (true, 1..) => Ok(SignedDuration::from_secs(total)),
        (false, 0) => Err(format!("{text:?} has no unit: {HOW}")),
        _ => Err(format!("{text:?} is not a duration: {HOW}")),
    }
}

/// `duration` as a user would write it.
pub fn duration_text(duration: SignedDuration) -> String {
    let mut left = duration.as_secs().max(0);
    let mut out = String::new();
    for (size, unit) in [(86_400, 'd'), (3600, 'h'), (60, 'm'), (1, 's')] {
        if left >= size {
            out.push_str(&format!("{}{unit}", left / size));
            left %= size;
        }
    }
    if out.is_empty() { "0s".to_owned() } else { out }
}

/// Reads a size in bytes: `512kB`, `10MB`, `1GB` (thousands), `10MiB` or `1GiB` (1024s).
///
/// # Errors
/// With what is wrong.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let wrong = || format!("{text:?} is not a size: write it as 512kB, 10MB, 10MiB or 1GB");
    let text = text.trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = match text.get(digits.len()..).map(str::trim).unwrap_or_default() {
        "kB" | "KB" => 1000,
        "MB" => 1_000_000,
        "KiB" => 1024,
        "MiB" => 1024 * 1024,
        "GB" => 1_000_000_000,
        "GiB" => 1024 * 1024 * 1024,
        _ => return Err(wrong()),
    };
    digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit)).ok_or_else(wrong)
}

/// A range of IP addresses: an address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpRange {
    /// First address of the range.
    pub address: IpAddr,
    /// Leading bits that count: at most 32 for IPv4, 128 for IPv6.
    pub prefix: u8,
}

impl IpRange {
    /// Whether `address` lies in the range. An IPv4 address written as IPv6 (`::ffff:a.b.c.d`) counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (width, ours, theirs) = match (self.address, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (32, u128::from(a.to_bits()), u128::from(b.to_bits())),
            (IpAddr::V6(a), IpAddr::V6(b)) => (128, a.to_bits(), b.to_bits()),
            _ => return false,
        };
        let shift = u32::from(width - self.prefix.min(width));
        // A shift by all 128 bits is no shift in Rust: nothing is left to differ.
        (ours ^ theirs).checked_shr(shift).unwrap_or(0) == 0
    }
}

/// Reads `127.0.0.0/8`, `fd00::/8`, or one address.
///
/// # Errors
/// With what is wrong.
pub(super) fn ip_range(text: &str) -> Result<IpRange, String> {
    let wrong = || format!("{text:?} is not a range of addresses: write it as 127.0.0.0/8, fd00::/8 or 10.1.2.3");
    let (address, prefix) = match text.trim().split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text.trim(), None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.map_or(Ok(width), |p| p.parse().map_err(|_| wrong()))?;
    if prefix > width { Err(wrong()) } else { Ok(IpRange { address, prefix }) }
}

/// A mail address with an optional name for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress {
    /// Name for people; may be empty.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

impl std::fmt::Display for MailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.name.is_empty() { f.write_str(&self.address) } else { write!(f, "{} <{}>", self.name, self.address) }
    }
}

/// Reads `a@b.example` or `Name <a@b.example>`.
///
/// # Errors
/// With what is wrong.
pub(super) fn mail_address(text: &str) -> Result<MailAddress, String> {
    let wrong = || format!("{text:?} is not a mail address: write it as desk@example.org or Desk <desk@example.org>");
    if text.chars().any(char::is_control) {
        return Err(wrong());
    }
    let (name, address) = match text.trim().strip_suffix('>').and_then(|t| t.split_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"'), address.trim()),
        None => ("", text.trim()),
    };
    let odd = |c: char| c.is_whitespace() || "<>()[],;:\\\"".contains(c);
    let good = |(local, domain): (&str, &str)| {
        let local_ok = (1..=64).contains(&local.len()) && !local.contains(odd) && !local.contains('@');
        let labels_ok = domain.split('.').all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
        local_ok && labels_ok && domain.len() <= 253
    };
    match address.rsplit_once('@') {
        Some(parts) if good(parts) => Ok(MailAddress { name: name.to_owned(), address: address.to_owned() }),
        _ => Err(wrong()),
    }
}

/// A text as an identifier: lower-case letters and digits, runs of anything else as one hyphen.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if matches!(c, '\'' | '\u{2019}') {
            // "O'Neill" is one word.
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("30s", Ok(30)),
            ("5m", Ok(300)),
            ("1h", Ok(3600)),
            ("7d", Ok(604_800)),
            ("1h30m", Ok(5400)),
            ("30", Err("\"30\" has no unit: write it as 30s, 5m, 1h, 7d or 1h30m")),
            ("", Err("\"\" is not a duration: write it as 30s, 5m, 1h, 7d or 1h30m")),
            ("h", Err("\"h\" is not a duration: write it as 30s, 5m, 1h, 7d or 1h30m")),
            ("1h30", Err("\"1h30\" is not a duration: write it as 30s, 5m, 1h, 7d or 1h30m")),
            ("-1h", Err("\"-1h\" is not a duration: write it as 30s, 5m, 1h, 7d or 1h30m")),
            ("9999999999999999d", Err("\"9999999999999999d\" is too long a time")),
        ] {
            assert_eq!(duration(text).map(|d| d.as_secs()), expected.map_err(str::to_owned), "{text:?}");
        }
        for text in ["30s", "1h30m", "7d", "1d1s"] {
            assert_eq!(duration_text(duration(text).unwrap()), text);
        }
    }

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("10MB", Some(10_000_000)),
            ("1 MiB", Some(1_048_576)),
            ("512kB", Some(512_000)),
            ("20GB", Some(20_000_000_000)),
            ("1GiB", Some(1_073_741_824)),
            ("10", None),
            ("MB", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn address_ranges() {
        for (range, address, expected) in [
            ("127.0.0.0/8", "127.1.2.3", true),
            ("127.0.0.0/8", "128.0.0.1", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("127.0.0.0/8", "::1", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("0.0.0.0/0", "9.9.9.9", true),
            ("fd00::/8", "fd12::1", true),
            ("::/0", "fe80::1", true),
        ] {
            assert_eq!(ip_range(range).unwrap().contains(address.parse().unwrap()), expected, "{range} {address}");
        }
        for wrong in ["127.0.0.0/33", "localhost", "10.0.0.0/", "::/129"] {
            assert!(ip_range(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn mail_addresses() {
        for (text, expected) in [
            ("desk@example.org", Some(("", "desk@example.org"))),
            ("News Desk <desk@example.org>", Some(("News Desk", "desk@example.org"))),
            ("root@localhost", Some(("", "root@localhost"))),
            ("desk", None),
            ("a@b@c", None),
            ("a b@example.org", None),
            ("desk@example..org", None),
            ("desk@example.org\nBcc: x@example.org", None),
        ] {
            let got = mail_address(text).ok();
            assert_eq!(got.as_ref().map(|m| (m.name.as_str(), m.address.as_str())), expected, "{text:?}");
        }
    }

    #[test]
    fn slugs() {
        for (text, expected) in [
            ("IOPC news", "iopc-news"),
            ("Orla O’Neill", "orla-oneill"),
            ("  --  ", ""),
            ("Heddlu Gogledd Cymru!", "heddlu-gogledd-cymru"),
        ] {
            assert_eq!(slug(text), expected);
        }
    }
}
