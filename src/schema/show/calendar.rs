//! Numbers and dates in English and Persian.

use time::Date;

use super::super::types::language;
use crate::clock::Time;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const SOLAR_MONTHS: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];

/// A day as readers write it: `1 March 2026`, in Persian by the solar calendar: `۱۰ اسفند ۱۴۰۴`.
pub fn show_date(date: Date, locale: &str) -> String {
    if is_persian(locale) {
        let (year, month, day) = solar(date);
        return digits(&format!("{day} {} {year}", SOLAR_MONTHS[month - 1]), locale);
    }
    format!("{} {} {}", date.day(), MONTHS[date.month() as usize - 1], date.year())
}

/// An instant with its time in UTC.
pub(super) fn show_instant(time: Time, locale: &str) -> String {
    let machine = time.rfc3339();
    let clock = machine.get(11..16).unwrap_or_default();
    let separator = if is_persian(locale) { "، " } else { ", " };
    format!("{}{separator}{} UTC", show_date(time.date(), locale), digits(clock, locale))
}

/// `1234567.5` → `1,234,567.5`, in Persian `۱٬۲۳۴٬۵۶۷٫۵`.
pub(super) fn grouped(number: &str, locale: &str) -> String {
    let (whole, decimals) = number.split_once('.').map_or((number, None), |(a, b)| (a, Some(b)));
    let (comma, point) = if is_persian(locale) { ('٬', '٫') } else { (',', '.') };
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut shown = sign.to_owned();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            shown.push(comma);
        }
        shown.push(digit);
    }
    if let Some(decimals) = decimals {
        shown.push(point);
        shown.push_str(decimals);
    }
    digits(&shown, locale)
}

/// The digits of the language.
pub(super) fn digits(text: &str, locale: &str) -> String {
    if !is_persian(locale) {
        return text.to_owned();
    }
    let persian = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from('۰') + u32::from(c) - u32::from('0')).unwrap_or(c),
        other => other,
    };
    text.chars().map(persian).collect()
}

pub(super) fn is_persian(locale: &str) -> bool {
    language(locale) == "fa"
}

/// Year, month (from 1) and day of the solar Hijri calendar, by the 33-year cycle, whose leap
/// years are those of the official calendar in our time.
fn solar(date: Date) -> (i32, usize, i32) {
    // Day 0 is 1 Farvardin of the year 979, 20 March 1600; a cycle is 33 years of which 8 are leap.
    let epoch = Date::from_calendar_date(1600, time::Month::March, 20).expect("a day that exists");
    let days = date.to_julian_day() - epoch.to_julian_day();
    const CYCLE: i32 = 12_053;
    let (cycle, mut day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
    let mut year = 979 + 33 * cycle + 4 * (day / 1461);
    day %= 1461;
    if day >= 366 {
        year += (day - 1) / 365;
        day = (day - 1) % 365;
    }
    let long = 186;
    if day < long {
        (year, (day / 31 + 1) as usize, day % 31 + 1)
    } else {
        let rest = day - long;
        (year, (rest / 30 + 7) as usize, rest % 30 + 1)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_shown_by_the_calendar_of_the_language() {
        for (day, english, persian) in [
            (date!(2026 - 03 - 01), "1 March 2026", "۱۰ اسفند ۱۴۰۴"),
            (date!(2026 - 03 - 20), "20 March 2026", "۲۹ اسفند ۱۴۰۴"),
            (date!(2026 - 03 - 21), "21 March 2026", "۱ فروردین ۱۴۰۵"),
            (date!(2025 - 03 - 20), "20 March 2025", "۳۰ اسفند ۱۴۰۳"),
            (date!(2025 - 03 - 21), "21 March 2025", "۱ فروردین ۱۴۰۴"),
            (date!(2024 - 03 - 20), "20 March 2024", "۱ فروردین ۱۴۰۳"),
            (date!(2021 - 03 - 20), "20 March 2021", "۳۰ اسفند ۱۳۹۹"),
            (date!(1979 - 02 - 11), "11 February 1979", "۲۲ بهمن ۱۳۵۷"),
            (date!(2000 - 09 - 22), "22 September 2000", "۱ مهر ۱۳۷۹"),
        ] {
            assert_eq!(show_date(day, "en"), english);
            assert_eq!(show_date(day, "fa-IR"), persian);
        }
    }

    #[test]
    fn every_day_of_four_centuries_has_its_own_solar_date() {
        let mut day = date!(1700 - 01 - 01);
        let mut before = solar(day);
        while day < date!(2100 - 01 - 01) {
            day = day.next_day().expect("a day before the end of the calendar");
            let (year, month, of_month) = solar(day);
            let follows = match before {
                (y, m, d) if (y, m) == (year, month) => of_month == d + 1,
                (y, m, _) if y == year => month == m + 1 && of_month == 1,
                (y, m, d) => year == y + 1 && m == 12 && d >= 29 && (month, of_month) == (1, 1),
            };
            assert!(follows, "{day}: {before:?} then {:?}", (year, month, of_month));
            before = (year, month, of_month);
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, english, persian) in [
            ("7", "7", "۷"),
            ("999", "999", "۹۹۹"),
            ("1000", "1,000", "۱٬۰۰۰"),
            ("-1234567.5", "-1,234,567.5", "-۱٬۲۳۴٬۵۶۷٫۵"),
        ] {
            assert_eq!(grouped(number, "en"), english);
            assert_eq!(grouped(number, "fa"), persian);
        }
    }
}
