//! Files of `content/changes/`: what became of the values of a field that was renamed, became
//! another kind, or went away. Each is applied once to the entries that are there.

use std::collections::BTreeMap;

use super::super::field::Field;
use super::super::suggest::hint;
use super::super::types::{Type, Types};
use super::source::{Source, Table};
use super::{SourceFile, no_such};
use crate::error::Problems;

/// Every key of a file of `content/changes/`.
pub const CHANGE_KEYS: [&str; 4] = ["type", "rename", "convert", "drop"];

/// One file: its steps are done in the order rename, convert, drop.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChanges {
    /// The file's name within the folder.
    pub name: String,
    /// The type whose entries change.
    pub kind: String,
    pub steps: Vec<Step>,
}

/// One thing that is done to the stored values of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// For messages.
    pub line: u32,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The value of `from` is the value of `to` from now on.
    Rename { from: String, to: String },
    /// The value is read again as the kind that the field is of now, after those named here were
    /// replaced.
    Convert { field: String, values: BTreeMap<String, String> },
    /// The value of a field that is declared no more is forgotten.
    Drop { field: String },
}

impl FieldChanges {
    /// Reads all files, in the order of their names, and checks them against the types.
    ///
    /// # Errors
    /// Every problem of every file, by file and line.
    pub fn load(files: &[SourceFile], types: &Types) -> Result<Vec<FieldChanges>, Problems> {
        let mut problems = Vec::new();
        let mut all = Vec::new();
        for file in files {
            let source = Source::parse(&file.name, &file.text);
            if let Some(root) = source.root() {
                all.extend(read(&root, types));
            }
            problems.extend(source.take_problems());
        }
        check_order(&all, types, &mut problems);
        if problems.is_empty() { Ok(all) } else { Err(Problems(problems)) }
    }
}

fn read(root: &Table, types: &Types) -> Option<FieldChanges> {
    root.only(&CHANGE_KEYS);
    if !root.has("type") {
        root.fault("type", "is missing; the name of a type is right");
        return None;
    }
    let kind = root.string("type")?;
    let Some(declared) = types.get(&kind) else {
        root.fault("type", no_such("type", &kind, types.names()));
        return None;
    };
    let mut steps = Vec::new();
    steps.extend(root.tables("rename").iter().filter_map(|table| rename(table, declared)));
    steps.extend(root.tables("convert").iter().filter_map(|table| convert(table, declared)));
    steps.extend(root.tables("drop").iter().filter_map(|table| drop_field(table, declared)));
    if !["rename", "convert", "drop"].iter().any(|key| root.has(key)) {
        root.fault("type", "has nothing to change; [[rename]], [[convert]] or [[drop]] is right");
    }
    let name = root.file().strip_prefix("changes/").unwrap_or(root.file()).to_owned();
    Some(FieldChanges { name, kind, steps })
}

fn rename(table: &Table, kind: &Type) -> Option<Step> {
    table.only(&["from", "to"]);
    let (from, to) = (named(table, "from")?, named(table, "to")?);
    if kind.field(&from).is_some() {
        table.fault("from", format!("is a field of the type {}; a name it has no more is right", kind.name));
        return None;
    }
    Some(Step { line: table.line(), what: What::Rename { from, to } })
}

fn convert(table: &Table, kind: &Type) -> Option<Step> {
    table.only(&["field", "values"]);
    let field = named(table, "field")?;
    if kind.field(&field).is_none() {
        table.fault("field", unknown(kind, &field));
        return None;
    }
    let mut values = BTreeMap::new();
    if let Some(given) = table.table("values") {
        for key in given.keys() {
            values.insert(key.to_owned(), given.string(key)?);
        }
    }
    Some(Step { line: table.line(), what: What::Convert { field, values } })
}

fn drop_field(table: &Table, kind: &Type) -> Option<Step> {
    table.only(&["field"]);
    let field = named(table, "field")?;
    if kind.field(&field).is_some() {
        let reason = format!("is a field of the type {}; take it out of its file first", kind.name);
        table.fault("field", reason);
        return None;
    }
    Some(Step { line: table.line(), what: What::Drop { field } })
}

fn named(table: &Table, key: &str) -> Option<String> {
    if !table.has(key) {
        table.fault(key, "is missing; the name of a field is right");
    }
    table.string(key)
}

fn unknown(kind: &Type, field: &str) -> String {
    let known = kind.fields.iter().map(|field: &Field| field.name.as_str());
    format!("names {field:?}, which the type {} has not; {}", kind.name, hint(field, known))
}

/// A name that a rename leads to is a field of the type, unless a later step takes it on.
fn check_order(all: &[FieldChanges], types: &Types, problems: &mut Vec<crate::error::Problem>) {
    let steps: Vec<(&FieldChanges, &Step)> =
        all.iter().flat_map(|file| file.steps.iter().map(move |step| (file, step))).collect();
    for (at, (file, step)) in steps.iter().enumerate() {
        let What::Rename { to, .. } = &step.what else { continue };
        let taken_on = steps[at + 1..].iter().any(|(later, step)| {
            later.kind == file.kind
                && match &step.what {
                    What::Rename { from, .. } => from == to,
                    What::Drop { field } => field == to,
                    What::Convert { .. } => false,
                }
        });
        if let Some(kind) = types.get(&file.kind)
            && kind.field(to).is_none()
            && !taken_on
        {
            let file = format!("changes/{}", file.name);
            problems
                .push(crate::error::Problem::new(unknown(kind, to)).field("rename.to").at(file, step.line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::LAYOUTS;

    const NOTE: &str = "label = { one = \"Note\", many = \"Notes\" }\npath = \"/notes/{slug}\"\nlayout = \"page\"\n\
                        schema = \"WebPage\"\n[[field]]\nname = \"colour\"\nkind = \"line\"\nlabel = \"Colour\"\n";

    fn load(text: &str) -> Result<Vec<FieldChanges>, String> {
        let types =
            Types::load(&[SourceFile::new("types/note.toml", NOTE)], LAYOUTS).expect("the type is right");
        FieldChanges::load(&[SourceFile::new("changes/1.toml", text)], &types)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn steps_are_read_with_their_lines() {
        let text = "type = \"note\"\n[[drop]]\nfield = \"old\"\n[[rename]]\nfrom = \"color\"\nto = \"colour\"\n\
                    [[convert]]\nfield = \"colour\"\nvalues = { r = \"red\" }\n";
        let read = load(text).unwrap();
        let values = BTreeMap::from([("r".to_owned(), "red".to_owned())]);
        let steps = vec![
            Step { line: 4, what: What::Rename { from: "color".into(), to: "colour".into() } },
            Step { line: 7, what: What::Convert { field: "colour".into(), values } },
            Step { line: 2, what: What::Drop { field: "old".into() } },
        ];
        assert_eq!(read, [FieldChanges { name: "1.toml".into(), kind: "note".into(), steps }]);
    }

    #[test]
    fn a_name_may_be_on_its_way_to_another() {
        let twice = "type = \"note\"\n[[rename]]\nfrom = \"a\"\nto = \"b\"\n[[rename]]\nfrom = \"b\"\nto = \"colour\"\n";
        assert_eq!(load(twice).unwrap()[0].steps.len(), 2);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_line() {
        for (text, message) in [
            ("", "changes/1.toml:1: `type`: is missing"),
            ("type = \"nota\"\n", "changes/1.toml:1: `type`: there is no type `nota`"),
            ("type = \"note\"\n", "has nothing to change"),
            (
                "type = \"note\"\n[[rename]]\nfrom = \"colour\"\nto = \"x\"\n",
                "changes/1.toml:3: `rename.1.from`: is a field of the type note",
            ),
            (
                "type = \"note\"\n[[rename]]\nfrom = \"a\"\nto = \"color\"\n",
                "changes/1.toml:2: `rename.to`: names \"color\", which the type note has not; did you mean `colour`?",
            ),
            ("type = \"note\"\n[[rename]]\nfrom = \"a\"\n", "`rename.1.to`: is missing"),
            (
                "type = \"note\"\n[[convert]]\nfield = \"tint\"\n",
                "changes/1.toml:3: `convert.1.field`: names \"tint\"",
            ),
            (
                "type = \"note\"\n[[drop]]\nfield = \"colour\"\n",
                "changes/1.toml:3: `drop.1.field`: is a field of the type note; take it out of its file first",
            ),
            (
                "type = \"note\"\n[[drop]]\nfeld = \"x\"\n",
                "`drop.1.feld`: is no key here; did you mean `field`?",
            ),
            ("type = \"note\"\n[[drop]\n", "changes/1.toml:2: is not TOML"),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.contains(message), "{text}\n{error}");
        }
    }
}
