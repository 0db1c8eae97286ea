//! Whether a place is open now, in a line.

use crate::schema::{Day, Standing, show_date, show_day};
use crate::web::views::Words;

const NOON: u16 = 12 * 60;

/// The line, and which of the two it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenNow {
    pub open: bool,
    /// `Open now, until 18:00` or `Closed, opens tomorrow at 09:00`.
    pub text: String,
}

/// The phrases of the line; `{}` stands for a time or a day, in this order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StandingWords {
    always_open: &'static str,
    /// Until a time of the next 24 hours, and until later.
    open_until: &'static str,
    open_until_day: &'static str,
    closed: &'static str,
    opens_today: &'static str,
    opens_tomorrow: &'static str,
    opens_on: &'static str,
    /// A day of the calendar, as against one of the week.
    opens_on_date: &'static str,
}

pub(super) const ENGLISH: StandingWords = StandingWords {
    always_open: "Open now, around the clock",
    open_until: "Open now, until {}",
    open_until_day: "Open now, until {} at {}",
    closed: "Closed",
    opens_today: "Closed, opens at {}",
    opens_tomorrow: "Closed, opens tomorrow at {}",
    opens_on: "Closed, opens {} at {}",
    opens_on_date: "Closed, opens on {} at {}",
};

pub(super) const PERSIAN: StandingWords = StandingWords {
    always_open: "اکنون باز است، شبانه‌روزی",
    open_until: "اکنون باز است، تا ساعت {}",
    open_until_day: "اکنون باز است، تا {} ساعت {}",
    closed: "بسته است",
    opens_today: "بسته است، ساعت {} باز می‌شود",
    opens_tomorrow: "بسته است، فردا ساعت {} باز می‌شود",
    opens_on: "بسته است، {} ساعت {} باز می‌شود",
    opens_on_date: "بسته است، {} ساعت {} باز می‌شود",
};

impl OpenNow {
    /// Says where a place stands to readers of a language.
    pub fn new(standing: &Standing, locale: &str) -> OpenNow {
        let words = Words::of(locale);
        let phrases = &words.standing;
        let Some((change, days)) = standing.change.zip(standing.days_ahead()) else {
            let text = if standing.open { phrases.always_open } else { phrases.closed };
            return OpenNow { open: standing.open, text: text.to_owned() };
        };
        let day = if (0..7).contains(&days) {
            show_day(Day::ALL[usize::from(change.date.weekday().number_days_from_monday())], locale)
                .to_owned()
        } else {
            show_date(change.date, locale)
        };
        let time = words.digits(&format!("{:02}:{:02}", change.minute / 60, change.minute % 60));
        // A time of tomorrow without its day must be one that can't be taken for today's.
        let within_a_day = days == 0 || (days == 1 && change.minute < NOON.min(standing.now.minute + 1));
        let text = match (standing.open, days) {
            (true, _) if within_a_day => fill(phrases.open_until, &[&time]),
            (true, _) => fill(phrases.open_until_day, &[&day, &time]),
            (false, 0) => fill(phrases.opens_today, &[&time]),
            (false, 1) => fill(phrases.opens_tomorrow, &[&time]),
            (false, 2..7) => fill(phrases.opens_on, &[&day, &time]),
            (false, _) => fill(phrases.opens_on_date, &[&day, &time]),
        };
        OpenNow { open: standing.open, text }
    }
}

fn fill(phrase: &str, values: &[&str]) -> String {
    values.iter().fold(phrase.to_owned(), |text, value| text.replacen("{}", value, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Time, Zone};
    use crate::schema::Hours;

    #[test]
    fn a_place_says_whether_it_is_open_in_the_language_of_its_page() {
        // Friday, 27 November 2026, 11:00 in Tehran.
        let (zone, now) = (Zone::named("Asia/Tehran").unwrap(), Time::parse("2026-11-27T07:30:00Z").unwrap());
        for (hours, english, persian) in [
            ("fr 09:00-18:00", "Open now, until 18:00", "اکنون باز است، تا ساعت ۱۸:۰۰"),
            ("fr 09:00-02:00", "Open now, until 02:00", "اکنون باز است، تا ساعت ۰۲:۰۰"),
            ("24/7", "Open now, around the clock", "اکنون باز است، شبانه‌روزی"),
            (
                "fr-sa 24h; su 00:00-18:00",
                "Open now, until Sunday at 18:00",
                "اکنون باز است، تا یکشنبه ساعت ۱۸:۰۰",
            ),
            (
                "24/7; 2027-03-21 closed",
                "Open now, until 21 March 2027 at 00:00",
                "اکنون باز است، تا ۱ فروردین ۱۴۰۶ ساعت ۰۰:۰۰",
            ),
            ("fr 12:30-18:00", "Closed, opens at 12:30", "بسته است، ساعت ۱۲:۳۰ باز می‌شود"),
            ("sa 09:00-18:00", "Closed, opens tomorrow at 09:00", "بسته است، فردا ساعت ۰۹:۰۰ باز می‌شود"),
            ("th 09:00-18:00", "Closed, opens Thursday at 09:00", "بسته است، پنجشنبه ساعت ۰۹:۰۰ باز می‌شود"),
            (
                "fr 09:00-10:00",
                "Closed, opens on 4 December 2026 at 09:00",
                "بسته است، ۱۳ آذر ۱۴۰۵ ساعت ۰۹:۰۰ باز می‌شود",
            ),
            ("fr 09:00-10:00; 2026-01-01..2029-01-01 closed", "Closed", "بسته است"),
        ] {
            let hours = Hours::parse(hours).unwrap();
            let standing = Standing::at(&hours, &zone, now).unwrap();
            assert_eq!(OpenNow::new(&standing, "en").text, english);
            assert_eq!(OpenNow::new(&standing, "fa").text, persian);
        }
        // Within a day, but who reads it at half past six would take 18:00 for past.
        let hours = Hours::parse("fr-sa 24h; su 00:00-18:00").unwrap();
        let evening = Time::parse("2026-11-28T15:00:00Z").unwrap();
        let standing = Standing::at(&hours, &zone, evening).unwrap();
        assert_eq!(OpenNow::new(&standing, "en").text, "Open now, until Sunday at 18:00");
    }
}
