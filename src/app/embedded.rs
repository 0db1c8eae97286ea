//! The content folder: what the binary carries, with the site owner's files laid over it.

use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::RustEmbed;

use crate::config::Config;
use crate::error::{Error, Problem, Result};
use crate::schema::SourceFile;

#[derive(RustEmbed)]
#[folder = "content"]
struct Content;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// Types, groups and landing pages by name (`types/place.toml`); a file of the owner's folder replaces the
/// embedded one of the same name.
pub fn type_files(config: &Config) -> Result<Vec<SourceFile>> {
    let mut files = BTreeMap::new();
    for name in Content::iter().filter(|name| is_type_file(name)) {
        files.insert(name.to_string(), text(&name, embedded(&name))?);
    }
    if let Some(folder) = &config.content {
        for part in ["types", "groups", "landings"] {
            for (name, bytes) in owned(folder, part)? {
                files.insert(name.clone(), text(&name, bytes)?);
            }
        }
    }
    Ok(files.into_iter().map(|(name, text)| SourceFile { name, text }).collect())
}

/// Changes of fields by name; those of the engine itself and those of the owner.
pub fn change_files(config: &Config) -> Result<Vec<SourceFile>> {
    let mut files = BTreeMap::new();
    for name in Content::iter().filter(|name| name.starts_with("changes/") && name.ends_with(".toml")) {
        files.insert(name.to_string(), text(&name, embedded(&name))?);
    }
    if let Some(folder) = &config.content {
        for (name, bytes) in owned(folder, "changes")? {
            files.insert(name.clone(), text(&name, bytes)?);
        }
    }
    Ok(files.into_iter().map(|(name, text)| SourceFile { name, text }).collect())
}

/// `site.toml`: its name for messages, and its text.
pub fn site_file(config: &Config) -> Result<(String, String)> {
    if let Some(folder) = &config.content {
        let file = folder.join("site.toml");
        if file.is_file() {
            return Ok((file.display().to_string(), text("site.toml", std::fs::read(&file)?)?));
        }
    }
    Ok(("site.toml".into(), text("site.toml", embedded("site.toml"))?))
}

/// The files of the owner's `icons` folder by name. One that is the built-in one is none of theirs:
/// whoever copied the content folder gave nothing.
pub fn icons(config: &Config) -> Result<Vec<(String, Vec<u8>)>> {
    let Some(folder) = &config.content else { return Ok(Vec::new()) };
    let Ok(listing) = std::fs::read_dir(folder.join("icons")) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for file in listing {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || !file.path().is_file() {
            continue;
        }
        let bytes = std::fs::read(file.path())?;
        if icon(&name) != bytes {
            files.push((name, bytes));
        }
    }
    files.sort();
    Ok(files)
}

/// A built-in icon; empty when there is none of that name.
pub fn icon(name: &str) -> Vec<u8> {
    embedded(&format!("icons/{name}"))
}

/// The files of `static/`, by name.
pub fn static_files() -> Vec<(String, Vec<u8>)> {
    let file = |name: std::borrow::Cow<'static, str>| {
        let file = Static::get(&name)?;
        Some((name.into_owned(), file.data.into_owned()))
    };
    Static::iter().filter_map(file).collect()
}

/// The sample site's files.
pub fn sample() -> Vec<(String, Vec<u8>)> {
    Content::iter()
        .filter_map(|name| {
            let inner = name.strip_prefix("sample/")?.to_owned();
            Some((inner, embedded(&name)))
        })
        .collect()
}

fn is_type_file(name: &str) -> bool {
    ["types/", "groups/", "landings/"].iter().any(|part| name.starts_with(part)) && name.ends_with(".toml")
}

fn embedded(name: &str) -> Vec<u8> {
    Content::get(name).map(|file| file.data.into_owned()).unwrap_or_default()
}

fn owned(folder: &Path, part: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let Ok(listing) = std::fs::read_dir(folder.join(part)) else {
        return Ok(files);
    };
    for file in listing {
        let file = file?;
        let name = format!("{part}/{}", file.file_name().to_string_lossy());
        if name.ends_with(".toml") {
            files.push((name, std::fs::read(file.path())?));
        }
    }
    Ok(files)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::from(Problem::new("is not UTF-8").file(name)))
}
