-- Who may work on the site, what they get in by, and where they are in.

CREATE TABLE users (
    id          INTEGER PRIMARY KEY,
    -- Folded: without case, in one spelling.
    email       TEXT NOT NULL CONSTRAINT users_email UNIQUE,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL CONSTRAINT users_role
                CHECK (role IN ('owner', 'administrator', 'editor', 'author', 'contributor', 'moderator')),
    created_at  INTEGER NOT NULL,
    -- From then on nobody gets in as this user.
    disabled_at INTEGER
) STRICT;

-- Apart from users, so that whoever lists these never reads them.
CREATE TABLE credentials (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id),
    -- A PHC string of argon2id.
    password   TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- Links that let one person in once: the first owner, somebody invited, a lost password.
CREATE TABLE one_time_links (
    -- SHA-256 of the secret in the link: who reads this table opens none.
    digest     TEXT PRIMARY KEY,
    -- For whom; the first owner is nobody yet.
    user_id    INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    -- SHA-256 of the id in the cookie: who reads this table gets in nowhere.
    digest     TEXT PRIMARY KEY,
    -- NULL until somebody has signed in.
    user_id    INTEGER REFERENCES users (id),
    -- What is remembered of the visit, as JSON.
    data       TEXT NOT NULL,
    -- The browser, in its own words.
    agent      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a user is in, to be listed and ended.
CREATE INDEX sessions_of_user ON sessions (user_id) WHERE user_id IS NOT NULL;
-- Those that have expired.
CREATE INDEX sessions_seen ON sessions (seen_at);

-- Who began an entry: the first revision says so. Those of imports are nobody's own.
CREATE INDEX revisions_begun ON revisions (actor, entry_id) WHERE number = 1 AND actor <> 'operator';
-- A type's entries in the back office, the newest first.
CREATE INDEX entries_of_type ON entries (type, id);
-- Those that readers don't see: of a million entries few.
CREATE INDEX entries_unpublished ON entries (state, id) WHERE state <> 'published';
