-- Counts, so that totals and statistics of a million rows need not count them. Triggers keep them,
-- so that no statement can forget to. 0001_users.sql has the conventions.

-- Counts of pushes. `success` are those delivered, `failed` those that ended otherwise; the others
-- wait.
CREATE TABLE push_tallies (
    -- repo, target, template, or quarter: a quarter of an hour of `created_at`, with which days
    -- begin in every time zone. What retention has removed is in past_repo, past_target,
    -- past_template and past_quarter.
    part TEXT NOT NULL,
    -- The id of the repository, target or template; the quarter's number since 1970.
    id BIGINT NOT NULL,
    -- Transactions that count at the same time have slots of their own. The counts are the sums
    -- over the slots.
    slot BIGINT NOT NULL,
    total BIGINT NOT NULL,
    success BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    PRIMARY KEY (part, id, slot)
-- There is room for the next versions of a row, which is written again and again.
) WITH (fillfactor = 50);

-- Counts of the rows of the logs.
CREATE TABLE log_tallies (
    -- system, operation or ai-call.
    log TEXT NOT NULL,
    -- As in `push_tallies`; -1 stands for all time.
    quarter BIGINT NOT NULL,
    -- The status of an AI call; an operation's is always info.
    level TEXT NOT NULL,
    -- As in `push_tallies`.
    slot BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (log, quarter, level, slot)
) WITH (fillfactor = 50);

-- Transactions that count at the same time must not wait for one another's rows. Each takes a slot
-- that no other has: one of sixteen while there are any, then one that only this connection uses.
CREATE FUNCTION tally_slot() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    slot INT;
BEGIN
    FOR n IN 0..15 LOOP
        slot := (pg_backend_pid() + n) % 16;
        -- The lock is the transaction's, which may take it again. The first number is ours alone.
        IF pg_try_advisory_xact_lock(70301, slot) THEN
            RETURN slot;
        END IF;
    END LOOP;
    RETURN 16 + pg_backend_pid();
END $$;

-- What triggers keep of pushes: the queue (0004_deliveries.sql) and the counts, each batch in one
-- statement, since each statement of a trigger costs as much as some rows, and a function in SQL is
-- planned anew by each statement that calls it.
CREATE FUNCTION pushes_came() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    WITH queued AS (
        INSERT INTO push_queue
        SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by,
            waits_for, most_attempts, replay_id, created_at
        FROM fresh WHERE state IN ('pending', 'parked')
    )
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), COUNT(*), COUNT(*) FILTER (WHERE c.state = 'delivered'),
        SUM(c.failed)
    FROM fresh c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id),
        ('template', c.template_id), ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total,
        success = t.success + excluded.success, failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

-- What the rows are now counts, what they were is taken off; most of it is the same and counts for
-- nothing, and then no slot is taken.
CREATE FUNCTION pushes_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    WITH ended AS (
        DELETE FROM push_queue q USING fresh f
        WHERE q.id = f.id AND f.state NOT IN ('pending', 'parked')
    ), queued AS (
        INSERT INTO push_queue
        SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by,
            waits_for, most_attempts, replay_id, created_at
        FROM fresh WHERE state IN ('pending', 'parked')
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
            run_at = excluded.run_at, lease = excluded.lease, only_to = excluded.only_to,
            carried_by = excluded.carried_by, waits_for = excluded.waits_for,
            most_attempts = excluded.most_attempts, replay_id = excluded.replay_id
    )
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), SUM(c.sign),
        COALESCE(SUM(c.sign) FILTER (WHERE c.state = 'delivered'), 0), SUM(c.sign * c.failed)
    FROM (
        SELECT 1 AS sign, repo_id, target_id, template_id, created_at, state, failed FROM fresh
        UNION ALL SELECT -1, repo_id, target_id, template_id, created_at, state, failed FROM stale
    ) c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id),
        ('template', c.template_id), ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    HAVING SUM(c.sign) <> 0 OR SUM(c.sign) FILTER (WHERE c.state = 'delivered') <> 0
        OR SUM(c.sign * c.failed) <> 0
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total,
        success = t.success + excluded.success, failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

CREATE FUNCTION pushes_went() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    WITH ended AS (
        DELETE FROM push_queue q USING stale s WHERE q.id = s.id
    )
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), -COUNT(*), -COUNT(*) FILTER (WHERE c.state = 'delivered'),
        -SUM(c.failed)
    FROM stale c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id),
        ('template', c.template_id), ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total,
        success = t.success + excluded.success, failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

CREATE TRIGGER pushes_inserted AFTER INSERT ON pushes REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION pushes_came();
CREATE TRIGGER pushes_updated AFTER UPDATE ON pushes
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION pushes_changed();
CREATE TRIGGER pushes_deleted AFTER DELETE ON pushes REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION pushes_went();

-- Counts rows of a log in their quarter and in all time.
CREATE FUNCTION count_log(of_log TEXT, of_level TEXT, of_quarter BIGINT, more BIGINT)
RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO log_tallies AS t (log, quarter, level, slot, entries)
    SELECT of_log, q.quarter, of_level, tally_slot(), more
    FROM (VALUES (of_quarter), (-1)) AS q (quarter)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = t.entries + excluded.entries
$$;

-- Each of these is told by its trigger whether the rows came (1) or went (-1).
CREATE FUNCTION count_system_logs() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_log('system', level, created_at / 900000000, TG_ARGV[0]::BIGINT * COUNT(*))
    FROM changed GROUP BY level, created_at / 900000000;
    RETURN NULL;
END $$;
CREATE FUNCTION count_operation_logs() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_log('operation', 'info', created_at / 900000000, TG_ARGV[0]::BIGINT * COUNT(*))
    FROM changed GROUP BY created_at / 900000000;
    RETURN NULL;
END $$;
CREATE FUNCTION count_ai_calls() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_log('ai-call', status, created_at / 900000000, TG_ARGV[0]::BIGINT * COUNT(*))
    FROM changed GROUP BY status, created_at / 900000000;
    RETURN NULL;
END $$;

CREATE TRIGGER system_logs_inserted AFTER INSERT ON system_logs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_system_logs('1');
CREATE TRIGGER system_logs_deleted AFTER DELETE ON system_logs REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_system_logs('-1');
CREATE TRIGGER operation_logs_inserted AFTER INSERT ON operation_logs
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_operation_logs('1');
CREATE TRIGGER operation_logs_deleted AFTER DELETE ON operation_logs
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_operation_logs('-1');
CREATE TRIGGER ai_calls_inserted AFTER INSERT ON ai_calls REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai_calls('1');
CREATE TRIGGER ai_calls_deleted AFTER DELETE ON ai_calls REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai_calls('-1');
