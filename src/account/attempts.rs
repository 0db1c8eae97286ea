//! How often a door may be tried (SECURITY T11, T23). Counted in this process alone, so nothing that
//! is away opens it; nobody is locked out for good.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use moka::policy::EvictionPolicy;
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

/// Networks and accounts that are remembered; more push those out that were not asked for longest.
const REMEMBERED: u64 = 50_000;
/// How long failures are remembered after the last try.
const KEPT: Duration = Duration::from_hours(24);
/// How long a network is known at an account without being seen there.
const KNOWN: Duration = Duration::from_hours(30 * 24);

/// What failed where, and which network is known at which account. Cloning shares it.
#[derive(Clone)]
pub struct Attempts {
    buckets: Cache<String, Arc<Mutex<Bucket>>>,
    known: Cache<String, ()>,
}

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
}

impl Default for Attempts {
    fn default() -> Attempts {
        Attempts { buckets: remembering(KEPT), known: remembering(KNOWN) }
    }
}

/// The least recently used goes first: new names by the thousand push out no network that is at work.
fn remembering<V: Clone + Send + Sync + 'static>(idle: Duration) -> Cache<String, V> {
    let policy = EvictionPolicy::lru();
    Cache::builder().max_capacity(REMEMBERED).time_to_idle(idle).eviction_policy(policy).build()
}

impl Bucket {
    /// Milliseconds to wait.
    fn wait(&mut self, now: Time) -> i64 {
        // An hour of peace, and it begins anew.
        if self.again.max(self.failed) + HOUR < now.0 {
            self.failures = 0;
        }
        self.again - now.0
    }

    fn set(&mut self, failures: u32, free: u32) {
        self.failures = failures;
        let beyond = failures.saturating_sub(free);
        let wait = if beyond == 0 { 0 } else { SECOND.saturating_mul(1 << (beyond - 1).min(20)) };
        self.again = self.failed + wait.min(LONGEST);
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
    /// Takes a try, before anything is looked up. It counts as failed until [`Attempts::succeeded`] or
    /// [`Attempts::take_back`] says otherwise, so that guesses at the same moment are counted as well.
    ///
    /// # Errors
    /// Seconds to wait before the next one.
    pub fn take(&self, door: &Door, now: Time) -> Result<(), i64> {
        let own = (door.own(), FREE_OF_ACCOUNT);
        let is_known = self.known.get(&own.0).is_some();
        let counted = if is_known { vec![own] } else { vec![(door.network.clone(), FREE_OF_NETWORK), own] };
        // Who waits anyhow takes no try from the others, and no room.
        for (key, _) in &counted {
            seconds(self.wait(key, now))?;
        }
        if !is_known {
            seconds(self.crowd(&door.account, now))?;
        }
        counted.iter().try_for_each(|(key, free)| seconds(self.count(key, *free, now)))
    }

    /// A try that went well: this network is known here from now on.
    pub fn succeeded(&self, door: &Door) {
        self.take_back(door);
        self.with(&door.own(), |bucket| *bucket = Bucket::default());
        self.known.insert(door.own(), ());
    }

    /// A try that came to nothing, neither right nor wrong.
    pub fn take_back(&self, door: &Door) {
        let own = door.own();
        if self.known.get(&own).is_none() {
            self.uncount(&door.network, FREE_OF_NETWORK);
        }
        self.uncount(&own, FREE_OF_ACCOUNT);
    }

    fn wait(&self, key: &str, now: Time) -> i64 {
        let bucket = self.buckets.get(key);
        bucket.map_or(0, |bucket| bucket.lock().expect(CALM).wait(now))
    }

    /// Counts a failure, and makes the next try wait, longer each time; unless this one has to wait.
    fn count(&self, key: &str, free: u32, now: Time) -> i64 {
        self.with(key, |bucket| {
            let wait = bucket.wait(now);
            if wait <= 0 {
                bucket.failed = now.0;
                bucket.set(bucket.failures.saturating_add(1), free);
            }
            wait
        })
    }

    fn uncount(&self, key: &str, free: u32) {
        self.with(key, |bucket| bucket.set(bucket.failures.saturating_sub(1), free));
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
        let bucket = self.buckets.get_with_by_ref(key, Arc::default);
        work(&mut bucket.lock().expect(CALM))
    }
}

const CALM: &str = "nobody panics while counting";

/// A wait of so many milliseconds, in whole seconds.
fn seconds(wait: i64) -> Result<(), i64> {
    if wait > 0 { Err((wait + SECOND - 1) / SECOND) } else { Ok(()) }
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
            attempts.take(door, now).is_ok()
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
    fn guesses_at_one_moment_are_all_counted() {
        let attempts = Attempts::default();
        let guess = || attempts.take(&door("leila", "192.0.2.1"), at(0)).is_ok();
        let through = std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..64).map(|_| scope.spawn(guess)).collect();
            guesses.into_iter().filter_map(|one| one.join().unwrap().then_some(())).count()
        });
        assert_eq!(through, 4, "three are free, and the fourth makes the fifth wait");
    }

    #[test]
    fn who_has_been_in_comes_in_from_a_network_that_guesses() {
        let (home, attempts) = (door("leila", "192.0.2.1"), Attempts::default());
        attempts.succeeded(&home);
        let noisy: Vec<Door> = (0..1_000).map(|n| door(&format!("name{n}"), "192.0.2.9")).collect();
        guesses(&attempts, &noisy);
        assert!(attempts.take(&door("boris", "192.0.2.1"), at(3_599 * SECOND)).is_err());
        assert!(attempts.take(&home, at(3_599 * SECOND)).is_ok());
        for guess in 0..4 {
            assert_eq!(attempts.take(&home, at(3_600 * SECOND)).is_ok(), guess < 3, "it waits for its own");
        }
    }

    #[test]
    fn what_came_to_nothing_or_went_well_counts_for_nothing() {
        let (home, attempts) = (door("leila", "192.0.2.1"), Attempts::default());
        for _ in 0..50 {
            attempts.take(&home, at(0)).unwrap();
            attempts.take_back(&home);
            attempts.with(&home.account, |bucket| bucket.tries.clear());
        }
        attempts.take(&home, at(0)).unwrap();
        attempts.succeeded(&home);
        assert_eq!(attempts.with(&home.network, |bucket| bucket.failures), 0);
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
