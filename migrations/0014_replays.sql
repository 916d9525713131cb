-- What is sent again: dead letters by the selection that somebody made, and events from their stored deliveries.
-- 0001_schema.sql and 0002_admin.sql say how one text serves both databases.

CREATE TABLE replays (
    id BIGSERIAL PRIMARY KEY,
    -- dead_letters or event.
    kind TEXT NOT NULL,
    -- running, completed, or cancelled.
    state TEXT NOT NULL,
    -- JSON object: which dead letters are meant.
    selection TEXT NOT NULL,
    event_id BIGINT,
    -- The event as it was normalised for this replay; an lz4 block with its length in front. `events.event` stays as it was.
    event BYTEA,
    -- JSON object: the review that another one took the place of.
    earlier_review TEXT,
    -- Dead letters that there were when it began; those sent again so far, and those passed over.
    matched BIGINT NOT NULL,
    replayed BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    -- Dead letters are taken up in the order of `created_at` and `id`: the last one that was.
    mark_at BIGINT NOT NULL,
    mark_id BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    username TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX replays_running ON replays (run_at) WHERE state = 'running';
CREATE INDEX replays_event ON replays (event_id, id) WHERE event_id IS NOT NULL;

-- The replay that made it.
ALTER TABLE pushes ADD COLUMN replay_id BIGINT;
-- The replay whose form of the event it tells of; NULL: that of the event itself.
ALTER TABLE pushes ADD COLUMN form_id BIGINT;
-- Of one that ended without success: the push that was made in its place.
ALTER TABLE pushes ADD COLUMN superseded_by BIGINT;
UPDATE pushes SET superseded_by = (
    SELECT MAX(n.id) FROM pushes n WHERE n.event_id = pushes.event_id AND n.retry_of = COALESCE(pushes.retry_of, pushes.id)
        AND n.id > pushes.id
 ) WHERE state IN ('failed', 'rejected', 'misconfigured', 'partial', 'cancelled');
CREATE INDEX pushes_dead ON pushes (created_at, id)
    WHERE state IN ('failed', 'rejected', 'misconfigured', 'partial', 'cancelled') AND superseded_by IS NULL
        AND most_attempts IS NULL;
CREATE INDEX pushes_replay ON pushes (replay_id, state) WHERE replay_id IS NOT NULL;

-- The replay whose form of the event is reviewed.
ALTER TABLE reviews ADD COLUMN form_id BIGINT;
