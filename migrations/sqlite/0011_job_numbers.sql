-- A number of a job is never given again: with the attempt it fences. SQLite keeps that promise for
-- AUTOINCREMENT only, which a table has from its beginning.

CREATE TABLE jobs_numbered (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    key         TEXT NOT NULL,
    priority    INTEGER NOT NULL,
    state       TEXT NOT NULL CONSTRAINT jobs_state CHECK (state IN ('waiting', 'running', 'dead')),
    run_at      INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    worker      TEXT,
    lease_until INTEGER,
    problem     TEXT,
    created_at  INTEGER NOT NULL
) STRICT;

INSERT INTO jobs_numbered SELECT * FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_numbered RENAME TO jobs;

-- One job of a kind and key waits; while it runs, another may come in.
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, key) WHERE state = 'waiting';

-- The next job that is due, and leases that have run out.
CREATE INDEX jobs_due ON jobs (state, priority DESC, run_at, id);
