-- Pictures in several widths, made by jobs from the stored ones.

CREATE TABLE variants (
    -- The picture that it was made from, and lies beside.
    hash   TEXT COLLATE "C" NOT NULL REFERENCES media (hash) ON DELETE CASCADE,
    -- Its address is /media/HASH/NAME.
    name   TEXT COLLATE "C" NOT NULL,
    -- `webp`; browsers choose among several.
    format TEXT COLLATE "C" NOT NULL,
    width  BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes  BIGINT NOT NULL,
    -- A page asks for the variants of all its pictures at once.
    PRIMARY KEY (hash, format, width)
);

-- Those that are stored already. Names end as their bytes are; GIFs and drawings stay as they are.
INSERT INTO jobs (kind, payload, key, priority, state, run_at, attempt, created_at)
SELECT 'variants', '{"kind":"variants","hash":"' || hash || '"}', hash, -10, 'waiting', created_at, 0, created_at
FROM media
WHERE name LIKE '%.jpg' OR name LIKE '%.png' OR name LIKE '%.webp';
