//! Dates as crawlers read them. An instant that their formats can't hold is left out: no date is
//! better than a wrong one (SEO 3.20).

use crate::clock::Time;

/// W3C Datetime (a profile of ISO 8601) and RFC 3339: `2026-11-22T17:28:00Z`.
pub(super) fn w3c(time: Time) -> Option<String> {
    (1..=9999).contains(&time.date().year()).then(|| time.rfc3339())
}

/// RFC 822 with a four-digit year, as RSS 2.0 asks: `Sun, 22 Nov 2026 17:28:00 GMT`.
pub(super) fn rfc822(time: Time) -> Option<String> {
    (1900..=9999).contains(&time.date().year()).then(|| time.http_date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_the_format_cannot_hold_is_left_out() {
        let year = |text| Time::parse(text).expect("a date");
        assert_eq!(w3c(year("2026-11-22")).as_deref(), Some("2026-11-22T00:00:00Z"));
        assert_eq!(w3c(year("0001-01-01")).as_deref(), Some("0001-01-01T00:00:00Z"));
        assert_eq!(w3c(Time(-62_167_219_200_001)), None, "a second before the year 0");
        assert_eq!(rfc822(year("1900-01-01")).as_deref(), Some("Mon, 01 Jan 1900 00:00:00 GMT"));
        assert_eq!(rfc822(year("1899-12-31")), None);
    }
}
