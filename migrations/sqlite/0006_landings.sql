-- Hubs and landing pages: what stands on which page, the best first.

-- How much an entry says of itself, from 0 to 100; worked out when it is published.
ALTER TABLE entries ADD COLUMN filled INTEGER NOT NULL DEFAULT 0;
-- Where it is, in degrees.
ALTER TABLE entries ADD COLUMN latitude REAL;
ALTER TABLE entries ADD COLUMN longitude REAL;

-- The neighbours of a place on the map.
CREATE INDEX entries_near ON entries (type, locale, latitude, longitude) WHERE latitude IS NOT NULL;

-- What is listed where. A hub is a translation group. A shelf is a type (`place`), or a landing page's
-- part of it (`places-by-kind/cafe`). Only published, public entries stand here.
CREATE TABLE shelves (
    hub      INTEGER NOT NULL,
    locale   TEXT NOT NULL,
    shelf    TEXT NOT NULL,
    -- The highest first: how filled the entry is, or the number that its type is sorted by.
    rank     REAL NOT NULL,
    at       INTEGER NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    -- A page of a hub's list is one range of this key, read backwards.
    PRIMARY KEY (hub, locale, shelf, rank, at, entry_id)
) STRICT, WITHOUT ROWID;

-- Where an entry stands, for when it changes.
CREATE INDEX shelves_entry ON shelves (entry_id);

-- What a site that is older than this table has; ranks come when the server starts.
INSERT INTO shelves (hub, locale, shelf, rank, at, entry_id)
SELECT DISTINCT t.translation_group, e.locale, e.type, 0.0, e.published_at, e.id
FROM entries e
JOIN relations r ON r.from_id = e.id
JOIN entries t ON t.id = r.to_id
WHERE e.state = 'published' AND e.visibility = 'public' AND e.published_at IS NOT NULL
  AND t.translation_group <> e.translation_group;

-- The landing pages there are, or were. Each is an entry of the type `landing`.
CREATE TABLE landings (
    entry_id   INTEGER PRIMARY KEY REFERENCES entries (id),
    -- The file that declares it: `places-by-kind`.
    definition TEXT NOT NULL,
    -- The translation group of the entry it stands below.
    hub        INTEGER NOT NULL,
    -- The value of the second field: a choice, a translation group, or nothing.
    facet      TEXT NOT NULL,
    locale     TEXT NOT NULL,
    -- How many stand on it.
    entries    INTEGER NOT NULL,
    CONSTRAINT landings_place UNIQUE (hub, definition, facet, locale)
) STRICT;

-- The same list in other places, the longest first.
CREATE INDEX landings_facet ON landings (definition, facet, locale, entries);

-- What was last worked out from the content folder, so that a start knows whether to do it again.
CREATE TABLE marks (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
