-- What an entry says of itself in a line, as a number, so that those which say the same are found and
-- told apart: the first eight bytes of a hash of language and line. NULL where it says nothing, and
-- until the entry is published or its row of search is written anew.
ALTER TABLE entries ADD COLUMN words_key BIGINT;

-- Served: store/namesakes.rs, whether another entry says the same.
CREATE INDEX entries_words_key ON entries (words_key) WHERE words_key IS NOT NULL;

-- The rows of search are written anew where there are any, which fills it: a new site has all of it.
UPDATE counters SET value = 2 WHERE name = 'search' AND NOT EXISTS (SELECT 1 FROM entries);
