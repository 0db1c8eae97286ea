//! Why something can't be done, as actions say it: in English, since they know of no other language. The
//! back office says it in the language of whoever reads it, as far as it stands here.

/// The reasons that are known in a language.
#[derive(Debug)]
pub struct Reasons {
    /// By what they are in English; `{}` stands for what a reason names.
    pub known: &'static [(&'static str, &'static str)],
    /// Whether any other one is foreign in this language.
    pub are_foreign: bool,
}

/// Reasons are English as they come.
pub static ENGLISH_REASONS: Reasons = Reasons { known: &[], are_foreign: false };

/// Around text whose own letters say which way it runs (FSI and PDI of Unicode's UAX 9).
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

impl Reasons {
    /// Every reason with what it is in English, to check them by.
    pub fn all(&self) -> Vec<(String, &'static str)> {
        self.known.iter().map(|(english, said)| ((*english).to_owned(), *said)).collect()
    }

    /// A reason in this language, what it names with numbers as `number` writes them; as it came where
    /// nobody has said it in this language.
    pub fn say(&self, reason: &str, number: impl Fn(&str) -> String) -> String {
        let found = self.known.iter().find_map(|(english, said)| Some((gaps(english, reason)?, *said)));
        match found {
            Some((named, said)) => named.into_iter().fold(said.to_owned(), |said, named| {
                let is_number = named.chars().all(|c| c.is_ascii_digit() || c == '.');
                super::fill(&said, if is_number { number(named) } else { isolated(named) })
            }),
            None if self.are_foreign && is_english(reason) => isolated(reason),
            None => reason.to_owned(),
        }
    }
}

/// What stands in the gaps of a pattern, where a text follows it.
fn gaps<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        // The last part has to end the text; of the others the first that fits counts.
        let at = if parts.peek().is_none() {
            rest.len().checked_sub(part.len()).filter(|at| rest.get(*at..) == Some(part))?
        } else {
            rest.find(part)?
        };
        found.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(found)
}

fn isolated(text: &str) -> String {
    format!("{}{text}{}", ISOLATE[0], ISOLATE[1])
}

/// Whether its first letter is one of English.
fn is_english(reason: &str) -> bool {
    reason.chars().find(|c| c.is_alphabetic()).is_some_and(|c| c.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_hold_what_a_reason_names() {
        assert_eq!(gaps("is required", "is required"), Some(vec![]));
        assert_eq!(gaps("is required", "is required and has no value"), None);
        assert_eq!(gaps("has {} of {}", "has 3 of 5"), Some(vec!["3", "5"]));
        assert_eq!(gaps("“{}” is gone", "“a” is gone” is gone"), Some(vec!["a” is gone"]));
        assert_eq!(gaps("{} is gone", "nothing is here"), None);
        assert_eq!(gaps("a {} b", "a b"), None);
        assert_eq!(gaps("is “{}”", "is “”"), Some(vec![""]));
    }

    #[test]
    fn what_nobody_has_translated_stays_whole() {
        let reasons = Reasons { known: &[("is over {} {}", "{} {}!")], are_foreign: true };
        let say = |reason: &str| reasons.say(reason, |number| format!("<{number}>"));
        assert_eq!(say("is over 12 bytes"), "<12> \u{2068}bytes\u{2069}!");
        assert_eq!(say("is odd"), "\u{2068}is odd\u{2069}");
        assert_eq!(say("عجیب است"), "عجیب است");
        assert_eq!(ENGLISH_REASONS.say("is odd", str::to_owned), "is odd");
    }
}
