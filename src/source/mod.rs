//! What import reads and export writes, as values: files in, documents and rows out, and back.
//! No database and no clock; `actions::import` and `actions::export` stand on top.

pub mod address;
pub mod csv;
pub mod document;
mod front;
pub mod links;
mod templates;
pub mod walk;
pub mod write;

pub use address::{Located, locate};
pub use document::{Cover, Dialect, Document, FrontMatter, Seo, parse};
pub use links::{Target, resolve};
pub use walk::{Folder, walk};
pub use write::{Export, file_name, write};

#[cfg(test)]
mod tests;
