//! What visitors and crawlers see: every public path through one handler, `show`.

mod card;
mod entry;
mod errors;
mod examine;
mod facts;
mod feed;
mod filtered;
mod home;
mod layouts;
mod listing;
mod naming;
mod pictures;
mod publisher;
mod robots;
mod search;
mod shell;
mod show;
mod sitemap;
mod structured;
mod structured_check;
mod text;
mod view;

pub use entry::draw_as_if_live;
pub use errors::draw_error;
pub use examine::{Examined, examine};
pub use naming::{Rung, TakenFrom};
pub use robots::{index_now_key, robots};
pub use show::{Drawn, Target, draw, show};
pub use sitemap::{sitemap_file, sitemap_index, sitemap_news};
pub use structured::graph_of;
pub use structured_check::{field as structured_field, unsaid_videos};
pub use text::{Text, draw_text};
pub use view::href as entry_href;
