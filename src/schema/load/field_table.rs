//! One `[[field]]` of a type or group file.

use std::collections::{BTreeMap, BTreeSet};

use super::super::field::{Choice, Field, label_from};
use super::super::kind::Kind;
use super::super::suggest::hint;
use super::super::types::CORE_NAMES;
use super::names::{is_field_name, is_locale, is_schema_property, is_schema_type, is_type_name};
use super::source::Table;

/// Every key a field can have.
pub const FIELD_KEYS: [&str; 16] = [
    "name", "kind", "label", "labels", "help", "helps", "required", "many", "filter", "sort", "schema", "to",
    "choices", "min", "max", "currency",
];

/// Every key one of the choices can have.
pub const CHOICE_KEYS: [&str; 4] = ["value", "label", "labels", "schema"];

/// Reads all fields of a file; those with a fault are named in `broken` and left out.
pub fn read_all(root: &Table, fields: &mut Vec<Field>, broken: &mut BTreeSet<String>) {
    for table in root.tables("field") {
        let Some(name) = read_name(&table) else {
            table.only(&FIELD_KEYS);
            continue;
        };
        let table = table.named(format!("field.{name}"));
        table.only(&FIELD_KEYS);
        if let Some(first) = fields.iter().find(|field| field.name == name) {
            table.fault(
                "name",
                format!("stands in line {} already; every field has a name of its own", first.line),
            );
            continue;
        }
        match read_field(&table, &name) {
            Some(field) => fields.push(field),
            None => {
                broken.insert(name);
            }
        }
    }
}

fn read_name(table: &Table) -> Option<String> {
    if !table.has("name") {
        table.fault("name", "is missing; every field has a name");
    }
    let name = table.string("name")?;
    if CORE_NAMES.contains(&name.as_str()) {
        table.fault("name", format!("is `{name}`, which every entry has already; another name is right"));
    } else if !is_field_name(&name) {
        let reason = format!(
            "is {name:?}; lower-case letters, digits and single underscores, starting with a letter, at most 40, are right"
        );
        table.fault("name", reason);
    } else {
        return Some(name);
    }
    None
}

fn read_field(table: &Table, name: &str) -> Option<Field> {
    let kind = read_kind(table);
    let label = table.string("label").unwrap_or_else(|| label_from(name));
    let labels = by_locale(table, "labels");
    let (help, helps) = (table.string("help"), by_locale(table, "helps"));
    let flag = |key| table.bool(key).unwrap_or(false);
    let (required, many, filter, sort) = (flag("required"), flag("many"), flag("filter"), flag("sort"));
    let schema = table.string("schema");
    if let Some(property) = schema.as_ref().filter(|property| !is_schema_property(property)) {
        table.fault(
            "schema",
            format!("is {property:?}; a property of schema.org such as `telephone` is right"),
        );
    }
    let kind = kind?;
    let field = Field {
        name: name.to_owned(),
        label,
        labels,
        help,
        helps,
        required,
        many,
        filter,
        sort,
        schema,
        to: read_target(table, kind),
        choices: read_choices(table, kind),
        min: read_bound(table, kind, "min"),
        max: read_bound(table, kind, "max"),
        currency: read_currency(table, kind),
        file: table.file().to_owned(),
        line: table.line(),
        kind,
    };
    check_flags(table, &field);
    Some(field)
}

fn read_kind(table: &Table) -> Option<Kind> {
    let names = || Kind::ALL.iter().map(|kind| kind.name());
    if !table.has("kind") {
        table
            .fault("kind", format!("is missing; one of {} is right", names().collect::<Vec<_>>().join(", ")));
    }
    let name = table.string("kind")?;
    let kind = Kind::from_name(&name);
    if kind.is_none() {
        table.fault("kind", format!("is `{name}`, which is no kind; {}", hint(&name, names())));
    }
    kind
}

/// `labels.fa = "…"`, `helps.fa = "…"`.
fn by_locale(table: &Table, key: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let Some(by_locale) = table.table(key) else { return texts };
    for locale in by_locale.keys() {
        if !is_locale(locale) {
            by_locale.fault(locale, "is no locale; a key such as `fa` or `pt-BR` is right");
        }
        if let Some(text) = by_locale.string(locale) {
            texts.insert(locale.to_owned(), text);
        }
    }
    texts
}

fn read_target(table: &Table, kind: Kind) -> Option<String> {
    if kind == Kind::Relation && !table.has("to") {
        table.fault("to", "is missing; a relation names the type it leads to");
    }
    let to = table.string("to")?;
    only_for(table, "to", kind, Kind::Relation).then_some(to)
}

fn read_choices(table: &Table, kind: Kind) -> Vec<Choice> {
    if !table.has("choices") {
        if kind == Kind::Choice {
            table.fault("choices", "is missing; a choice lists what can be chosen");
        }
        return Vec::new();
    }
    if !only_for(table, "choices", kind, Kind::Choice) {
        return Vec::new();
    }
    let choices: Vec<Choice> = if table.lists_text("choices") {
        table.strings("choices").into_iter().map(plain_choice).collect()
    } else {
        table.tables("choices").iter().filter_map(read_choice).collect()
    };
    for (i, choice) in choices.iter().enumerate() {
        if !is_type_name(&choice.value) {
            let reason =
                format!("offers {:?}; lower-case letters, digits and single hyphens are right", choice.value);
            table.fault("choices", reason);
        }
        if choices[..i].iter().any(|other| other.value == choice.value) {
            table.fault("choices", format!("offers `{}` twice", choice.value));
        }
    }
    if choices.is_empty() {
        table.fault("choices", "is empty; a choice lists what can be chosen");
    }
    choices
}

fn plain_choice(value: String) -> Choice {
    Choice { label: label_from(&value), value, labels: BTreeMap::new(), schema: None }
}

fn read_choice(table: &Table) -> Option<Choice> {
    table.only(&CHOICE_KEYS);
    if !table.has("value") {
        table.fault("value", "is missing; every choice has a value");
    }
    let value = table.string("value")?;
    let schema = table.string("schema");
    if let Some(name) = schema.as_ref().filter(|name| !is_schema_type(name)) {
        table.fault("schema", format!("is {name:?}; a type of schema.org such as `Restaurant` is right"));
    }
    let label = table.string("label").unwrap_or_else(|| label_from(&value));
    Some(Choice { label, labels: by_locale(table, "labels"), schema, value })
}

fn read_bound(table: &Table, kind: Kind, key: &str) -> Option<f64> {
    let bound = table.number(key)?;
    match kind.bounded() {
        None => {
            table.fault(key, format!("has no meaning for a {kind}; leave it out"));
            None
        }
        Some(_)
            if !matches!(kind, Kind::Number)
                && (bound < 0.0 || (kind != Kind::Money && bound.fract() != 0.0)) =>
        {
            table.fault(
                key,
                format!("is {bound}; it bounds {} of a {kind}", kind.bounded().unwrap_or_default()),
            );
            None
        }
        Some(_) => Some(bound),
    }
}

fn read_currency(table: &Table, kind: Kind) -> Option<String> {
    let currency = table.string("currency")?;
    if !only_for(table, "currency", kind, Kind::Money) {
        return None;
    }
    if currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(currency);
    }
    table.fault("currency", format!("is {currency:?}; three capitals of ISO 4217 such as `EUR` are right"));
    None
}

fn only_for(table: &Table, key: &str, kind: Kind, right: Kind) -> bool {
    if kind != right {
        table.fault(key, format!("belongs to the kind {right}; this field is a {kind}"));
    }
    kind == right
}

fn check_flags(table: &Table, field: &Field) {
    let kinds = |fits: fn(Kind) -> bool| -> String {
        let names: Vec<&str> = Kind::ALL.into_iter().filter(|kind| fits(*kind)).map(Kind::name).collect();
        names.join(", ")
    };
    let kind = field.kind;
    if field.many && kind != Kind::Relation {
        table.fault("many", format!("belongs to relations; a {kind} holds one value"));
    }
    if field.filter && !kind.can_filter() {
        table.fault(
            "filter",
            format!("is not for a {kind}; lists are filtered by {}", kinds(Kind::can_filter)),
        );
    }
    if field.sort && !kind.can_sort() {
        table.fault("sort", format!("is not for a {kind}; lists are sorted by {}", kinds(Kind::can_sort)));
    }
    if kind == Kind::Money && (field.filter || field.sort) && !table.has("currency") {
        let key = if field.sort { "sort" } else { "filter" };
        table.fault(key, "needs `currency`: amounts in different currencies don't compare");
    }
    if let (Some(min), Some(max)) = (field.min, field.max)
        && min > max
    {
        table.fault("max", format!("is {max}, less than `min`, {min}"));
    }
}
