-- The log of what was done as a chain: a row that is changed, taken out, put in or moved fits no more.

-- SHA-256 of the row before it and of its own content. NULL where an older version wrote the row: it is
-- sealed at the next start, or by the next line.
ALTER TABLE audit ADD COLUMN hash TEXT COLLATE "C";

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
CREATE OR REPLACE FUNCTION audit_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.hash IS NULL AND NEW.hash IS NOT NULL
       AND (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.entry_id, NEW.detail)
           IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.entry_id, OLD.detail) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
