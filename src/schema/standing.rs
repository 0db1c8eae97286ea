//! Whether a place is open at an instant, by its own clocks, and when that changes.

use time::Date;

use super::values::{Day, Hours, Period};
use crate::clock::{Time, WallTime, Zone};

/// How many days ahead the next change is looked for: a year, for places that open for a season.
const AHEAD: u16 = 400;

/// Whether a place is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub open: bool,
    /// When it closes or opens next, `None` where it does not within a year.
    pub change: Option<WallTime>,
    /// What the place's clocks show now, by which a change is today, tomorrow or later.
    pub now: WallTime,
    /// The instant at which something else is to be said: that of the change, or the midnight after
    /// which tomorrow is today.
    pub holds_until: Time,
}

impl Standing {
    /// Where a place stands at an instant; `None` where its hours don't say: a place of which only
    /// special days are known is not known to be closed on the others.
    pub fn at(hours: &Hours, zone: &Zone, now: Time) -> Option<Standing> {
        if hours.week.is_empty() {
            return None;
        }
        let wall = zone.wall_time(now)?;
        let midnight = zone.instant(wall.date, 1440)?;
        let mut open_until = None;
        let mut opens_at = None;
        for (opens, closes) in Openings::around(hours, zone, wall.date) {
            // Periods that touch are one to who stands before the door.
            let end = open_until.unwrap_or(now);
            if opens <= end && closes > end {
                open_until = Some(closes);
            } else if opens > end {
                opens_at = Some(opens);
                break;
            }
        }
        let ends = zone.instant(wall.date.checked_add(time::Duration::days(AHEAD.into()))?, 0)?;
        let change = open_until.or(opens_at).filter(|change| *change < ends);
        Some(Standing {
            open: open_until.is_some(),
            change: change.and_then(|change| zone.wall_time(change)),
            now: wall,
            holds_until: change.map_or(midnight, |change| change.min(midnight)),
        })
    }

    /// The days from today to that of the change.
    pub fn days_ahead(&self) -> Option<i32> {
        self.change.map(|change| change.date.to_julian_day() - self.now.date.to_julian_day())
    }
}

/// The spans in which a place is open, by when they begin.
struct Openings<'a> {
    hours: &'a Hours,
    zone: &'a Zone,
    next: Option<Date>,
    days_left: u16,
    of_day: std::vec::IntoIter<(Time, Time)>,
}

impl<'a> Openings<'a> {
    /// Those from the day before, whose last period may run past midnight.
    fn around(hours: &'a Hours, zone: &'a Zone, today: Date) -> Openings<'a> {
        let next = today.previous_day().or(Some(today));
        Openings { hours, zone, next, days_left: AHEAD + 2, of_day: Vec::new().into_iter() }
    }

    fn of_day(&self, date: Date) -> Vec<(Time, Time)> {
        let span = |period: Period| {
            let (opens, closes) = (period.opens.minutes(), period.closes.minutes());
            let ends = if period.is_overnight() { date.next_day()? } else { date };
            Some((self.zone.instant(date, opens)?, self.zone.instant(ends, closes)?))
        };
        let mut spans: Vec<(Time, Time)> =
            periods_of(self.hours, date).into_iter().filter_map(span).collect();
        // Hours that clocks skip altogether are none.
        spans.retain(|(opens, closes)| opens < closes);
        spans.sort_unstable();
        spans
    }
}

impl Iterator for Openings<'_> {
    type Item = (Time, Time);

    fn next(&mut self) -> Option<(Time, Time)> {
        loop {
            if let Some(span) = self.of_day.next() {
                return Some(span);
            }
            let date = self.next.filter(|_| self.days_left > 0)?;
            self.of_day = self.of_day(date).into_iter();
            self.next = date.next_day();
            self.days_left -= 1;
        }
    }
}

/// The periods that begin on a day: those of its special entries where it has any, else those of the
/// week.
fn periods_of(hours: &Hours, date: Date) -> Vec<Period> {
    let special: Vec<_> =
        hours.special.iter().filter(|special| special.from <= date && date <= special.through).collect();
    if !special.is_empty() {
        return special.iter().filter_map(|special| special.period).collect();
    }
    let day = Day::ALL[usize::from(date.weekday().number_days_from_monday())];
    hours.week.iter().filter(|opening| opening.days.contains(&day)).map(|opening| opening.period).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `open 2026-11-27 18:00`, or `closed` with nothing behind it; then how long it holds.
    fn told(hours: &str, zone: &str, now: &str) -> String {
        let hours = Hours::parse(hours).expect("hours");
        let zone = Zone::named(zone).expect("a zone");
        let Some(standing) = Standing::at(&hours, &zone, Time::parse(now).expect("an instant")) else {
            return "unknown".to_owned();
        };
        let change = standing.change.map_or_else(String::new, |change| {
            format!(" {} {:02}:{:02}", change.date, change.minute / 60, change.minute % 60)
        });
        let word = if standing.open { "open" } else { "closed" };
        format!("{word}{change} | {}", standing.holds_until.rfc3339())
    }

    #[test]
    fn a_place_is_open_by_its_own_clocks() {
        let week = "mo-fr 09:00-13:00,14:00-18:00; sa 10:00-14:00";
        // Friday, 27 November 2026; Tehran is three and a half hours ahead of UTC.
        for (now, expected) in [
            ("2026-11-27T05:29:59Z", "closed 2026-11-27 09:00 | 2026-11-27T05:30:00Z"),
            ("2026-11-27T05:30:00Z", "open 2026-11-27 13:00 | 2026-11-27T09:30:00Z"),
            ("2026-11-27T09:29:59Z", "open 2026-11-27 13:00 | 2026-11-27T09:30:00Z"),
            ("2026-11-27T09:30:00Z", "closed 2026-11-27 14:00 | 2026-11-27T10:30:00Z"),
            ("2026-11-27T14:30:00Z", "closed 2026-11-28 10:00 | 2026-11-27T20:30:00Z"),
            ("2026-11-27T20:30:00Z", "closed 2026-11-28 10:00 | 2026-11-28T06:30:00Z"),
            ("2026-11-28T10:30:00Z", "closed 2026-11-30 09:00 | 2026-11-28T20:30:00Z"),
        ] {
            assert_eq!(told(week, "Asia/Tehran", now), expected, "{now}");
        }
    }

    #[test]
    fn hours_past_midnight_belong_to_the_day_they_began_on() {
        let nights = "fr-sa 20:00-02:00; 2026-11-28 closed; 2026-12-25 22:00-04:00";
        for (now, expected) in [
            ("2026-11-27T19:59:00Z", "closed 2026-11-27 20:00 | 2026-11-27T20:00:00Z"),
            ("2026-11-27T23:59:59Z", "open 2026-11-28 02:00 | 2026-11-28T00:00:00Z"),
            // Saturday is closed, and yet Friday's night goes on.
            ("2026-11-28T01:59:59Z", "open 2026-11-28 02:00 | 2026-11-28T02:00:00Z"),
            ("2026-11-28T02:00:00Z", "closed 2026-12-04 20:00 | 2026-11-29T00:00:00Z"),
            ("2026-12-26T03:00:00Z", "open 2026-12-26 04:00 | 2026-12-26T04:00:00Z"),
        ] {
            assert_eq!(told(nights, "UTC", now), expected, "{now}");
        }
    }

    #[test]
    fn periods_that_touch_are_one() {
        for (hours, expected) in [
            ("24/7", "open | 2026-11-28T00:00:00Z"),
            ("mo-fr 24h", "open 2026-11-28 00:00 | 2026-11-28T00:00:00Z"),
            ("daily 06:00-00:00; sa 00:00-06:00", "open 2026-11-29 00:00 | 2026-11-28T00:00:00Z"),
            ("24/7; 2026-12-24..2026-12-26 closed", "open 2026-12-24 00:00 | 2026-11-28T00:00:00Z"),
            ("daily 10:00-12:00,12:00-14:00", "open 2026-11-27 14:00 | 2026-11-27T14:00:00Z"),
        ] {
            assert_eq!(told(hours, "UTC", "2026-11-27T11:00:00Z"), expected, "{hours}");
        }
    }

    #[test]
    fn what_hours_do_not_say_is_not_said() {
        let now = "2026-11-27T11:00:00Z";
        assert_eq!(told("2026-11-27 09:00-18:00", "UTC", now), "unknown");
        let never = "mo 09:00-10:00; 2026-01-01..2028-12-31 closed";
        assert_eq!(told(never, "UTC", now), "closed | 2026-11-28T00:00:00Z");
        let season = "mo-su 09:00-10:00; 2026-11-01..2027-05-14 closed";
        assert_eq!(told(season, "UTC", now), "closed 2027-05-15 09:00 | 2026-11-28T00:00:00Z");
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_are_followed() {
        let hours = "daily 08:00-20:00; sa 22:00-02:30";
        for (now, expected) in [
            // Winter and summer time of Berlin.
            ("2026-01-15T06:59:59Z", "closed 2026-01-15 08:00 | 2026-01-15T07:00:00Z"),
            ("2026-07-15T06:00:00Z", "open 2026-07-15 20:00 | 2026-07-15T18:00:00Z"),
            // Half past two is skipped in the night to 29 March: at one second past two it is three.
            ("2026-03-29T00:59:59Z", "open 2026-03-29 03:00 | 2026-03-29T01:00:00Z"),
            ("2026-03-29T01:00:00Z", "closed 2026-03-29 08:00 | 2026-03-29T06:00:00Z"),
            // It comes twice in the night to 25 October; the first one counts.
            ("2026-10-25T00:29:59Z", "open 2026-10-25 02:30 | 2026-10-25T00:30:00Z"),
            ("2026-10-25T00:30:00Z", "closed 2026-10-25 08:00 | 2026-10-25T07:00:00Z"),
            ("2026-10-25T01:15:00Z", "closed 2026-10-25 08:00 | 2026-10-25T07:00:00Z"),
        ] {
            assert_eq!(told(hours, "Europe/Berlin", now), expected, "{now}");
        }
        // Midnight does not exist on this day, which begins at one.
        let cairo = told("daily 00:00-06:00", "Africa/Cairo", "2026-04-23T21:59:00Z");
        assert_eq!(cairo, "closed 2026-04-24 01:00 | 2026-04-23T22:00:00Z");
    }

    #[test]
    fn at_every_minute_of_a_year_the_answer_is_that_of_the_wall() {
        let hours = Hours::parse("mo-th 09:00-17:30; fr 18:00-03:00; su 00:00-24:00; 2026-03-20..2026-03-25 closed; 2026-10-25 01:00-05:00")
            .expect("hours");
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        let is_open = |wall: WallTime| {
            let before = wall.date.previous_day().expect("a day before");
            let today = |period: &Period| {
                let from = period.opens.minutes() <= wall.minute;
                from && (period.is_overnight() || wall.minute < period.closes.minutes())
            };
            let last_night = |period: &Period| period.is_overnight() && wall.minute < period.closes.minutes();
            periods_of(&hours, wall.date).iter().any(today)
                || periods_of(&hours, before).iter().any(last_night)
        };
        let (mut now, end) =
            (Time::parse("2026-01-01").expect("a day"), Time::parse("2027-01-01").expect("a day"));
        let mut held: Option<Standing> = None;
        while now < end {
            let standing = Standing::at(&hours, &zone, now).expect("hours of a week");
            assert_eq!(standing.open, is_open(standing.now), "{}", now.rfc3339());
            assert!(standing.holds_until > now, "{}", now.rfc3339());
            if let Some(held) = held.filter(|held| now < held.holds_until) {
                let same = (standing.open, standing.change, standing.days_ahead());
                assert_eq!((held.open, held.change, held.days_ahead()), same, "{}", now.rfc3339());
            }
            held = Some(standing);
            now.0 += 7 * 60_000;
        }
    }
}
