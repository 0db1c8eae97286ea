//! Dates as readers of a language write them.

use time::Date;

use crate::clock::Time;
use crate::web::views::{When, Words};

/// The calendar of a language and the order of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `1 March 2026`
    Gregorian,
    /// The calendar of Iran: `۱۰ اسفند ۱۴۰۴`
    SolarHijri,
}

impl Words {
    /// The day of an instant, by UTC, for machines and for readers of the language.
    pub fn when(&self, at: Time) -> When {
        let date = at.date();
        let (year, month, day) = match self.date {
            Style::Gregorian => (date.year(), usize::from(u8::from(date.month())), u32::from(date.day())),
            Style::SolarHijri => solar_hijri(date),
        };
        let year = u32::try_from(year).unwrap_or_default();
        let label = format!("{} {} {}", self.number(day), self.months[month - 1], self.number(year));
        When { datetime: at.rfc3339(), label }
    }
}

/// (year, month from 1, day from 1). A solar year begins at the March equinox; a cycle of 33 years
/// with eight leap years gives the official dates from 1800 to beyond 2100.
fn solar_hijri(date: Date) -> (i32, usize, u32) {
    /// The Julian day number of the first day of year 1.
    const EPOCH: i64 = 1_948_320;
    let days = i64::from(date.to_julian_day()) - EPOCH;
    // At most a year too late.
    let mut year = (33 * days).div_euclid(12_053) + 2;
    while first_day(year) > days {
        year -= 1;
    }
    let of_year = days - first_day(year);
    // Six months of 31 days, then months of 30.
    let (month, day) = if of_year < 186 {
        (of_year / 31, of_year % 31)
    } else {
        (6 + (of_year - 186) / 30, (of_year - 186) % 30)
    };
    (year as i32, month as usize + 1, day as u32 + 1)
}

/// Days from the first day of year 1 to the first day of `year`.
fn first_day(year: i64) -> i64 {
    365 * (year - 1) + (8 * year + 21).div_euclid(33)
}
