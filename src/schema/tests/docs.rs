//! `docs/content-types.md` is a contract: what exists is documented there.

use super::super::load::CHANGE_KEYS;
use super::super::load::tests::all_keys;
use super::super::{CORE_NAMES, FieldChanges, Kind, LAYOUTS, SourceFile, Types};

fn reference() -> String {
    let path = format!("{}/docs/content-types.md", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the reference is there")
}

/// The lines from a heading to the next of its level.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = text.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no section {heading}")) + 1;
    let level = heading.split(' ').next().unwrap_or_default();
    let body = &text[start + heading.len()..];
    let end = body.find(&format!("\n{level} ")).unwrap_or(body.len());
    &body[..end]
}

#[test]
fn every_key_is_documented() {
    let text = reference();
    for key in all_keys() {
        assert!(text.contains(&format!("\n| `{key}` |")), "the key `{key}` has no row");
    }
}

#[test]
fn every_key_of_a_change_is_documented() {
    let text = reference();
    let changes = section(&text, "## Changing a field");
    for key in CHANGE_KEYS {
        assert!(changes.contains(&format!("\n| `{key}` |")), "the key `{key}` has no row");
    }
    let example = changes.split("```").nth(1).and_then(|block| block.strip_prefix("toml\n")).unwrap();
    let place = [
        "label = { one = \"Place\", many = \"Places\" }\npath = \"/{slug}\"\nlayout = \"page\"\nschema = \"Place\"\n",
        "[[field]]\nname = \"telephone\"\nkind = \"phone\"\nlabel = \"Telephone\"\n",
        "[[field]]\nname = \"price_range\"\nkind = \"line\"\nlabel = \"Price\"\n",
    ];
    let types = Types::load(&[SourceFile::new("types/place.toml", place.concat())], LAYOUTS).unwrap();
    let read = FieldChanges::load(&[SourceFile::new("changes/1.toml", example)], &types).unwrap();
    assert_eq!(read[0].steps.len(), 3);
}

#[test]
fn every_kind_is_documented_in_all_its_forms() {
    let text = reference();
    for kind in Kind::ALL {
        let section = section(&text, &format!("### {kind}"));
        for form in ["Front matter", "CSV", "JSON-LD"] {
            assert!(section.contains(&format!("- {form}: ")), "the kind {kind} lacks its {form}");
        }
        assert!(section.contains(&format!("kind = \"{kind}\"")), "the kind {kind} lacks an example");
    }
}

#[test]
fn every_layout_is_documented_with_its_needs() {
    let text = reference();
    let layouts = section(&text, "## Layouts");
    for layout in LAYOUTS {
        let start = format!("| `{}` |", layout.name);
        let row = layouts.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("the layout {} has no row", layout.name));
        for need in layout.needs {
            let kinds: Vec<&str> = need.kind.iter().map(|kind| kind.name()).collect();
            let word = if need.required { "required" } else { "optional" };
            let said = format!("`{}` ({}, {word})", need.field, kinds.join(" or "));
            assert!(row.contains(&said), "the layout {} doesn't say {said}", layout.name);
        }
    }
}

#[test]
fn every_core_name_and_shipped_type_is_documented() {
    let text = reference();
    let core = section(&text, "## The core of every entry");
    for name in CORE_NAMES {
        assert!(core.contains(&format!("`{name}`")), "the core name {name}");
    }
    let shipped = section(&text, "## The types shipped");
    let types = Types::load(&super::shipped_files(), LAYOUTS).expect("right files");
    for ty in types.iter() {
        let row = format!("| `{}` | `{}` | {} | {} |", ty.name, ty.path, ty.layout, ty.schema);
        assert!(shipped.contains(&row), "lacks {row}");
    }
}

#[test]
fn the_example_type_loads() {
    let text = reference();
    let examples: Vec<&str> =
        text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let file = examples.iter().find(|example| example.starts_with("# content/types/")).expect("a whole type");
    let mut files = super::shipped_files();
    files.push(super::super::SourceFile::new("types/salon.toml", *file));
    let types = Types::load(&files, LAYOUTS).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(types.get("salon").is_some());
}
