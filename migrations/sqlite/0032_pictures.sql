-- The library of pictures in the back office.

-- What a picture shows, as it is suggested wherever it is chosen.
ALTER TABLE media ADD COLUMN alt TEXT NOT NULL DEFAULT '';
-- Who brought it in.
ALTER TABLE media ADD COLUMN actor TEXT NOT NULL DEFAULT 'operator';

-- The library, the newest first.
CREATE INDEX media_newest ON media (created_at, hash);

-- Which entries name a picture: in their draft, in what is live, or in both.
CREATE TABLE picture_uses (
    hash     TEXT NOT NULL REFERENCES media (hash) ON DELETE CASCADE,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    -- Where a picture is used.
    PRIMARY KEY (hash, entry_id)
) STRICT, WITHOUT ROWID;

-- What an entry uses, when it is saved again.
CREATE INDEX picture_uses_entry ON picture_uses (entry_id);

-- Those of entries that are there already: every address of a picture in their JSON.
WITH RECURSIVE found (entry_id, rest) AS (
    SELECT r.entry_id, substr(r.content, instr(r.content, '/media/') + 7)
    FROM revisions r
    WHERE instr(r.content, '/media/') > 0
      AND (r.number = (SELECT MAX(n.number) FROM revisions n WHERE n.entry_id = r.entry_id)
           OR r.id = (SELECT e.live_revision FROM entries e WHERE e.id = r.entry_id))
    UNION ALL
    SELECT entry_id, substr(rest, instr(rest, '/media/') + 7)
    FROM found
    WHERE instr(rest, '/media/') > 0
)
INSERT INTO picture_uses (hash, entry_id)
SELECT DISTINCT m.hash, found.entry_id
FROM found JOIN media m ON m.hash = substr(found.rest, 1, 16);
