//! Who asks, when proxies stand between (SECURITY T23).

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;

use crate::config::Network;

/// Which proxies are believed, and how many stand in a row before the site.
#[derive(Debug, Clone)]
pub struct Proxies {
    trusted: Vec<Network>,
    /// The client's address is this many entries from the right of `X-Forwarded-For`, from 1.
    hops: usize,
}

/// Who asks and how, as far as it can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client<'a> {
    pub ip: IpAddr,
    /// The scheme that the trusted proxy reports.
    pub proto: Option<&'a str>,
}

impl Proxies {
    /// Believes nobody: the peer of the connection is the client.
    pub fn none() -> Proxies {
        Proxies { trusted: Vec::new(), hops: 1 }
    }

    /// Believes these networks and addresses.
    pub fn trusting(trusted: Vec<Network>, hops: usize) -> Proxies {
        Proxies { trusted, hops: hops.max(1) }
    }

    /// Whether what this peer says of others is believed.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted.iter().any(|network| network.contains(peer))
    }

    /// The client behind a connection. Headers count only when the peer is a trusted proxy; one that
    /// cannot be read, or shorter than the row of proxies, leaves the peer itself.
    pub fn client<'a>(&self, peer: IpAddr, headers: &'a HeaderMap) -> Client<'a> {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Client { ip: peer, proto: None };
        }
        let ip = nth_from_right(headers, "x-forwarded-for", self.hops).and_then(forwarded).unwrap_or(peer);
        Client { ip, proto: nth_from_right(headers, "x-forwarded-proto", 1) }
    }
}

/// Several lines of a header are one list (RFC 9110, 5.3).
fn nth_from_right<'a>(headers: &'a HeaderMap, name: &str, nth: usize) -> Option<&'a str> {
    let lines: Vec<&str> = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("")).collect();
    lines.iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim).nth(nth - 1)
}

fn forwarded(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip()));
    ip.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FromText;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| Network::from_text(text).unwrap()).collect()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let proxies = Proxies::trusting(networks(&["127.0.0.0/8", "fd00::/8"]), 1);
        let sent = headers(&[("x-forwarded-for", "6.6.6.6, 7.7.7.7"), ("x-forwarded-proto", "https")]);
        let behind = proxies.client("127.0.0.9".parse().unwrap(), &sent);
        assert_eq!((behind.ip.to_string().as_str(), behind.proto), ("7.7.7.7", Some("https")));
        let mapped = proxies.client("::ffff:127.0.0.1".parse().unwrap(), &sent);
        assert_eq!(mapped.ip.to_string(), "7.7.7.7");
        let stranger = proxies.client("128.0.0.1".parse().unwrap(), &sent);
        assert_eq!((stranger.ip.to_string().as_str(), stranger.proto), ("128.0.0.1", None));
        assert_eq!(Proxies::none().client("127.0.0.1".parse().unwrap(), &sent).ip.to_string(), "127.0.0.1");
    }

    #[test]
    fn the_client_is_the_nth_from_the_right_over_all_lines() {
        let two = Proxies::trusting(networks(&["10.0.0.1"]), 2);
        let peer = "10.0.0.1".parse().unwrap();
        let cases: [(&[&str], &str); 8] = [
            (&["1.1.1.1, 2.2.2.2, 3.3.3.3"], "2.2.2.2"),
            (&["1.1.1.1", "2.2.2.2"], "1.1.1.1"),
            (&["1.1.1.1", "2.2.2.2, 3.3.3.3"], "2.2.2.2"),
            (&["1.1.1.1"], "10.0.0.1"),
            (&["nonsense, 3.3.3.3"], "10.0.0.1"),
            (&["[2001:db8::1]:443, 3.3.3.3"], "2001:db8::1"),
            (&["[2001:db8::1], 3.3.3.3"], "2001:db8::1"),
            (&["4.4.4.4:50000, 3.3.3.3"], "4.4.4.4"),
        ];
        for (lines, expected) in cases {
            let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            assert_eq!(two.client(peer, &headers(&lines)).ip.to_string(), expected, "{lines:?}");
        }
        assert_eq!(two.client(peer, &HeaderMap::new()).ip, peer);
    }

    #[test]
    fn everybody_can_be_trusted() {
        let all = Proxies::trusting(networks(&["0.0.0.0/0"]), 1);
        assert_eq!(
            all.client("9.9.9.9".parse().unwrap(), &headers(&[("x-forwarded-for", "1.2.3.4")]))
                .ip
                .to_string(),
            "1.2.3.4"
        );
    }
}
