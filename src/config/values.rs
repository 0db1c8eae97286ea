//! The types that settings have, read from text.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

/// A value that can be set from text.
pub trait FromText: Sized {
    /// Whether a message must never repeat the value.
    const SECRET: bool = false;

    /// Reads trimmed text. The error completes the sentence "it must be …".
    ///
    /// # Errors
    /// What would be right, when `text` isn't.
    fn from_text(text: &str) -> Result<Self, String>;
}

impl FromText for bool {
    fn from_text(text: &str) -> Result<bool, String> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("`true` or `false`".into()),
        }
    }
}

impl FromText for NonZeroU32 {
    fn from_text(text: &str) -> Result<NonZeroU32, String> {
        text.parse().map_err(|_| format!("a whole number from 1 to {}", u32::MAX))
    }
}

impl FromText for SocketAddr {
    fn from_text(text: &str) -> Result<SocketAddr, String> {
        text.parse().map_err(|_| "an IP address and a port, such as 127.0.0.1:8080 or [::]:8080".into())
    }
}

impl FromText for PathBuf {
    fn from_text(text: &str) -> Result<PathBuf, String> {
        match text {
            "" => Err("the path of a folder".into()),
            text if text.contains('\0') => Err("a path without null bytes".into()),
            text => Ok(PathBuf::from(text)),
        }
    }
}

impl<T: FromText> FromText for Option<T> {
    const SECRET: bool = T::SECRET;

    fn from_text(text: &str) -> Result<Option<T>, String> {
        if text.is_empty() { Ok(None) } else { T::from_text(text).map(Some) }
    }
}

/// A list is separated by commas; `none` is the empty one, as an empty variable counts as unset.
impl<T: FromText> FromText for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn from_text(text: &str) -> Result<Vec<T>, String> {
        match text {
            "" | "none" => Ok(Vec::new()),
            text => text.split(',').map(|item| T::from_text(item.trim())).collect(),
        }
    }
}

/// The name of something that other parts know: small letters and `_`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub String);

impl FromText for Name {
    fn from_text(text: &str) -> Result<Name, String> {
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if fits { Ok(Name(text.to_owned())) } else { Err("names of small letters and `_`, or `none`".into()) }
    }
}

impl FromText for Duration {
    /// From a millisecond to a day. Zero would mean "at once" here and "never" elsewhere, so it is
    /// refused.
    fn from_text(text: &str) -> Result<Duration, String> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let milliseconds = amount(text, &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]);
        milliseconds
            .map(Duration::from_millis)
            .filter(|duration| !duration.is_zero() && *duration <= DAY)
            .ok_or_else(|| "a time from 1ms to 24h, such as 500ms, 30s, 5m or 1h".into())
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

impl FromText for Size {
    fn from_text(text: &str) -> Result<Size, String> {
        const UNITS: &[(&str, u64)] = &[
            ("", 1),
            ("B", 1),
            ("KB", 1000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
        ];
        amount(text, UNITS).map(Size).ok_or_else(|| {
            "a number of bytes, such as 64 MiB; the units are B, KB, MB, GB, KiB, MiB and GiB".into()
        })
    }
}

/// A whole number and a unit, perhaps with a space between: their product, if it fits.
fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u64 = number.parse().ok()?;
    let (_, factor) = units.iter().find(|(name, _)| unit.trim_start().eq_ignore_ascii_case(name))?;
    number.checked_mul(*factor)
}

/// An address, or all addresses that share its first bits (CIDR, RFC 4632).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether `address` belongs to it. An IPv4 address inside an IPv6 one counts as IPv4: that is
    /// how a socket that listens on both families reports it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = u32::from(own) ^ u32::from(other);
                differing.leading_zeros() >= self.prefix
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = u128::from(own) ^ u128::from(other);
                differing.leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }

    fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        if address != address.to_canonical() {
            return None;
        }
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => bits,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
        };
        let trailing = match address {
            IpAddr::V4(v4) => u32::from(v4).trailing_zeros(),
            IpAddr::V6(v6) => u128::from(v6).trailing_zeros(),
        };
        (prefix <= bits && trailing >= bits - prefix).then_some(Network { address, prefix })
    }
}

impl FromText for Network {
    /// Bits after the prefix are refused: `10.1.2.3/8` is more likely a slip than meant.
    fn from_text(text: &str) -> Result<Network, String> {
        Network::parse(text)
            .ok_or_else(|| "IP addresses or networks, such as 10.0.0.0/8 or 2001:db8::1, or `none`".into())
    }
}

/// A setting that takes one of a few words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl FromText for $name {
            fn from_text(text: &str) -> Result<$name, String> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err(format!("one of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

words! {
    /// How the log is written.
    LogFormat { "text" => Text, "json" => Json }
}

words! {
    /// The least important message that is logged.
    LogLevel { "error" => Error, "warn" => Warn, "info" => Info, "debug" => Debug, "trace" => Trace }
}

words! {
    /// Whether who governs needs more than a password.
    SecondFactor { "optional" => Optional, "required" => Required }
}

words! {
    /// What this installation is for. Only production may be indexed.
    Environment { "production" => Production, "staging" => Staging, "development" => Development }
}
