-- Where imported entries came from, and the files that came along.

CREATE TABLE sources (
    -- The folder or file that was imported.
    source   TEXT NOT NULL,
    -- The file within the folder, or the row's identity.
    key      TEXT NOT NULL,
    type     TEXT NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    -- SHA-256 of what was read; equal means nothing to do.
    hash     TEXT NOT NULL,
    -- Whether a link or a relation waits for an entry that was not there.
    waiting  INTEGER NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- A relation written as the other import's key: `IR` for the country that came from row IR.
CREATE INDEX sources_key ON sources (type, key);

CREATE TABLE media (
    -- The first 16 hexadecimal digits of the SHA-256 of its bytes.
    hash       TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    width      INTEGER,
    height     INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
