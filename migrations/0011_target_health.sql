-- What is remembered of a target that had trouble. One that never had any has no row, and one that is well costs nothing.
CREATE TABLE target_health (
    target_id BIGINT PRIMARY KEY,
    -- Sends that failed in a row for passing reasons, and since when.
    failures BIGINT NOT NULL,
    failing_since BIGINT,
    -- Its breaker is open since then, and lets nothing through until then; after that one push tries whether it is well again. How
    -- often in a row it opened.
    opened_at BIGINT,
    open_until BIGINT,
    openings BIGINT NOT NULL,
    -- The far side asked to be left alone until then.
    paused_until BIGINT,
    misconfigured_since BIGINT,
    last_error TEXT,
    -- When it last got well.
    last_success_at BIGINT,
    -- Somebody ought to look at it since then, and was told then.
    flagged_at BIGINT,
    notified_at BIGINT,
    -- Grows with each change: the newest row wins.
    updated_at BIGINT NOT NULL
);
CREATE INDEX target_health_untold ON target_health (flagged_at) WHERE notified_at IS NULL;

-- What is due is looked for target by target and repository by repository, so that none of them is in another's way.
DROP INDEX pushes_due;
CREATE INDEX pushes_due ON pushes (target_id, repo_id, run_at) WHERE state = 'pending';
