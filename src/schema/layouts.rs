//! The layouts of `templates/site/` and what each needs from a type.

use super::kind::Kind;

/// A template that a type can name as its `layout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub name: &'static str,
    pub needs: &'static [Need],
}

/// A field that a layout reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub field: &'static str,
    /// The kinds it can read.
    pub kind: &'static [Kind],
    /// The layout can't do without it. An optional one may be left out, but a field of this name
    /// must be of one of the kinds.
    pub required: bool,
}

const fn required(field: &'static str, kind: &'static [Kind]) -> Need {
    Need { field, kind, required: true }
}

const fn optional(field: &'static str, kind: &'static [Kind]) -> Need {
    Need { field, kind, required: false }
}

/// Every layout there is.
pub const LAYOUTS: &[Layout] = &[
    Layout { name: "article", needs: &[] },
    Layout { name: "page", needs: &[] },
    Layout { name: "profile", needs: &[optional("job_title", &[Kind::Line])] },
    Layout {
        name: "place",
        needs: &[
            required("city", &[Kind::Relation]),
            optional("geo", &[Kind::Geo]),
            optional("address", &[Kind::Address]),
            optional("hours", &[Kind::Hours]),
            optional("telephone", &[Kind::Phone]),
        ],
    },
    Layout { name: "hub", needs: &[optional("geo", &[Kind::Geo]), optional("population", &[Kind::Number])] },
    Layout { name: "service", needs: &[optional("category", &[Kind::Relation])] },
    Layout { name: "taxonomy", needs: &[] },
];
