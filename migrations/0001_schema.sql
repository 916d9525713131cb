-- One text for both databases. Before it runs on SQLite, BIGINT PRIMARY KEY becomes INTEGER PRIMARY KEY (the row id)
-- and BYTEA becomes BLOB; statements between `-- postgres` and `-- end` run on PostgreSQL only.
-- Times are microseconds since 1970 UTC. Truth values are 0 and 1. JSON is text.

CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    username TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    last_login_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX users_username ON users (username) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email ON users (email) WHERE deleted_at IS NULL;

-- A session is a chain of refresh tokens; only the newest one's digest is kept.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    token_digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE repos (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    type TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    -- Secrets are encrypted; the associated data is table, column and row.
    webhook_secret TEXT NOT NULL,
    access_token TEXT,
    -- What the provider plugin declares, without secrets; those are in `secrets`, a JSON object of encrypted values.
    config TEXT NOT NULL,
    secrets TEXT NOT NULL,
    webhook_events TEXT NOT NULL,
    model_id BIGINT,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX repos_name ON repos (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX repos_webhook_id ON repos (webhook_id);

CREATE TABLE targets (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    config TEXT NOT NULL,
    secrets TEXT NOT NULL,
    scope TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX targets_type_name ON targets (type, name) WHERE deleted_at IS NULL;

CREATE TABLE repo_targets (
    repo_id BIGINT NOT NULL REFERENCES repos (id),
    target_id BIGINT NOT NULL REFERENCES targets (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (repo_id, target_id)
);
CREATE INDEX repo_targets_target ON repo_targets (target_id);

CREATE TABLE templates (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    scene TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    remark TEXT,
    is_default BIGINT NOT NULL,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX templates_name ON templates (type, scene, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX templates_default ON templates (type, scene) WHERE is_default = 1 AND deleted_at IS NULL;

CREATE TABLE template_versions (
    template_id BIGINT NOT NULL REFERENCES templates (id),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (template_id, version)
);

-- One accepted webhook delivery. `body` and `event` (JSON) are lz4 blocks with their length in front; `headers` is encrypted.
CREATE TABLE events (
    id BIGINT PRIMARY KEY,
    repo_id BIGINT NOT NULL,
    -- Random; the stable part of message ids.
    uid TEXT NOT NULL,
    -- accepted, parked, replayed (parked first, accepted later) or discarded (parked first, refused when replayed).
    state TEXT NOT NULL,
    reason TEXT,
    -- The host's id, or a digest of the body. Unique in a repo: this is what makes a redelivery harmless.
    delivery_key TEXT NOT NULL,
    delivery_id TEXT,
    effect_key TEXT,
    effect_source TEXT,
    kind TEXT,
    event BYTEA,
    headers TEXT NOT NULL,
    body BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    -- When a parked one is tried again by itself.
    retry_at BIGINT
);
CREATE UNIQUE INDEX events_delivery ON events (repo_id, delivery_key);
CREATE INDEX events_effect ON events (repo_id, effect_key, received_at) WHERE effect_key IS NOT NULL;
CREATE INDEX events_parked ON events (repo_id) WHERE state = 'parked';

-- One event for one target. The queue is this table: a push is due when it is pending and `run_at` has passed. A worker
-- that takes it writes its lease and moves `run_at` to the lease's end, so that what a dead worker held comes due again.
CREATE TABLE pushes (
    id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL,
    repo_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    template_id BIGINT,
    -- The push that this one sends again.
    retry_of BIGINT,
    scene TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    commit_msg TEXT NOT NULL,
    -- pending, parked, delivered, failed (attempts exhausted), rejected, misconfigured, partial or cancelled.
    state TEXT NOT NULL,
    reason TEXT,
    attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease BIGINT,
    title TEXT,
    body TEXT,
    -- JSON list: the recipients still to be served, when some have the message.
    only_to TEXT,
    pushed_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX pushes_due ON pushes (run_at, target_id) WHERE state = 'pending';
CREATE INDEX pushes_parked ON pushes (target_id) WHERE state = 'parked';
CREATE INDEX pushes_event ON pushes (event_id);
CREATE INDEX pushes_repo ON pushes (repo_id, id);
CREATE INDEX pushes_target ON pushes (target_id, id);

CREATE TABLE push_attempts (
    push_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    -- delivered, retry, rejected, misconfigured, partial, parked, or interrupted (the worker died).
    outcome TEXT NOT NULL,
    detail TEXT,
    started_at BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    PRIMARY KEY (push_id, attempt)
);

-- postgres
CREATE SEQUENCE users_id;
CREATE SEQUENCE repos_id;
CREATE SEQUENCE targets_id;
CREATE SEQUENCE templates_id;
-- A node takes ids of these in blocks.
CREATE SEQUENCE events_id INCREMENT BY 256;
CREATE SEQUENCE pushes_id INCREMENT BY 256;
-- Bodies are compressed already.
ALTER TABLE events ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE events ALTER COLUMN event SET STORAGE EXTERNAL;
-- end
