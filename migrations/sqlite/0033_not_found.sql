-- Visits of people to addresses that lead nowhere, and how often each redirect was used.

-- At most a few thousand rows, those with most visits: `store::not_found` sees to it.
CREATE TABLE not_found (
    id         INTEGER PRIMARY KEY,
    -- The look-up form, as `paths` has it.
    folded     TEXT NOT NULL CONSTRAINT not_found_folded UNIQUE,
    -- As it was asked for last.
    path       TEXT NOT NULL,
    visits     INTEGER NOT NULL,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    -- Where the last visitor who said so came from: a path of the site, or another one's host.
    referrer   TEXT,
    -- From then on nobody is told of it any more.
    ignored_at INTEGER
) STRICT;

CREATE TABLE redirect_visits (
    -- As in `rules`, or `exact`.
    kind    TEXT NOT NULL,
    -- The pattern of a rule, the look-up form of an exact redirect.
    pattern TEXT NOT NULL,
    visits  INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    CONSTRAINT redirect_visits_key PRIMARY KEY (kind, pattern)
) STRICT, WITHOUT ROWID;

-- The list of redirects: of a million paths few.
CREATE INDEX paths_redirects ON paths (folded) WHERE kind IN ('redirect', 'gone');
