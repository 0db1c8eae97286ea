-- Where imported entries came from, and the files that came along.

CREATE TABLE sources (
    -- The folder or file that was imported.
    source   TEXT COLLATE "C" NOT NULL,
    -- The file within the folder, or the row's identity.
    key      TEXT COLLATE "C" NOT NULL,
    type     TEXT COLLATE "C" NOT NULL,
    entry_id BIGINT NOT NULL REFERENCES entries (id),
    -- SHA-256 of what was read; equal means nothing to do.
    hash     TEXT COLLATE "C" NOT NULL,
    -- Whether a link or a relation waits for an entry that was not there.
    waiting  BOOLEAN NOT NULL,
    PRIMARY KEY (source, key)
);

-- A relation written as the other import's key: `IR` for the country that came from row IR.
CREATE INDEX sources_key ON sources (type, key);

CREATE TABLE media (
    -- The first 16 hexadecimal digits of the SHA-256 of its bytes.
    hash       TEXT COLLATE "C" PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    bytes      BIGINT NOT NULL,
    width      BIGINT,
    height     BIGINT,
    created_at BIGINT NOT NULL
);
