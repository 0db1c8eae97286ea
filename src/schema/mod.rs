//! Content types: data in TOML, kinds in code. `load` reads and checks the type files; `values`
//! holds what an entry's fields hold; every surface of a kind is one exhaustive `match` in a file of
//! its own (`read`, `cell`, `write`, `show`, `json_ld`, `json_schema`, `search`, `index`, `widget`),
//! so a new kind is a walk led by the compiler.

mod cell;
mod field;
mod head;
mod index;
mod json_ld;
mod json_schema;
mod kind;
mod landing;
mod layouts;
mod load;
mod path_rule;
mod read;
mod search;
mod show;
mod standing;
mod suggest;
mod types;
mod values;
mod widget;
mod write;

#[cfg(test)]
mod tests;

pub use cell::read_cell;
pub use field::{Choice, Field};
pub use head::{HeadRules, Localised, TOKENS, read_template};
pub use index::{IndexValue, fold, index_value};
pub use json_ld::{LinkedData, LinkedEntry, linked_properties, linked_value, postal_address};
pub use json_schema::{field_schema, type_schema};
pub use kind::Kind;
pub use landing::{Facet, FacetWords, LANDING, Landing, LandingWords, fill_in};
pub use layouts::{LAYOUTS, Layout, Need};
pub use load::{FieldChanges, SourceFile, Step as FieldStep, What as FieldStepKind};
pub use path_rule::{PathRule, PrefixSource, Token};
pub use read::read_value;
pub use search::search_text;
pub use show::{HoursRow, Link, ShowWith, Shown, ShownHours, ShownQuestion, show_date, show_day, show_value};
pub use standing::Standing;
pub use types::{CORE_NAMES, Label, Listing, Sort, SortBy, Type, Types};
pub use values::{
    Address, ClockTime, Day, Duration, Geo, Hours, IMAGE_KEYS, ImageRef, ImageRights, Money, Opening, Period,
    Phone, Provider, Question, RelationRef, Special, VIDEO_KEYS, Value, Video, email, web_address,
};
pub use widget::{FormControl, InputType, form_control};
pub use write::write_value;
