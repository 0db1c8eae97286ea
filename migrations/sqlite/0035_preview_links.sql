-- Links that show a draft to whoever has them, until they expire or are taken back.

CREATE TABLE preview_links (
    id         INTEGER PRIMARY KEY,
    -- SHA-256 of the secret in the link: who reads this table opens none.
    digest     TEXT NOT NULL CONSTRAINT preview_links_digest UNIQUE,
    entry_id   INTEGER NOT NULL REFERENCES entries (id),
    actor      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Those of an entry, and those that have expired.
CREATE INDEX preview_links_of_entry ON preview_links (entry_id, id);
CREATE INDEX preview_links_expires ON preview_links (expires_at);
