//! Tests of kinds and shipped types; those of the loader stand beside it.

mod docs;
mod forms;
mod laws;
mod shipped;
mod surfaces;
mod values;

use serde_json::Value as Json;

use super::{Field, Kind, SourceFile, Value, read_value};

/// The type and group files of `content/`.
pub(super) fn shipped_files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    for folder in ["groups", "types"] {
        let path = format!("{}/content/{folder}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(path).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            files.push(SourceFile::new(
                format!("{folder}/{name}"),
                std::fs::read_to_string(&path).expect("text"),
            ));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// A field of a kind that takes whatever the kind takes.
fn field(kind: Kind) -> Field {
    let mut field = Field::new("field", kind);
    if kind == Kind::Choice {
        field.choices = ["cafe", "hotel"].map(choice).to_vec();
        field.choices[0].label = "Café".to_owned();
        field.choices[0].labels.insert("fa".to_owned(), "کافه".to_owned());
    }
    if kind == Kind::Relation {
        field.to = Some("city".to_owned());
        field.many = true;
    }
    field
}

fn choice(value: &str) -> super::Choice {
    super::Choice {
        value: value.to_owned(),
        label: value.to_owned(),
        labels: Default::default(),
        schema: None,
    }
}

/// Reads a value, or gives the fault as it is shown.
fn read(kind: Kind, raw: Json) -> Result<Option<Value>, String> {
    read_value(&field(kind), &raw).map_err(|problem| problem.to_string())
}

/// Reads a value that is right.
fn value(kind: Kind, raw: Json) -> Value {
    read(kind, raw).unwrap_or_else(|fault| panic!("{fault}")).expect("a value")
}
