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
    -- 0. On PostgreSQL transactions that count at the same time have slots of their own.
    slot BIGINT NOT NULL,
    total BIGINT NOT NULL,
    success BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    PRIMARY KEY (part, id, slot)
) WITHOUT ROWID;

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
) WITHOUT ROWID;

-- The conditions compare one by one: for a list of three or more SQLite makes a table and throws it
-- away, each time that a row is counted.
CREATE TRIGGER pushes_inserted AFTER INSERT ON pushes BEGIN
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    VALUES ('repo', NEW.repo_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'),
        ('target', NEW.target_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'),
        ('quarter', NEW.created_at / 900000000, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked')
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1,
        success = success + excluded.success, failed = failed + excluded.failed;
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    SELECT 'template', NEW.template_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'
    WHERE NEW.template_id IS NOT NULL
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1,
        success = success + excluded.success, failed = failed + excluded.failed;
END;

CREATE TRIGGER pushes_updated AFTER UPDATE OF state, template_id ON pushes
WHEN OLD.state <> NEW.state OR OLD.template_id IS NOT NEW.template_id BEGIN
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    VALUES ('repo', NEW.repo_id, 0, 0, (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked')
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')),
        ('target', NEW.target_id, 0, 0, (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked')
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')),
        ('quarter', NEW.created_at / 900000000, 0, 0,
            (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked')
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked'))
    ON CONFLICT (part, id, slot) DO UPDATE SET success = success + excluded.success,
        failed = failed + excluded.failed;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'template' AND id = OLD.template_id AND slot = 0;
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    SELECT 'template', NEW.template_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'
    WHERE NEW.template_id IS NOT NULL
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1,
        success = success + excluded.success, failed = failed + excluded.failed;
END;

CREATE TRIGGER pushes_deleted AFTER DELETE ON pushes BEGIN
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'repo' AND id = OLD.repo_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'target' AND id = OLD.target_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'template' AND id = OLD.template_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'quarter' AND id = OLD.created_at / 900000000 AND slot = 0;
END;

CREATE TRIGGER system_logs_inserted AFTER INSERT ON system_logs BEGIN
    INSERT INTO log_tallies (log, quarter, level, slot, entries)
    VALUES ('system', NEW.created_at / 900000000, NEW.level, 0, 1), ('system', -1, NEW.level, 0, 1)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER system_logs_deleted AFTER DELETE ON system_logs BEGIN
    UPDATE log_tallies SET entries = entries - 1
    WHERE log = 'system' AND quarter IN (-1, OLD.created_at / 900000000) AND level = OLD.level
        AND slot = 0;
END;

CREATE TRIGGER operation_logs_inserted AFTER INSERT ON operation_logs BEGIN
    INSERT INTO log_tallies (log, quarter, level, slot, entries)
    VALUES ('operation', NEW.created_at / 900000000, 'info', 0, 1), ('operation', -1, 'info', 0, 1)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER operation_logs_deleted AFTER DELETE ON operation_logs BEGIN
    UPDATE log_tallies SET entries = entries - 1
    WHERE log = 'operation' AND quarter IN (-1, OLD.created_at / 900000000) AND level = 'info'
        AND slot = 0;
END;

CREATE TRIGGER ai_calls_inserted AFTER INSERT ON ai_calls BEGIN
    INSERT INTO log_tallies (log, quarter, level, slot, entries)
    VALUES ('ai-call', NEW.created_at / 900000000, NEW.status, 0, 1),
        ('ai-call', -1, NEW.status, 0, 1)
    ON CONFLICT (log, quarter, level, slot) DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER ai_calls_deleted AFTER DELETE ON ai_calls BEGIN
    UPDATE log_tallies SET entries = entries - 1
    WHERE log = 'ai-call' AND quarter IN (-1, OLD.created_at / 900000000) AND level = OLD.status
        AND slot = 0;
END;
