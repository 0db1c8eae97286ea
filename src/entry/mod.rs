//! One piece of content with an address: what it holds, its life cycle, and the rules about it.

mod content;
mod filled;
mod indexable;
mod life;
mod policy;
mod review;
pub mod rules;

pub use content::{Content, Seo};
pub use filled::filled;
pub use indexable::{Indexable, Reason, is_indexable};
pub use life::{State, Visibility};
pub use policy::{Actor, Permit, Role, Verb, permit};
pub use review::ReviewState;
