//! What people get in by: passwords and their hashes, secrets of one use, and how often a door may be
//! tried (SECURITY T10-T12). No database, no HTTP.

mod attempts;
mod email;
mod password;
mod secret;

pub use attempts::{Attempts, Door, network};
pub use email::fold_email;
pub use password::{Hashing, LEAST, refuse};
pub use secret::{Secret, digest};
