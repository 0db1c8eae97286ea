-- What search finds: one row for each entry that may be indexed.

CREATE TABLE search (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id),
    type     TEXT NOT NULL,
    locale   TEXT NOT NULL,
    -- The translation group of the city it is or belongs to.
    city     INTEGER,
    -- A title that stands in these words has changed since.
    stale    INTEGER NOT NULL,
    -- The words of its fields and the titles of what it points at, as a reader writes them.
    facts    TEXT NOT NULL,
    -- The words of title, summary and all the rest, as `text::search::words` writes them.
    title    TEXT NOT NULL,
    summary  TEXT NOT NULL,
    body     TEXT NOT NULL
) STRICT;

-- The types that a search can be narrowed to.
CREATE INDEX search_type ON search (locale, type);
-- The cities that a search can be narrowed to, those with most entries first.
CREATE INDEX search_city ON search (locale, city, type) WHERE city IS NOT NULL;
-- What is to be written anew.
CREATE INDEX search_stale ON search (entry_id) WHERE stale;

-- The words are separated by spaces and folded already: this tokenizer leaves other scripts as they are.
CREATE VIRTUAL TABLE search_words USING fts5 (
    title, summary, body,
    content = 'search', content_rowid = 'entry_id', tokenize = 'ascii'
);

-- The index of words holds no text of its own, so it is told what goes.
CREATE TRIGGER search_added AFTER INSERT ON search
BEGIN
    INSERT INTO search_words (rowid, title, summary, body)
    VALUES (NEW.entry_id, NEW.title, NEW.summary, NEW.body);
END;

CREATE TRIGGER search_removed AFTER DELETE ON search
BEGIN
    INSERT INTO search_words (search_words, rowid, title, summary, body)
    VALUES ('delete', OLD.entry_id, OLD.title, OLD.summary, OLD.body);
END;

CREATE TRIGGER search_changed AFTER UPDATE OF title, summary, body ON search
WHEN NEW.title <> OLD.title OR NEW.summary <> OLD.summary OR NEW.body <> OLD.body
BEGIN
    INSERT INTO search_words (search_words, rowid, title, summary, body)
    VALUES ('delete', OLD.entry_id, OLD.title, OLD.summary, OLD.body);
    INSERT INTO search_words (rowid, title, summary, body)
    VALUES (NEW.entry_id, NEW.title, NEW.summary, NEW.body);
END;

-- The form of the words that all rows have; 0 where entries are older than their rows.
INSERT INTO counters (name, value)
SELECT 'search', CASE WHEN EXISTS (SELECT 1 FROM entries) THEN 0 ELSE 1 END;
