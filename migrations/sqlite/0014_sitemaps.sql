-- Sitemaps are rewritten a shard at a time, and search engines are told what has changed.

-- When a shard of the sitemap last changed. A shard holds the entries of one type and language whose
-- ids are in one range of 8,192: `bucket` is id / 8192, whatever other entries do.
CREATE TABLE sitemap_shards (
    type       TEXT NOT NULL,
    locale     TEXT NOT NULL,
    bucket     INTEGER NOT NULL,
    -- The number of the change: whoever has built with a lower one builds the shard anew.
    sequence   INTEGER NOT NULL,
    -- What the index of sitemaps says of it, on every node the same.
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (type, locale, bucket)
) STRICT, WITHOUT ROWID;

INSERT INTO sitemap_shards (type, locale, bucket, sequence, changed_at)
SELECT type, locale, id / 8192, 0, MAX(COALESCE(modified_at, created_at))
FROM entries
GROUP BY type, locale, id / 8192;

-- The pictures of an entry's page as a JSON list of addresses, so that a sitemap is built without
-- reading bodies. No row: no pictures. Entries that are older than this table get theirs when the
-- server starts.
CREATE TABLE sitemap_images (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id),
    images   TEXT NOT NULL
) STRICT;

-- Sitemaps: whether an entry has translations at all. On a site in one language it is empty.
CREATE INDEX entries_translated ON entries (translation_group) WHERE translation_group <> id;

-- The address of an entry is read from here without a look into the table: sitemaps read a million.
DROP INDEX paths_entry;
CREATE INDEX paths_entry ON paths (entry_id, kind, path) WHERE entry_id IS NOT NULL;

-- What search engines are to know of an address (IndexNow).
CREATE TABLE announcements (
    path     TEXT PRIMARY KEY,
    -- The hash of what readers see there; `-`: nothing is there any more, or a redirect.
    hash     TEXT NOT NULL,
    -- The hash that engines were told last, and when.
    told     TEXT,
    told_at  INTEGER
) STRICT, WITHOUT ROWID;

-- What is still to be told.
CREATE INDEX announcements_due ON announcements (path) WHERE told IS NULL OR told <> hash;
