-- The same conditions in other words. For a list of three or more SQLite makes a table and throws it away, each time that a row is
-- held against an index or counted: thirty tables for a push that is sent.

DROP INDEX pushes_failed;
DROP INDEX pushes_repo_failed;
DROP INDEX pushes_target_failed;
DROP INDEX pushes_dead;
CREATE INDEX pushes_failed ON pushes (created_at, id)
    WHERE state <> 'delivered' AND state <> 'pending' AND state <> 'parked';
CREATE INDEX pushes_repo_failed ON pushes (repo_id, created_at, id)
    WHERE state <> 'delivered' AND state <> 'pending' AND state <> 'parked';
CREATE INDEX pushes_target_failed ON pushes (target_id, created_at, id)
    WHERE state <> 'delivered' AND state <> 'pending' AND state <> 'parked';
CREATE INDEX pushes_dead ON pushes (created_at, id)
    WHERE state <> 'delivered' AND state <> 'pending' AND state <> 'parked' AND superseded_by IS NULL
        AND most_attempts IS NULL;

-- sqlite
DROP TRIGGER pushes_inserted;
DROP TRIGGER pushes_updated;
DROP TRIGGER pushes_deleted;

CREATE TRIGGER pushes_inserted AFTER INSERT ON pushes BEGIN
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    VALUES ('repo', NEW.repo_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'),
        ('target', NEW.target_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'),
        ('quarter', NEW.created_at / 900000000, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked')
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1, success = success + excluded.success,
        failed = failed + excluded.failed;
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    SELECT 'template', NEW.template_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'
    WHERE NEW.template_id IS NOT NULL
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1, success = success + excluded.success,
        failed = failed + excluded.failed;
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
        ('quarter', NEW.created_at / 900000000, 0, 0, (NEW.state = 'delivered') - (OLD.state = 'delivered'),
            (NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked')
            - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked'))
    ON CONFLICT (part, id, slot) DO UPDATE SET success = success + excluded.success, failed = failed + excluded.failed;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'template' AND id = OLD.template_id AND slot = 0;
    INSERT INTO push_tallies (part, id, slot, total, success, failed)
    SELECT 'template', NEW.template_id, 0, 1, NEW.state = 'delivered',
            NEW.state <> 'delivered' AND NEW.state <> 'pending' AND NEW.state <> 'parked'
    WHERE NEW.template_id IS NOT NULL
    ON CONFLICT (part, id, slot) DO UPDATE SET total = total + 1, success = success + excluded.success,
        failed = failed + excluded.failed;
END;

CREATE TRIGGER pushes_deleted AFTER DELETE ON pushes BEGIN
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'repo' AND id = OLD.repo_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'target' AND id = OLD.target_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'template' AND id = OLD.template_id AND slot = 0;
    UPDATE push_tallies SET total = total - 1, success = success - (OLD.state = 'delivered'),
        failed = failed - (OLD.state <> 'delivered' AND OLD.state <> 'pending' AND OLD.state <> 'parked')
    WHERE part = 'quarter' AND id = OLD.created_at / 900000000 AND slot = 0;
END;
-- end
