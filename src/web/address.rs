//! Under which address a request came in: the site's own, the machine's, or a wrong one.

use std::net::IpAddr;

use crate::config::Origin;

/// What the address of a request means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// The configured origin.
    Right,
    /// The node itself, by a loopback name or an IP address: answered, but not to be indexed.
    Direct,
    /// Anything else: the answer is one 301 to the origin.
    Wrong,
}

/// Judges the host a request asked for, and the scheme that a trusted proxy reported. Where no proxy
/// speaks of the scheme it is taken as right, since a redirect could only loop; the same holds for
/// https where the origin is http, from where nobody is sent back.
pub fn right_address(host: Option<&str>, forwarded_proto: Option<&str>, origin: &Origin) -> Address {
    let Some(host) = host else { return Address::Direct };
    let downgraded =
        origin.is_https() && forwarded_proto.is_some_and(|proto| proto.eq_ignore_ascii_case("http"));
    match () {
        () if is_host(origin, host) && downgraded => Address::Wrong,
        () if is_host(origin, host) => Address::Right,
        () if is_direct(host) => Address::Direct,
        () => Address::Wrong,
    }
}

fn is_host(origin: &Origin, host: &str) -> bool {
    let authority = origin.authority();
    let default = if origin.is_https() { ":443" } else { ":80" };
    authority.eq_ignore_ascii_case(host)
        || host.strip_suffix(default).is_some_and(|host| authority.eq_ignore_ascii_case(host))
}

fn is_direct(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((name, after)) if is_port(after) => return name.parse::<std::net::Ipv6Addr>().is_ok(),
            _ => return false,
        },
        None => match host.find(':') {
            Some(at) if is_port(&host[at..]) => &host[..at],
            Some(_) => return false,
            None => host,
        },
    };
    let name = name.to_ascii_lowercase();
    let loopback = name == "localhost" || name.strip_suffix(".localhost").is_some_and(is_name);
    loopback || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv4())
}

fn is_port(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(':') else { return text.is_empty() };
    digits.parse::<u16>().is_ok() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FromText;

    fn origin(text: &str) -> Origin {
        Origin::from_text(text).unwrap()
    }

    #[test]
    fn a_request_is_right_direct_or_wrong() {
        use Address::{Direct, Right, Wrong};
        let https = origin("https://Example.com");
        let local = origin("http://127.0.0.1:8080/");
        let cases = [
            (&https, Some("example.com"), None, Right),
            (&https, Some("EXAMPLE.com:443"), Some("https"), Right),
            (&https, Some("example.com"), Some("http"), Wrong),
            (&https, Some("example.com:80"), None, Wrong),
            (&https, Some("example.com."), None, Wrong),
            (&https, Some("www.example.com"), Some("https"), Wrong),
            (&https, Some("example.com@evil.example"), None, Wrong),
            (&https, Some("evil.example"), None, Wrong),
            (&https, Some(""), None, Wrong),
            (&https, Some("localhost"), None, Direct),
            (&https, Some("LOCALHOST:9"), Some("http"), Direct),
            (&https, Some("site.localhost:8080"), None, Direct),
            (&https, Some(".localhost"), None, Wrong),
            (&https, Some("localhost.evil.example"), None, Wrong),
            (&https, Some("10.0.0.7:8080"), None, Direct),
            (&https, Some("[::1]:8080"), None, Direct),
            (&https, Some("[::1]"), None, Direct),
            (&https, Some("[::1]x"), None, Wrong),
            (&https, Some("[127.0.0.1]"), None, Wrong),
            (&https, Some("127.0.0.1:99999"), None, Wrong),
            (&https, Some("127.0.0.1:+80"), None, Wrong),
            (&https, Some("::1"), None, Wrong),
            (&https, None, None, Direct),
            (&local, Some("127.0.0.1:8080"), None, Right),
            (&local, Some("127.0.0.1:8080"), Some("https"), Right),
            (&local, Some("localhost:8080"), None, Direct),
            (&local, Some("127.0.0.1"), None, Direct),
        ];
        for (origin, host, proto, expected) in cases {
            assert_eq!(right_address(host, proto, origin), expected, "{host:?} {proto:?} for {origin:?}");
        }
    }
}
