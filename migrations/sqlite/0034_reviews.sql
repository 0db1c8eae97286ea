-- Somebody asks others to look at a draft before readers see it.

-- One row an entry, from the question until the entry is published.
CREATE TABLE reviews (
    entry_id   INTEGER PRIMARY KEY REFERENCES entries (id),
    state      TEXT NOT NULL CONSTRAINT reviews_state CHECK (state IN ('waiting', 'approved', 'returned')),
    -- The draft that was asked about, or that was approved: what is saved later is not.
    revision   INTEGER NOT NULL,
    -- Actors, as in `revisions`.
    asked_by   TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    settled_by TEXT,
    settled_at INTEGER
) STRICT;

-- What waits, the longest first.
CREATE INDEX reviews_waiting ON reviews (asked_at, entry_id) WHERE state = 'waiting';
-- What somebody asked for.
CREATE INDEX reviews_asked ON reviews (asked_by, entry_id);

-- What was said of an entry, append-only; it stays with the entry.
CREATE TABLE review_notes (
    id       INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    kind     TEXT NOT NULL
             CONSTRAINT review_notes_kind CHECK (kind IN ('ask', 'withdraw', 'comment', 'approve', 'return')),
    -- Plain; may be empty but for a comment.
    text     TEXT NOT NULL
) STRICT;

CREATE INDEX review_notes_of_entry ON review_notes (entry_id, id);
