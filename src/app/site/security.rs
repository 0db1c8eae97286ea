//! `[security]`: how to report a vulnerability, as `/.well-known/security.txt` says it (RFC 9116).

use serde::Deserialize;
use toml::Spanned;

use super::place::Place;
use crate::clock::Time;
use crate::error::Problems;

/// How long a file without a date of its own is good for: well under the year that RFC 9116, 2.5.5,
/// recommends as the most.
const GOOD_FOR_DAYS: i64 = 180;
const DAY: i64 = 86_400_000;

/// The table; without a contact there is no file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecurityContact {
    contact: Vec<Spanned<String>>,
    policy: Option<Spanned<String>>,
    encryption: Option<Spanned<String>>,
    acknowledgments: Option<Spanned<String>>,
    hiring: Option<Spanned<String>>,
    languages: Vec<Spanned<String>>,
    expires: Option<Spanned<String>>,
}

impl SecurityContact {
    pub(super) fn check(&self, place: &Place, problems: &mut Problems) {
        for contact in &self.contact {
            if !is_uri(contact.get_ref(), &["mailto:", "https://", "tel:"]) {
                let reason = format!(
                    "is {:?}; `mailto:security@example.org`, an https URL or `tel:+98-21-…` is right",
                    contact.get_ref()
                );
                problems.push(place.problem(contact.span().start, reason).field("security.contact"));
            }
        }
        for (key, value) in self.links() {
            if let Some(value) = value
                && !is_uri(value.get_ref(), schemes(key))
            {
                let reason = format!("is `{}`; an https URL is right", value.get_ref());
                problems.push(
                    place
                        .problem(value.span().start, reason)
                        .field(format!("security.{}", key.to_ascii_lowercase())),
                );
            }
        }
        for language in &self.languages {
            if crate::seo::Hreflang::parse(language.get_ref()).is_err() {
                let reason = format!("`{}` is no language code such as `en`", language.get_ref());
                problems.push(place.problem(language.span().start, reason).field("security.languages"));
            }
        }
        if let Some(expires) = &self.expires
            && Time::parse(expires.get_ref()).is_none()
        {
            let reason = format!("`{}` is no date; `2027-03-01` is right", expires.get_ref());
            problems.push(place.problem(expires.span().start, reason).field("security.expires"));
        }
        if self.contact.is_empty()
            && (self.expires.is_some() || self.links().iter().any(|(_, v)| v.is_some()))
        {
            let reason = "is missing; without it there is no security.txt";
            problems.push(place.whole(reason).field("security.contact"));
        }
    }

    fn links(&self) -> [(&'static str, Option<&Spanned<String>>); 4] {
        [
            ("Encryption", self.encryption.as_ref()),
            ("Acknowledgments", self.acknowledgments.as_ref()),
            ("Policy", self.policy.as_ref()),
            ("Hiring", self.hiring.as_ref()),
        ]
    }

    /// The declared end; `None` when the engine moves it along.
    pub fn expires(&self) -> Option<Time> {
        Time::parse(self.expires.as_ref()?.get_ref())
    }

    /// The file; `None` without a contact. `canonical` is its own URL.
    pub fn text(&self, canonical: &str, now: Time) -> Option<String> {
        if self.contact.is_empty() {
            return None;
        }
        let mut lines: Vec<String> =
            self.contact.iter().map(|contact| format!("Contact: {}", contact.get_ref())).collect();
        // A whole day, so that the file stays the same for one.
        let later = Time((now.0.div_euclid(DAY) + GOOD_FOR_DAYS) * DAY);
        lines.push(format!("Expires: {}", self.expires().unwrap_or(later).rfc3339()));
        let links = self.links();
        lines.extend(links.iter().filter_map(|(key, value)| Some(format!("{key}: {}", (*value)?.get_ref()))));
        if !self.languages.is_empty() {
            let languages: Vec<&str> = self.languages.iter().map(|code| code.get_ref().as_str()).collect();
            lines.push(format!("Preferred-Languages: {}", languages.join(", ")));
        }
        lines.push(format!("Canonical: {canonical}"));
        Some(lines.join("\n") + "\n")
    }
}

/// A URI of one of these beginnings, on one line.
/// A key can stand in the name system too.
fn schemes(key: &str) -> &'static [&'static str] {
    if key == "Encryption" { &["https://", "dns:", "openpgp4fpr:"] } else { &["https://"] }
}

fn is_uri(text: &str, schemes: &[&str]) -> bool {
    let rest = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control())
        && url::Url::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::Site;
    use super::super::tests::TWO;
    use crate::clock::Time;

    const URL: &str = "https://site.test/.well-known/security.txt";

    fn file(table: &str, now: &str) -> Option<String> {
        let site = Site::parse("site.toml", &format!("{TWO}{table}")).unwrap();
        site.security.text(URL, Time::parse(now).unwrap())
    }

    #[test]
    fn the_file_has_what_the_rfc_requires_and_what_is_set() {
        let least = "[security]\ncontact = [\"mailto:security@example.org\"]\n";
        insta::assert_snapshot!(file(least, "2026-11-22T17:00:00Z").unwrap(), @r"
        Contact: mailto:security@example.org
        Expires: 2027-05-21T00:00:00Z
        Canonical: https://site.test/.well-known/security.txt
        ");
        let whole = "[security]\ncontact = [\"https://example.org/report\", \"tel:+98-21-555\"]\n\
                     policy = \"https://example.org/policy\"\nencryption = \"openpgp4fpr:5f2de5\"\n\
                     acknowledgments = \"https://example.org/thanks\"\nhiring = \"https://example.org/jobs\"\n\
                     languages = [\"en\", \"fa\"]\nexpires = \"2027-01-31\"\n";
        insta::assert_snapshot!(file(whole, "2026-11-22T17:00:00Z").unwrap(), @r"
        Contact: https://example.org/report
        Contact: tel:+98-21-555
        Expires: 2027-01-31T00:00:00Z
        Encryption: openpgp4fpr:5f2de5
        Acknowledgments: https://example.org/thanks
        Policy: https://example.org/policy
        Hiring: https://example.org/jobs
        Preferred-Languages: en, fa
        Canonical: https://site.test/.well-known/security.txt
        ");
        assert_eq!(file("", "2026-11-22"), None);
    }

    #[test]
    fn a_wrong_table_is_refused_with_its_lines() {
        let table = "[security]\ncontact = [\"security@example.org\", \"mailto:a@b.c\\nPolicy: x\"]\n\
                     policy = \"http://example.org\"\nlanguages = [\"english\"]\nexpires = \"soon\"\n";
        let error = Site::parse("site.toml", &format!("{TWO}{table}")).unwrap_err().to_string();
        insta::assert_snapshot!(error, @r#"
        site.toml:10: `security.contact`: is "security@example.org"; `mailto:security@example.org`, an https URL or `tel:+98-21-…` is right
        site.toml:10: `security.contact`: is "mailto:a@b.c\nPolicy: x"; `mailto:security@example.org`, an https URL or `tel:+98-21-…` is right
        site.toml:11: `security.policy`: is `http://example.org`; an https URL is right
        site.toml:12: `security.languages`: `english` is no language code such as `en`
        site.toml:13: `security.expires`: `soon` is no date; `2027-03-01` is right
        "#);
    }
}
