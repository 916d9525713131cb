-- Who uses the server: users, what they log in with, and their teams.
--
-- Conventions of all files here: a time is a number of microseconds since 1970, in UTC. A truth
-- value is 0 or 1. JSON is text. Secrets are encrypted; table, column and row are associated data,
-- so that none can be moved. Whole numbers are declared as on PostgreSQL (BIGINT), but for INTEGER
-- PRIMARY KEY, which is SQLite's own row id.

-- The people who may log in.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- The password is a temporary one: its user can do nothing but change it.
    must_change_password BIGINT NOT NULL DEFAULT 0,
    -- admin or user.
    role TEXT NOT NULL,
    -- active, locked (by an administrator) or pending (until the link in the activation mail is
    -- opened).
    status TEXT NOT NULL,
    -- 0: the user registered, and no administrator has confirmed it yet.
    confirmed BIGINT NOT NULL DEFAULT 1,
    -- JSON object: what `GET /settings` shows. NULL: the defaults.
    settings TEXT,
    last_login_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX users_username ON users (username) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email ON users (email) WHERE deleted_at IS NULL;
-- Names that differ in their case only are one name.
CREATE UNIQUE INDEX users_name ON users (LOWER(username)) WHERE deleted_at IS NULL;
-- Registrations that nobody confirms end.
CREATE INDEX users_pending ON users (created_at) WHERE status = 'pending' AND deleted_at IS NULL;

-- Logins that last: each is a chain of refresh tokens, of which only digests are stored.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- The newest token's.
    token_digest TEXT NOT NULL,
    -- What the newest token was before, and since when it no longer is: two tabs may refresh at the
    -- same time.
    previous_digest TEXT,
    rotated_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);

-- Links in activation mails; until one is opened its user is `pending`.
CREATE TABLE activations (
    token_digest TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX activations_user ON activations (user_id);

-- Failed logins, counted by name and by where they came from, so that no stranger locks a user out.
CREATE TABLE login_failures (
    -- What was typed, in lower case, whether such a user exists or not.
    username TEXT NOT NULL,
    -- An IPv4 address or the first half of an IPv6 address; '': all networks together that the user
    -- has not logged in from; 'password': changes of the password.
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
    -- As in `login_failures`.
    network TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, network)
);

-- Keys by which programs use the API in the name of a user.
CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    -- The first letters tell keys apart; of the whole key only the digest is stored.
    prefix TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- JSON list of texts.
    scopes TEXT NOT NULL,
    -- NULL: never.
    expires_at BIGINT,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Groups of users that own things together.
CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
-- Names that differ in their case only are one name.
CREATE UNIQUE INDEX teams_name ON teams (LOWER(name)) WHERE deleted_at IS NULL;

-- Who belongs to a team.
CREATE TABLE team_members (
    team_id BIGINT NOT NULL REFERENCES teams (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- manager or member.
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_members_user ON team_members (user_id, team_id);
