//! `[icons]` and `[verification]`: how the site looks in tabs and on home screens, and what proves
//! to search engines whose it is.

use serde::Deserialize;
use toml::Spanned;

use super::colour::{Colour, Palette};
use super::place::Place;
use crate::error::Problems;

/// Colours and name for browsers and home screens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IconSettings {
    /// What stands below the icon; the site's name when absent.
    pub short_name: Option<String>,
    /// A square PNG of the library that all sizes are made from, by its address.
    picture: Option<Spanned<String>>,
    theme_light: Spanned<String>,
    theme_dark: Spanned<String>,
    background: Spanned<String>,
    display: Spanned<String>,
}

impl Default for IconSettings {
    fn default() -> IconSettings {
        let plain = |text: &str| Spanned::new(0..0, text.to_owned());
        IconSettings {
            short_name: None,
            picture: None,
            theme_light: plain(&Palette::LIGHT.paper.to_string()),
            theme_dark: plain(&Palette::DARK.paper.to_string()),
            background: plain(&Palette::LIGHT.paper.to_string()),
            display: plain("browser"),
        }
    }
}

impl IconSettings {
    pub(super) fn check(&self, place: &Place, problems: &mut Problems) {
        for (key, colour) in [
            ("theme_light", &self.theme_light),
            ("theme_dark", &self.theme_dark),
            ("background", &self.background),
        ] {
            if Colour::parse(colour.get_ref()).is_none() {
                let reason = format!("is `{}`; a colour such as `#0b5566` is right", colour.get_ref());
                problems.push(place.problem(colour.span().start, reason).field(format!("icons.{key}")));
            }
        }
        let display = self.display.get_ref().as_str();
        if !["browser", "minimal-ui", "standalone", "fullscreen"].contains(&display) {
            let reason = format!("is `{display}`; browser, minimal-ui, standalone or fullscreen is right");
            problems.push(place.problem(self.display.span().start, reason).field("icons.display"));
        }
    }

    /// The picture of the library that all sizes are made from.
    pub fn picture(&self) -> Option<&Spanned<String>> {
        self.picture.as_ref()
    }

    /// Whether the files of icons come out the same by these settings as by others.
    pub fn draws_like(&self, other: &IconSettings) -> bool {
        let picture = |own: &IconSettings| own.picture.as_ref().map(|picture| picture.get_ref().clone());
        picture(self) == picture(other) && self.background() == other.background()
    }

    /// The colour of the browser's frame on light pages.
    pub fn theme_light(&self) -> &str {
        self.theme_light.get_ref()
    }

    pub fn theme_dark(&self) -> &str {
        self.theme_dark.get_ref()
    }

    /// What is behind the icon of a home screen.
    pub fn background(&self) -> &str {
        self.background.get_ref()
    }

    pub fn background_rgb(&self) -> [u8; 3] {
        Colour::parse(self.background()).map_or([255; 3], |Colour(red, green, blue)| [red, green, blue])
    }

    pub fn display(&self) -> &str {
        self.display.get_ref()
    }
}

/// Proofs of ownership, each the `content` of a tag that a search engine gave out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Verification {
    google: Option<Spanned<String>>,
    bing: Option<Spanned<String>>,
    yandex: Option<Spanned<String>>,
    pinterest: Option<Spanned<String>>,
    facebook: Option<Spanned<String>>,
}

impl Verification {
    fn all(&self) -> [(&'static str, &'static str, Option<&Spanned<String>>); 5] {
        [
            ("google", "google-site-verification", self.google.as_ref()),
            ("bing", "msvalidate.01", self.bing.as_ref()),
            ("yandex", "yandex-verification", self.yandex.as_ref()),
            ("pinterest", "p:domain_verify", self.pinterest.as_ref()),
            ("facebook", "facebook-domain-verification", self.facebook.as_ref()),
        ]
    }

    pub(super) fn check(&self, place: &Place, problems: &mut Problems) {
        for (key, _, value) in self.all() {
            let Some(value) = value else { continue };
            let text = value.get_ref();
            if text.is_empty()
                || text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"".contains(c))
            {
                let reason = "holds more than a token; give what stands in `content` of the tag, not the tag";
                problems.push(place.problem(value.span().start, reason).field(format!("verification.{key}")));
            }
        }
    }

    /// (name, content) of the tags to print.
    pub fn tags(&self) -> Vec<(String, String)> {
        let given = self.all().into_iter();
        given.filter_map(|(_, name, value)| Some((name.to_owned(), value?.get_ref().clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Site;
    use super::super::tests::TWO;

    #[test]
    fn wrong_settings_are_refused_with_their_lines() {
        let table = "[icons]\ntheme_dark = \"black\"\ndisplay = \"window\"\n[verification]\n\
                     google = \"<meta name='google-site-verification' content='x'>\"\nbing = \"\"\n";
        let error = Site::parse("site.toml", &format!("{TWO}{table}")).unwrap_err().to_string();
        insta::assert_snapshot!(error, @r"
        site.toml:10: `icons.theme_dark`: is `black`; a colour such as `#0b5566` is right
        site.toml:11: `icons.display`: is `window`; browser, minimal-ui, standalone or fullscreen is right
        site.toml:13: `verification.google`: holds more than a token; give what stands in `content` of the tag, not the tag
        site.toml:14: `verification.bing`: holds more than a token; give what stands in `content` of the tag, not the tag
        ");
    }

    #[test]
    fn what_is_given_becomes_a_tag() {
        let table = "[verification]\ngoogle = \"a-b_c=\"\npinterest = \"d0\"\n";
        let site = Site::parse("site.toml", &format!("{TWO}{table}")).unwrap();
        let tags = site.verification.tags();
        let tags: Vec<(&str, &str)> =
            tags.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
        assert_eq!(tags, [("google-site-verification", "a-b_c="), ("p:domain_verify", "d0")]);
    }
}
