//! What people get in by: passwords and their hashes, second factors, secrets of one use, and how often a
//! door may be tried (SECURITY T10-T13); and the languages they may be spoken to in. No database, no HTTP.

mod attempts;
mod email;
mod language;
mod password;
mod sealing;
mod second_factor;
mod secret;

pub use attempts::{Attempts, Door, network};
pub use email::fold_email;
pub use language::Language;
pub use password::{Hashing, LEAST, refuse};
pub use sealing::{KEY_LENGTH, Sealing};
pub use second_factor::{Seed, Typed, in_groups, recovery_codes, recovery_digest, step_at};
pub use secret::{Secret, digest};
