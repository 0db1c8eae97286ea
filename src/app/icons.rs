//! The icons of the site: the owner's files in `content/icons/` over those the binary carries.

use std::collections::BTreeMap;

use super::assets::library_picture;
use super::embedded;
use super::site::Site;
use crate::config::Config;
use crate::error::{Error, Problem, Problems, Result};
use crate::files::icons::{Logo, ico, ico_sides, png_size};
use crate::files::{Format, probe};
use crate::text::data_url;

/// Files at fixed addresses at the root of the site, with their bytes.
#[derive(Debug, Clone, Default)]
pub struct Icons {
    files: BTreeMap<&'static str, Vec<u8>>,
    /// Width and height of the picture of pages that have none, when the owner gave one.
    pub card: Option<(&'static str, u32, u32)>,
    /// What pages link to as the drawing, if there is one: a small one itself, so that no page waits
    /// for one more file, else its address.
    pub drawing: Option<String>,
}

/// A file an owner may give, and what it has to be.
enum Form {
    Png(u32),
    Svg,
    Ico,
    /// Of any size: for previews of links.
    Card(Format),
}

/// What may lie in `content/icons/`, besides `icon.png`, which all sizes are made from.
const NAMES: [(&str, Form); 8] = [
    ("favicon.ico", Form::Ico),
    (DRAWING, Form::Svg),
    ("apple-touch-icon.png", Form::Png(180)),
    ("icon-192.png", Form::Png(192)),
    ("icon-512.png", Form::Png(512)),
    ("icon-maskable-512.png", Form::Png(512)),
    ("card.png", Form::Card(Format::Png)),
    ("card.jpg", Form::Card(Format::Jpeg)),
];
const DRAWING: &str = "favicon.svg";
/// How many bytes of a drawing travel with each page.
const MAX_CARRIED: usize = 1024;
const LOGO: &str = "icon.png";
/// The sizes within `favicon.ico`; the binary carries them one by one.
const SMALL: [(u32, &str); 3] = [(16, "icon-16.png"), (32, "icon-32.png"), (48, "icon-48.png")];

impl Icons {
    /// Reads the owner's files and makes what is missing: from their `icon.png` when there is one,
    /// else the built-in ones stand.
    ///
    /// # Errors
    /// Every file that is not what its name says, and every one whose name means nothing.
    pub fn read(config: &Config, site: &Site) -> Result<Icons> {
        let mut problems = Problems::default();
        let mut own = BTreeMap::new();
        let mut logo = None;
        if let Some(picture) = site.icons.picture() {
            let bytes = library_picture(config, picture.get_ref()).map_err(Problem::new);
            match bytes.map_err(Error::from).and_then(|bytes| Logo::read(&bytes)) {
                Ok(read) => logo = Some(read),
                Err(Error::Invalid(found)) => {
                    let at = |problem: Problem| {
                        site.place.problem(picture.span().start, problem.reason).field("icons.picture")
                    };
                    problems.0.extend(found.0.into_iter().map(at));
                }
                Err(other) => return Err(other),
            }
        }
        // A picture that was chosen stands for every size; the owner's files show another one.
        let chosen = logo.is_some();
        let own_files = embedded::icons(config)?.into_iter();
        for (name, bytes) in own_files.filter(|(name, _)| !chosen || name.starts_with("card.")) {
            if SMALL.iter().any(|(_, built_in)| *built_in == name) {
                continue;
            }
            let read = if name == LOGO {
                Logo::read(&bytes).map(|read| logo = Some(read))
            } else {
                check(&name, &bytes)
            };
            match read {
                Ok(()) => _ = own.insert(name, bytes),
                Err(Error::Invalid(found)) => {
                    let file = format!("icons/{name}");
                    problems.0.extend(found.0.into_iter().map(|problem| problem.file(file.clone())));
                }
                Err(other) => return Err(other),
            }
        }
        let mut icons = Icons::default();
        for (name, form) in &NAMES {
            let bytes = match own.remove(*name) {
                Some(bytes) => Some(bytes),
                None => made(name, form, logo.as_ref(), site)?,
            };
            let Some(bytes) = bytes else { continue };
            if let (Form::Card(_), Ok((_, Some((width, height))))) = (form, probe(&bytes)) {
                icons.card = Some((name, width, height));
            }
            if *name == DRAWING {
                icons.drawing = Some(carried(&bytes).unwrap_or_else(|| format!("/{DRAWING}")));
            }
            icons.files.insert(name, bytes);
        }
        problems.or(icons)
    }

    /// Every file by its name, which is its address at the root.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
    }

    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Whether an address at the root belongs to an icon, given or not.
    pub fn is_name(name: &str) -> bool {
        NAMES.iter().any(|(known, _)| *known == name)
    }
}

/// A drawing as a URL that is the drawing, unless it is long.
fn carried(drawing: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(drawing).ok().filter(|text| text.len() <= MAX_CARRIED)?;
    Some(data_url("image/svg+xml", text.trim()))
}

fn check(name: &str, bytes: &[u8]) -> Result<()> {
    let wrong = |reason: String| Err(Problem::new(reason).into());
    let Some((_, form)) = NAMES.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = NAMES.iter().map(|(known, _)| *known).chain([LOGO]).collect();
        return wrong(format!("has a name that means nothing here; known are: {}", known.join(", ")));
    };
    match form {
        Form::Png(side) => match png_size(bytes)? {
            (width, height) if width == *side && height == *side => Ok(()),
            (width, height) => wrong(format!("has {width} × {height} pixels; {side} × {side} is right")),
        },
        Form::Svg if probe(bytes)?.0 == Format::Svg => Ok(()),
        Form::Svg => wrong("is no SVG".into()),
        Form::Ico => ico_sides(bytes).map(|_| ()),
        Form::Card(format) if probe(bytes)?.0 == *format => Ok(()),
        Form::Card(format) => wrong(format!("is no {}", format.extension())),
    }
}

/// A file that the owner did not give.
fn made(name: &str, form: &Form, logo: Option<&Logo>, site: &Site) -> Result<Option<Vec<u8>>> {
    let Some(logo) = logo else {
        return Ok(match form {
            Form::Ico => {
                let pictures = SMALL.map(|(side, name)| (side, embedded::icon(name)));
                let pictures: Vec<(u32, &[u8])> =
                    pictures.iter().map(|(side, bytes)| (*side, bytes.as_slice())).collect();
                Some(ico(&pictures))
            }
            Form::Card(_) => None,
            Form::Png(_) | Form::Svg => Some(embedded::icon(name)),
        });
    };
    let background = site.icons.background_rgb();
    Ok(match form {
        Form::Png(side) if name.contains("maskable") => Some(logo.maskable(*side, background)?),
        Form::Png(side) if name.starts_with("apple") => Some(logo.touch(*side, background)?),
        Form::Png(side) => Some(logo.png(*side)?),
        Form::Ico => {
            let pictures = SMALL.map(|(side, _)| logo.png(side).map(|png| (side, png)));
            let pictures = pictures.into_iter().collect::<Result<Vec<_>>>()?;
            let pictures: Vec<(u32, &[u8])> =
                pictures.iter().map(|(side, png)| (*side, png.as_slice())).collect();
            Some(ico(&pictures))
        }
        // The built-in drawing is not theirs, and a picture makes no drawing.
        Form::Svg | Form::Card(_) => None,
    })
}
