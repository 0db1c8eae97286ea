//! Passwords: which are taken, and how they are kept (SECURITY 2.1; OWASP Password Storage).

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Characters of the shortest password (ASVS 6.2.1 asks for at least 8, and recommends 15).
pub const LEAST: usize = 12;
/// Bytes of the longest: hashing more is work for whoever floods us.
const MOST: usize = 1024;

/// 46 MiB in one pass on one lane: what OWASP prefers to 19 MiB in two.
const MEMORY: u32 = 47_104;
const PASSES: u32 = 1;

/// Hashes that are made at a time: each takes [`MEMORY`] KiB.
const AT_ONCE: usize = 2;
/// How long somebody waits for their turn.
const QUEUE: Duration = Duration::from_secs(5);

/// What people choose although everybody tries it first, as far as it is long enough.
const COMMON: &str = include_str!("common.txt");

/// Makes and checks hashes, a few at a time. Cloning shares the turns.
#[derive(Clone)]
pub struct Hashing {
    turns: Arc<Semaphore>,
    /// A hash of nobody's password with the present parameters: who isn't there takes as long.
    nobody: Arc<str>,
}

impl Hashing {
    /// # Errors
    /// `Internal` when the system has no randomness to give.
    pub fn new() -> Result<Hashing> {
        Ok(Hashing { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody: nobody()?.into() })
    }

    /// The hash to store for a password, as a PHC string.
    ///
    /// # Errors
    /// `Unavailable` when too many wait already.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.in_turn(move || hash(password.as_bytes(), MEMORY)).await
    }

    /// Whether a password is that of a stored hash. Without one it takes as long and is wrong.
    ///
    /// # Errors
    /// `Unavailable` when too many wait already.
    pub async fn matches(&self, password: &str, stored: Option<String>) -> Result<bool> {
        let is_there = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let password = if password.len() > MOST { String::new() } else { password.to_owned() };
        let same = self
            .in_turn(move || {
                Ok(argon2(MEMORY)?.verify_password(password.as_bytes(), stored.as_str()).is_ok())
            })
            .await?;
        Ok(same && is_there)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = tokio::time::timeout(QUEUE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Error::Unavailable("too many passwords are being checked".into()));
        };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(Error::internal)?
    }
}

fn argon2(memory: u32) -> Result<Argon2<'static>> {
    let params = Params::new(memory, PASSES, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8], memory: u32) -> Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(Error::internal)?;
    Ok(argon2(memory)?.hash_password_with_salt(password, &salt).map_err(Error::internal)?.to_string())
}

/// What looks like a hash and belongs to no password: made in little memory, and said to be made in all of
/// it. A start waits for no real one, and keeps none of its memory.
fn nobody() -> Result<String> {
    const LITTLE: u32 = Params::MIN_M_COST;
    let mut unknown = [0; 32];
    getrandom::fill(&mut unknown).map_err(Error::internal)?;
    Ok(hash(&unknown, LITTLE)?.replace(&format!("$m={LITTLE},"), &format!("$m={MEMORY},")))
}

/// Why a password is not taken; `known` are words that whoever guesses would try, such as the name
/// and the mail address of its owner.
pub fn refuse(password: &str, known: &[&str]) -> Option<String> {
    let folded = password.to_lowercase();
    let characters = folded.chars().count();
    if characters < LEAST {
        return Some(format!("is shorter than {LEAST} characters; a few words in a row are right"));
    }
    if password.len() > MOST {
        return Some(format!("is longer than {MOST} bytes"));
    }
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 5 || COMMON.lines().any(|common| common == folded) || is_a_row(&folded) {
        return Some("is one that everybody tries first; a few words in a row are right".into());
    }
    let known = known.iter().map(|word| word.to_lowercase()).filter(|word| word.chars().count() > 3);
    for word in known {
        // What is left beside the word has to be worth guessing.
        if folded.contains(&word) && characters - word.chars().count() < LEAST - 3 {
            return Some("is little more than a name that others know".into());
        }
    }
    None
}

/// Whether it runs along the alphabet, the digits or the keyboard: `123456789012`, `qwertyuiop[]`.
fn is_a_row(folded: &str) -> bool {
    const ROWS: [&str; 6] = [
        "01234567890123456789",
        "98765432109876543210",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba",
        "qwertyuiopasdfghjklzxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn",
    ];
    ROWS.iter().any(|row| row.contains(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other_is() {
        let hashing = Hashing::new().unwrap();
        let stored = hashing.hash("a boat of paper and rain").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        assert!(hashing.matches("a boat of paper and rain", Some(stored.clone())).await.unwrap());
        assert!(!hashing.matches("a boat of paper and snow", Some(stored.clone())).await.unwrap());
        assert!(!hashing.matches("", None).await.unwrap());
        assert!(!hashing.matches(&"x".repeat(MOST + 1), Some(stored)).await.unwrap());
    }

    #[test]
    fn what_everybody_tries_is_refused() {
        let known = ["leila@example.org", "leila", "Atlas"];
        for wrong in [
            "short",
            "elevenchars",
            "aaaaaaaaaaaaaaaa",
            "123456789012",
            "PASSWORD1234",
            "qwertyuiopas",
            "leila@example.org1",
            "leila12345678",
            &"x".repeat(2000),
        ] {
            assert!(refuse(wrong, &known).is_some(), "{wrong}");
        }
        for right in ["a boat of paper and rain", "پنجره‌ای رو به باران", "leila walks to the old bazaar"]
        {
            assert_eq!(refuse(right, &known), None, "{right}");
        }
    }

    #[test]
    fn every_common_password_is_long_enough_to_be_worth_its_line() {
        for line in COMMON.lines() {
            assert!(line.chars().count() >= LEAST && line.to_lowercase() == line, "{line}");
        }
        assert!(COMMON.lines().count() > 100);
    }
}
