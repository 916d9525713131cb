-- What the servers on this database are called together: it keeps apart what several installations have in one Redis.
CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL
);
