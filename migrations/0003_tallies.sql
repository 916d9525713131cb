-- Counts that are kept, so that totals and statistics of a million rows need not count them. Triggers keep them, so that no
-- statement can forget to. 0001_schema.sql and 0002_admin.sql say how one text serves both databases.

-- Of pushes. `success` are those delivered, `failed` those that ended otherwise; the others wait. Repository, target and
-- `created_at` of a push never change.
CREATE TABLE push_tallies (
    -- repo, target, template, or quarter: a quarter of an hour of `created_at`, with which days begin in every time zone.
    part TEXT NOT NULL,
    -- The id of the repository, ...; of a quarter, how many there were since 1970.
    id BIGINT NOT NULL,
    -- The counts are the sums over the slots. On SQLite there is only 0.
    slot BIGINT NOT NULL,
    total BIGINT NOT NULL,
    success BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    PRIMARY KEY (part, id, slot)
)
-- sqlite
WITHOUT ROWID
-- end
-- postgres
-- Room for the next versions of a row, which is written again and again.
WITH (fillfactor = 50)
-- end
;

INSERT INTO push_tallies (part, id, slot, total, success, failed)
SELECT k.part, CASE k.part WHEN 'repo' THEN p.repo_id WHEN 'target' THEN p.target_id WHEN 'template' THEN p.template_id
        ELSE p.created_at / 900000000 END, 0, COUNT(*), COUNT(CASE WHEN p.state = 'delivered' THEN 1 END),
    COUNT(CASE WHEN p.state NOT IN ('delivered', 'pending', 'parked') THEN 1 END)
FROM pushes p CROSS JOIN
    (SELECT 'repo' AS part UNION ALL SELECT 'target' UNION ALL SELECT 'template' UNION ALL SELECT 'quarter') k
WHERE k.part <> 'template' OR p.template_id IS NOT NULL
GROUP BY 1, 2;

-- Of the rows of a log.
CREATE TABLE log_tallies (
    -- system, operation or ai-call.
    log TEXT NOT NULL,
    -- As above; -1 stands for all time.
    quarter BIGINT NOT NULL,
    -- Of an AI call its status; of an operation always info.
    level TEXT NOT NULL,
    slot BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (log, quarter, level, slot)
)
-- sqlite
WITHOUT ROWID
-- end
-- postgres
WITH (fillfactor = 50)
-- end
;

INSERT INTO log_tallies (log, quarter, level, slot, entries)
SELECT 'system', created_at / 900000000, level, 0, COUNT(*) FROM system_logs GROUP BY 2, 3
UNION ALL SELECT 'operation', created_at / 900000000, 'info', 0, COUNT(*) FROM operation_logs GROUP BY 2, 3
UNION ALL SELECT 'ai-call', created_at / 900000000, status, 0, COUNT(*) FROM ai_calls GROUP BY 2, 3;
INSERT INTO log_tallies (log, quarter, level, slot, entries)
SELECT log, -1, level, 0, SUM(entries) FROM log_tallies GROUP BY log, level;

-- sqlite
CREATE TRIGGER pushes_inserted AFTER INSERT ON pushes BEGIN
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    VALUES ('repo', NEW.repo_id, 0, 1, NEW.state = 'delivered', NEW.state NOT IN ('delivered', 'pending', 'parked')),
        ('target', NEW.target_id, 0, 1, NEW.state = 'delivered', NEW.state NOT IN ('delivered', 'pending', 'parked')),
        ('quarter', NEW.created_at / 900000000, 0, 1, NEW.state = 'delivered',
            NEW.state NOT IN ('delivered', 'pending', 'parked'))
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1, success = success + excluded.success,
        failed = failed + excluded.failed;
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    SELECT 'template', NEW.template_id, 0, 1, NEW.state = 'delivered', NEW.state NOT IN ('delivered', 'pending', 'parked')
    WHERE NEW.template_id IS NOT NULL
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1, success = success + excluded.success,
        failed = failed + excluded.failed;
END;

CREATE TRIGGER pushes_updated AFTER UPDATE OF state, template_id ON pushes
WHEN OLD.state <> NEW.state OR OLD.template_id IS NOT NEW.template_id BEGIN
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    VALUES ('repo', NEW.repo_id, 0, 0, (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state NOT IN ('delivered', 'pending', 'parked')) - (OLD.state NOT IN ('delivered', 'pending', 'parked'))),
        ('target', NEW.target_id, 0, 0, (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state NOT IN ('delivered', 'pending', 'parked')) - (OLD.state NOT IN ('delivered', 'pending', 'parked'))),
        ('quarter', NEW.created_at / 900000000, 0, 0, (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state NOT IN ('delivered', 'pending', 'parked')) - (OLD.state NOT IN ('delivered', 'pending', 'parked')))
    ON CONFLICT (part, id, slot) DO UPDATE SET success = success + excluded.success, failed = failed + excluded.failed;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state NOT IN ('delivered', 'pending', 'parked'))
    WHERE part = 'template' AND id = OLD.template_id AND slot = 0;
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    SELECT 'template', NEW.template_id, 0, 1, NEW.state = 'delivered', NEW.state NOT IN ('delivered', 'pending', 'parked')
    WHERE NEW.template_id IS NOT NULL
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1, success = success + excluded.success,
        failed = failed + excluded.failed;
END;

CREATE TRIGGER pushes_deleted AFTER DELETE ON pushes BEGIN
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state NOT IN ('delivered', 'pending', 'parked'))
    WHERE part = 'repo' AND id = OLD.repo_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state NOT IN ('delivered', 'pending', 'parked'))
    WHERE part = 'target' AND id = OLD.target_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state NOT IN ('delivered', 'pending', 'parked'))
    WHERE part = 'template' AND id = OLD.template_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state NOT IN ('delivered', 'pending', 'parked'))
    WHERE part = 'quarter' AND id = OLD.created_at / 900000000 AND slot = 0;
END;

CREATE TRIGGER system_logs_inserted AFTER INSERT ON system_logs BEGIN
    INSERT INTO log_tallies (log, quarter, level, slot, entries)
    VALUES ('system', NEW.created_at / 900000000, NEW.level, 0, 1), ('system', -1, NEW.level, 0, 1)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER system_logs_deleted AFTER DELETE ON system_logs BEGIN
    UPDATE log_tallies SET entries = entries - 1
    WHERE log = 'system' AND quarter IN (-1, OLD.created_at / 900000000) AND level = OLD.level AND slot = 0;
END;

CREATE TRIGGER operation_logs_inserted AFTER INSERT ON operation_logs BEGIN
    INSERT INTO log_tallies (log, quarter, level, slot, entries)
    VALUES ('operation', NEW.created_at / 900000000, 'info', 0, 1), ('operation', -1, 'info', 0, 1)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER operation_logs_deleted AFTER DELETE ON operation_logs BEGIN
    UPDATE log_tallies SET entries = entries - 1
    WHERE log = 'operation' AND quarter IN (-1, OLD.created_at / 900000000) AND level = 'info' AND slot = 0;
END;

CREATE TRIGGER ai_calls_inserted AFTER INSERT ON ai_calls BEGIN
    INSERT INTO log_tallies (log, quarter, level, slot, entries)
    VALUES ('ai-call', NEW.created_at / 900000000, NEW.status, 0, 1), ('ai-call', -1, NEW.status, 0, 1)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER ai_calls_deleted AFTER DELETE ON ai_calls BEGIN
    UPDATE log_tallies SET entries = entries - 1
    WHERE log = 'ai-call' AND quarter IN (-1, OLD.created_at / 900000000) AND level = OLD.status AND slot = 0;
END;
-- end

-- postgres
-- Transactions that count at the same time must not wait for one another's rows. Each takes a slot that no other has: one of
-- sixteen while there are any, then one that only this connection uses.
CREATE FUNCTION tally_slot() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    slot INT;
BEGIN
    FOR n IN 0..15 LOOP
        slot := (pg_backend_pid() + n) % 16;
        -- Of the transaction, which may take it again. The first number is ours alone.
        IF pg_try_advisory_xact_lock(70301, slot) THEN
            RETURN slot;
        END IF;
    END LOOP;
    RETURN 16 + pg_backend_pid();
END $$;

CREATE FUNCTION count_pushes_of(of_part TEXT, of_id BIGINT, more BIGINT, more_success BIGINT, more_failed BIGINT)
RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    VALUES (of_part, of_id, tally_slot(), more, more_success, more_failed)
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total, success = t.success + excluded.success,
        failed = t.failed + excluded.failed
$$;

-- The rows that came (1) or went (-1).
CREATE FUNCTION count_pushes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    sign BIGINT := TG_ARGV[0];
BEGIN
    PERFORM count_pushes_of(k.part, k.id, sign * COUNT(*), sign * COUNT(*) FILTER (WHERE c.state = 'delivered'),
        sign * COUNT(*) FILTER (WHERE c.state NOT IN ('delivered', 'pending', 'parked')))
    FROM changed c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id), ('template', c.template_id),
        ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id;
    RETURN NULL;
END $$;

CREATE FUNCTION recount_pushes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_pushes_of(k.part, k.id, SUM(k.more)::BIGINT, SUM(k.success)::BIGINT, SUM(k.failed)::BIGINT)
    FROM (
        SELECT n.repo_id, n.target_id, n.created_at / 900000000 AS quarter,
            o.template_id AS old_template, (o.state = 'delivered')::INT AS old_success,
            (o.state NOT IN ('delivered', 'pending', 'parked'))::INT AS old_failed,
            n.template_id AS new_template, (n.state = 'delivered')::INT AS new_success,
            (n.state NOT IN ('delivered', 'pending', 'parked'))::INT AS new_failed
        FROM fresh n JOIN stale o ON o.id = n.id
        WHERE n.state <> o.state OR n.template_id IS DISTINCT FROM o.template_id
    ) c CROSS JOIN LATERAL (VALUES
        ('repo', c.repo_id, 0, c.new_success - c.old_success, c.new_failed - c.old_failed),
        ('target', c.target_id, 0, c.new_success - c.old_success, c.new_failed - c.old_failed),
        ('quarter', c.quarter, 0, c.new_success - c.old_success, c.new_failed - c.old_failed),
        ('template', c.old_template, -1, -c.old_success, -c.old_failed),
        ('template', c.new_template, 1, c.new_success, c.new_failed)) AS k (part, id, more, success, failed)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    HAVING SUM(k.more) <> 0 OR SUM(k.success) <> 0 OR SUM(k.failed) <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER pushes_inserted AFTER INSERT ON pushes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_pushes('1');
CREATE TRIGGER pushes_updated AFTER UPDATE ON pushes REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION recount_pushes();
CREATE TRIGGER pushes_deleted AFTER DELETE ON pushes REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_pushes('-1');

CREATE FUNCTION count_log(of_log TEXT, of_level TEXT, of_quarter BIGINT, more BIGINT) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO log_tallies AS t (log, quarter, level, slot, entries)
    SELECT of_log, q.quarter, of_level, tally_slot(), more FROM (VALUES (of_quarter), (-1)) AS q (quarter)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = t.entries + excluded.entries
$$;

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
CREATE TRIGGER operation_logs_inserted AFTER INSERT ON operation_logs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_operation_logs('1');
CREATE TRIGGER operation_logs_deleted AFTER DELETE ON operation_logs REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_operation_logs('-1');
CREATE TRIGGER ai_calls_inserted AFTER INSERT ON ai_calls REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai_calls('1');
CREATE TRIGGER ai_calls_deleted AFTER DELETE ON ai_calls REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai_calls('-1');
-- end

-- Lists go by the time of creation. Their first columns are what lists are filtered by; those with a condition serve a
-- status, alone or with a repository or target when it is failure.
DROP INDEX pushes_repo;
DROP INDEX pushes_target;
CREATE INDEX pushes_created ON pushes (created_at, id);
CREATE INDEX pushes_repo ON pushes (repo_id, created_at, id);
CREATE INDEX pushes_target ON pushes (target_id, created_at, id);
CREATE INDEX pushes_delivered ON pushes (created_at, id) WHERE state = 'delivered';
CREATE INDEX pushes_waiting ON pushes (created_at, id) WHERE state IN ('pending', 'parked');
CREATE INDEX pushes_failed ON pushes (created_at, id) WHERE state NOT IN ('delivered', 'pending', 'parked');
CREATE INDEX pushes_repo_failed ON pushes (repo_id, created_at, id)
    WHERE state NOT IN ('delivered', 'pending', 'parked');
CREATE INDEX pushes_target_failed ON pushes (target_id, created_at, id)
    WHERE state NOT IN ('delivered', 'pending', 'parked');
CREATE INDEX events_repo ON events (repo_id, id);
