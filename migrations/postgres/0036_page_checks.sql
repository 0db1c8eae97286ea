-- What was found on the page of a live entry when it was last looked at: one row an entry, written by a
-- job after people publish.

CREATE TABLE page_checks (
    entry_id    BIGINT PRIMARY KEY REFERENCES entries (id),
    -- The live revision that was looked at; another one since makes the row old.
    revision_id BIGINT NOT NULL,
    -- The whole title of the page, hashed: two pages with the same title have the same key.
    title_key   BIGINT NOT NULL,
    errors      BIGINT NOT NULL,
    warnings    BIGINT NOT NULL,
    hints       BIGINT NOT NULL,
    -- As JSON.
    findings    TEXT COLLATE "C" NOT NULL,
    checked_at BIGINT NOT NULL
);

-- Pages with the same title.
CREATE INDEX page_checks_title ON page_checks (title_key);
-- The overview: those with most faults first.
CREATE INDEX page_checks_faulty ON page_checks (errors DESC, warnings DESC, entry_id) WHERE errors + warnings > 0;
