//! `hreflang`: which language, script and region a page is for, and the cluster of its translations
//! (Google Search Central, "Localized versions of your pages"; SEO 3.14-3.17).

use std::fmt;

use unicode_script::Script;

use crate::error::Problem;

/// A valid value of `hreflang`, in the usual case: `fa`, `zh-Hant-TW`, `x-default`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hreflang(String);

impl Hreflang {
    /// Reads a locale: ISO 639-1, then ISO 15924 and ISO 3166-1 alpha-2 if wanted. Crawlers ignore
    /// everything else, such as `es-419`, a country alone or `de_CH` (SEO 3.16).
    ///
    /// # Errors
    /// A problem that says which part is wrong.
    pub fn parse(text: &str) -> Result<Hreflang, Problem> {
        let refuse = |reason: String| Err(Problem::new(format!("`{text}` is no hreflang: {reason}")));
        if text.contains('_') {
            return refuse("parts are joined by `-`, not `_`".into());
        }
        let mut parts = text.split('-').peekable();
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        if !is_listed(LANGUAGES, &language) {
            return refuse("it must begin with a language of ISO 639-1, such as `en`".into());
        }
        let mut tag = language;
        if let Some(script) = parts.next_if(|part| part.len() == 4) {
            let Some(script) = script_of(script) else {
                return refuse(format!("`{script}` is no script of ISO 15924, such as `Latn`"));
            };
            tag = format!("{tag}-{script}");
        }
        if let Some(region) = parts.next() {
            let region_code = region.to_ascii_uppercase();
            if !is_listed(REGIONS, &region_code) {
                return refuse(format!("`{region}` is no country of ISO 3166-1, such as `GB`"));
            }
            tag = format!("{tag}-{region_code}");
        }
        match parts.next() {
            None => Ok(Hreflang(tag)),
            Some(rest) => refuse(format!("`{rest}` is one part too many")),
        }
    }

    /// The page for everyone else.
    pub fn x_default() -> Hreflang {
        Hreflang("x-default".into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form of Open Graph's `og:locale`, which needs a region: `fa_IR`.
    pub fn open_graph(&self) -> Option<String> {
        let (language, rest) = self.0.split_once('-')?;
        let region = rest.rsplit('-').next().filter(|part| part.len() == 2)?;
        Some(format!("{language}_{region}"))
    }
}

impl fmt::Display for Hreflang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `<link rel="alternate" hreflang=… href=…>`, and `xhtml:link` in a sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    pub hreflang: Hreflang,
    /// Absolute.
    pub href: String,
}

/// One page of a translation group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub hreflang: Hreflang,
    /// The page's own absolute URL; of a list's page 2, that of page 2.
    pub url: String,
    /// What the one function says that decides it for the robots tag too.
    pub indexable: bool,
    /// Whether the page's canonical is itself, not an editor's override.
    pub self_canonical: bool,
}

/// The alternates that every member prints, each the same in the same order, so that they are always
/// reciprocal. Only indexable, self-canonical pages count; fewer than two make no cluster.
/// `x-default` is the member of the site's default locale, when there is one.
pub fn cluster(members: &[Member], default: &Hreflang) -> Vec<Alternate> {
    let mut alternates: Vec<Alternate> = members
        .iter()
        .filter(|member| member.indexable && member.self_canonical)
        .map(|member| Alternate { hreflang: member.hreflang.clone(), href: member.url.clone() })
        .collect();
    alternates.sort_by(|a, b| (&a.hreflang, &a.href).cmp(&(&b.hreflang, &b.href)));
    alternates.dedup_by(|later, kept| later.hreflang == kept.hreflang);
    if alternates.len() < 2 {
        return Vec::new();
    }
    if let Some(at_default) = alternates.iter().find(|alternate| alternate.hreflang == *default) {
        let href = at_default.href.clone();
        alternates.push(Alternate { hreflang: Hreflang::x_default(), href });
    }
    alternates
}

/// The script's code in title case, if it names a way of writing.
fn script_of(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let code = text[..1].to_ascii_uppercase() + &text[1..].to_ascii_lowercase();
    let known = match Script::from_short_name(&code) {
        Some(Script::Common | Script::Inherited | Script::Unknown) => false,
        Some(_) => true,
        None => is_listed(VARIANT_SCRIPTS, &code),
    };
    known.then_some(code)
}

fn is_listed(codes: &str, code: &str) -> bool {
    codes.split_ascii_whitespace().any(|listed| listed == code)
}

/// Scripts of ISO 15924 that people write in and Unicode has no property for: variants and mixtures.
const VARIANT_SCRIPTS: &str = "Aran Cyrs Geok Hanb Hans Hant Hrkt Jpan Kore Latf Latg Syre Syrj Syrn";

/// ISO 639-1, without the withdrawn `bh`.
const LANGUAGES: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia \
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo \
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl \
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk \
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// ISO 3166-1 alpha-2, officially assigned.
const REGIONS: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC \
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> Hreflang {
        Hreflang::parse(text).expect("a valid code")
    }

    fn member(text: &str) -> Member {
        Member {
            hreflang: code(text),
            url: format!("https://example.org/{text}"),
            indexable: true,
            self_canonical: true,
        }
    }

    fn lines(alternates: &[Alternate]) -> String {
        alternates.iter().map(|a| format!("{} {}\n", a.hreflang, a.href)).collect()
    }

    #[test]
    fn the_lists_of_codes_are_whole_and_in_order() {
        for (list, count) in [(LANGUAGES, 183), (REGIONS, 249), (VARIANT_SCRIPTS, 14)] {
            let codes: Vec<&str> = list.split_ascii_whitespace().collect();
            assert_eq!(codes.len(), count);
            assert!(codes.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn a_language_a_script_and_a_country_are_accepted_in_any_case() {
        for (text, expected) in [
            ("en", "en"),
            ("fa-IR", "fa-IR"),
            ("FA-ir", "fa-IR"),
            ("sr-latn", "sr-Latn"),
            ("zh-Hant", "zh-Hant"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("ur-Aran-PK", "ur-Aran-PK"),
        ] {
            assert_eq!(code(text).as_str(), expected);
            assert_eq!(code(expected).as_str(), expected, "reading it again changes nothing");
        }
    }

    #[test]
    fn a_code_that_crawlers_ignore_is_refused_with_its_reason() {
        let reasons: String = [
            "",
            "english",
            "eng",
            "xx",
            "IR",
            "de_CH",
            "es-419",
            "en-UK",
            "en-EU",
            "en-gb-oed",
            "zh-Zyyy",
            "zh-Xxxx",
            "en-",
            "-en",
            "en-US-Latn",
            "x-default",
            " en",
            "fa-ایرا",
            "en-ÿÿ",
        ]
        .into_iter()
        .map(|text| format!("{}\n", Hreflang::parse(text).expect_err(text)))
        .collect();
        insta::assert_snapshot!(reasons, @r"
        `` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `english` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `eng` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `xx` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `IR` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `de_CH` is no hreflang: parts are joined by `-`, not `_`
        `es-419` is no hreflang: `419` is no country of ISO 3166-1, such as `GB`
        `en-UK` is no hreflang: `UK` is no country of ISO 3166-1, such as `GB`
        `en-EU` is no hreflang: `EU` is no country of ISO 3166-1, such as `GB`
        `en-gb-oed` is no hreflang: `oed` is one part too many
        `zh-Zyyy` is no hreflang: `Zyyy` is no script of ISO 15924, such as `Latn`
        `zh-Xxxx` is no hreflang: `Xxxx` is no script of ISO 15924, such as `Latn`
        `en-` is no hreflang: `` is no country of ISO 3166-1, such as `GB`
        `-en` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `en-US-Latn` is no hreflang: `Latn` is one part too many
        `x-default` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        ` en` is no hreflang: it must begin with a language of ISO 639-1, such as `en`
        `fa-ایرا` is no hreflang: `ایرا` is no country of ISO 3166-1, such as `GB`
        `en-ÿÿ` is no hreflang: `ÿÿ` is no script of ISO 15924, such as `Latn`
        ");
    }

    #[test]
    fn open_graph_wants_a_region_and_an_underscore() {
        assert_eq!(code("fa-IR").open_graph().as_deref(), Some("fa_IR"));
        assert_eq!(code("zh-Hant-TW").open_graph().as_deref(), Some("zh_TW"));
        assert_eq!(code("zh-Hant").open_graph(), None);
        assert_eq!(code("fa").open_graph(), None);
        assert_eq!(Hreflang::x_default().open_graph(), None);
    }

    #[test]
    fn a_cluster_lists_every_member_and_the_default() {
        let members = [member("fa"), member("en"), member("ar")];
        insta::assert_snapshot!(lines(&cluster(&members, &code("en"))), @r"
        ar https://example.org/ar
        en https://example.org/en
        fa https://example.org/fa
        x-default https://example.org/en
        ");
        insta::assert_snapshot!(lines(&cluster(&members[..1], &code("en"))), @"");
        insta::assert_snapshot!(lines(&cluster(&members, &code("de"))), @r"
        ar https://example.org/ar
        en https://example.org/en
        fa https://example.org/fa
        ");
    }

    #[test]
    fn a_member_that_is_not_indexed_under_its_own_url_is_left_out() {
        let hidden = Member { indexable: false, ..member("en") };
        let elsewhere = Member { self_canonical: false, ..member("fa") };
        let members = [hidden, elsewhere, member("ar"), member("he")];
        insta::assert_snapshot!(lines(&cluster(&members, &code("en"))), @r"
        ar https://example.org/ar
        he https://example.org/he
        ");
        assert_eq!(cluster(&members[..3], &code("en")), [], "one page alone is no cluster");
    }

    proptest! {
        #[test]
        fn every_member_gets_the_same_cluster(
            members in prop::sample::subsequence(vec!["ar", "de", "en", "fa", "he"], 0..=5)
                .prop_flat_map(|codes| {
                    let flags = prop::collection::vec(any::<(bool, bool)>(), codes.len());
                    (Just(codes), flags)
                })
                .prop_map(|(codes, flags)| {
                    let with = |(text, (indexable, self_canonical))| {
                        Member { indexable, self_canonical, ..member(text) }
                    };
                    codes.into_iter().zip(flags).map(with).collect::<Vec<_>>()
                })
                .prop_shuffle(),
        ) {
            let ours = cluster(&members, &code("en"));
            let mut turned = members.clone();
            turned.reverse();
            prop_assert_eq!(&cluster(&turned, &code("en")), &ours);
            let eligible = members.iter().filter(|m| m.indexable && m.self_canonical);
            let listed = ours.iter().filter(|a| a.hreflang != Hreflang::x_default()).count();
            let count = eligible.clone().count();
            prop_assert_eq!(listed, if count < 2 { 0 } else { count });
            let default = eligible.clone().any(|m| m.hreflang == code("en")) && count >= 2;
            prop_assert_eq!(ours.last().is_some_and(|a| a.hreflang == Hreflang::x_default()), default);
        }

        #[test]
        fn no_text_is_accepted_that_a_second_reading_would_change(text in "[a-zA-Z0-9_-]{0,12}") {
            if let Ok(code) = Hreflang::parse(&text) {
                prop_assert!(code.as_str().eq_ignore_ascii_case(&text));
                prop_assert_eq!(Hreflang::parse(code.as_str()), Ok(code));
            }
        }
    }
}
