//! When a place is open.

use std::fmt;

use serde_json::Value as Json;
use time::Date;

use super::super::read::date_of;
use super::hours_overlap::refuse_overlaps;
use super::object::{Object, kind_of};
use super::text::ascii_digits;

/// When a place is open: a usual week and the days that differ. Days without a period are closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    /// The zone of all times, by its IANA name; without one the place's own is meant.
    pub time_zone: Option<String>,
    pub week: Vec<Opening>,
    pub special: Vec<Special>,
}

/// One period on several days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// In the order of the week, none twice, at least one.
    pub days: Vec<Day>,
    pub period: Period,
}

/// Days of the calendar that differ from the usual week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Special {
    pub from: Date,
    /// The last day, inclusive.
    pub through: Date,
    /// `None`: closed.
    pub period: Option<Period>,
}

/// From one time to another. One that doesn't close later than it opens closes the next day; the
/// whole day is `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub opens: ClockTime,
    pub closes: ClockTime,
}

/// Minutes after midnight: 0 to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(pub(super) u16);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Far more than any place needs, few enough to compare each with each.
const MOST_ENTRIES: usize = 400;

impl Hours {
    pub fn read(raw: &Json) -> Result<Hours, String> {
        if let Json::String(text) = raw {
            return Hours::parse(text);
        }
        if !raw.is_object() {
            return Err(format!("is {}; `mo-fr 09:00-18:00; sa 10:00-14:00` is right", kind_of(raw)));
        }
        let object = Object::with(raw, &["time_zone", "week", "special"])?;
        let hours = Hours {
            time_zone: object.line("time_zone")?.map(time_zone).transpose()?,
            week: entries(&object, "week", Opening::read)?,
            special: entries(&object, "special", Special::read)?,
        };
        hours.checked()
    }

    /// Refuses hours that name no day or contradict themselves.
    pub fn checked(self) -> Result<Hours, String> {
        if self.week.is_empty() && self.special.is_empty() {
            return Err("names no day; `mo-fr 09:00-18:00` is right".to_owned());
        }
        if self.week.len() > MOST_ENTRIES || self.special.len() > MOST_ENTRIES {
            return Err(format!("has more than {MOST_ENTRIES} entries; remove days that are over"));
        }
        refuse_overlaps(&self)?;
        Ok(self)
    }
}

impl Opening {
    pub(super) fn new(mut days: Vec<Day>, period: Period) -> Opening {
        days.sort_unstable();
        days.dedup();
        Opening { days, period }
    }

    fn read(raw: &Json) -> Result<Opening, String> {
        let object = Object::with(raw, &["days", "opens", "closes"])?;
        let Some(Json::Array(names)) = object.get("days") else {
            return Err("lacks `days`, a list such as [\"mo\", \"tu\"]".to_owned());
        };
        let days: Result<Vec<Day>, String> =
            names.iter().map(|name| Day::parse(name.as_str().unwrap_or_default())).collect();
        let days = days?;
        if days.is_empty() {
            return Err("has an empty list of `days`".to_owned());
        }
        Ok(Opening::new(days, Period::read(&object)?))
    }
}

impl Special {
    fn read(raw: &Json) -> Result<Special, String> {
        let object = Object::with(raw, &["date", "from", "through", "closed", "opens", "closes"])?;
        let day = |key: &str| object.line(key)?.map(|day| date_of(&day)).transpose();
        let (from, through) = match (day("date")?, day("from")?, day("through")?) {
            (Some(date), None, None) => (date, date),
            (None, Some(from), Some(through)) => (from, through),
            _ => return Err("needs either `date` or both `from` and `through`".to_owned()),
        };
        let closed = match object.get("closed") {
            None | Some(Json::Bool(false)) => false,
            Some(Json::Bool(true)) => true,
            Some(other) => return Err(format!("`closed` is {}; true is right", kind_of(other))),
        };
        if closed && (object.get("opens").is_some() || object.get("closes").is_some()) {
            return Err("is closed and has times; one of them is right".to_owned());
        }
        let period = if closed { None } else { Some(Period::read(&object)?) };
        Special::new(from, through, period)
    }

    pub(super) fn new(from: Date, through: Date, period: Option<Period>) -> Result<Special, String> {
        if through < from {
            return Err(format!("ends on {through}, before it starts on {from}"));
        }
        Ok(Special { from, through, period })
    }
}

impl Period {
    /// All day long.
    pub const WHOLE_DAY: Period = Period { opens: ClockTime(0), closes: ClockTime(1440) };

    pub fn new(opens: ClockTime, closes: ClockTime) -> Result<Period, String> {
        if opens.0 == 1440 {
            return Err("opens at 24:00; 00:00 of the next day is right".to_owned());
        }
        if opens == closes {
            return Err(format!("opens and closes at {opens}; for the whole day write 00:00 to 24:00"));
        }
        Ok(Period { opens, closes })
    }

    fn read(object: &Object) -> Result<Period, String> {
        Period::new(
            ClockTime::parse(&object.required("opens")?)?,
            ClockTime::parse(&object.required("closes")?)?,
        )
    }

    /// Whether it runs past midnight.
    pub fn is_overnight(self) -> bool {
        self.closes < self.opens
    }

    pub(super) fn minutes(self) -> u16 {
        if self.is_overnight() { self.closes.0 + 1440 - self.opens.0 } else { self.closes.0 - self.opens.0 }
    }
}

impl ClockTime {
    /// `09:00`, `9:30`, `9`, and `24:00` for the end of a day.
    pub fn parse(text: &str) -> Result<ClockTime, String> {
        let ascii = ascii_digits(text.trim());
        let (hour, minute) = ascii.split_once(':').unwrap_or((&ascii, "00"));
        let number = |text: &str, most: usize| -> Option<u16> {
            let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| text.parse().ok()).flatten()
        };
        match (number(hour, 2), number(minute, 2).filter(|_| minute.len() == 2)) {
            (Some(hour), Some(minute)) if minute < 60 && hour * 60 + minute <= 1440 => {
                Ok(ClockTime(hour * 60 + minute))
            }
            _ => Err(format!("has the time {text:?}; 00:00 to 24:00 is right")),
        }
    }

    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Day {
    pub const ALL: [Day; 7] =
        [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday, Day::Saturday, Day::Sunday];

    /// `mo` to `su`.
    pub fn code(self) -> &'static str {
        ["mo", "tu", "we", "th", "fr", "sa", "su"][self as usize]
    }

    /// As schema.org names it.
    pub fn english(self) -> &'static str {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][self as usize]
    }

    /// `mo`, `mon` or `Monday`.
    pub fn parse(text: &str) -> Result<Day, String> {
        let lower = text.trim().to_lowercase();
        let known = |day: &Day| lower.len() >= 2 && day.english().to_lowercase().starts_with(&lower);
        let day = Day::ALL.into_iter().find(known);
        day.ok_or_else(|| format!("has the day {text:?}; mo, tu, we, th, fr, sa and su are right"))
    }
}

/// Checks the form of an IANA zone: `Asia/Tehran`, `UTC`.
pub(super) fn time_zone(name: String) -> Result<String, String> {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
    };
    let parts: Vec<&str> = name.split('/').collect();
    let fits = (2..=3).contains(&parts.len()) && parts.iter().all(|text| part(text)) || name == "UTC";
    if fits {
        Ok(name)
    } else {
        Err(format!("has the time zone {name:?}; a name such as Asia/Tehran is right"))
    }
}

fn entries<T>(object: &Object, key: &str, read: fn(&Json) -> Result<T, String>) -> Result<Vec<T>, String> {
    let list = match object.get(key) {
        None => return Ok(Vec::new()),
        Some(Json::Array(list)) => list,
        Some(other) => return Err(format!("`{key}` is {}; a list is right", kind_of(other))),
    };
    let number = |i: usize, fault: String| format!("`{key}` entry {} {fault}", i + 1);
    list.iter().enumerate().map(|(i, raw)| read(raw).map_err(|fault| number(i, fault))).collect()
}
