-- What the admin API keeps beside the road itself. 0001_schema.sql says how one text serves both databases; besides,
-- BIGSERIAL becomes an AUTOINCREMENT row id on SQLite, and what is between `-- sqlite` and `-- end` runs there only.

-- A user with a temporary password can do nothing but change it.
ALTER TABLE users ADD COLUMN must_change_password BIGINT NOT NULL DEFAULT 0;
-- JSON: what `GET /settings` shows; NULL: the defaults.
ALTER TABLE users ADD COLUMN settings TEXT;

-- Links in activation mails; until one is opened its user is `pending`.
CREATE TABLE activations (
    token_digest TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX activations_user ON activations (user_id);

-- By what was typed as a user name, whether such a user exists or not.
CREATE TABLE login_failures (
    username TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT
);
CREATE INDEX login_failures_last ON login_failures (last_at);

CREATE TABLE api_keys (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    -- The first letters, to tell keys apart; of the rest only the digest is kept.
    prefix TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- JSON list.
    scopes TEXT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE INDEX api_keys_user ON api_keys (user_id);

CREATE TABLE models (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- What the vendor calls the model.
    type TEXT NOT NULL,
    provider TEXT NOT NULL,
    api_url TEXT NOT NULL,
    -- Encrypted.
    api_key TEXT NOT NULL,
    timeout_seconds BIGINT NOT NULL,
    -- JSON object.
    params TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    status TEXT NOT NULL,
    -- Of the calls, also those whose rows retention has removed.
    success_count BIGINT NOT NULL DEFAULT 0,
    failed_count BIGINT NOT NULL DEFAULT 0,
    -- Of the successful calls.
    total_ms BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX models_name ON models (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX models_default ON models (is_default) WHERE is_default = 1 AND deleted_at IS NULL;

CREATE TABLE prompts (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- codeview or message.
    type TEXT NOT NULL,
    scene TEXT,
    language TEXT,
    -- Of a message prompt: the channel.
    target_type TEXT,
    content TEXT NOT NULL,
    model_id BIGINT,
    version BIGINT NOT NULL,
    usage_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX prompts_name ON prompts (name) WHERE deleted_at IS NULL;

CREATE TABLE prompt_versions (
    prompt_id BIGINT NOT NULL REFERENCES prompts (id),
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (prompt_id, version)
);

-- The three logs. Their ids are given by the database, ascending.
CREATE TABLE ai_calls (
    id BIGSERIAL PRIMARY KEY,
    model_id BIGINT NOT NULL,
    repo_id BIGINT,
    event_id BIGINT,
    -- verify, prompt_test or review.
    purpose TEXT NOT NULL,
    input_summary TEXT NOT NULL,
    output_summary TEXT,
    -- success or failed.
    status TEXT NOT NULL,
    error TEXT,
    duration_ms BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    request_id TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX ai_calls_model ON ai_calls (model_id, id);
CREATE INDEX ai_calls_created ON ai_calls (created_at);

CREATE TABLE operation_logs (
    id BIGSERIAL PRIMARY KEY,
    user_id BIGINT,
    username TEXT NOT NULL,
    -- When it was done with a key.
    api_key_id BIGINT,
    -- NOUN.VERB, such as repo.create.
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BIGINT,
    object_name TEXT,
    detail TEXT NOT NULL,
    client_ip TEXT,
    user_agent TEXT,
    request_id TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX operation_logs_user ON operation_logs (user_id, id);
CREATE INDEX operation_logs_action ON operation_logs (action, id);
CREATE INDEX operation_logs_created ON operation_logs (created_at);

CREATE TABLE system_logs (
    id BIGSERIAL PRIMARY KEY,
    -- debug, info, warn or error.
    level TEXT NOT NULL,
    module TEXT NOT NULL,
    message TEXT NOT NULL,
    -- JSON object: the event's other fields.
    detail TEXT,
    request_id TEXT,
    client_ip TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX system_logs_level ON system_logs (level, id);
CREATE INDEX system_logs_created ON system_logs (created_at);
CREATE INDEX system_logs_request ON system_logs (request_id) WHERE request_id IS NOT NULL;

-- postgres
CREATE SEQUENCE api_keys_id;
CREATE SEQUENCE models_id;
CREATE SEQUENCE prompts_id;
-- end
