-- The three logs. Their ids are given by the database, ascending. 0001_users.sql has the
-- conventions.
--
-- Their rows are shown and exported by time, and picked by one more column: each such order has its
-- index.

-- Calls of models.
CREATE TABLE ai_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
CREATE INDEX ai_calls_created ON ai_calls (created_at, id);
CREATE INDEX ai_calls_model ON ai_calls (model_id, created_at, id);
CREATE INDEX ai_calls_failed ON ai_calls (created_at, id) WHERE status = 'failed';
-- The tokens of a repository's day are summed for each review that begins.
CREATE INDEX ai_calls_reviews ON ai_calls (repo_id, created_at, input_tokens, output_tokens)
    WHERE purpose = 'review';

-- Who did what.
CREATE TABLE operation_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT,
    username TEXT NOT NULL,
    -- The key that it was done with, if any.
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
CREATE INDEX operation_logs_created ON operation_logs (created_at, id);
CREATE INDEX operation_logs_user ON operation_logs (user_id, created_at, id);
CREATE INDEX operation_logs_action ON operation_logs (action, created_at, id);

-- What the server says of itself.
CREATE TABLE system_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- debug, info, warn or error.
    level TEXT NOT NULL,
    module TEXT NOT NULL,
    message TEXT NOT NULL,
    -- JSON object: the other fields.
    detail TEXT,
    request_id TEXT,
    client_ip TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX system_logs_request ON system_logs (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX system_logs_created ON system_logs (created_at, id);
CREATE INDEX system_logs_level ON system_logs (level, created_at, id);
