-- What servers note of themselves, and of one another where they share a database. 0001_users.sql
-- has the conventions.

-- What the servers on this database are called together: it keeps apart what several installations
-- have in one Redis.
CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    -- Random.
    id TEXT NOT NULL
);

-- The secret keys that each server has, so that none is taken away that another one needs.
CREATE TABLE server_keys (
    -- The server's number among those that share the database.
    node INTEGER PRIMARY KEY,
    -- The keys' ids, separated by commas, the current one first.
    keys TEXT NOT NULL
);

-- Health writes here when nothing else has been written for a while, to see whether it could. A row
-- for each server.
CREATE TABLE write_checks (
    node INTEGER PRIMARY KEY,
    checked_at BIGINT NOT NULL
);

-- How far retention has come.
CREATE TABLE retention_marks (
    -- bodies: what it drops.
    name TEXT NOT NULL PRIMARY KEY,
    -- The last event that it looked at.
    event_id BIGINT NOT NULL
);
