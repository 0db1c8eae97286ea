-- Deferred work. A row is written in the transaction of the change that asks for it, and goes away
-- in the transaction of its effect.

CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY,
    -- Which work, and with what: a payload of `src/store/jobs.rs` as JSON.
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    -- What it is about. Of one kind and key, one job waits at most.
    key         TEXT NOT NULL,
    -- Higher ones are done first.
    priority    INTEGER NOT NULL,
    state       TEXT NOT NULL CONSTRAINT jobs_state CHECK (state IN ('waiting', 'running', 'dead')),
    -- Not before this instant.
    run_at      INTEGER NOT NULL,
    -- How often it was begun. The number fences: who lost the lease can't complete a later attempt.
    attempt     INTEGER NOT NULL,
    -- Who works on it, and until when that counts without a sign of life.
    worker      TEXT,
    lease_until INTEGER,
    -- Why the last attempt failed.
    problem     TEXT,
    created_at  INTEGER NOT NULL
) STRICT;

-- One job of a kind and key waits; while it runs, another may come in.
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, key) WHERE state = 'waiting';

-- The next job that is due, and leases that have run out.
CREATE INDEX jobs_due ON jobs (state, priority DESC, run_at, id);

-- What was scheduled before there were jobs.
INSERT INTO jobs (kind, payload, key, priority, state, run_at, attempt, created_at)
SELECT 'schedule', '{"kind":"schedule","entry":' || id || '}', CAST(id AS TEXT), 10, 'waiting',
       CASE WHEN state = 'scheduled' THEN publish_at ELSE unpublish_at END, 0, created_at
FROM entries
WHERE (state = 'scheduled' AND publish_at IS NOT NULL)
   OR (state = 'published' AND unpublish_at IS NOT NULL);
