-- How far each file of `content/changes/` has been applied to the entries.

CREATE TABLE field_changes (
    -- Its name, without the folder.
    file        TEXT PRIMARY KEY,
    -- The last entry it was applied to, in the order of ids: where an interrupted run goes on.
    last_entry  BIGINT NOT NULL,
    -- Empty until every entry was seen.
    finished_at BIGINT
);
