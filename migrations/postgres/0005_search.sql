-- What search finds: one row for each entry that may be indexed.

-- Words between single spaces as a vector, each at its place. The parser of to_tsvector would read
-- hosts and numbers into them, and knows letters by the server's locale.
CREATE FUNCTION search_vector(words TEXT) RETURNS TSVECTOR
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT COALESCE(string_agg('''' || word || ''':' || LEAST(place, 16383), ' '), '')::TSVECTOR
    FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS listed (word, place)
    WHERE word <> ''
$$;

CREATE TABLE search (
    entry_id BIGINT PRIMARY KEY REFERENCES entries (id),
    type     TEXT COLLATE "C" NOT NULL,
    locale   TEXT COLLATE "C" NOT NULL,
    -- The translation group of the city it is or belongs to.
    city     BIGINT,
    -- A title that stands in these words has changed since.
    stale    BOOLEAN NOT NULL,
    -- The words of its fields and the titles of what it points at, as a reader writes them.
    facts    TEXT COLLATE "C" NOT NULL,
    -- The words of title, summary and all the rest, as `text::search::words` writes them.
    title    TEXT COLLATE "C" NOT NULL,
    summary  TEXT COLLATE "C" NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    words    TSVECTOR NOT NULL GENERATED ALWAYS AS (
        setweight(search_vector(title), 'A') || setweight(search_vector(summary), 'B')
        || setweight(search_vector(body), 'D')
    ) STORED
);

-- The types that a search can be narrowed to.
CREATE INDEX search_type ON search (locale, type);
-- The cities that a search can be narrowed to, those with most entries first.
CREATE INDEX search_city ON search (locale, city, type) WHERE city IS NOT NULL;
-- What is to be written anew.
CREATE INDEX search_stale ON search (entry_id) WHERE stale;
-- What a search finds.
CREATE INDEX search_words ON search USING gin (words);

-- The form of the words that all rows have; 0 where entries are older than their rows.
INSERT INTO counters (name, value)
SELECT 'search', CASE WHEN EXISTS (SELECT 1 FROM entries) THEN 0 ELSE 1 END;
