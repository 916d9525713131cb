-- An update that changes no column of any index is cheap on PostgreSQL: the new version goes beside the old one, and the indexes stay as
-- they are (HOT). So that the way from pending to delivered is one, no index of `pushes` there names `state` or what changes with it: what
-- waits is a table of its own, and what failed is told by a column that stays the same for all others.
-- 0001_schema.sql says how one text serves both databases.

DROP INDEX pushes_failed;
DROP INDEX pushes_repo_failed;
DROP INDEX pushes_target_failed;
DROP INDEX pushes_dead;
-- 1 when it ended without success. SQLite keeps the text of a column as it stands here: no comment may follow it.
-- sqlite
ALTER TABLE pushes ADD COLUMN failed BIGINT
    GENERATED ALWAYS AS (CASE WHEN state = 'delivered' OR state = 'pending' OR state = 'parked' THEN 0 ELSE 1 END) VIRTUAL;
-- end
-- postgres
ALTER TABLE pushes ADD COLUMN failed BIGINT
    GENERATED ALWAYS AS (CASE WHEN state = 'delivered' OR state = 'pending' OR state = 'parked' THEN 0 ELSE 1 END) STORED;
-- end
CREATE INDEX pushes_failed ON pushes (created_at, id) WHERE failed = 1;
CREATE INDEX pushes_repo_failed ON pushes (repo_id, created_at, id) WHERE failed = 1;
CREATE INDEX pushes_target_failed ON pushes (target_id, created_at, id) WHERE failed = 1;
CREATE INDEX pushes_dead ON pushes (created_at, id) WHERE failed = 1 AND superseded_by IS NULL AND most_attempts IS NULL;

-- sqlite
-- Here an update leaves alone the indexes whose columns and conditions stay the same, and the queue is the table itself: whoever asks says
-- which state.
CREATE VIEW push_queue AS
SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by, waits_for, most_attempts, replay_id, created_at
FROM pushes;
-- end

-- postgres
DROP INDEX pushes_due;
DROP INDEX pushes_parked;
DROP INDEX pushes_carried_due;
DROP INDEX pushes_mergeable;
DROP INDEX pushes_waiting;
DROP INDEX pushes_delivered;
DROP INDEX pushes_replay;
CREATE INDEX pushes_replay ON pushes (replay_id) WHERE replay_id IS NOT NULL;
-- Room for what a push is sent with: title and body come with its outcome, and a page is full when they are there.
ALTER TABLE pushes SET (fillfactor = 30);

-- The pushes that have not ended, by what is asked of them: a row for each that is pending or parked, with the same values. Triggers
-- keep it, so that no statement can forget to. Whoever writes locks the push first; the trigger writes here after.
CREATE TABLE push_queue (
    id BIGINT PRIMARY KEY,
    repo_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease BIGINT,
    only_to TEXT,
    carried_by BIGINT,
    waits_for TEXT,
    most_attempts BIGINT,
    replay_id BIGINT,
    created_at BIGINT NOT NULL
-- It is small and all of it changes: what is dead in it must go soon, or whoever looks for work walks past it.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);
INSERT INTO push_queue
SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by, waits_for, most_attempts, replay_id, created_at
FROM pushes WHERE state IN ('pending', 'parked');
CREATE INDEX push_queue_due ON push_queue (target_id, repo_id, run_at) WHERE state = 'pending';
CREATE INDEX push_queue_parked ON push_queue (target_id) WHERE state = 'parked';
CREATE INDEX push_queue_carried ON push_queue (run_at) WHERE state = 'pending' AND carried_by IS NOT NULL;
CREATE INDEX push_queue_mergeable ON push_queue (target_id, run_at)
    WHERE state = 'pending' AND attempts = 0 AND carried_by IS NULL;
CREATE INDEX push_queue_replay ON push_queue (replay_id) WHERE replay_id IS NOT NULL;
CREATE INDEX push_queue_created ON push_queue (created_at, id);

DROP TRIGGER pushes_inserted ON pushes;
DROP TRIGGER pushes_updated ON pushes;
DROP TRIGGER pushes_deleted ON pushes;
DROP FUNCTION count_pushes();
DROP FUNCTION recount_pushes();

-- The queue and the counts, each batch in one statement: each statement of a trigger costs as much as some rows.
CREATE FUNCTION pushes_came() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    WITH queued AS (
        INSERT INTO push_queue
        SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by, waits_for, most_attempts, replay_id,
            created_at
        FROM fresh WHERE state IN ('pending', 'parked')
    )
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), COUNT(*), COUNT(*) FILTER (WHERE c.state = 'delivered'), SUM(c.failed)
    FROM fresh c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id), ('template', c.template_id),
        ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total, success = t.success + excluded.success,
        failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

-- What the rows are now counts, what they were is taken off; most of it is the same and counts for nothing, and then no slot is taken.
CREATE FUNCTION pushes_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    WITH ended AS (
        DELETE FROM push_queue q USING fresh f WHERE q.id = f.id AND f.state NOT IN ('pending', 'parked')
    ), queued AS (
        INSERT INTO push_queue
        SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by, waits_for, most_attempts, replay_id,
            created_at
        FROM fresh WHERE state IN ('pending', 'parked')
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, run_at = excluded.run_at,
            lease = excluded.lease, only_to = excluded.only_to, carried_by = excluded.carried_by, waits_for = excluded.waits_for,
            most_attempts = excluded.most_attempts, replay_id = excluded.replay_id
    )
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), SUM(c.sign), COALESCE(SUM(c.sign) FILTER (WHERE c.state = 'delivered'), 0),
        SUM(c.sign * c.failed)
    FROM (
        SELECT 1 AS sign, repo_id, target_id, template_id, created_at, state, failed FROM fresh
        UNION ALL SELECT -1, repo_id, target_id, template_id, created_at, state, failed FROM stale
    ) c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id), ('template', c.template_id),
        ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    HAVING SUM(c.sign) <> 0 OR SUM(c.sign) FILTER (WHERE c.state = 'delivered') <> 0 OR SUM(c.sign * c.failed) <> 0
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total, success = t.success + excluded.success,
        failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

CREATE FUNCTION pushes_went() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    WITH ended AS (
        DELETE FROM push_queue q USING stale s WHERE q.id = s.id
    )
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), -COUNT(*), -COUNT(*) FILTER (WHERE c.state = 'delivered'), -SUM(c.failed)
    FROM stale c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id), ('template', c.template_id),
        ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total, success = t.success + excluded.success,
        failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

CREATE TRIGGER pushes_inserted AFTER INSERT ON pushes REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION pushes_came();
CREATE TRIGGER pushes_updated AFTER UPDATE ON pushes REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION pushes_changed();
CREATE TRIGGER pushes_deleted AFTER DELETE ON pushes REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION pushes_went();
-- end
