-- A number of a job is never given again: with the attempt it fences. An identity column keeps that
-- promise from the beginning; SQLite's table had to be made anew for it.

COMMENT ON COLUMN jobs.id IS 'never given again: with the attempt it fences';
