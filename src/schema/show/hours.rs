//! Hours as rows of a table: days that are alike share a row.

use super::super::types::language;
use super::super::values::{Day, Hours, Period};
use super::{digits, is_persian, show_date};

/// Opening hours as rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownHours {
    /// Every day of the week once; empty when only special days are known.
    pub week: Vec<HoursRow>,
    pub special: Vec<HoursRow>,
    /// The IANA name of the zone.
    pub time_zone: Option<String>,
}

/// Days and when they are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursRow {
    /// `Monday – Friday`, or a date.
    pub days: String,
    /// `09:00–18:00`, several when there is a break; one word when closed or open all day.
    pub times: Vec<String>,
    pub closed: bool,
}

pub(super) fn rows(hours: &Hours, locale: &str) -> ShownHours {
    ShownHours {
        week: if hours.week.is_empty() { Vec::new() } else { week(hours, locale) },
        special: special(hours, locale),
        time_zone: hours.time_zone.clone(),
    }
}

/// Neighbouring days with the same periods, in the order in which the language counts its week.
fn week(hours: &Hours, locale: &str) -> Vec<HoursRow> {
    let mut groups: Vec<(Vec<Day>, Vec<Period>)> = Vec::new();
    for day in days_of_the_week(locale) {
        let mut periods: Vec<Period> = hours
            .week
            .iter()
            .filter(|opening| opening.days.contains(&day))
            .map(|opening| opening.period)
            .collect();
        periods.sort_by_key(|period| period.opens);
        match groups.last_mut() {
            Some((days, alike)) if *alike == periods => days.push(day),
            _ => groups.push((vec![day], periods)),
        }
    }
    groups.into_iter().map(|(days, periods)| row(days_text(&days, locale), &periods, locale)).collect()
}

/// Entries for the same days share a row: a day with a break has two.
fn special(hours: &Hours, locale: &str) -> Vec<HoursRow> {
    let mut days: Vec<_> = hours.special.iter().map(|special| (special.from, special.through)).collect();
    days.sort_unstable();
    days.dedup();
    let periods_of = |span| {
        let same = hours.special.iter().filter(move |special| (special.from, special.through) == span);
        let mut periods: Vec<Period> = same.filter_map(|special| special.period).collect();
        periods.sort_by_key(|period| period.opens);
        periods
    };
    let text = |(from, through)| {
        if from == through {
            return show_date(from, locale);
        }
        format!("{} – {}", show_date(from, locale), show_date(through, locale))
    };
    days.into_iter().map(|span| row(text(span), &periods_of(span), locale)).collect()
}

fn row(days: String, periods: &[Period], locale: &str) -> HoursRow {
    if periods.is_empty() {
        let closed = if is_persian(locale) { "تعطیل" } else { "Closed" };
        return HoursRow { days, times: vec![closed.to_owned()], closed: true };
    }
    let times = periods.iter().map(|period| period_text(*period, locale)).collect();
    HoursRow { days, times, closed: false }
}

fn period_text(period: Period, locale: &str) -> String {
    let persian = is_persian(locale);
    if period == Period::WHOLE_DAY {
        return if persian { "شبانه‌روزی" } else { "Open 24 hours" }.to_owned();
    }
    let between = if persian { " تا " } else { "–" };
    digits(&format!("{}{between}{}", period.opens, period.closes), locale)
}

fn days_text(days: &[Day], locale: &str) -> String {
    let name = |day: &Day| show_day(*day, locale);
    match days {
        [] => String::new(),
        [one] => name(one).to_owned(),
        [one, two] => format!("{}{} {}", name(one), if is_persian(locale) { " و" } else { "," }, name(two)),
        [first, .., last] if is_persian(locale) => format!("{} تا {}", name(first), name(last)),
        [first, .., last] => format!("{} – {}", name(first), name(last)),
    }
}

/// Monday first; Saturday first where Persian is read.
fn days_of_the_week(locale: &str) -> Vec<Day> {
    let first = if language(locale) == "fa" { Day::Saturday } else { Day::Monday } as usize;
    (first..first + 7).map(|day| Day::ALL[day % 7]).collect()
}

/// The name of a day of the week.
pub fn show_day(day: Day, locale: &str) -> &'static str {
    if !is_persian(locale) {
        return day.english();
    }
    ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"][day as usize]
}
