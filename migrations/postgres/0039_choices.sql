-- What a form offers while somebody types: store/choices.rs, titles that begin so. Capitals of ASCII make
-- no difference, on either database.
CREATE INDEX entries_title_begins ON entries (type, lower(title));
