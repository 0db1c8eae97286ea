//! The site as a whole, on both databases.

mod audit;
mod changes;
mod command_line;
mod databases;
mod export;
mod field_changes;
mod import_bad;
mod import_cities;
mod import_generators;
mod import_redirects;
mod import_rust_blog;
mod indexable;
mod jobs;
mod lost_update;
mod moves;
mod one_hop;
mod rules;
mod schedules;
mod support;
mod validation;
mod web_blog;
mod web_cache;
mod web_hostile;
mod web_one_redirect;
mod web_pages;
mod web_sample;
