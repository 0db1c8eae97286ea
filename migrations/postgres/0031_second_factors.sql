-- What people show besides their password.

CREATE TABLE second_factors (
    user_id      BIGINT PRIMARY KEY REFERENCES users (id),
    -- What the codes are made of, encrypted with a key that is in the data folder alone.
    seed         TEXT COLLATE "C" NOT NULL,
    -- NULL until a code has shown that somebody's app has it; it counts from then on.
    confirmed_at BIGINT,
    -- The step of the last code that was taken: none is taken twice.
    last_step    BIGINT NOT NULL
);

-- Codes for the day on which the app is lost, each of one use.
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- SHA-256 of the code: who reads this table gets in nowhere.
    digest  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, digest)
);
