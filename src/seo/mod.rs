//! What crawlers read: meta, JSON-LD, sitemaps, feeds, robots. Pure functions to values: nothing
//! here knows the store, the router or the present time.

mod absolute;
pub mod crawlers;
mod dates;
pub mod feed;
pub mod graph;
pub mod hreflang;
pub mod images;
mod json_feed;
mod json_ld;
pub mod meta;
pub mod news;
pub mod review;
mod robots_meta;
pub mod robots_txt;
pub mod rules;
pub mod self_check;
pub mod sitemap;
pub mod width;
pub mod xml;

#[cfg(test)]
mod hostile;

pub use graph::Graph;
pub use hreflang::{Alternate, Hreflang};
pub use json_ld::JsonLd;
pub use meta::Meta;
pub use robots_meta::{ImagePreview, Limit, RobotsMeta};
