//! Which entries of a type a list shows, as its address says it: words, state, fields, order, columns.

use serde_json::json;
use url::form_urlencoded;

use crate::actions::bulk::Matching;
use crate::entry::State as Stage;
use crate::schema::{
    Field, FormControl, IndexValue, Kind, Type, Value, form_control, index_value, read_value,
};
use crate::store::filters::{By, Filter};
use crate::store::office_lists::Order;
use crate::web::admin::words::{Words, fill};

use super::names::{Names, read};

/// What stands before the name of a field in the address.
const FILTER: &str = "f.";

/// The address of a list, read.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    pairs: Vec<(String, String)>,
    pub filters: Vec<Filter>,
    /// What was typed and can't be understood, by field.
    pub wrong: Vec<(String, String)>,
}

/// A field that a list can be narrowed by.
pub struct FilterField {
    pub name: String,
    pub label: String,
    pub value: String,
    pub error: Option<String>,
    /// What there is to choose from; else somebody types.
    pub options: Option<Vec<(String, String, bool)>>,
    /// What a relation offers.
    pub offered: Vec<String>,
}

/// A tick or an option: value, label, whether it is on.
pub type Option3 = (String, String, bool);

impl Narrowing {
    /// Reads a query; what is no key of a list is left out.
    pub fn read(t: &Words, kind: &Type, query: &str) -> Narrowing {
        let known = |key: &str| {
            matches!(key, "q" | "state" | "sort" | "col")
                || key.strip_prefix(FILTER).is_some_and(|name| fields(kind).any(|field| field.name == name))
        };
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let pairs: Vec<(String, String)> =
            pairs.filter(|(key, value)| known(key) && !value.trim().is_empty()).collect();
        let mut narrowing = Narrowing { pairs, ..Narrowing::default() };
        for field in fields(kind) {
            let typed = narrowing.get(&format!("{FILTER}{}", field.name)).trim().to_owned();
            if typed.is_empty() {
                continue;
            }
            match by(t, field, &typed) {
                Ok(by) => narrowing.filters.push(Filter { field: field.name.clone(), by }),
                Err(reason) => narrowing.wrong.push((field.name.clone(), reason)),
            }
        }
        narrowing
    }

    fn get(&self, key: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == key).map_or("", |(_, value)| value)
    }

    pub fn words(&self) -> &str {
        self.get("q")
    }

    pub fn state(&self) -> Option<Stage> {
        self.get("state").parse().ok()
    }

    /// Whether a state is asked for that there is not: a list shows all then.
    pub fn has_odd_state(&self) -> bool {
        !self.get("state").is_empty() && self.state().is_none()
    }

    pub fn order(&self) -> Order<'_> {
        match self.get("sort") {
            "" => Order::Newest,
            "title" => Order::Title,
            field => Order::Number(field),
        }
    }

    pub fn is_narrowed(&self) -> bool {
        self.pairs.iter().any(|(key, _)| !matches!(key.as_str(), "sort" | "col"))
    }

    /// All of it as a query again.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish()
    }

    /// The list as a run remembers it.
    pub fn matching(&self, kind: &Type) -> Matching {
        Matching {
            kind: kind.name.clone(),
            state: self.state().map(|state| state.as_str().to_owned()),
            words: self.words().to_owned(),
            filters: self.filters.clone(),
        }
    }

    /// The columns that were chosen.
    pub fn columns<'a>(&self, kind: &'a Type) -> Vec<&'a Field> {
        let chosen: Vec<&str> =
            self.pairs.iter().filter(|(key, _)| key == "col").map(|(_, name)| name.as_str()).collect();
        columns(kind).filter(|field| chosen.contains(&field.name.as_str())).collect()
    }

    /// The controls of the fields, with what was typed.
    pub fn controls(&self, t: &Words, kind: &Type, names: &Names) -> Vec<FilterField> {
        let control = |field: &Field| {
            let value = self.get(&format!("{FILTER}{}", field.name)).to_owned();
            FilterField {
                name: format!("{FILTER}{}", field.name),
                label: field.label_in(t.lang).to_owned(),
                error: self
                    .wrong
                    .iter()
                    .find(|(name, _)| *name == field.name)
                    .map(|(_, reason)| t.sentence(reason)),
                options: options(t, field, &value),
                offered: field.to.as_deref().map(|to| names.offered(to)).unwrap_or_default(),
                value,
            }
        };
        fields(kind).map(control).collect()
    }

    /// The orders that there are.
    pub fn orders(&self, t: &Words, kind: &Type) -> Vec<Option3> {
        let sort = self.get("sort");
        let numbers = kind.fields.iter().filter(|field| field.sort && is_number(field.kind));
        let by_number = numbers.map(|field| {
            (field.name.clone(), fill(t.finding.sort_by, field.label_in(t.lang)), field.name == sort)
        });
        let first = [("", t.finding.sort_newest), ("title", t.finding.sort_title)];
        let first = first.map(|(value, label)| (value.to_owned(), label.to_owned(), value == sort));
        first.into_iter().chain(by_number).collect()
    }

    /// The columns that there are.
    pub fn column_ticks(&self, t: &Words, kind: &Type) -> Vec<Option3> {
        let chosen = self.columns(kind);
        let tick = |field: &Field| {
            let on = chosen.iter().any(|one| one.name == field.name);
            (field.name.clone(), field.label_in(t.lang).to_owned(), on)
        };
        columns(kind).map(tick).collect()
    }
}

/// The fields that a list can be narrowed by.
fn fields(kind: &Type) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|field| field.filter && field.kind != Kind::DateTime)
}

/// The fields that fit into a cell.
fn columns(kind: &Type) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|field| {
        field.filter
            || field.sort
            || matches!(field.kind, Kind::Line | Kind::Date | Kind::Choice | Kind::Number)
    })
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Money | Kind::DateTime | Kind::Boolean)
}

fn options(t: &Words, field: &Field, value: &str) -> Option<Vec<Option3>> {
    let any = ("".to_owned(), t.finding.filter_any.to_owned(), value.is_empty());
    let given: Vec<(String, String)> = match form_control(field, t.lang) {
        FormControl::Select { options, .. } => options,
        FormControl::Checkbox => {
            vec![("true".to_owned(), t.yes.to_owned()), ("false".to_owned(), t.no.to_owned())]
        }
        _ => return None,
    };
    let given = given.into_iter().map(|(known, label)| {
        let chosen = known == value;
        (known, label, chosen)
    });
    Some(std::iter::once(any).chain(given).collect())
}

/// What a field must hold, as the index has it.
fn by(t: &Words, field: &Field, typed: &str) -> Result<By, String> {
    if field.kind == Kind::Relation {
        let id = read(typed).as_i64();
        return id.map(By::Group).ok_or_else(|| fill(t.finding.filter_number, typed));
    }
    let raw = match (&field.kind, &field.currency) {
        (Kind::Money, Some(currency)) => json!({ "amount": typed, "currency": currency }),
        _ => json!(typed),
    };
    let value: Option<Value> = read_value(field, &raw).map_err(|problem| problem.reason)?;
    match value.as_ref().and_then(index_value) {
        Some(IndexValue::Number(number)) => Ok(By::Number(number)),
        Some(IndexValue::Text(text)) => Ok(By::Text(text)),
        None => Err(t.finding.filter_unknown.to_owned()),
    }
}
