//! What a crawler may do with a page: the robots meta tag and `X-Robots-Tag` (Google Search Central,
//! "Robots meta tag, data-nosnippet, and X-Robots-Tag").

use crate::clock::Time;

use super::dates;

/// What a crawler may do with a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RobotsMeta {
    pub noindex: bool,
    pub nofollow: bool,
    pub nosnippet: bool,
    /// The content may be indexed where it is embedded by another page, though this one is not.
    pub indexifembedded: bool,
    pub notranslate: bool,
    pub noimageindex: bool,
    /// Characters of a text snippet.
    pub max_snippet: Option<Limit>,
    /// `None`: large, unless the site says otherwise.
    pub max_image_preview: Option<ImagePreview>,
    /// Seconds of a video snippet.
    pub max_video_preview: Option<Limit>,
    /// Not found by search from this instant on.
    pub unavailable_after: Option<Time>,
}

/// How much of something a result may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Unlimited,
    AtMost(u32),
}

/// How large an image a result may show. Large is what Discover asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImagePreview {
    None,
    Standard,
    #[default]
    Large,
}

/// Every directive, for messages.
const DIRECTIVES: &str = "noindex, nofollow, none, all, nosnippet, indexifembedded, notranslate, noimageindex, \
    max-snippet:N, max-image-preview:none|standard|large, max-video-preview:N, unavailable_after:DATE";

impl RobotsMeta {
    pub fn noindex() -> RobotsMeta {
        RobotsMeta { noindex: true, ..RobotsMeta::default() }
    }

    /// Reads directives as the tag has them: `nosnippet, max-image-preview:none`. Case and spaces
    /// don't matter. That `indexifembedded` needs `noindex` is left to [`RobotsMeta::conflict`], as
    /// the two may be said in different places.
    ///
    /// # Errors
    /// The first directive that is unknown, malformed, said twice or contradicted.
    pub fn parse(text: &str) -> Result<RobotsMeta, String> {
        let mut meta = RobotsMeta::default();
        let mut said: Vec<String> = Vec::new();
        for directive in text.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
            let (name, value) = match directive.split_once(':') {
                Some((name, value)) => (name.trim().to_ascii_lowercase(), Some(value.trim())),
                None => (directive.to_ascii_lowercase(), None),
            };
            meta.take(&name, value)?;
            if said.contains(&name) {
                return Err(format!("says `{name}` twice"));
            }
            said.push(name);
        }
        let all = said.iter().any(|name| name == "all");
        if all && (meta.noindex || meta.nofollow) {
            return Err("says `all` and forbids something".into());
        }
        match meta.conflict() {
            Some(conflict) if meta.noindex || !meta.indexifembedded => Err(conflict.to_owned()),
            _ => Ok(meta),
        }
    }

    fn take(&mut self, name: &str, value: Option<&str>) -> Result<(), String> {
        match (name, value) {
            ("all", None) => {}
            ("noindex", None) => self.noindex = true,
            ("nofollow", None) => self.nofollow = true,
            ("none", None) => (self.noindex, self.nofollow) = (true, true),
            ("nosnippet", None) => self.nosnippet = true,
            ("indexifembedded", None) => self.indexifembedded = true,
            ("notranslate", None) => self.notranslate = true,
            ("noimageindex", None) => self.noimageindex = true,
            ("max-snippet", Some(number)) => self.max_snippet = Some(limit(name, number)?),
            ("max-video-preview", Some(number)) => self.max_video_preview = Some(limit(name, number)?),
            ("max-image-preview", Some(size)) => self.max_image_preview = Some(preview(size)?),
            ("unavailable_after", Some(date)) => {
                let at = Time::parse(date).filter(|at| dates::w3c(*at).is_some());
                let at = at.ok_or_else(|| format!("`{date}` is no date; `2027-01-01` is right"))?;
                self.unavailable_after = Some(at);
            }
            ("max-snippet" | "max-video-preview" | "max-image-preview" | "unavailable_after", None) => {
                return Err(format!("`{name}` needs a value after a colon"));
            }
            (_, Some(_)) if DIRECTIVES.split(", ").any(|known| known == name) => {
                return Err(format!("`{name}` takes no value"));
            }
            _ => return Err(format!("`{name}` is no directive; known are: {DIRECTIVES}")),
        }
        Ok(())
    }

    /// What can't hold at once.
    pub fn conflict(&self) -> Option<&'static str> {
        if self.indexifembedded && !self.noindex {
            return Some("`indexifembedded` means something together with `noindex` only");
        }
        if self.nosnippet && self.max_snippet.is_some_and(|limit| limit != Limit::AtMost(0)) {
            return Some("`nosnippet` and `max-snippet` contradict each other");
        }
        None
    }

    /// These directives, and those of `default` about which they say nothing.
    #[must_use]
    pub fn or(mut self, default: &RobotsMeta) -> RobotsMeta {
        self.nosnippet |= default.nosnippet && self.max_snippet.is_none();
        self.notranslate |= default.notranslate;
        self.noimageindex |= default.noimageindex;
        if !self.nosnippet {
            self.max_snippet = self.max_snippet.or(default.max_snippet);
        }
        self.max_image_preview = self.max_image_preview.or(default.max_image_preview);
        self.max_video_preview = self.max_video_preview.or(default.max_video_preview);
        self.unavailable_after = self.unavailable_after.or(default.unavailable_after);
        self
    }

    /// The value of `<meta name="robots">` and of the header `X-Robots-Tag`. What a page that isn't
    /// indexed would show is not said.
    pub fn content(&self) -> String {
        if self.noindex {
            let kept = RobotsMeta {
                noindex: true,
                nofollow: self.nofollow,
                indexifembedded: self.indexifembedded,
                notranslate: self.notranslate,
                ..RobotsMeta::default()
            };
            return kept.directives();
        }
        RobotsMeta { max_image_preview: Some(self.max_image_preview.unwrap_or_default()), ..self.clone() }
            .directives()
    }

    /// What is said, in one order; [`RobotsMeta::parse`] reads it back.
    pub fn directives(&self) -> String {
        let flags = [
            (self.noindex, "noindex"),
            (self.nofollow, "nofollow"),
            (self.indexifembedded, "indexifembedded"),
            (self.nosnippet, "nosnippet"),
            (self.notranslate, "notranslate"),
            (self.noimageindex, "noimageindex"),
        ];
        let mut words: Vec<String> =
            flags.iter().filter(|(said, _)| *said).map(|(_, word)| (*word).to_owned()).collect();
        words.extend(self.max_image_preview.map(|size| format!("max-image-preview:{}", size.name())));
        words.extend(self.max_snippet.map(|limit| format!("max-snippet:{}", limit.number())));
        words.extend(self.max_video_preview.map(|limit| format!("max-video-preview:{}", limit.number())));
        words.extend(self.unavailable_after.and_then(dates::w3c).map(|at| format!("unavailable_after:{at}")));
        words.join(", ")
    }
}

fn limit(name: &str, text: &str) -> Result<Limit, String> {
    match text {
        "-1" => Ok(Limit::Unlimited),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map(Limit::AtMost).map_err(|_| format!("`{name}:{text}` is too large"))
        }
        _ => Err(format!("`{name}:{text}` needs a whole number, 0 for nothing or -1 for no limit")),
    }
}

fn preview(text: &str) -> Result<ImagePreview, String> {
    match text.to_ascii_lowercase().as_str() {
        "none" => Ok(ImagePreview::None),
        "standard" => Ok(ImagePreview::Standard),
        "large" => Ok(ImagePreview::Large),
        _ => Err(format!("`max-image-preview:{text}` is none of none, standard and large")),
    }
}

impl ImagePreview {
    fn name(self) -> &'static str {
        match self {
            ImagePreview::None => "none",
            ImagePreview::Standard => "standard",
            ImagePreview::Large => "large",
        }
    }
}

impl Limit {
    fn number(self) -> i64 {
        match self {
            Limit::Unlimited => -1,
            Limit::AtMost(count) => i64::from(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    #[test]
    fn a_page_allows_large_images_unless_told_otherwise() {
        assert_eq!(RobotsMeta::default().content(), "max-image-preview:large");
        assert_eq!(RobotsMeta::default().directives(), "");
        let careful = "NoFollow,noimageindex , notranslate, max-snippet: 80, max-image-preview:Standard, \
                       max-video-preview:-1, unavailable_after:2027-01-01";
        insta::assert_snapshot!(
            RobotsMeta::parse(careful).unwrap().content(),
            @"nofollow, notranslate, noimageindex, max-image-preview:standard, max-snippet:80, max-video-preview:-1, unavailable_after:2027-01-01T00:00:00Z"
        );
    }

    #[test]
    fn a_page_kept_out_says_only_that() {
        let content = |text: &str| RobotsMeta::parse(text).unwrap().content();
        assert_eq!(content("noindex"), "noindex");
        assert_eq!(content("none"), "noindex, nofollow");
        assert_eq!(content("noindex, indexifembedded, max-snippet:5"), "noindex, indexifembedded");
        assert_eq!(content("all"), "max-image-preview:large");
    }

    #[test]
    fn a_page_says_what_it_says_and_the_rest_is_the_sites() {
        let site = RobotsMeta::parse("max-snippet:200, max-image-preview:standard, notranslate").unwrap();
        for (own, expected) in [
            ("", "notranslate, max-image-preview:standard, max-snippet:200"),
            ("max-image-preview:none", "notranslate, max-image-preview:none, max-snippet:200"),
            ("nosnippet", "nosnippet, notranslate, max-image-preview:standard"),
            ("noindex", "noindex, notranslate"),
        ] {
            assert_eq!(RobotsMeta::parse(own).unwrap().or(&site).content(), expected, "{own}");
        }
        let silent = RobotsMeta::parse("nosnippet").unwrap();
        let own = RobotsMeta::parse("max-snippet:9").unwrap();
        assert_eq!(own.or(&silent).content(), "max-image-preview:large, max-snippet:9");
    }

    #[test]
    fn what_is_unknown_or_contradicts_itself_is_refused() {
        let said: String = [
            "noidex",
            "noarchive",
            "nosnippet:1",
            "max-snippet",
            "max-snippet:many",
            "max-snippet:-2",
            "max-snippet:99999999999",
            "max-image-preview:huge",
            "unavailable_after:soon",
            "nosnippet, nosnippet",
            "max-snippet:1, max-snippet:2",
            "all, noindex",
            "nosnippet, max-snippet:50",
        ]
        .into_iter()
        .map(|text| format!("{text}: {}\n", RobotsMeta::parse(text).expect_err(text)))
        .collect();
        insta::assert_snapshot!(said, @r"
        noidex: `noidex` is no directive; known are: noindex, nofollow, none, all, nosnippet, indexifembedded, notranslate, noimageindex, max-snippet:N, max-image-preview:none|standard|large, max-video-preview:N, unavailable_after:DATE
        noarchive: `noarchive` is no directive; known are: noindex, nofollow, none, all, nosnippet, indexifembedded, notranslate, noimageindex, max-snippet:N, max-image-preview:none|standard|large, max-video-preview:N, unavailable_after:DATE
        nosnippet:1: `nosnippet` takes no value
        max-snippet: `max-snippet` needs a value after a colon
        max-snippet:many: `max-snippet:many` needs a whole number, 0 for nothing or -1 for no limit
        max-snippet:-2: `max-snippet:-2` needs a whole number, 0 for nothing or -1 for no limit
        max-snippet:99999999999: `max-snippet:99999999999` is too large
        max-image-preview:huge: `max-image-preview:huge` is none of none, standard and large
        unavailable_after:soon: `soon` is no date; `2027-01-01` is right
        nosnippet, nosnippet: says `nosnippet` twice
        max-snippet:1, max-snippet:2: says `max-snippet` twice
        all, noindex: says `all` and forbids something
        nosnippet, max-snippet:50: `nosnippet` and `max-snippet` contradict each other
        ");
        let alone = RobotsMeta::parse("indexifembedded").unwrap();
        assert_eq!(alone.conflict(), Some("`indexifembedded` means something together with `noindex` only"));
        assert_eq!(RobotsMeta { noindex: true, ..alone }.conflict(), None);
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn whatever_is_read_is_plain_and_reads_the_same_again(
            text in prop_oneof![
                hostile::strings(),
                prop::collection::vec(prop::sample::select(vec![
                    "noindex", "nofollow", "nosnippet", "indexifembedded", "notranslate", "noimageindex",
                    "max-snippet:0", "max-snippet:-1", "max-image-preview:none", "max-video-preview:9",
                    "unavailable_after:2027-01-01T10:00:00Z",
                ]), 0..5).prop_map(|words| words.join(","))
            ],
        ) {
            if let Ok(meta) = RobotsMeta::parse(&text) {
                let written = meta.directives();
                prop_assert_eq!(RobotsMeta::parse(&written), Ok(meta));
                prop_assert!(written.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            }
        }
    }
}
