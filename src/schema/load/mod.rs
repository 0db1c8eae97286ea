//! Reads and checks the type files: `Types::load`.

mod between;
mod field_changes;
mod field_table;
mod head_table;
mod landing_file;
mod names;
mod source;
mod type_file;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::field::Field;
use super::landing::{LANDING, Landing};
use super::layouts::Layout;
use super::suggest::hint;
use super::types::{Type, Types};
use crate::error::{Problem, Problems};

#[cfg(test)]
pub(super) use field_changes::CHANGE_KEYS;
pub use field_changes::{FieldChanges, Step, What};
pub(super) use names::is_field_name;
use names::is_type_name;
use source::Source;

/// A file of the content folder, by its path in it: `types/place.toml`, `groups/contact.toml`,
/// `landings/places-by-kind.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    pub name: String,
    pub text: String,
}

impl SourceFile {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> SourceFile {
        SourceFile { name: name.into(), text: text.into() }
    }
}

impl Types {
    /// Reads all type, group and landing files and checks them, alone and against each other and the
    /// layouts.
    ///
    /// # Errors
    /// Every problem of every file, by file and line, each naming the key and what would be right.
    pub fn load(files: &[SourceFile], layouts: &[Layout]) -> Result<Types, Problems> {
        let mut problems = Vec::new();
        let sources = parse(files, &mut problems);
        let known = Known::of(files, layouts);
        let groups: BTreeMap<&str, Group> =
            sources.groups.iter().map(|(name, source)| (*name, read_group(source))).collect();
        let mut drafts: Vec<Draft> = Vec::new();
        for (name, source) in &sources.types {
            if let Some(root) = source.root() {
                drafts.push(type_file::read(name, &root, &groups, &known));
            }
        }
        between::check(&drafts, &sources, &known);
        let by_name: BTreeMap<String, Type> =
            drafts.into_iter().map(|draft| (draft.ty.name.clone(), draft.ty)).collect();
        let landings = read_landings(&sources, &by_name);
        for source in sources.all() {
            problems.extend(source.take_problems());
        }
        if problems.is_empty() {
            let by_name = by_name.into_iter().map(|(name, kind)| (name, Arc::new(kind))).collect();
            return Ok(Types { by_name, landings });
        }
        problems.sort_by(|a, b| {
            (&a.file, a.line, &a.field, &a.reason).cmp(&(&b.file, b.line, &b.field, &b.reason))
        });
        problems.dedup();
        Err(Problems(problems))
    }
}

/// The files that could be read, by the name of their type or group.
struct Sources<'a> {
    types: BTreeMap<&'a str, Source<'a>>,
    groups: BTreeMap<&'a str, Source<'a>>,
    landings: BTreeMap<&'a str, Source<'a>>,
}

impl<'a> Sources<'a> {
    /// The source of a file by its path.
    fn file(&self, path: &str) -> Option<&Source<'a>> {
        self.all().find(|source| source.file == path)
    }

    fn all(&self) -> impl Iterator<Item = &Source<'a>> {
        self.types.values().chain(self.groups.values()).chain(self.landings.values())
    }
}

fn read_landings(sources: &Sources, types: &BTreeMap<String, Type>) -> BTreeMap<String, Landing> {
    let read = sources.landings.iter().filter_map(|(name, source)| {
        Some(((*name).to_owned(), landing_file::read(name, &source.root()?, types)?))
    });
    read.collect()
}

/// Names that exist, also those of files with faults: one fault is told once.
struct Known<'a> {
    types: BTreeSet<&'a str>,
    groups: BTreeSet<&'a str>,
    layouts: &'a [Layout],
}

impl<'a> Known<'a> {
    fn of(files: &'a [SourceFile], layouts: &'a [Layout]) -> Known<'a> {
        let named = |folder: &str| {
            let stem = |file: &'a SourceFile| file.name.strip_prefix(folder)?.strip_suffix(".toml");
            files.iter().filter_map(stem).collect()
        };
        Known { types: named("types/"), groups: named("groups/"), layouts }
    }
}

/// A type that was read, and what was broken in it, so that a broken part isn't reported as missing.
struct Draft<'a> {
    name: &'a str,
    ty: Type,
    /// Names of fields that were declared with a fault.
    broken: BTreeSet<String>,
}

/// The fields of a group, and the names of those declared with a fault.
#[derive(Default)]
struct Group {
    fields: Vec<Field>,
    broken: BTreeSet<String>,
}

fn parse<'a>(files: &'a [SourceFile], problems: &mut Vec<Problem>) -> Sources<'a> {
    let mut sources = Sources { types: BTreeMap::new(), groups: BTreeMap::new(), landings: BTreeMap::new() };
    for file in files {
        let stem = |folder| file.name.strip_prefix(folder)?.strip_suffix(".toml");
        let (name, into, what) = match (stem("types/"), stem("groups/"), stem("landings/")) {
            (Some(name), ..) => (name, &mut sources.types, "type"),
            (_, Some(name), _) => (name, &mut sources.groups, "group"),
            (.., Some(name)) => (name, &mut sources.landings, "landing pages"),
            _ => {
                let reason = "is neither types/NAME.toml, groups/NAME.toml nor landings/NAME.toml";
                problems.push(Problem::new(reason).file(&file.name));
                continue;
            }
        };
        if !is_type_name(name) {
            let reason = format!(
                "names the {what} {name:?}; lower-case letters, digits and single hyphens, starting with a letter, at most 40, are right"
            );
            problems.push(Problem::new(reason).file(&file.name));
        }
        if what == "type" && name == LANDING {
            let reason = "takes the name of the type that landing pages are of; another name is right";
            problems.push(Problem::new(reason).file(&file.name));
        }
        if into.insert(name, Source::parse(&file.name, &file.text)).is_some() {
            problems.push(Problem::new("is given twice; one file for each name is right").file(&file.name));
        }
    }
    sources
}

fn read_group(source: &Source) -> Group {
    let Some(root) = source.root() else { return Group::default() };
    root.only(&["field"]);
    let mut group = Group::default();
    field_table::read_all(&root, &mut group.fields, &mut group.broken);
    if group.fields.is_empty() && group.broken.is_empty() {
        root.fault("field", "is missing; a group holds at least one [[field]]");
    }
    group
}

/// `…; did you mean X?` for something that has to exist.
fn no_such(what: &str, name: &str, known: impl Iterator<Item = impl AsRef<str>>) -> String {
    let known: Vec<_> = known.collect();
    format!("there is no {what} `{name}`; {}", hint(name, known.iter().map(AsRef::as_ref)))
}

#[cfg(test)]
pub(super) mod tests;
