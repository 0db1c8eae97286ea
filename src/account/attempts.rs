//! How often a door may be tried (SECURITY T11, T23). Counted in this process alone, so nothing that
//! is away opens it; nobody is locked out for good.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use moka::sync::Cache;

use crate::clock::Time;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
/// The longest wait between two tries.
const LONGEST: i64 = 900 * SECOND;

/// Failures before an account makes one network wait.
const FREE_OF_ACCOUNT: u32 = 3;
/// Failures before a network waits whatever it tries: a whole office may stand behind one address.
const FREE_OF_NETWORK: u32 = 20;
/// Tries in an hour at one account from everywhere, known networks apart.
const OF_ACCOUNT: usize = 20;

/// Networks and accounts that are remembered; more push the oldest out.
const REMEMBERED: u64 = 50_000;

/// What failed where, and which network is known at which account. Cloning shares it.
#[derive(Clone)]
pub struct Attempts(Cache<String, Arc<Mutex<Bucket>>>);

/// What is tried: an account, whether there is one of that name or not, from a network.
#[derive(Debug, Clone)]
pub struct Door {
    account: String,
    network: String,
}

#[derive(Debug, Default)]
struct Bucket {
    failures: u32,
    /// When it failed last.
    failed: i64,
    /// Not before this instant.
    again: i64,
    /// When it was tried, the last hour alone.
    tries: Vec<i64>,
    known: bool,
}

impl Default for Attempts {
    fn default() -> Attempts {
        let kept = std::time::Duration::from_hours(24);
        Attempts(Cache::builder().max_capacity(REMEMBERED).time_to_idle(kept).build())
    }
}

impl Door {
    pub fn new(account: &str, client: IpAddr) -> Door {
        // Long names are as good as short ones for telling accounts apart, and take no room.
        Door { account: super::digest(account), network: network(client) }
    }

    fn own(&self) -> String {
        format!("{} {}", self.network, self.account)
    }
}

impl Attempts {
    /// Takes a try, before anything is looked up.
    ///
    /// # Errors
    /// Seconds to wait before the next one.
    pub fn take(&self, door: &Door, now: Time) -> Result<(), i64> {
        let wait = [door.own(), door.network.clone()].iter().map(|key| self.wait(key, now)).max();
        let mut wait = wait.unwrap_or(0);
        // Who waits anyhow takes no try from the others.
        if wait <= 0 && !self.with(&door.own(), |bucket| bucket.known) {
            wait = self.crowd(&door.account, now);
        }
        if wait > 0 { Err((wait + SECOND - 1) / SECOND) } else { Ok(()) }
    }

    /// A try that failed: the next one has to wait, longer each time.
    pub fn failed(&self, door: &Door, now: Time) {
        for (key, free) in [(door.own(), FREE_OF_ACCOUNT), (door.network.clone(), FREE_OF_NETWORK)] {
            self.with(&key, |bucket| {
                bucket.failures = bucket.failures.saturating_add(1);
                bucket.failed = now.0;
                let beyond = bucket.failures.saturating_sub(free);
                if beyond > 0 {
                    let wait = SECOND.saturating_mul(1 << (beyond - 1).min(20));
                    bucket.again = now.0 + wait.min(LONGEST);
                }
            });
        }
    }

    /// A try that went well: this network is known here from now on.
    pub fn succeeded(&self, door: &Door) {
        self.with(&door.own(), |bucket| *bucket = Bucket { known: true, ..Bucket::default() });
    }

    fn wait(&self, key: &str, now: Time) -> i64 {
        self.with(key, |bucket| {
            // An hour of peace, and it begins anew.
            if bucket.again.max(bucket.failed) + HOUR < now.0 {
                bucket.failures = 0;
            }
            bucket.again - now.0
        })
    }

    /// How long to wait because many try one account at once.
    fn crowd(&self, account: &str, now: Time) -> i64 {
        self.with(account, |bucket| {
            bucket.tries.retain(|at| *at > now.0 - HOUR);
            if bucket.tries.len() >= OF_ACCOUNT {
                return bucket.tries[0] + HOUR - now.0;
            }
            bucket.tries.push(now.0);
            0
        })
    }

    fn with<T>(&self, key: &str, work: impl FnOnce(&mut Bucket) -> T) -> T {
        let bucket = self.0.get_with_by_ref(key, Arc::default);
        work(&mut bucket.lock().expect("nobody panics while counting"))
    }
}

/// The network of an address: /24, or /64 in IPv6, where one customer has all of it.
pub fn network(client: IpAddr) -> String {
    match client.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(account: &str, client: &str) -> Door {
        Door::new(account, client.parse().unwrap())
    }

    /// An instant of these days, so many milliseconds after another.
    fn at(milliseconds: i64) -> Time {
        Time(1_795_000_000_000 + milliseconds)
    }

    /// Tries in an hour, one a second, that get through.
    fn guesses(attempts: &Attempts, doors: &[Door]) -> usize {
        let seconds = 0..3_600;
        let through = seconds.filter(|second| {
            let now = at(*second * SECOND);
            let door = &doors[*second as usize % doors.len()];
            let taken = attempts.take(door, now).is_ok();
            if taken {
                attempts.failed(door, now);
            }
            taken
        });
        through.count()
    }

    #[test]
    fn at_most_twenty_guesses_an_hour_reach_an_account() {
        let one = [door("leila", "192.0.2.1")];
        let attempts = Attempts::default();
        assert!(guesses(&attempts, &one) <= 20);
        let after = at(3_600 * SECOND);
        assert!(attempts.take(&door("leila", "198.51.100.7"), after).is_ok(), "another network is let in");
        let many: Vec<Door> = (0..200).map(|n| door("leila", &format!("10.{n}.0.1"))).collect();
        assert!(guesses(&Attempts::default(), &many) <= 20);
    }

    #[test]
    fn who_has_been_in_comes_in_while_others_guess() {
        let (home, attempts) = (door("leila", "192.0.2.1"), Attempts::default());
        attempts.succeeded(&home);
        let many: Vec<Door> = (0..200).map(|n| door("leila", &format!("10.{n}.0.1"))).collect();
        guesses(&attempts, &many);
        assert!(attempts.take(&home, at(3_600 * SECOND)).is_ok());
    }

    #[test]
    fn one_network_waits_whatever_it_tries() {
        let attempts = Attempts::default();
        let doors: Vec<Door> = (0..1_000).map(|n| door(&format!("name{n}"), "192.0.2.1")).collect();
        assert!(guesses(&attempts, &doors) < 40);
        assert!(attempts.take(&door("leila", "192.0.2.200"), at(3_599 * SECOND)).is_err(), "the same /24");
        assert!(attempts.take(&door("leila", "192.0.3.1"), at(3_599 * SECOND)).is_ok());
    }

    #[test]
    fn networks_are_what_one_customer_has() {
        for (client, expected) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(client.parse().unwrap()), expected);
        }
    }
}
