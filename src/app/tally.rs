//! Visits that led nowhere, and those that were led on: counted in memory, and written down by
//! `actions::tally` every few seconds. Whatever comes, it takes no more memory than [`MOST`] addresses of
//! each kind, and a visit to a page costs nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Time;
use crate::config::Origin;
use crate::text::{Path, read_target};

/// Addresses that are told apart until they are written down; visits to others are only counted.
const MOST: usize = 500;
/// Bytes of a folded path, of a header, and of what is kept of a referrer.
const LONGEST_PATH: usize = 300;
const LONGEST_HEADER: usize = 512;
const LONGEST_REFERRER: usize = 200;

/// A visit to an address that is no page, as it stands on the wire.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    pub status: u16,
    /// Without the query.
    pub path: &'a str,
    pub agent: Option<&'a str>,
    pub referrer: Option<&'a str>,
    pub at: Time,
}

/// The visits to an address since they were last written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// As the last visitor spelled it.
    pub path: Path,
    pub visits: i64,
    pub first_at: Time,
    pub last_at: Time,
    /// Where the last visitor who said so came from: a path of this site, or another one's host.
    pub referrer: Option<String>,
}

/// What was counted, to be written down.
#[derive(Debug, Default)]
pub struct Taken {
    /// 404.
    pub missed: Vec<Count>,
    /// Redirected, or told that the page is gone.
    pub led: Vec<Count>,
}

/// The counters of a process.
#[derive(Debug, Default)]
pub struct Tally {
    /// The site's own, by which its pages are told from others.
    origin: String,
    missed: Counts,
    led: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    by_path: Mutex<HashMap<String, Count>>,
    untold: AtomicU64,
}

impl Tally {
    pub fn new(origin: &Origin) -> Tally {
        Tally { origin: origin.as_str().to_owned(), ..Tally::default() }
    }

    /// Whether visits with this status are counted at all.
    pub fn counts(status: u16) -> bool {
        matches!(status, 301 | 302 | 307 | 308 | 404 | 410)
    }

    /// Counts a visit, if it is a person's.
    pub fn note(&self, visit: &Visit<'_>) {
        if !Tally::counts(visit.status) || !is_person(visit.agent) {
            return;
        }
        let is_missed = visit.status == 404;
        if is_missed && is_probe(visit.path) {
            return;
        }
        let Ok(asked) = read_target(visit.path) else { return };
        let folded = asked.path.folded();
        if folded.len() > LONGEST_PATH || is_office(&folded) {
            return;
        }
        let referrer = visit.referrer.and_then(|text| self.referrer(text));
        let count = Count { path: asked.path, visits: 1, first_at: visit.at, last_at: visit.at, referrer };
        let part = if is_missed { &self.missed } else { &self.led };
        part.add(folded, count);
    }

    /// What may be kept of a referrer: nothing that says more of a person than where the link stands.
    fn referrer(&self, text: &str) -> Option<String> {
        if text.len() > LONGEST_HEADER {
            return None;
        }
        let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let kept = if url.origin().ascii_serialization() == self.origin {
            // Addresses of the back office may hold secrets: a link that shows a draft is one.
            let path = read_target(url.path()).ok()?.path;
            if is_office(&path.folded()) {
                return None;
            }
            path.to_string()
        } else {
            url.host_str()?.to_owned()
        };
        (kept.len() <= LONGEST_REFERRER).then_some(kept)
    }

    /// Takes what was counted so far.
    pub fn take(&self) -> Taken {
        let of = |part: &Counts| {
            let mut all: Vec<Count> = std::mem::take(&mut *part.open()).into_values().collect();
            // Every process writes in the same order, so that none waits for another in a circle.
            all.sort_by_cached_key(|count| count.path.folded());
            all
        };
        Taken { missed: of(&self.missed), led: of(&self.led) }
    }

    /// Takes back what could not be written down.
    pub fn give_back(&self, taken: Taken) {
        for (part, counts) in [(&self.missed, taken.missed), (&self.led, taken.led)] {
            for count in counts {
                part.add(count.path.folded(), count);
            }
        }
    }

    /// Visits that led nowhere and came to more addresses at once than are told apart.
    pub fn untold(&self) -> u64 {
        self.missed.untold.load(Ordering::Relaxed)
    }
}

impl Counts {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.by_path.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, folded: String, new: Count) {
        let mut by_path = self.open();
        if let Some(known) = by_path.get_mut(&folded) {
            known.visits += new.visits;
            known.first_at = known.first_at.min(new.first_at);
            if new.last_at >= known.last_at {
                known.last_at = new.last_at;
                known.path = new.path;
            }
            known.referrer = new.referrer.or_else(|| known.referrer.take());
        } else if by_path.len() < MOST {
            by_path.insert(folded, new);
        } else {
            self.untold.fetch_add(new.visits.unsigned_abs(), Ordering::Relaxed);
        }
    }
}

impl Taken {
    pub fn is_empty(&self) -> bool {
        self.missed.is_empty() && self.led.is_empty()
    }
}

/// Whether a folded path is one of the back office.
fn is_office(folded: &str) -> bool {
    folded.strip_prefix("/admin").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What programs call themselves; each of the known ones says at least one of these.
const PROGRAMS: [&str; 22] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "http",
    "compatible;",
    "headless",
    "lighthouse",
    "scan",
    "monitor",
    "probe",
    "fetch",
    "preview",
    "archiver",
    "python",
    "curl",
    "wget",
    "java/",
    "phantom",
    "selenium",
    "puppeteer",
    "playwright",
];

/// Whether a browser sent this: all of them begin alike, and none names a web address.
fn is_person(agent: Option<&str>) -> bool {
    let Some(agent) = agent.filter(|agent| agent.len() <= LONGEST_HEADER) else { return false };
    if !agent.starts_with("Mozilla/") && !agent.starts_with("Opera/") {
        return false;
    }
    let agent = agent.to_ascii_lowercase();
    !PROGRAMS.iter().any(|program| agent.contains(program))
}

/// What is asked for by who looks for holes, and by no reader.
const PROBED: [&str; 24] = [
    ".php",
    ".asp",
    ".jsp",
    ".cgi",
    ".env",
    ".git",
    ".sql",
    ".bak",
    ".ini",
    ".yml",
    ".yaml",
    ".log",
    "/.",
    "/wp-",
    "/wordpress",
    "/xmlrpc",
    "/cgi-bin",
    "/phpmyadmin",
    "/vendor/",
    "/actuator",
    "/boaform",
    "/hnap1",
    "/autodiscover",
    "/_ignition",
];

fn is_probe(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    PROBED.iter().any(|probed| path.contains(probed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FromText;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    fn tally() -> Tally {
        Tally::new(&Origin::from_text("https://site.test").unwrap())
    }

    fn visit(path: &str) -> Visit<'_> {
        Visit { status: 404, path, agent: Some(FIREFOX), referrer: None, at: Time(1) }
    }

    #[test]
    fn spellings_of_an_address_are_one_line_with_the_last_referrer() {
        let tally = tally();
        tally.note(&visit("/Old%20page/"));
        tally.note(&Visit {
            referrer: Some("https://site.test/a?secret=1"),
            at: Time(5),
            ..visit("/old%20page")
        });
        tally.note(&Visit { at: Time(3), ..visit("/OLD%20PAGE") });
        let taken = tally.take();
        let [count] = taken.missed.as_slice() else { panic!("{taken:?}") };
        assert_eq!((count.path.as_str(), count.visits), ("/old page", 3));
        assert_eq!((count.first_at, count.last_at), (Time(1), Time(5)));
        assert_eq!(count.referrer.as_deref(), Some("/a"));
        assert!(tally.take().is_empty());
        tally.give_back(taken);
        assert_eq!(tally.take().missed[0].visits, 3);
    }

    #[test]
    fn of_other_sites_the_host_alone_is_kept() {
        for (referrer, kept) in [
            ("https://www.example.org/private?q=me", Some("www.example.org")),
            ("http://site.test/a", Some("site.test")),
            ("android-app://com.example", None),
            ("nonsense", None),
            ("https://site.test/admin/preview/0123456789abcdef", None),
            ("https://site.test//Admin/preview/0123456789abcdef", None),
            ("https://site.test/administration", Some("/administration")),
        ] {
            assert_eq!(tally().referrer(referrer).as_deref(), kept, "{referrer}");
        }
    }

    #[test]
    fn programs_and_probes_are_not_counted() {
        let tally = tally();
        for agent in [
            None,
            Some(""),
            Some("curl/8.5.0"),
            Some("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
            Some("Mozilla/5.0 (Linux) HeadlessChrome/140"),
            Some("Mozilla/5.0 zgrab/0.x probe"),
        ] {
            tally.note(&Visit { agent, ..visit("/lost") });
        }
        for path in
            ["/wp-login.php", "/.env", "/a/.git/config", "/WP-admin/", "/backup.sql", "/admin/x", "/%ff"]
        {
            tally.note(&visit(path));
        }
        tally.note(&Visit { status: 200, ..visit("/page") });
        assert!(tally.take().is_empty());
        // An old address that leads on is counted, whatever it looks like.
        tally.note(&Visit { status: 301, ..visit("/old.php") });
        assert_eq!(tally.take().led.len(), 1);
    }

    #[test]
    fn a_flood_takes_no_more_than_its_room() {
        let tally = tally();
        tally.note(&visit("/lost"));
        for number in 0..3 * MOST {
            tally.note(&visit(&format!("/random-{number}")));
        }
        tally.note(&visit("/lost"));
        assert_eq!(tally.untold(), 2 * MOST as u64 + 1);
        let missed = tally.take().missed;
        assert_eq!(missed.len(), MOST);
        assert_eq!(missed.iter().map(|count| count.visits).max(), Some(2));
        tally.note(&visit(&format!("/{}", "long".repeat(100))));
        assert!(tally.take().is_empty());
    }
}
