-- The library of pictures in the back office.

-- What a picture shows, as it is suggested wherever it is chosen.
ALTER TABLE media ADD COLUMN alt TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Who brought it in.
ALTER TABLE media ADD COLUMN actor TEXT COLLATE "C" NOT NULL DEFAULT 'operator';

-- The library, the newest first.
CREATE INDEX media_newest ON media (created_at, hash);

-- Which entries name a picture: in their draft, in what is live, or in both.
CREATE TABLE picture_uses (
    hash     TEXT COLLATE "C" NOT NULL REFERENCES media (hash) ON DELETE CASCADE,
    entry_id BIGINT NOT NULL REFERENCES entries (id),
    -- Where a picture is used.
    PRIMARY KEY (hash, entry_id)
);

-- What an entry uses, when it is saved again.
CREATE INDEX picture_uses_entry ON picture_uses (entry_id);

-- Those of entries that are there already: every address of a picture in their JSON.
INSERT INTO picture_uses (hash, entry_id)
SELECT DISTINCT m.hash, r.entry_id
FROM revisions r
CROSS JOIN LATERAL regexp_matches(r.content, '/media/([0-9a-f]{16})/', 'g') AS found (parts)
JOIN media m ON m.hash = found.parts[1]
WHERE r.number = (SELECT MAX(n.number) FROM revisions n WHERE n.entry_id = r.entry_id)
   OR r.id = (SELECT e.live_revision FROM entries e WHERE e.id = r.entry_id);
