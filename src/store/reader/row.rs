//! A row of SQLite as values, from which `#[derive(FromRow)]` makes the store's types.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::types::ValueRef;
use sqlx::error::BoxDynError;
use sqlx::{ColumnIndex, Decode, Type, TypeInfo};

use super::nobody::{Direct, Nobody};

/// One row of an answer; the next one takes its place, and its memory.
#[derive(Debug, Default)]
pub struct HeldRow {
    names: Vec<String>,
    values: Vec<Held>,
    /// The column that is most likely asked for next: types name their fields in the order of the columns.
    next: AtomicUsize,
}

/// A value.
#[derive(Debug, Clone, Default)]
pub enum Held {
    #[default]
    Null,
    Int(i64),
    Real(f64),
    Text(String),
}

impl HeldRow {
    pub(super) fn fill(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
        if self.names.is_empty() {
            let statement = row.as_ref();
            self.names = statement.column_names().into_iter().map(str::to_owned).collect();
            self.values.resize(self.names.len(), Held::Null);
            debug_assert!(are_distinct(&self.names), "two columns of one name: {:?}", self.names);
        }
        for (at, value) in self.values.iter_mut().enumerate() {
            value.set(row.get_ref(at)?)?;
        }
        *self.next.get_mut() = 0;
        Ok(())
    }
}

/// sqlx takes the later of two columns with one name, we the first: so there are none.
fn are_distinct(names: &[String]) -> bool {
    let mut sorted: Vec<&String> = names
        .iter()
        .filter(|name| name.chars().all(|letter| letter.is_alphabetic() || letter == '_'))
        .collect();
    let all = sorted.len();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() == all
}

impl Held {
    fn set(&mut self, value: ValueRef<'_>) -> rusqlite::Result<()> {
        match value {
            ValueRef::Null => *self = Held::Null,
            ValueRef::Integer(value) => *self = Held::Int(value),
            ValueRef::Real(value) => *self = Held::Real(value),
            ValueRef::Text(_) | ValueRef::Blob(_) => {
                let text = value.as_str()?;
                match self {
                    Held::Text(held) => {
                        held.clear();
                        held.push_str(text);
                    }
                    other => *other = Held::Text(text.to_owned()),
                }
            }
        }
        Ok(())
    }

    fn kind(&self) -> Kind {
        match self {
            Held::Null => Kind::Null,
            Held::Int(_) => Kind::Int,
            Held::Real(_) => Kind::Real,
            Held::Text(_) => Kind::Text,
        }
    }
}

/// What SQLite calls a value's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Int,
    Real,
    Text,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TypeInfo for Kind {
    fn is_null(&self) -> bool {
        *self == Kind::Null
    }

    fn name(&self) -> &str {
        match self {
            Kind::Null => "NULL",
            Kind::Int => "INTEGER",
            Kind::Real => "REAL",
            Kind::Text => "TEXT",
        }
    }
}

/// A value that is looked at.
#[derive(Debug, Clone, Copy)]
pub struct HeldRef<'r>(&'r Held);

impl sqlx::Row for HeldRow {
    type Database = Direct;

    fn len(&self) -> usize {
        self.values.len()
    }

    /// Nothing is known of columns but their names.
    fn columns(&self) -> &[Nobody] {
        &[]
    }

    fn try_get_raw<I: ColumnIndex<Self>>(&self, index: I) -> sqlx::Result<HeldRef<'_>> {
        Ok(HeldRef(&self.values[index.index(self)?]))
    }
}

impl ColumnIndex<HeldRow> for usize {
    fn index(&self, row: &HeldRow) -> sqlx::Result<usize> {
        let len = row.values.len();
        if *self < len { Ok(*self) } else { Err(sqlx::Error::ColumnIndexOutOfBounds { index: *self, len }) }
    }
}

impl ColumnIndex<HeldRow> for &str {
    fn index(&self, row: &HeldRow) -> sqlx::Result<usize> {
        let next = row.next.load(Ordering::Relaxed);
        let found = match row.names.get(next) {
            Some(name) if name == self => Some(next),
            _ => row.names.iter().position(|name| name == self),
        };
        let found = found.ok_or_else(|| sqlx::Error::ColumnNotFound((*self).to_owned()))?;
        row.next.store(found + 1, Ordering::Relaxed);
        Ok(found)
    }
}

impl sqlx::Value for Held {
    type Database = Direct;

    fn as_ref(&self) -> HeldRef<'_> {
        HeldRef(self)
    }

    fn type_info(&self) -> Cow<'_, Kind> {
        Cow::Owned(self.kind())
    }

    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }
}

impl<'r> sqlx::ValueRef<'r> for HeldRef<'r> {
    type Database = Direct;

    fn to_owned(&self) -> Held {
        self.0.clone()
    }

    fn type_info(&self) -> Cow<'_, Kind> {
        Cow::Owned(self.0.kind())
    }

    fn is_null(&self) -> bool {
        self.0.kind() == Kind::Null
    }
}

/// What each type is made from.
macro_rules! decoded {
    ($($type:ty, $kind:ident: $($from:pat => $value:expr),+;)+) => {
        $(
            impl Type<Direct> for $type {
                fn type_info() -> Kind {
                    Kind::$kind
                }

                /// Decided by the value itself.
                fn compatible(_: &Kind) -> bool {
                    true
                }
            }

            impl<'r> Decode<'r, Direct> for $type {
                fn decode(value: HeldRef<'r>) -> Result<$type, BoxDynError> {
                    match value.0 {
                        $($from => Ok($value),)+
                        other => Err(format!("expected {}, found {}", Kind::$kind, other.kind()).into()),
                    }
                }
            }
        )+
    };
}
decoded! {
    i64, Int: Held::Int(value) => *value;
    bool, Int: Held::Int(value) => *value != 0;
    f64, Real: Held::Real(value) => *value, Held::Int(value) => *value as f64;
    String, Text: Held::Text(value) => value.clone();
}

impl Type<Direct> for crate::clock::Time {
    fn type_info() -> Kind {
        Kind::Int
    }
}
