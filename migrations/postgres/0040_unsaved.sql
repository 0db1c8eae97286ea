-- What people are writing: texts that are not saved yet, and who has which form open.

-- The newest state of a form that somebody has not saved. It is no revision: nobody else sees it, and it
-- goes with the save.
CREATE TABLE unsaved (
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- Where the form is sent: an entry, or the new ones of a type.
    form    TEXT COLLATE "C" NOT NULL,
    -- Its fields, as a form sends them.
    fields  TEXT COLLATE "C" NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, form)
);

-- Those that nobody came back for.
CREATE INDEX unsaved_kept ON unsaved (kept_at);

-- Who has the form of an entry open, and when they last gave a sign of it.
CREATE TABLE editing (
    entry_id BIGINT NOT NULL REFERENCES entries (id),
    user_id  BIGINT NOT NULL REFERENCES users (id),
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (entry_id, user_id)
);

-- Those that have gone.
CREATE INDEX editing_seen ON editing (seen_at);
