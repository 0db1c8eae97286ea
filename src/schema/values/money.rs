//! An amount of money, exact.

use std::fmt;

use serde_json::Value as Json;

use super::object::{Object, kind_of, scalar};
use super::text::ascii_digits;

/// An amount in a currency. The amount is decimal text, never a float: `19.90` stays `19.90`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// Digits with an optional point and up to four decimals; no sign, no leading zeros.
    pub amount: String,
    /// ISO 4217: `EUR`.
    pub currency: String,
}

impl Money {
    /// Reads `25 EUR`, `EUR 25.50`, or a bare amount when the field has a currency of its own.
    pub fn parse(text: &str, own: Option<&str>) -> Result<Money, String> {
        let ascii = ascii_digits(text);
        let words: Vec<&str> = ascii.split_whitespace().collect();
        match words[..] {
            [word] => Money::new(word, None, own),
            [a, b] if is_currency(b) => Money::new(a, Some(b), own),
            [a, b] if is_currency(a) => Money::new(b, Some(a), own),
            _ => Err(format!("is {text:?}; an amount and a currency such as `25 EUR` is right")),
        }
    }

    pub fn read(raw: &Json, own: Option<&str>) -> Result<Money, String> {
        match raw {
            Json::String(text) => Money::parse(text, own),
            Json::Number(number) => Money::new(&number.to_string(), None, own),
            Json::Object(_) => {
                let object = Object::with(raw, &["amount", "currency"])?;
                let amount = object.get("amount").and_then(scalar).ok_or("lacks `amount`")?;
                let currency = object.line("currency")?;
                Money::new(&ascii_digits(&amount), currency.as_deref(), own)
            }
            other => {
                Err(format!("is {}; an amount and a currency such as `25 EUR` is right", kind_of(other)))
            }
        }
    }

    fn new(amount: &str, currency: Option<&str>, own: Option<&str>) -> Result<Money, String> {
        let currency = match (currency.map(str::to_ascii_uppercase), own) {
            (Some(named), Some(own)) if named != own => {
                return Err(format!("is in {named}; this field's amounts are in {own}"));
            }
            (Some(named), _) => named,
            (None, Some(own)) => own.to_owned(),
            (None, None) => return Err(format!("is {amount:?} without a currency; `{amount} EUR` is right")),
        };
        if !is_currency(&currency) {
            return Err(format!(
                "has the currency {currency:?}; three letters of ISO 4217 such as `EUR` are right"
            ));
        }
        Ok(Money { amount: exact(amount.trim())?, currency })
    }

    /// The amount for comparing; 15 digits are exact.
    pub fn as_f64(&self) -> f64 {
        self.amount.parse().unwrap_or_default()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// Whether text has the form of an ISO 4217 code.
pub fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn exact(amount: &str) -> Result<String, String> {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 4 {
        return Err(format!(
            "has the amount {amount:?}; digits and at most four decimals after a point, such as `1250.50`, are right"
        ));
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > 15 {
        return Err(format!(
            "has the amount {amount:?}; at most 15 digits before the point are kept exactly"
        ));
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(if amount.contains('.') { format!("{whole}.{decimals}") } else { whole.to_owned() })
}
