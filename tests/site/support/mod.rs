//! What the tests of the site stand on.

pub mod client;
pub mod database;
pub mod discovery;
pub mod html;
pub mod import;
pub mod office;
pub mod phone;
pub mod random;
pub mod site;
pub mod smtp;
pub mod visible;
pub mod walk;
pub mod web;
