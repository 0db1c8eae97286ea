//! Text, pure: slugs and paths, Markdown to sanitised HTML, outlines, excerpts, Unicode.

mod chars;
mod data_url;
mod dir;
mod fold;
pub mod markdown;
mod path;
mod safe_html;
pub mod search;
mod slug;
mod target;
mod template;

pub use data_url::data_url;
pub use dir::Dir;
pub use fold::fold;
pub use path::{MAX_HREF, MAX_PATH, MAX_SEGMENT, Odd, Path};
pub use safe_html::{Image, SafeHtml};
pub use slug::{MAX_SLUG, Script, Slug};
pub use target::{Asked, MAX_TARGET, known_query, read_target, write_query};
pub use template::Template;
