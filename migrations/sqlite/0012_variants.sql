-- Pictures in several widths, made by jobs from the stored ones.

CREATE TABLE variants (
    -- The picture that it was made from, and lies beside.
    hash   TEXT NOT NULL REFERENCES media (hash) ON DELETE CASCADE,
    -- Its address is /media/HASH/NAME.
    name   TEXT NOT NULL,
    -- `webp`; browsers choose among several.
    format TEXT NOT NULL,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes  INTEGER NOT NULL,
    -- A page asks for the variants of all its pictures at once.
    PRIMARY KEY (hash, format, width)
) STRICT, WITHOUT ROWID;

-- Those that are stored already. Names end as their bytes are; GIFs and drawings stay as they are.
INSERT INTO jobs (kind, payload, key, priority, state, run_at, attempt, created_at)
SELECT 'variants', '{"kind":"variants","hash":"' || hash || '"}', hash, -10, 'waiting', created_at, 0, created_at
FROM media
WHERE name LIKE '%.jpg' OR name LIKE '%.png' OR name LIKE '%.webp';
