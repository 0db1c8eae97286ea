-- What was found on the page of a live entry when it was last looked at: one row an entry, written by a
-- job after people publish.

CREATE TABLE page_checks (
    entry_id    INTEGER PRIMARY KEY REFERENCES entries (id),
    -- The live revision that was looked at; another one since makes the row old.
    revision_id INTEGER NOT NULL,
    -- The whole title of the page, hashed: two pages with the same title have the same key.
    title_key   INTEGER NOT NULL,
    errors      INTEGER NOT NULL,
    warnings    INTEGER NOT NULL,
    hints       INTEGER NOT NULL,
    -- As JSON.
    findings    TEXT NOT NULL,
    checked_at INTEGER NOT NULL
) STRICT;

-- Pages with the same title.
CREATE INDEX page_checks_title ON page_checks (title_key);
-- The overview: those with most faults first.
CREATE INDEX page_checks_faulty ON page_checks (errors DESC, warnings DESC, entry_id) WHERE errors + warnings > 0;
