-- What removing old rows and changing the secret key need.

-- The keys that each server has, by its number among those that share the database: their ids, separated by commas, the current
-- one first.
CREATE TABLE server_keys (
    node BIGINT PRIMARY KEY,
    keys TEXT NOT NULL
);

-- How far retention has come: the id of the last event that it looked at.
CREATE TABLE retention_marks (
    name TEXT PRIMARY KEY,
    event_id BIGINT NOT NULL
);

-- sqlite
-- As deleted_pushes of 0007_highest_ids.sql: an event's id is also its review's, and stands in logs.
CREATE TABLE deleted_events (highest_id BIGINT NOT NULL);
INSERT INTO deleted_events (highest_id) VALUES (0);
CREATE TRIGGER events_highest AFTER DELETE ON events BEGIN
    UPDATE deleted_events SET highest_id = OLD.id WHERE highest_id < OLD.id;
END;
-- end
