-- 0001_schema.sql and 0002_admin.sql say how one text serves both databases.

-- Failed logins, by what was typed as a user name (in lower case, whether such a user exists or not) and by where they came from, so
-- that nobody locks others out. What was counted by the name alone is forgotten.
DROP TABLE login_failures;
CREATE TABLE login_failures (
    username TEXT NOT NULL,
    -- An address, of IPv6 its first half; '': all together that the user has not logged in from; 'password': changes of the password.
    network TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT,
    PRIMARY KEY (username, network)
);
CREATE INDEX login_failures_last ON login_failures (last_at);

-- Where users have logged in from.
CREATE TABLE login_networks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    network TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, network)
);

-- Registrations that nobody confirmed: they end.
CREATE INDEX users_pending ON users (created_at) WHERE status = 'pending' AND deleted_at IS NULL;
