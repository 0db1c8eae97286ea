//! A telephone number.

use std::fmt;

use super::text::{ascii_digits, line};

/// A telephone number with its country code: as it was typed, and as machines dial it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// `+98 21 6670 1872`.
    pub shown: String,
    /// `+982166701872` (E.164).
    pub e164: String,
}

impl Phone {
    pub fn parse(raw: &str) -> Result<Phone, String> {
        let shown = line(raw)?;
        let ascii = ascii_digits(&shown);
        if let Some(bad) = ascii.chars().find(|c| !(c.is_ascii_digit() || is_between(*c) || *c == '+')) {
            return Err(format!("holds {bad:?}; digits, spaces, `-`, `.`, `/` and brackets are right"));
        }
        // "+49 (0)30 …" shows a zero that is dialled only inside the country.
        let dialled: String = ascii.replace("(0)", "").chars().filter(|c| !is_between(*c)).collect();
        let number = dialled.strip_prefix('+').or_else(|| dialled.strip_prefix("00"));
        let Some(number) = number.filter(|number| !number.starts_with('0') && !number.contains('+')) else {
            return Err(format!("is {shown:?} without a country code; `+98 21 6670 1872` is right"));
        };
        if !(7..=15).contains(&number.len()) {
            return Err(format!("has {} digits; 7 to 15 with the country code are right", number.len()));
        }
        Ok(Phone { e164: format!("+{number}"), shown })
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}
