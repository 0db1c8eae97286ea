-- The registry of every URL path the site has ever had (DESIGN 1.1).

CREATE TABLE paths (
    -- The look-up form: NFC, case-folded, letter forms unified.
    folded     TEXT PRIMARY KEY,
    -- The form that is shown and linked.
    path       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    entry_id   INTEGER REFERENCES entries (id),
    -- A redirect's target when it is no entry: a fixed path of the site, or another site's URL.
    target     TEXT,
    -- The look-up form of a target on this site.
    target_folded TEXT,
    status     INTEGER,
    -- When it first answered the public; NULL for a draft's.
    public_at  INTEGER,
    created_at INTEGER NOT NULL,
    CONSTRAINT paths_kind CHECK (
        (kind IN ('canonical', 'former') AND entry_id IS NOT NULL AND target IS NULL AND status IS NULL)
        OR (kind = 'redirect' AND (entry_id IS NULL) <> (target IS NULL) AND status IN (301, 302, 307, 308))
        OR (kind = 'gone' AND entry_id IS NULL AND target IS NULL AND status IS NULL)
    )
) STRICT, WITHOUT ROWID;

-- An entry has one canonical path.
CREATE UNIQUE INDEX paths_canonical ON paths (entry_id) WHERE kind = 'canonical';
CREATE INDEX paths_entry ON paths (entry_id) WHERE entry_id IS NOT NULL;
-- A redirect to a path that becomes an entry's is turned into one to the entry.
CREATE INDEX paths_target ON paths (target_folded) WHERE target_folded IS NOT NULL;

-- Rules for paths that the registry doesn't know.
CREATE TABLE rules (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    pattern    TEXT NOT NULL,
    target     TEXT,
    -- The look-up form of a target on this site.
    target_folded TEXT,
    status     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT rules_pattern UNIQUE (kind, pattern),
    CONSTRAINT rules_kind CHECK (kind IN ('prefix', 'regex')),
    CONSTRAINT rules_status CHECK (
        (status = 410 AND target IS NULL) OR (status IN (301, 302, 307, 308) AND target IS NOT NULL)
    )
) STRICT;
