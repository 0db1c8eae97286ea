//! `[look]` of `site.toml`: colours, faces, logo, footer and the order of the home page.

use serde::Deserialize;
use toml::Spanned;

use super::colour::{Colour, Palette};
use super::place::Place;
use crate::error::Problems;

/// How the site looks, where it differs from what is shipped.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// The face of text: `shipped`, `system-serif`, `system-sans`, or the family of a `[[look.face]]`.
    pub text: Option<Spanned<String>>,
    /// The face of headings and of the site's name; that of text when absent.
    pub headings: Option<Spanned<String>>,
    /// A file of the content folder that stands before the site's name.
    pub logo: Option<Spanned<String>>,
    /// The logo stands for the name, which is then its text for those who don't see it.
    pub logo_alone: bool,
    /// Types that the home page shows, in this order; all that have a listing when empty.
    pub home: Vec<Spanned<String>>,
    pub light: Inks,
    pub dark: Inks,
    #[serde(rename = "face")]
    pub faces: Vec<Face>,
    pub footer: Vec<FooterText>,
    pub social: Vec<Social>,
}

/// The colours of a scheme, each `#rrggbb`; what is absent stays as shipped.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inks {
    /// Marks, numerals, what a pointer is on.
    pub accent: Option<Spanned<String>>,
    /// Text.
    pub ink: Option<Spanned<String>>,
    /// What everything stands on.
    pub paper: Option<Spanned<String>>,
}

/// A WOFF2 file of the content folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Face {
    pub family: Spanned<String>,
    pub file: Spanned<String>,
    /// `700`, or `400 800` of a variable one.
    #[serde(default = "any_weight")]
    pub weight: Spanned<String>,
    #[serde(default)]
    pub italic: bool,
}

/// A line at the foot of every page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FooterText {
    pub text: String,
    /// The language it belongs to; the default one when absent.
    pub locale: Option<Spanned<String>>,
}

/// A profile elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Social {
    pub label: String,
    pub href: Spanned<String>,
}

fn any_weight() -> Spanned<String> {
    Spanned::new(0..0, "400".to_owned())
}

impl Look {
    /// Checks all that can be checked without files.
    pub fn check(&self, place: &Place, locales: &[&str], problems: &mut Problems) {
        self.check_faces(place, problems);
        for (scheme, inks, shipped) in
            [("light", &self.light, Palette::LIGHT), ("dark", &self.dark, Palette::DARK)]
        {
            inks.check(place, scheme, &shipped, problems);
        }
        for footer in &self.footer {
            if let Some(code) = &footer.locale
                && !locales.contains(&code.get_ref().as_str())
            {
                let reason = format!("the site has no language `{}`", code.get_ref());
                problems.push(place.problem(code.span().start, reason).field("look.footer.locale"));
            }
        }
        for social in &self.social {
            if social.label.trim().is_empty() {
                let reason = format!("the link to `{}` has no words", social.href.get_ref());
                problems.push(place.problem(social.href.span().start, reason).field("look.social.label"));
            }
            if !social.href.get_ref().starts_with("https://") {
                let reason = format!("`{}` is no address that begins with https://", social.href.get_ref());
                problems.push(place.problem(social.href.span().start, reason).field("look.social.href"));
            }
        }
    }

    /// The home page can only show types there are.
    pub fn check_home(&self, place: &Place, types: &[&str], problems: &mut Problems) {
        for name in self.home.iter().filter(|name| !types.contains(&name.get_ref().as_str())) {
            let reason = format!("there is no type `{}`", name.get_ref());
            problems.push(place.problem(name.span().start, reason).field("look.home"));
        }
    }

    fn check_faces(&self, place: &Place, problems: &mut Problems) {
        for face in &self.faces {
            let family = face.family.get_ref();
            if family.is_empty() || !family.chars().all(|c| c.is_alphanumeric() || " -_".contains(c)) {
                let reason = "the family is letters, digits, spaces and hyphens";
                problems.push(place.problem(face.family.span().start, reason).field("look.face.family"));
            }
            let weights = face.weight.get_ref().split(' ').map(str::parse::<u16>);
            let weights: Vec<u16> = weights.map(|weight| weight.unwrap_or(0)).collect();
            if weights.len() > 2 || !weights.is_sorted() || weights.iter().any(|w| !(1..=1000).contains(w)) {
                let reason = "a weight is a number such as `700`, or two such as `400 800`";
                problems.push(place.problem(face.weight.span().start, reason).field("look.face.weight"));
            }
        }
        for (key, name) in [("look.text", &self.text), ("look.headings", &self.headings)] {
            if let Some(name) = name
                && !SHIPPED.contains(&name.get_ref().as_str())
                && !self.faces.iter().any(|face| face.family.get_ref() == name.get_ref())
            {
                let reason = format!(
                    "`{}` is none of `shipped`, `system-serif`, `system-sans`, and no [[look.face]] has this family",
                    name.get_ref()
                );
                problems.push(place.problem(name.span().start, reason).field(key));
            }
        }
    }

    /// The rules that lay this look over the shipped one; empty when nothing differs. `address` has
    /// the addresses of the files of faces.
    pub fn css(&self, address: impl Fn(&str) -> String) -> String {
        let mut css = String::new();
        for face in &self.faces {
            css += &format!(
                "@font-face {{ font-family: \"{}\"; font-weight: {}; font-style: {}; font-display: optional; \
                 src: url(\"{}\") format(\"woff2\"); }}\n",
                face.family.get_ref(),
                face.weight.get_ref(),
                if face.italic { "italic" } else { "normal" },
                address(face.file.get_ref()),
            );
        }
        let mut rules = String::new();
        let faces = self.face_rules();
        if !faces.is_empty() {
            rules += &format!(":root {{{faces} }}\n");
        }
        let light = self.light.rules(&Palette::LIGHT);
        if !light.is_empty() {
            rules += &format!(":root {{{light} }}\n");
        }
        let dark = self.dark.rules(&Palette::DARK);
        if !dark.is_empty() {
            rules += &format!("@media (prefers-color-scheme: dark) {{ :root {{{dark} }} }}\n");
        } else if !light.is_empty() {
            // What was laid over the light scheme must not reach into the dark one.
            let shipped = Palette::DARK.rules();
            rules += &format!("@media (prefers-color-scheme: dark) {{ :root {{{shipped} }} }}\n");
        }
        if !rules.is_empty() {
            css += &format!("@layer look {{\n{rules}}}\n");
        }
        css
    }

    /// The files of the faces that a page's text is set in, by their names below `/static/`; none when
    /// it is the system's. `arabic` says which of the shipped ones a page needs, `italics` whether
    /// words of it stand in italics.
    pub fn first_faces(&self, arabic: bool, italics: bool) -> Vec<String> {
        let text = self.text.as_ref().map_or("shipped", |text| text.get_ref());
        let own = |italic: bool| {
            let face = self.faces.iter().find(|face| face.family.get_ref() == text && face.italic == italic);
            face.map(|face| face_name(face.file.get_ref()))
        };
        let shipped = |name: &str| Some(format!("fonts/{name}.woff2"));
        let (upright, italic) = match text {
            "shipped" if arabic => (shipped("vazirmatn/vazirmatn"), None),
            "shipped" => (shipped("alegreya/alegreya"), shipped("alegreya/alegreya-italic")),
            _ => (own(false), own(true)),
        };
        upright.into_iter().chain(italic.filter(|_| italics)).collect()
    }

    fn face_rules(&self) -> String {
        let stack = |name: &str| match name {
            name if SHIPPED.contains(&name) => format!("var(--{name})"),
            family => format!("\"{family}\", var(--shipped)"),
        };
        let mut rules = String::new();
        if let Some(text) = &self.text {
            let text = text.get_ref();
            rules += &format!(" --text: {}; --display: {};", stack(text), stack(text));
            if text != "shipped" {
                // Alegreya draws its small letters smaller than most.
                rules += " --root: 100%;";
            }
        }
        if let Some(headings) = &self.headings {
            rules += &format!(" --display: {};", stack(headings.get_ref()));
        }
        rules
    }
}

/// The name below `/static/` of a file that `[look]` names.
pub fn face_name(file: &str) -> String {
    format!("look/{}", file.strip_prefix("look/").unwrap_or(file))
}

/// The names of faces that need no file of the owner's, each a custom property of `base.css`.
const SHIPPED: [&str; 3] = ["shipped", "system-serif", "system-sans"];

impl Inks {
    fn check(&self, place: &Place, scheme: &str, shipped: &Palette, problems: &mut Problems) {
        let mut wrong = false;
        for (name, value) in [("accent", &self.accent), ("ink", &self.ink), ("paper", &self.paper)] {
            if let Some(value) = value
                && Colour::parse(value.get_ref()).is_none()
            {
                wrong = true;
                let reason = format!("`{}` is no colour such as `#b01030`", value.get_ref());
                problems
                    .push(place.problem(value.span().start, reason).field(format!("look.{scheme}.{name}")));
            }
        }
        if wrong {
            return;
        }
        let palette = self.palette(shipped);
        // The fault is told at the colour that was set, whichever of the two that is.
        let set = |own: &Option<Spanned<String>>| own.clone().or_else(|| self.paper.clone());
        for (name, own, colour) in [("ink", &self.ink, palette.ink), ("accent", &self.accent, palette.accent)]
        {
            let Some(told) = set(own) else { continue };
            for (ground_name, ground) in [("the paper", palette.paper), ("shaded boxes", palette.shade)] {
                let ratio = colour.contrast(ground);
                if ratio < Palette::LEAST {
                    let reason = format!(
                        "{name} {colour} on {ground_name} {ground} has a contrast of {ratio:.1}, text needs 4.5; \
                         {} would do",
                        colour.readable_on(palette.paper).readable_on(palette.shade)
                    );
                    let key = format!("look.{scheme}.{}", if own.is_some() { name } else { "paper" });
                    problems.push(place.problem(told.span().start, reason).field(key));
                    break;
                }
            }
        }
    }

    fn palette(&self, shipped: &Palette) -> Palette {
        let colour =
            |own: &Option<Spanned<String>>| own.as_ref().and_then(|own| Colour::parse(own.get_ref()));
        shipped.with(colour(&self.ink), colour(&self.paper), colour(&self.accent))
    }

    fn rules(&self, shipped: &Palette) -> String {
        if self.accent.is_none() && self.ink.is_none() && self.paper.is_none() {
            return String::new();
        }
        self.palette(shipped).rules()
    }
}
