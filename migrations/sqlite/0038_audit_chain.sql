-- The log of what was done as a chain: a row that is changed, taken out, put in or moved fits no more.

-- SHA-256 of the row before it and of its own content. NULL where an older version wrote the row: it is
-- sealed at the next start, or by the next line.
ALTER TABLE audit ADD COLUMN hash TEXT;

-- Those that are not sealed yet.
CREATE INDEX audit_unsealed ON audit (id) WHERE hash IS NULL;
-- What a person did; imports and the engine write by the thousand, and are found soon anyhow.
CREATE INDEX audit_people ON audit (actor, id) WHERE actor <> 'operator' AND actor <> 'engine';
-- What is done more seldom than that.
CREATE INDEX audit_seldom ON audit (action, id)
    WHERE action <> 'save_draft' AND action <> 'publish';
-- Where a day begins.
CREATE INDEX audit_at ON audit (at, id);

-- A row is sealed once, and else never changed.
DROP TRIGGER audit_is_never_changed;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
WHEN NOT (OLD.hash IS NULL AND NEW.hash IS NOT NULL AND NEW.id = OLD.id AND NEW.at = OLD.at
          AND NEW.actor = OLD.actor AND NEW.action = OLD.action AND NEW.entry_id IS OLD.entry_id
          AND NEW.detail = OLD.detail)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
