-- Repositories that rest because their parser failed on their deliveries again and again, and whether somebody was told.
CREATE TABLE repo_rests (
    repo_id BIGINT PRIMARY KEY,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    told_at BIGINT,
    -- Somebody is about to tell until then.
    telling_until BIGINT
);
