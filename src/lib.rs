//! Atlas: a website engine for sites that live from search.
//!
//! Modules have ranks; each imports only lower ones (`docs/ARCHITECTURE.md`).

pub mod account;
pub mod actions;
pub mod app;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod config;
pub mod egress;
pub mod entry;
pub mod error;
pub mod files;
pub mod jobs;
pub mod schema;
pub mod seo;
pub mod source;
pub mod store;
pub mod text;
mod threads;
pub mod web;
