//! What only shows when types stand beside each other, their groups and their layouts.

use std::collections::BTreeMap;

use super::super::field::Field;
use super::super::kind::Kind;
use super::super::path_rule::PrefixSource;
use super::super::suggest::hint;
use super::super::types::{SortBy, Type};
use super::source::Source;
use super::{Draft, Known, Sources, no_such, type_file};

pub fn check(drafts: &[Draft], sources: &Sources, known: &Known) {
    for draft in drafts {
        let Some(source) = sources.types.get(draft.name) else { continue };
        let ty = &draft.ty;
        check_needs(ty, draft, source, sources, known);
        check_path(ty, draft, source);
        check_sort(ty, draft, source);
        for field in &ty.fields {
            check_target(field, sources, known);
        }
    }
    let types: BTreeMap<&str, &Type> = drafts.iter().map(|draft| (draft.name, &draft.ty)).collect();
    check_cycles(&types, sources);
    check_listings(&types, sources);
}

/// The type supplies what its layout needs.
fn check_needs(ty: &Type, draft: &Draft, source: &Source, sources: &Sources, known: &Known) {
    let Some(layout) = known.layouts.iter().find(|layout| layout.name == ty.layout) else { return };
    for need in layout.needs {
        let kinds: Vec<&str> = need.kind.iter().map(|kind| kind.name()).collect();
        let kinds = kinds.join(" or ");
        match ty.field(need.field) {
            Some(field) if !need.kind.contains(&field.kind) => {
                let reason = format!(
                    "is {}; the layout {} of the type {} reads `{}` as {kinds}",
                    field.kind, layout.name, ty.name, need.field
                );
                at_field(field, sources, "kind", reason);
            }
            None if need.required && !draft.broken.contains(need.field) => {
                let reason =
                    format!("is {}, which needs a field `{}` of kind {kinds}", layout.name, need.field);
                source.fault("layout", reason);
            }
            _ => {}
        }
    }
}

/// The field that addresses begin with leads to exactly one entry, always.
fn check_path(ty: &Type, draft: &Draft, source: &Source) {
    let PrefixSource::Field(name) = ty.path.prefix_source() else { return };
    let reason = match ty.field(name) {
        None if draft.broken.contains(name) => return,
        None => {
            let relations = ty.fields.iter().filter(|field| field.kind == Kind::Relation);
            let names = relations.map(|field| field.name.as_str()).chain(["parent"]);
            format!("begins with `{{{name}.path}}`, but there is no field `{name}`; {}", hint(name, names))
        }
        Some(field) if field.kind != Kind::Relation => {
            format!("begins with `{{{name}.path}}`, but `{name}` is a {}; a relation is right", field.kind)
        }
        Some(field) if field.many => {
            format!(
                "begins with `{{{name}.path}}`, but `{name}` leads to many entries; a relation to one is right"
            )
        }
        Some(field) if !field.required => {
            format!("begins with `{{{name}.path}}`, but `{name}` may be empty; make it `required = true`")
        }
        Some(_) => return,
    };
    source.fault("path", reason);
}

fn check_sort(ty: &Type, draft: &Draft, source: &Source) {
    let Some(SortBy::Field(name)) = ty.listing.as_ref().map(|listing| &listing.sort.by) else { return };
    match ty.field(name) {
        Some(field) if field.sort => {}
        Some(_) => source.fault("listing.sort", format!("is `{name}`, a field without `sort = true`")),
        None if draft.broken.contains(name) => {}
        None => {
            let sortable = ty.fields.iter().filter(|field| field.sort).map(|field| field.name.as_str());
            let reason = format!("is `{name}`, which is no field; {}", type_file::sort_hint(name, sortable));
            source.fault("listing.sort", reason);
        }
    }
}

fn check_target(field: &Field, sources: &Sources, known: &Known) {
    if let Some(to) = field.to.as_deref().filter(|to| !known.types.contains(to)) {
        at_field(field, sources, "to", no_such("type", to, known.types.iter()));
    }
}

/// No address needs itself: following the types that addresses begin with comes to an end.
fn check_cycles(types: &BTreeMap<&str, &Type>, sources: &Sources) {
    for (name, ty) in types {
        let mut way = vec![*name];
        let mut here = *ty;
        while let Some(next) = prefix_type(here) {
            if next == *name {
                way.push(next);
                let advice = if way.len() == 2 { "; `{parent.path}` makes a hierarchy" } else { "" };
                let reason = format!("needs its own address: {}{advice}", way.join(" → "));
                if let Some(source) = sources.types.get(name) {
                    source.fault("path", reason);
                }
            }
            // A circle further on is reported by the types in it.
            if way.contains(&next) {
                break;
            }
            way.push(next);
            match types.get(next) {
                Some(ty) => here = ty,
                None => break,
            }
        }
    }
}

/// The type whose addresses this type's begin with.
fn prefix_type(ty: &Type) -> Option<&str> {
    match ty.path.prefix_source() {
        PrefixSource::Field(name) => ty.field(name)?.to.as_deref(),
        PrefixSource::None | PrefixSource::Parent => None,
    }
}

/// One listing at a path.
fn check_listings(types: &BTreeMap<&str, &Type>, sources: &Sources) {
    let mut taken: BTreeMap<&str, &Type> = BTreeMap::new();
    for (name, ty) in types {
        let Some(listing) = &ty.listing else { continue };
        let (Some(other), Some(source)) = (taken.get(listing.path.as_str()), sources.types.get(name)) else {
            taken.insert(&listing.path, ty);
            continue;
        };
        source.fault(
            "listing.path",
            format!("is {}, where {} puts the listing of {}", listing.path, other.file, other.name),
        );
    }
}

/// Notes a fault where the field is declared: in the type's file or a group's.
fn at_field(field: &Field, sources: &Sources, key: &str, reason: String) {
    if let Some(source) = sources.file(&field.file) {
        source.fault(&format!("field.{}.{key}", field.name), reason);
    }
}
