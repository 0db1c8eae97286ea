//! The languages that the back office speaks.

use std::fmt;
use std::str::FromStr;

/// One of them; its words stand in `web::admin::words`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Persian,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Persian];

    /// Its code, as `lang` has it.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Persian => "fa",
        }
    }

    /// The language of a tag: `fa`, `fa-IR`, `EN_gb`.
    pub fn of(tag: &str) -> Option<Language> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// What a browser asks for most of those that there are (`Accept-Language`, RFC 9110, 12.5.4); none
    /// when it asks for others alone.
    pub fn asked_for(header: &str) -> Option<Language> {
        let mut best: Option<(Language, f32)> = None;
        for range in header.split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight =
                parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            let is_more = weight > best.map_or(0.0, |(_, most)| most);
            if let (Some(language), true) = (Language::of(tag), is_more) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Language, String> {
        let known = || Language::ALL.map(Language::code).join(", ");
        Language::of(text).ok_or_else(|| format!("is no language of the back office: {}", known()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_what_it_wants_most_of_what_there_is() {
        for (header, language) in [
            ("fa", Some(Language::Persian)),
            ("fa-IR,fa;q=0.9,en-US;q=0.8,en;q=0.7", Some(Language::Persian)),
            ("en-GB, fa;q=0.9", Some(Language::English)),
            ("fa;q=0.4, en;q=0.8", Some(Language::English)),
            ("de-DE,de;q=0.9,fa;q=0.3", Some(Language::Persian)),
            ("FA_ir", Some(Language::Persian)),
            ("en;q=0, fa;q=0.1", Some(Language::Persian)),
            ("en;q=x", None),
            ("de, *;q=0.5", None),
            ("fas, far, e", None),
            ("", None),
        ] {
            assert_eq!(Language::asked_for(header), language, "{header}");
        }
    }

    #[test]
    fn every_language_is_read_as_it_is_written() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        assert!("Persian".parse::<Language>().is_err());
    }
}
