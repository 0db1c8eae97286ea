//! Time zones by the rules of the IANA database, which is part of the program: every node agrees,
//! whatever its machine has installed.

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use time::{Date, Month};

use super::Time;

/// The rules of a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// What a clock on the wall of a zone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime {
    pub date: Date,
    /// Minutes after midnight, 0 to 1439.
    pub minute: u16,
}

impl Zone {
    /// The zone of an IANA name such as `Asia/Tehran`, `None` where the database has no such zone.
    pub fn named(name: &str) -> Option<Zone> {
        TimeZone::get(name).ok().filter(|zone| !zone.is_unknown()).map(Zone)
    }

    /// What clocks of the zone show at an instant; `None` beyond the years that calendars have here.
    pub fn wall_time(&self, at: Time) -> Option<WallTime> {
        let shown = self.0.to_datetime(Timestamp::from_millisecond(at.0).ok()?);
        let month = Month::try_from(u8::try_from(shown.month()).ok()?).ok()?;
        let day = u8::try_from(shown.day()).ok()?;
        let date = Date::from_calendar_date(i32::from(shown.year()), month, day).ok()?;
        let minute = u16::try_from(i32::from(shown.hour()) * 60 + i32::from(shown.minute())).ok()?;
        Some(WallTime { date, minute })
    }

    /// The first instant at which clocks of the zone show at least this time of this day. A time that
    /// is skipped, as clocks are put forward, is the instant at which they are; of a time that comes
    /// twice, as they are put back, it is the first. 1440 minutes are the midnight that ends the day.
    pub fn instant(&self, date: Date, minutes: u16) -> Option<Time> {
        let (date, minutes) =
            if minutes < 1440 { (date, minutes) } else { (date.next_day()?, minutes - 1440) };
        let day = civil::Date::new(
            i16::try_from(date.year()).ok()?,
            i8::try_from(u8::from(date.month())).ok()?,
            i8::try_from(date.day()).ok()?,
        );
        let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
        let asked = self.0.to_ambiguous_timestamp(day.ok()?.at(hour, minute, 0, 0));
        let skipped = matches!(asked.offset(), AmbiguousOffset::Gap { .. });
        let found = asked.compatible().ok()?;
        let at = if skipped { self.last_change(found).unwrap_or(found) } else { found };
        Some(Time(at.as_millisecond()))
    }

    /// When clocks were last put forward or back, at the latest at this instant itself.
    fn last_change(&self, at: Timestamp) -> Option<Timestamp> {
        let just_after = at.checked_add(SignedDuration::from_secs(1)).ok()?;
        self.0.preceding(just_after).next().map(|change| change.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn at(text: &str) -> Time {
        Time::parse(text).expect("an instant")
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).expect("a zone of the database")
    }

    #[test]
    fn the_database_is_part_of_the_program_and_knows_no_other_zones() {
        for known in ["Asia/Tehran", "Europe/Berlin", "America/Argentina/Ushuaia", "Asia/Calcutta", "UTC"] {
            assert!(Zone::named(known).is_some(), "{known}");
        }
        for unknown in ["Asia/Teheran", "Etc/Unknown", "Middle/Earth", "", "+03:30", "Etc/Nowhere"] {
            assert_eq!(Zone::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_wall_shows_the_time_of_its_zone() {
        for (name, instant, date, minute) in [
            ("Asia/Tehran", "2026-11-27T20:30:00Z", date!(2026 - 11 - 28), 0),
            ("Asia/Tehran", "2026-11-27T20:29:59Z", date!(2026 - 11 - 27), 1439),
            // Iran had summer time for the last time in 2022.
            ("Asia/Tehran", "2022-07-01T00:00:00Z", date!(2022 - 07 - 01), 270),
            ("America/New_York", "2026-01-01T04:59:00Z", date!(2025 - 12 - 31), 1439),
            ("Pacific/Kiritimati", "2026-01-01T10:00:00Z", date!(2026 - 01 - 02), 0),
            ("UTC", "2026-01-01", date!(2026 - 01 - 01), 0),
        ] {
            assert_eq!(
                zone(name).wall_time(at(instant)),
                Some(WallTime { date, minute }),
                "{name} {instant}"
            );
        }
        assert_eq!(zone("UTC").wall_time(Time(i64::MAX)), None);
    }

    #[test]
    fn times_that_are_skipped_or_come_twice_are_one_instant() {
        for (name, date, minutes, instant) in [
            ("Europe/Berlin", date!(2026 - 07 - 01), 600, "2026-07-01T08:00:00Z"),
            ("Europe/Berlin", date!(2026 - 12 - 31), 1440, "2026-12-31T23:00:00Z"),
            // 02:00 to 03:00 is skipped.
            ("Europe/Berlin", date!(2026 - 03 - 29), 119, "2026-03-29T00:59:00Z"),
            ("Europe/Berlin", date!(2026 - 03 - 29), 120, "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", date!(2026 - 03 - 29), 150, "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", date!(2026 - 03 - 29), 180, "2026-03-29T01:00:00Z"),
            // 02:00 to 03:00 comes twice.
            ("Europe/Berlin", date!(2026 - 10 - 25), 150, "2026-10-25T00:30:00Z"),
            ("Europe/Berlin", date!(2026 - 10 - 25), 180, "2026-10-25T02:00:00Z"),
            // Midnight itself is skipped.
            ("Africa/Cairo", date!(2026 - 04 - 24), 0, "2026-04-23T22:00:00Z"),
            // A whole day is skipped.
            ("Pacific/Apia", date!(2011 - 12 - 30), 600, "2011-12-30T10:00:00Z"),
        ] {
            assert_eq!(zone(name).instant(date, minutes), Some(at(instant)), "{name} {date} {minutes}");
        }
        assert_eq!(zone("UTC").instant(Date::MAX, 1440), None);
    }
}
