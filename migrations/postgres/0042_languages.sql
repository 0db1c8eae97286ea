-- The language that the back office speaks to somebody, by its code. None: the one that their browser asks
-- for.
ALTER TABLE users ADD COLUMN language TEXT COLLATE "C";
