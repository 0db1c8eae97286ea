-- Entries, their revisions and what is derived from the live one.
-- `entries` holds what is live; before the first publication it holds the draft.

CREATE TABLE entries (
    id                INTEGER PRIMARY KEY,
    type              TEXT NOT NULL,
    locale            TEXT NOT NULL,
    -- The entry of the default locale that this one translates; its own id when it is that one.
    translation_group INTEGER,
    parent_id         INTEGER REFERENCES entries (id),
    -- The entry whose path begins this entry's path; NULL when the path stands alone.
    path_parent_id    INTEGER REFERENCES entries (id),
    slug              TEXT NOT NULL,
    title             TEXT NOT NULL,
    summary           TEXT NOT NULL,
    cover             TEXT,
    state             TEXT NOT NULL,
    visibility        TEXT NOT NULL,
    noindex           INTEGER NOT NULL,
    canonical         TEXT,
    published_at      INTEGER,
    modified_at       INTEGER,
    publish_at        INTEGER,
    unpublish_at      INTEGER,
    created_at        INTEGER NOT NULL,
    version           INTEGER NOT NULL,
    live_revision     INTEGER,
    content_hash      TEXT,
    -- Where the addresses of an entry that is no longer live lead; NULL means gone.
    replaced_by       INTEGER REFERENCES entries (id),
    CONSTRAINT entries_state CHECK (state IN ('draft', 'scheduled', 'published', 'archived', 'trashed')),
    CONSTRAINT entries_visibility CHECK (visibility IN ('public', 'unlisted', 'private'))
) STRICT;

-- Listings and feeds: the newest of a type.
CREATE INDEX entries_listing ON entries (type, locale, state, published_at DESC, id DESC);
-- The newest of the whole site.
CREATE INDEX entries_newest ON entries (locale, state, published_at DESC, id DESC);
-- hreflang clusters.
CREATE UNIQUE INDEX entries_translation ON entries (translation_group, locale);
-- A relation written as a slug.
CREATE INDEX entries_slug ON entries (type, slug);
-- A relation written as a title.
CREATE INDEX entries_title ON entries (type, title);
-- Moving a parent moves what stands below it.
CREATE INDEX entries_path_parent ON entries (path_parent_id) WHERE path_parent_id IS NOT NULL;
CREATE INDEX entries_parent ON entries (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX entries_replaced_by ON entries (replaced_by) WHERE replaced_by IS NOT NULL;
-- Schedules that are due.
CREATE INDEX entries_publish_at ON entries (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX entries_unpublish_at ON entries (unpublish_at) WHERE unpublish_at IS NOT NULL;

-- Append-only: every saved state of an entry.
CREATE TABLE revisions (
    id         INTEGER PRIMARY KEY,
    entry_id   INTEGER NOT NULL REFERENCES entries (id),
    number     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    content    TEXT NOT NULL,
    CONSTRAINT revisions_number UNIQUE (entry_id, number)
) STRICT;

CREATE TRIGGER revisions_are_never_changed BEFORE UPDATE ON revisions
BEGIN
    SELECT RAISE(ABORT, 'revisions are append-only');
END;

CREATE TRIGGER revisions_are_never_deleted BEFORE DELETE ON revisions
BEGIN
    SELECT RAISE(ABORT, 'revisions are append-only');
END;

-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER revisions_are_never_replaced BEFORE INSERT ON revisions
WHEN EXISTS (SELECT 1 FROM revisions r WHERE r.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'revisions are append-only');
END;

-- The body as readers get it, sanitised when saved.
CREATE TABLE rendered (
    entry_id  INTEGER PRIMARY KEY REFERENCES entries (id),
    sanitiser INTEGER NOT NULL,
    html      TEXT NOT NULL,
    outline   TEXT NOT NULL,
    plain     TEXT NOT NULL,
    excerpt   TEXT NOT NULL,
    words     INTEGER NOT NULL,
    minutes   INTEGER NOT NULL
) STRICT;

-- Relations of the live content; `authors` is one of the fields.
CREATE TABLE relations (
    from_id  INTEGER NOT NULL REFERENCES entries (id),
    field    TEXT NOT NULL,
    position INTEGER NOT NULL,
    to_id    INTEGER NOT NULL REFERENCES entries (id),
    PRIMARY KEY (from_id, field, position)
) STRICT, WITHOUT ROWID;

-- Hubs and taxonomies: what points here.
CREATE INDEX relations_to ON relations (to_id, field, from_id);

-- Values of fields marked `filter` or `sort`.
CREATE TABLE field_index (
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    field    TEXT NOT NULL,
    type     TEXT NOT NULL,
    number   REAL,
    text     TEXT,
    PRIMARY KEY (entry_id, field)
) STRICT, WITHOUT ROWID;

CREATE INDEX field_index_number ON field_index (type, field, number, entry_id);
CREATE INDEX field_index_text ON field_index (type, field, text, entry_id);

-- Internal links of the live body: to an entry, or to an address that no entry has (yet).
CREATE TABLE links (
    from_id INTEGER NOT NULL REFERENCES entries (id),
    to_id   INTEGER REFERENCES entries (id),
    address TEXT NOT NULL,
    PRIMARY KEY (from_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_to ON links (to_id) WHERE to_id IS NOT NULL;
CREATE INDEX links_dangling ON links (address) WHERE to_id IS NULL;
