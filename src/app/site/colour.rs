//! Colours, and which of them can be read on which (WCAG 2.2, 1.4.3).

use std::fmt;

/// A colour of the screen, each part from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// `#rrggbb` or `#rgb`.
    pub fn parse(text: &str) -> Option<Colour> {
        let hex = text.strip_prefix('#')?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize, len: usize| u8::from_str_radix(&hex[at..at + len], 16).ok();
        match hex.len() {
            6 => Some(Colour(part(0, 2)?, part(2, 2)?, part(4, 2)?)),
            3 => Some(Colour(part(0, 1)? * 17, part(1, 1)? * 17, part(2, 1)? * 17)),
            _ => None,
        }
    }

    /// The contrast ratio, from 1 to 21.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// This colour with a share of another, from 0 to 1.
    pub fn mix(self, other: Colour, share: f64) -> Colour {
        let part = |a: u8, b: u8| (f64::from(a) * (1.0 - share) + f64::from(b) * share).round() as u8;
        Colour(part(self.0, other.0), part(self.1, other.1), part(self.2, other.2))
    }

    /// The nearest shade of this colour that text may have on a ground.
    pub fn readable_on(self, ground: Colour) -> Colour {
        let black = Colour(0, 0, 0);
        let white = Colour(255, 255, 255);
        let towards = if ground.contrast(black) > ground.contrast(white) { black } else { white };
        let shades = (0..=100).map(|step| self.mix(towards, f64::from(step) / 100.0));
        shades.into_iter().find(|shade| shade.contrast(ground) >= Palette::LEAST + 0.05).unwrap_or(towards)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The colours of a scheme, by the names they have in `base.css`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    pub paper: Colour,
    pub shade: Colour,
    pub ink: Colour,
    pub quiet: Colour,
    pub line: Colour,
    pub accent: Colour,
    pub accent_deep: Colour,
    pub foot: Colour,
    pub on_foot: Colour,
    pub on_foot_quiet: Colour,
    dark: bool,
}

impl Palette {
    /// The contrast that text needs.
    pub const LEAST: f64 = 4.5;

    pub const LIGHT: Palette = Palette {
        paper: Colour(0xfd, 0xfd, 0xfe),
        shade: Colour(0xf0, 0xf2, 0xf9),
        ink: Colour(0x11, 0x18, 0x4f),
        quiet: Colour(0x4f, 0x56, 0x7e),
        line: Colour(0xcd, 0xd2, 0xe6),
        accent: Colour(0xb0, 0x10, 0x30),
        accent_deep: Colour(0x7d, 0x0a, 0x22),
        foot: Colour(0x11, 0x18, 0x4f),
        on_foot: Colour(0xf3, 0xf4, 0xfc),
        on_foot_quiet: Colour(0xb9, 0xc0, 0xe6),
        dark: false,
    };

    pub const DARK: Palette = Palette {
        paper: Colour(0x0b, 0x0f, 0x2e),
        shade: Colour(0x15, 0x1b, 0x45),
        ink: Colour(0xe8, 0xeb, 0xfc),
        quiet: Colour(0xaa, 0xb2, 0xdc),
        line: Colour(0x33, 0x3c, 0x72),
        accent: Colour(0xff, 0x9a, 0x86),
        accent_deep: Colour(0xff, 0xc4, 0xb8),
        foot: Colour(0x15, 0x1b, 0x45),
        on_foot: Colour(0xe8, 0xeb, 0xfc),
        on_foot_quiet: Colour(0xaa, 0xb2, 0xdc),
        dark: true,
    };

    /// With an owner's colours; those that nobody names are mixed from them.
    pub fn with(self, ink: Option<Colour>, paper: Option<Colour>, accent: Option<Colour>) -> Palette {
        let mut palette = self;
        if ink.is_some() || paper.is_some() {
            let (ink, paper) = (ink.unwrap_or(self.ink), paper.unwrap_or(self.paper));
            palette.ink = ink;
            palette.paper = paper;
            palette.shade = paper.mix(ink, 0.06);
            palette.quiet = ink.mix(paper, 0.2).readable_on(palette.shade);
            palette.line = paper.mix(ink, 0.22);
            palette.foot = if self.dark { palette.shade } else { ink };
            palette.on_foot = if self.dark { ink } else { paper };
            palette.on_foot_quiet = palette.on_foot.mix(palette.foot, 0.2).readable_on(palette.foot);
        }
        if let Some(accent) = accent {
            palette.accent = accent;
            palette.accent_deep = accent.mix(palette.ink, 0.4).readable_on(palette.shade);
        }
        palette
    }

    /// As custom properties.
    pub fn rules(&self) -> String {
        [
            ("paper", self.paper),
            ("shade", self.shade),
            ("ink", self.ink),
            ("quiet", self.quiet),
            ("line", self.line),
            ("accent", self.accent),
            ("accent-deep", self.accent_deep),
            ("foot", self.foot),
            ("on-foot", self.on_foot),
            ("on-foot-quiet", self.on_foot_quiet),
        ]
        .map(|(name, colour)| format!(" --{name}: {colour};"))
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_three_or_six_digits() {
        assert_eq!(Colour::parse("#0b5566"), Some(Colour(11, 85, 102)));
        assert_eq!(Colour::parse("#FFF"), Some(Colour(255, 255, 255)));
        for wrong in ["", "#", "red", "#12", "#1234567", "#gggggg", "#+1+1+1", "0b5566", "#é12"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn colours_are_read_and_written() {
        assert_eq!(Colour::parse("#fa0").unwrap().to_string(), "#ffaa00");
        assert_eq!(Colour::parse("#B01030").unwrap().to_string(), "#b01030");
        for text in ["", "red", "#", "#12", "#1234", "#12345g", "b01030", "#éé", "#+12345"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let (black, white) = (Colour(0, 0, 0), Colour(255, 255, 255));
        assert_eq!(black.contrast(white), 21.0);
        assert_eq!(white.contrast(white), 1.0);
        // The grey that is known to pass by a hair.
        assert!((Colour::parse("#767676").unwrap().contrast(white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_readable_shade_is_found_on_any_ground() {
        for ground in [Colour(255, 255, 255), Colour(0, 0, 0), Colour(120, 120, 120), Colour(11, 15, 46)] {
            for colour in [Colour(255, 204, 0), Colour(0, 0, 0), Colour(127, 0, 200), ground] {
                let shade = colour.readable_on(ground);
                assert!(shade.contrast(ground) >= Palette::LEAST, "{colour} as {shade} on {ground}");
            }
        }
    }

    /// The numbers here and those of the style sheet are the same.
    #[test]
    fn the_shipped_palettes_are_those_of_the_style_sheet() {
        let css = std::fs::read_to_string("static/site/base.css").unwrap();
        for (palette, nth) in [(Palette::LIGHT, 1), (Palette::DARK, 2)] {
            for rule in palette.rules().split_inclusive(';').map(str::trim) {
                let (name, value) = rule.split_once(": ").unwrap();
                let found = css.split(&format!("{name}: ")).nth(nth).map(|rest| &rest[..value.len()]);
                assert_eq!(found, Some(value), "{name}");
            }
        }
    }

    #[test]
    fn every_text_of_the_shipped_palettes_is_readable() {
        for palette in [Palette::LIGHT, Palette::DARK] {
            for text in [palette.ink, palette.quiet, palette.accent, palette.accent_deep] {
                for ground in [palette.paper, palette.shade] {
                    assert!(text.contrast(ground) >= Palette::LEAST, "{text} on {ground}");
                }
            }
            for text in [palette.on_foot, palette.on_foot_quiet] {
                assert!(text.contrast(palette.foot) >= Palette::LEAST, "{text} on {}", palette.foot);
            }
            // Buttons: paper on ink, and on the accent below a pointer.
            assert!(palette.paper.contrast(palette.accent) >= Palette::LEAST);
        }
    }
}
