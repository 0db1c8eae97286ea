//! Routes, pages, and the server that answers them.

pub mod address;
pub mod admin;
pub mod answer;
pub mod appearance;
mod body;
pub mod client;
pub mod conditional;
mod door;
pub mod errors;
pub mod explain;
pub mod face;
pub mod file;
pub mod forms;
mod fronts;
pub mod headers;
pub mod health;
mod lane;
pub mod line;
pub mod log;
pub mod media;
pub mod metrics;
mod preview;
pub mod public;
pub mod routes;
pub mod self_check;
pub mod server;
mod site;
pub mod stable;
pub mod statics;
pub mod views;

use std::sync::Arc;

use crate::app::App;

pub use site::site;

use headers::Security;
use health::Readiness;

/// What handlers are given.
#[derive(Clone)]
pub struct Web {
    pub app: App,
    pub security: Arc<Security>,
    pub readiness: Readiness,
    pub stable: Arc<stable::Stable>,
    pub statics: Arc<statics::Statics>,
    pub metrics: Arc<metrics::Metrics>,
}

#[cfg(test)]
mod tests;
