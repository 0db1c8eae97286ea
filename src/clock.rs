//! Time and randomness, passed in so that every behaviour can be tested at any instant.

mod zone;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcDateTime};

pub use zone::{WallTime, Zone};

/// An instant: Unix time in milliseconds, UTC. Stored as a BIGINT, which sorts and pages alike on
/// both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The start of a day in UTC.
    pub fn of_date(date: Date) -> Time {
        Time(date.midnight().assume_utc().unix_timestamp() * 1000)
    }

    /// Reads an RFC 3339 instant, or a plain date as its first instant in UTC. `T` may be a space,
    /// and a missing zone is UTC: front matter is written in all of these ways.
    pub fn parse(text: &str) -> Option<Time> {
        let text = text.trim();
        if let Ok(date) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
            return Some(Time::of_date(date));
        }
        if !text.is_ascii() {
            return None;
        }
        let mut full = text.replacen(' ', "T", 1).replace(' ', "");
        let zone = full.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-']));
        if !zone {
            full.push('Z');
        }
        if full.len() == 17 {
            full.insert_str(16, ":00");
        }
        let at = OffsetDateTime::parse(&full, &Rfc3339).ok()?;
        Some(Time((at.unix_timestamp_nanos() / 1_000_000) as i64))
    }

    fn utc(self) -> OffsetDateTime {
        // RFC 3339 knows the years 0 to 9999; what lies beyond is written as the nearest of them.
        let (first, last) = (-62_167_219_200_000, 253_402_300_799_999);
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0.clamp(first, last)) * 1_000_000)
            .expect("the bounds are valid")
    }

    pub fn date(self) -> Date {
        self.utc().date()
    }

    /// `2026-11-22T17:28:00Z`; whole seconds (W3C Datetime, as sitemaps and JSON-LD want it).
    pub fn rfc3339(self) -> String {
        let whole = self.utc().replace_nanosecond(0).expect("zero is a valid nanosecond");
        whole.format(&Rfc3339).expect("years 0 to 9999 format")
    }

    /// `Sun, 22 Nov 2026 17:28:00 GMT` (RFC 9110, 5.6.7).
    pub fn http_date(self) -> String {
        // This notation begins with the year 1900; what is older is written as its first second.
        let text = Time(self.0.max(-2_208_988_800_000)).utc().format(&Rfc2822);
        let text = text.expect("years 1900 to 9999 format");
        text.replace("+0000", "GMT")
    }
}

/// Tells the time and makes identifiers. Cloning shares the clock.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Fixed { now: AtomicI64, next: AtomicU64 },
}

impl Clock {
    pub fn system() -> Clock {
        Clock(Arc::new(Source::System))
    }

    /// A clock that stands still until told otherwise; its identifiers count up from one.
    pub fn fixed(now: Time) -> Clock {
        Clock(Arc::new(Source::Fixed { now: AtomicI64::new(now.0), next: AtomicU64::new(1) }))
    }

    pub fn now(&self) -> Time {
        match &*self.0 {
            Source::System => {
                let now = UtcDateTime::now();
                Time((now.unix_timestamp_nanos() / 1_000_000) as i64)
            }
            Source::Fixed { now, .. } => Time(now.load(Ordering::Relaxed)),
        }
    }

    /// Whether it stands still until told otherwise: a test's.
    pub fn is_fixed(&self) -> bool {
        matches!(&*self.0, Source::Fixed { .. })
    }

    /// Moves a fixed clock forward; the system's clock can't be moved.
    pub fn advance(&self, milliseconds: i64) {
        if let Source::Fixed { now, .. } = &*self.0 {
            now.fetch_add(milliseconds, Ordering::Relaxed);
        }
    }

    /// A new identifier, unique and ordered by time (UUID version 7, RFC 9562).
    pub fn uuid(&self) -> uuid::Uuid {
        match &*self.0 {
            Source::System => uuid::Uuid::now_v7(),
            Source::Fixed { next, .. } => {
                uuid::Uuid::from_u128(u128::from(next.fetch_add(1, Ordering::Relaxed)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form_front_matter_uses() {
        let noon = Time(1_735_732_800_000);
        for text in [
            "2025-01-01T12:00:00Z",
            "2025-01-01 12:00:00",
            "2025-01-01T12:00",
            "2025-01-01 13:00:00 +01:00",
            "2025-01-01T10:30:00-01:30",
        ] {
            assert_eq!(Time::parse(text), Some(noon), "{text}");
        }
        assert_eq!(Time::parse("2025-01-01"), Some(Time(1_735_689_600_000)));
        for text in
            ["", "yesterday", "2025-13-01", "2025-02-30", "12:00", "2025-01-01T25:00:00Z", "2025-01-01+xxxxé"]
        {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_written_as_the_web_reads_them() {
        assert_eq!(Time(1_735_732_800_999).rfc3339(), "2025-01-01T12:00:00Z");
        assert_eq!(Time(1_735_732_800_000).http_date(), "Wed, 01 Jan 2025 12:00:00 GMT");
        for odd in [i64::MIN, Time::parse("0001-01-01").unwrap().0, i64::MAX] {
            assert!(!Time(odd).http_date().is_empty() && !Time(odd).rfc3339().is_empty());
        }
    }
}
