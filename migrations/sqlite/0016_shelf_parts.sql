-- Every list is a shelf, also the listing of a type, and a shelf is counted and cut into parts: how much
-- is on it and where its page 20,000 begins is read without going through it.

-- `shelves` with a name to sort by. The hub 0 is the site itself: on its shelves stands every published,
-- public entry, in the order of the listing of its type.
CREATE TABLE named_shelves (
    hub      INTEGER NOT NULL,
    locale   TEXT NOT NULL,
    shelf    TEXT NOT NULL,
    -- The highest first: how filled the entry is, or the number that its type is sorted by.
    rank     REAL NOT NULL,
    at       INTEGER NOT NULL,
    -- Its title where that is what it is sorted by; else empty.
    name     TEXT NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    -- A page of a list is one range of this key.
    PRIMARY KEY (hub, locale, shelf, rank, at, name, entry_id)
) STRICT, WITHOUT ROWID;

INSERT INTO named_shelves SELECT hub, locale, shelf, rank, at, '', entry_id FROM shelves;
-- Ranks and names come when the server starts.
INSERT INTO named_shelves
SELECT 0, locale, type, 0.0, published_at, '', id FROM entries
WHERE state = 'published' AND visibility = 'public' AND published_at IS NOT NULL AND type <> 'landing';

DROP TABLE shelves;
ALTER TABLE named_shelves RENAME TO shelves;

-- Where an entry stands, for when it changes.
CREATE INDEX shelves_entry ON shelves (entry_id);

-- Some thousand neighbours on a shelf each: the key that a part begins with, and how many are in it. The
-- first part of a shelf begins before every key.
CREATE TABLE shelf_parts (
    id       INTEGER PRIMARY KEY,
    hub      INTEGER NOT NULL,
    locale   TEXT NOT NULL,
    shelf    TEXT NOT NULL,
    rank     REAL NOT NULL,
    at       INTEGER NOT NULL,
    name     TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    entries  INTEGER NOT NULL,
    -- The parts of a shelf in their order: how long it is, and the part that a key belongs to.
    CONSTRAINT shelf_parts_begin UNIQUE (hub, locale, shelf, rank, at, name, entry_id)
) STRICT;

INSERT INTO shelf_parts (hub, locale, shelf, rank, at, name, entry_id, entries)
SELECT hub, locale, shelf,
       CASE WHEN place = 1 THEN -9007199254740992.0 ELSE rank END,
       CASE WHEN place = 1 THEN 0 ELSE at END,
       CASE WHEN place = 1 THEN '' ELSE name END,
       CASE WHEN place = 1 THEN 0 ELSE entry_id END,
       MIN(4096, total - place + 1)
FROM (
    SELECT hub, locale, shelf, rank, at, name, entry_id,
           COUNT(*) OVER (PARTITION BY hub, locale, shelf) AS total,
           ROW_NUMBER() OVER (PARTITION BY hub, locale, shelf ORDER BY rank, at, name, entry_id) AS place
    FROM shelves
) AS numbered
WHERE place % 4096 = 1;
