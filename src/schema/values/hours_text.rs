//! Hours on one line: `mo-fr 09:00-12:00,13:00-18:00; sa 10:00-14:00; 2026-03-20..2026-04-02 closed`.

use std::fmt;

use super::super::read::date_of;
use super::hours::{ClockTime, Day, Hours, Opening, Period, Special, time_zone};

impl Hours {
    /// Reads the one-line form: parts separated by `;`, each a time zone, days with periods, or
    /// dates with periods or `closed`.
    pub fn parse(text: &str) -> Result<Hours, String> {
        let mut hours = Hours::default();
        let plain = text.replace(['\u{2013}', '\u{2012}'], "-").replace('،', ",");
        for part in plain.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            read_part(part, &mut hours)?;
        }
        hours.checked()
    }
}

fn read_part(part: &str, hours: &mut Hours) -> Result<(), String> {
    if part == "24/7" {
        hours.week.push(Opening::new(Day::ALL.to_vec(), Period::WHOLE_DAY));
        return Ok(());
    }
    if part == "UTC" || (part.contains('/') && !part.contains([' ', ':'])) {
        if let Some(first) = hours.time_zone.replace(time_zone(part.to_owned())?) {
            return Err(format!("has two time zones, {first} and {part}"));
        }
        return Ok(());
    }
    let Some((days, times)) = part.split_once(char::is_whitespace) else {
        return Err(format!("has the part {part:?}; days and times such as `mo-fr 09:00-18:00` are right"));
    };
    let periods = periods_of(times)?;
    if days.starts_with(|c: char| c.is_numeric()) {
        let (from, through) = days.split_once("..").unwrap_or((days, days));
        let (from, through) = (date_of(from)?, date_of(through)?);
        if periods.is_empty() {
            hours.special.push(Special::new(from, through, None)?);
        }
        for period in periods {
            hours.special.push(Special::new(from, through, Some(period))?);
        }
        return Ok(());
    }
    let days = days_of(days)?;
    hours.week.extend(periods.into_iter().map(|period| Opening::new(days.clone(), period)));
    Ok(())
}

/// Periods separated by commas; none for `closed`.
fn periods_of(text: &str) -> Result<Vec<Period>, String> {
    match text.trim().to_lowercase().as_str() {
        "closed" | "off" => Ok(Vec::new()),
        "24h" => Ok(vec![Period::WHOLE_DAY]),
        _ => text.split(',').map(period_of).collect(),
    }
}

fn period_of(text: &str) -> Result<Period, String> {
    let Some((opens, closes)) = text.split_once('-') else {
        return Err(format!("has the period {:?}; `09:00-18:00`, `24h` or `closed` is right", text.trim()));
    };
    Period::new(ClockTime::parse(opens)?, ClockTime::parse(closes)?)
}

/// `mo-fr`, `mo,we,fr`, `sa-we` (over the end of the week) or `daily`.
fn days_of(text: &str) -> Result<Vec<Day>, String> {
    if text.eq_ignore_ascii_case("daily") {
        return Ok(Day::ALL.to_vec());
    }
    let mut days = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (Day::parse(first)? as usize, Day::parse(last)? as usize);
        let count = (last + 7 - first) % 7 + 1;
        days.extend((first..first + count).map(|day| Day::ALL[day % 7]));
    }
    Ok(days)
}

/// The one-line form, which reads back to the same hours.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.time_zone.iter().cloned().collect();
        for opening in &self.week {
            let days: Vec<&str> = opening.days.iter().map(|day| day.code()).collect();
            parts.push(format!("{} {}", days.join(","), opening.period));
        }
        for special in &self.special {
            let days = if special.from == special.through {
                special.from.to_string()
            } else {
                format!("{}..{}", special.from, special.through)
            };
            parts.push(match special.period {
                Some(period) => format!("{days} {period}"),
                None => format!("{days} closed"),
            });
        }
        f.write_str(&parts.join("; "))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.opens, self.closes)
    }
}
