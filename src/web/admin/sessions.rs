//! Sessions as rows: under the hash of their id, so that nobody gets in by what the table says
//! (SECURITY 2.1). What an id is, when the cookie is sent and when it changes is tower-sessions'.

use std::collections::HashMap;
use std::fmt;

use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as StoreError, Result as StoreResult};

use crate::account::digest;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::store::sessions::{self, Session};

/// The key of the user's number.
pub const USER: &str = "user";
/// The key of the number of a user whose password was right, and who has a code to show still.
pub const HALF: &str = "half";
/// The key of the instant at which it was right.
pub const HALF_AT: &str = "half_at";
/// The key of the instant at which the password was last shown.
pub const PROVED: &str = "proved";
/// The key of the browser's name for itself.
pub const AGENT: &str = "agent";

/// A sign of life is written at most so often, in milliseconds.
const NOTED: i64 = 60_000;

/// The sessions of the site.
#[derive(Clone)]
pub struct Sessions(App);

impl Sessions {
    pub fn new(app: App) -> Sessions {
        Sessions(app)
    }

    fn now(&self) -> Time {
        self.0.clock.now()
    }

    async fn insert(&self, record: &mut Record) -> Result<()> {
        let tx = self.0.db.begin().await?;
        loop {
            let now = self.now();
            let new = Session {
                digest: digest(&record.id.to_string()),
                user_id: user_of(record),
                data: data_of(record)?,
                agent: record.data.get(AGENT).and_then(|agent| agent.as_str()).unwrap_or_default().to_owned(),
                created_at: now,
                seen_at: now,
            };
            if sessions::create(&tx, &new).await? {
                return tx.commit().await;
            }
            record.id = Id::default();
        }
    }

    async fn update(&self, record: &Record) -> Result<()> {
        let tx = self.0.db.begin().await?;
        let digest = digest(&record.id.to_string());
        sessions::save(&tx, &digest, user_of(record), &data_of(record)?, self.now()).await?;
        tx.commit().await
    }

    async fn find(&self, id: &Id) -> Result<Option<Record>> {
        let (digest, now) = (digest(&id.to_string()), self.now());
        let Some(found) = sessions::find(&self.0.db, &digest, now).await? else { return Ok(None) };
        if now.0 - found.seen_at.0 >= NOTED {
            self.note_life(digest, now);
        }
        let data: HashMap<String, serde_json::Value> = serde_json::from_str(&found.data).unwrap_or_default();
        // The row says when it expires; the record's own date is never asked.
        let expiry_date = OffsetDateTime::now_utc() + time::Duration::days(1);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    /// Nobody waits for it: an import may hold the writer.
    fn note_life(&self, digest: String, now: Time) {
        let app = self.0.clone();
        tokio::spawn(async move {
            let noted = async {
                let tx = app.db.begin().await?;
                sessions::touch(&tx, &digest, now).await?;
                tx.commit().await
            };
            if let Err(error) = noted.await {
                tracing::warn!(%error, "a session's sign of life was not written");
            }
        });
    }

    async fn remove(&self, id: &Id) -> Result<()> {
        let tx = self.0.db.begin().await?;
        sessions::end(&tx, &digest(&id.to_string())).await?;
        tx.commit().await
    }
}

/// Whose it is, be it half-way: it ends with all others of theirs.
fn user_of(record: &Record) -> Option<i64> {
    record.data.get(USER).or_else(|| record.data.get(HALF))?.as_i64()
}

/// Whether a stored session still waits for its second step.
pub fn is_halfway(session: &Session) -> bool {
    let data: HashMap<String, serde_json::Value> = serde_json::from_str(&session.data).unwrap_or_default();
    !data.contains_key(USER)
}

fn data_of(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(crate::error::Error::internal)
}

fn away(error: crate::error::Error) -> StoreError {
    StoreError::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        self.insert(record).await.map_err(away)
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        self.update(record).await.map_err(away)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        self.find(id).await.map_err(away)
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        self.remove(id).await.map_err(away)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}
