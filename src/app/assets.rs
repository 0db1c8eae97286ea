//! What stands below `/static/`: the files built in, the site owner's over them, and the one style
//! sheet that is put together from all of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use bytes::Bytes;
use serde::de::IgnoredAny;

use super::embedded;
use super::site::Site;
use super::site::look::{Look, face_name};
use crate::cache;
use crate::config::Config;
use crate::error::{Error, Problem, Problems, Result};
use crate::files::probe;

/// The parts of the style sheet below `static/`, in order. The first one fixes the order of the layers.
pub const STYLES: [&str; 8] = [
    "site/base.css",
    "site/layout.css",
    "site/parts.css",
    "site/lists.css",
    "site/prose.css",
    "site/code.css",
    "site/forms.css",
    "site/print.css",
];

/// The style sheet of the public pages.
pub const STYLE_SHEET: &str = "site.css";

/// The style sheet of the back office.
pub const OFFICE_SHEET: &str = "admin/admin.css";

/// The rules by which browsers fetch pages ahead.
pub const SPECULATION: &str = "site/speculation.json";

/// Largest file of an owner that is kept in memory.
const LARGEST: u64 = 4 << 20;

/// Files by name, with `/` between folders.
#[derive(Debug, Clone)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
    pub logo: Option<Logo>,
}

/// A file and the address that changes with it.
#[derive(Debug, Clone)]
pub struct Asset {
    pub address: String,
    /// Of its bytes, as `cache::hash` has it.
    pub hash: String,
    pub body: Bytes,
}

/// The site's mark, with its size in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    pub address: String,
    pub width: u32,
    pub height: u32,
}

static EMBEDDED: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let files = embedded::static_files().into_iter();
    Assets::of(files.map(|(name, body)| (name, Bytes::from(body)))).files
});

impl Asset {
    fn new(name: &str, body: Bytes) -> Asset {
        let hash = cache::hash(&body);
        Asset { address: format!("/static/{}/{name}", &hash[..8]), hash, body }
    }
}

impl Assets {
    /// From names and contents.
    pub fn of(files: impl IntoIterator<Item = (String, Bytes)>) -> Assets {
        let files = files.into_iter().map(|(name, body)| (name.clone(), Asset::new(&name, body)));
        Assets { files: files.collect(), logo: None }
    }

    /// Reads the owner's `static/` folder and what `[look]` names, and puts the style sheet together.
    ///
    /// # Errors
    /// Every file that is missing or is not what it should be, with its line in `site.toml`.
    pub fn open(config: &Config, site: &Site) -> Result<Assets> {
        Assets::plain(config)?.dressed(config, site)
    }

    /// The files built in and the owner's `static/` folder over them, before anything of a look.
    ///
    /// # Errors
    /// Every file that is not what it should be.
    pub fn plain(config: &Config) -> Result<Assets> {
        let mut assets = Assets { files: EMBEDDED.clone(), logo: None };
        let mut problems = Problems::default();
        if let Some(folder) = &config.content {
            assets.lay_over(&folder.join("static"), "", &mut problems)?;
        }
        problems.or(assets)
    }

    /// These files with what `[look]` names, and the style sheet put together.
    ///
    /// # Errors
    /// Every file that is missing or is not what it should be, with its line in `site.toml`.
    pub fn dressed(&self, config: &Config, site: &Site) -> Result<Assets> {
        let (look, place) = (&site.look, &site.place);
        let mut assets = self.clone();
        let mut problems = Problems::default();
        let folder = config.content.as_deref();
        if let Some(logo) = &look.logo {
            match assets.logo(config, logo.get_ref()) {
                Ok(found) => assets.logo = Some(found),
                Err(reason) => problems.push(place.problem(logo.span().start, reason).field("look.logo")),
            }
        }
        for face in &look.faces {
            match read(folder, face.file.get_ref()).and_then(woff2) {
                Ok(bytes) => {
                    assets.add(&face_name(face.file.get_ref()), bytes);
                }
                Err(reason) => {
                    problems.push(place.problem(face.file.span().start, reason).field("look.face.file"))
                }
            }
        }
        let sheet = assets.sheet(look);
        assets.add(STYLE_SHEET, Bytes::from(sheet));
        if let Some(sheet) = assets.body(OFFICE_SHEET).map(|body| String::from_utf8_lossy(body).into_owned())
        {
            assets.add(OFFICE_SHEET, Bytes::from(assets.with_faces(&sheet)));
        }
        problems.or(assets)
    }

    /// A picture of the library by its address, or a file of the content folder, which stands below
    /// `/static/` then.
    fn logo(&mut self, config: &Config, name: &str) -> Result<Logo, String> {
        if name.starts_with("/media/") {
            let (width, height) = size(&library_picture(config, name)?)?;
            return Ok(Logo { address: name.to_owned(), width, height });
        }
        let bytes = read(config.content.as_deref(), name)?;
        let (width, height) = size(&bytes)?;
        Ok(Logo { address: self.add(&face_name(name), bytes), width, height })
    }

    /// The address of a file: `/static/<hash8>/<name>`.
    pub fn address(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(|asset| asset.address.as_str())
    }

    /// What a file holds.
    pub fn body(&self, name: &str) -> Option<&Bytes> {
        self.files.get(name).map(|asset| &asset.body)
    }

    /// All files, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Asset)> {
        self.files.iter()
    }

    fn add(&mut self, name: &str, body: Bytes) -> String {
        let asset = Asset::new(name, body);
        let address = asset.address.clone();
        self.files.insert(name.to_owned(), asset);
        address
    }

    /// Lays the files of a folder over those of the same name; links and dot files are left out.
    fn lay_over(&mut self, folder: &Path, below: &str, problems: &mut Problems) -> Result<()> {
        let Ok(listing) = std::fs::read_dir(folder) else { return Ok(()) };
        for file in listing {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            let kind = file.file_type()?;
            if name.starts_with('.') || kind.is_symlink() {
                continue;
            }
            let name = format!("{below}{name}");
            if kind.is_dir() {
                self.lay_over(&file.path(), &format!("{name}/"), problems)?;
            } else if !is_plain(&name) {
                let reason = "a file of static/ is named with Latin letters, digits, `-`, `_` and `.`";
                problems.push(Problem::new(reason).file(file.path().display().to_string()));
            } else if file.metadata()?.len() > LARGEST {
                let reason = "is larger than 4 MiB, too large for a file that every node keeps in memory";
                problems.push(Problem::new(reason).file(file.path().display().to_string()));
            } else {
                let bytes = std::fs::read(file.path())?;
                if name == SPECULATION
                    && let Err(error) = serde_json::from_slice::<IgnoredAny>(&bytes)
                {
                    let file = file.path().display().to_string();
                    problems.push(Problem::new(format!("is no JSON: {error}")).at(file, error.line() as u32));
                    continue;
                }
                self.add(&name, Bytes::from(bytes));
            }
        }
        Ok(())
    }

    /// The parts of the style sheet and the owner's look in one, with the addresses of its files.
    fn sheet(&self, look: &Look) -> String {
        let part = |name: &&str| self.files.get(*name).map(|asset| String::from_utf8_lossy(&asset.body));
        let parts: String = STYLES.iter().filter_map(part).collect();
        let sheet = self.with_faces(&parts);
        sheet + &look.css(|file| self.address(&face_name(file)).unwrap_or_default().to_owned())
    }

    /// A style sheet with the addresses of the faces that it names below `fonts/`.
    fn with_faces(&self, css: &str) -> String {
        let mut sheet = String::with_capacity(css.len());
        let mut rest = css;
        while let Some((before, after)) = rest.split_once("url(\"fonts/") {
            let (name, after) = after.split_once("\")").unwrap_or((after, ""));
            let name = format!("fonts/{name}");
            sheet += &format!("{before}url(\"{}\")", self.address(&name).unwrap_or(&name));
            rest = after;
        }
        sheet + rest
    }
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

/// A file of the content folder; the reason when there is none.
fn read(folder: Option<&Path>, file: &str) -> Result<Bytes, String> {
    let Some(folder) = folder else {
        return Err("files stand in a content folder; set `content` to yours".to_owned());
    };
    let outside = file.is_empty() || file.starts_with('/') || file.split('/').any(|part| part == "..");
    if outside || !is_plain(file) {
        return Err(format!("`{file}` is no path below the content folder, such as `look/logo.svg`"));
    }
    match std::fs::metadata(folder.join(file)) {
        Ok(found) if found.is_file() && found.len() <= LARGEST => {}
        Ok(found) if found.is_file() => return Err(format!("`{file}` is larger than 4 MiB")),
        _ => return Err(format!("the content folder has no file `{file}`")),
    }
    std::fs::read(folder.join(file)).map(Bytes::from).map_err(|error| format!("`{file}`: {error}"))
}

/// The bytes of a picture of the library by its address, `/media/HASH/NAME`; the reason when there are none.
pub fn library_picture(config: &Config, address: &str) -> Result<Bytes, String> {
    let missing = || format!("the library has no picture `{address}`");
    let (hash, name) =
        address.strip_prefix("/media/").and_then(|rest| rest.split_once('/')).ok_or_else(missing)?;
    if !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) || name.contains('/') || name.starts_with('.') {
        return Err(missing());
    }
    let file = config.data.join("media").join(hash).join(name);
    std::fs::read(file).map(Bytes::from).map_err(|_| missing())
}

fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    match probe(bytes) {
        Ok((_, Some(size))) => Ok(size),
        Ok((_, None)) => Err("says no width and height; an SVG needs both, or a viewBox".to_owned()),
        Err(Error::Invalid(found)) => Err(found.to_string()),
        Err(other) => Err(other.to_string()),
    }
}

fn woff2(bytes: Bytes) -> Result<Bytes, String> {
    if bytes.starts_with(b"wOF2") { Ok(bytes) } else { Err("is no WOFF2 file".to_owned()) }
}
