//! The only SQL. Each file is one table's prose; every statement is written once for both
//! databases, and the few that differ stand in `dialect`.

mod db;
mod dialect;
mod reader;

pub mod announcements;
pub mod audit;
pub mod bulk;
pub mod catalogue;
pub mod changes;
pub mod choices;
mod connections;
pub mod discovery;
pub mod entries;
pub mod field_changes;
pub mod filters;
pub mod imports;
pub mod jobs;
pub mod landings;
pub mod links;
pub mod lists;
pub mod live_page;
pub mod media;
pub mod namesakes;
pub mod not_found;
pub mod office;
pub mod office_lists;
pub mod page_checks;
pub mod paths;
pub mod pictures;
pub mod preview_links;
pub mod redirects;
pub mod related;
pub mod relations;
pub mod reviews;
pub mod rules;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod settings;
pub mod shards;
pub mod shelf_parts;
pub mod shelves;
pub mod tree;
pub mod unsaved;
pub mod users;
pub mod views;
mod writer;

pub use db::{Arg, Ask, Db, Row, Tx};
pub use reader::readers;
