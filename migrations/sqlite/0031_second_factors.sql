-- What people show besides their password.

CREATE TABLE second_factors (
    user_id      INTEGER PRIMARY KEY REFERENCES users (id),
    -- What the codes are made of, encrypted with a key that is in the data folder alone.
    seed         TEXT NOT NULL,
    -- NULL until a code has shown that somebody's app has it; it counts from then on.
    confirmed_at INTEGER,
    -- The step of the last code that was taken: none is taken twice.
    last_step    INTEGER NOT NULL
) STRICT;

-- Codes for the day on which the app is lost, each of one use.
CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- SHA-256 of the code: who reads this table gets in nowhere.
    digest  TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;
