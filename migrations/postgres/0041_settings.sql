-- What is set in the back office over site.toml: every saved state, the newest of which holds.

CREATE TABLE settings (
    -- Counted from 1; what a form was drawn from says whether somebody else saved in between.
    version  BIGINT PRIMARY KEY,
    -- Values by key, as JSON; a key that is not here has the file's value.
    overlay  TEXT COLLATE "C" NOT NULL,
    -- The keys that this save changed, as JSON.
    changed  TEXT COLLATE "C" NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,
    saved_at BIGINT NOT NULL
);
