//! Hours that contradict themselves: two periods at once, or a day both open and closed.

use super::hours::{Hours, Period, Special};

const WEEK: u16 = 7 * 1440;

/// Refuses two periods of the week that share a minute, and special days told twice over.
pub fn refuse_overlaps(hours: &Hours) -> Result<(), String> {
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for opening in &hours.week {
        for day in &opening.days {
            let start = *day as u16 * 1440 + opening.period.opens.minutes();
            let end = start + opening.period.minutes();
            spans.push((start, end.min(WEEK)));
            if end > WEEK {
                spans.push((0, end - WEEK));
            }
        }
    }
    spans.sort_unstable();
    if let Some(pair) = spans.windows(2).find(|pair| pair[1].0 < pair[0].1) {
        return Err(format!("has two periods at once on {}", day_at(pair[1].0)));
    }
    for (i, one) in hours.special.iter().enumerate() {
        if let Some(other) = hours.special[i + 1..].iter().find(|other| contradict(one, other)) {
            return Err(format!("tells {} twice over", one.from.max(other.from)));
        }
    }
    Ok(())
}

fn day_at(minute: u16) -> &'static str {
    super::hours::Day::ALL[usize::from(minute / 1440) % 7].english()
}

fn contradict(one: &Special, other: &Special) -> bool {
    let share_a_day = one.from <= other.through && other.from <= one.through;
    share_a_day
        && match (one.period, other.period) {
            (Some(one), Some(other)) => share_a_minute(one, other),
            _ => true,
        }
}

fn share_a_minute(one: Period, other: Period) -> bool {
    let span = |period: Period| (period.opens.minutes(), period.opens.minutes() + period.minutes());
    let ((a, b), (c, d)) = (span(one), span(other));
    a < d && c < b
}
