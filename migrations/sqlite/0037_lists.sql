-- Lists of the back office: titles found by their words, saved views, and what is done to many entries.

-- The words of every title, whatever the entry's state; the text itself stays in `entries`.
CREATE VIRTUAL TABLE entry_titles USING fts5 (
    type, title,
    content = 'entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER entry_titles_added AFTER INSERT ON entries
BEGIN
    INSERT INTO entry_titles (rowid, type, title) VALUES (NEW.id, NEW.type, NEW.title);
END;

CREATE TRIGGER entry_titles_removed AFTER DELETE ON entries
BEGIN
    INSERT INTO entry_titles (entry_titles, rowid, type, title) VALUES ('delete', OLD.id, OLD.type, OLD.title);
END;

CREATE TRIGGER entry_titles_changed AFTER UPDATE OF title ON entries WHEN NEW.title <> OLD.title
BEGIN
    INSERT INTO entry_titles (entry_titles, rowid, type, title) VALUES ('delete', OLD.id, OLD.type, OLD.title);
    INSERT INTO entry_titles (rowid, type, title) VALUES (NEW.id, NEW.type, NEW.title);
END;

INSERT INTO entry_titles (entry_titles) VALUES ('rebuild');

-- What stands right below an entry, by type and title: the tree, and every question after what is below.
DROP INDEX entries_path_parent;
CREATE INDEX entries_path_parent ON entries (path_parent_id, type, title, id) WHERE path_parent_id IS NOT NULL;

-- A list as somebody wants it again.
CREATE TABLE views (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    type    TEXT NOT NULL,
    name    TEXT NOT NULL,
    -- The list's query as its address has it.
    query   TEXT NOT NULL,
    CONSTRAINT views_name UNIQUE (user_id, type, name)
) STRICT;

-- What is done to many entries, one after the other.
CREATE TABLE bulk_runs (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    type       TEXT NOT NULL,
    -- As JSON.
    deed       TEXT NOT NULL,
    -- The list that all of are meant, as its address has it; NULL where entries were ticked.
    query      TEXT,
    -- How many there are to do.
    total      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;

-- What became of each of them.
CREATE TABLE bulk_entries (
    run_id   INTEGER NOT NULL REFERENCES bulk_runs (id),
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    -- The version that somebody saw who ticked it.
    seen     INTEGER,
    done     INTEGER NOT NULL,
    -- Why it was not done.
    reason   TEXT,
    PRIMARY KEY (run_id, entry_id)
) STRICT;

-- Those that are still to be done, and those that failed.
CREATE INDEX bulk_entries_left ON bulk_entries (run_id, done, entry_id);
