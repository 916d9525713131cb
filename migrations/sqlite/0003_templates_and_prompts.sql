-- What messages and reviews are made with: templates, models and prompts. 0001_users.sql has the
-- conventions.
--
-- A template or prompt belongs to a user (`owner_id`) or to a team (`team_id`); without either, to
-- the administrators.

-- What messages are made of.
CREATE TABLE templates (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- The channel plugin's id.
    type TEXT NOT NULL,
    -- What a message is about.
    scene TEXT NOT NULL,
    owner_id BIGINT,
    team_id BIGINT,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    remark TEXT,
    -- It is used where no other one is named.
    is_default BIGINT NOT NULL,
    -- active or inactive.
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX templates_name ON templates (type, scene, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX templates_default ON templates (type, scene)
    WHERE is_default = 1 AND deleted_at IS NULL;

-- What templates were, version by version.
CREATE TABLE template_versions (
    template_id BIGINT NOT NULL REFERENCES templates (id),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    -- The user's name.
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (template_id, version)
);

-- The models that review.
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- What the vendor calls the model.
    type TEXT NOT NULL,
    -- The plugin's id.
    provider TEXT NOT NULL,
    api_url TEXT NOT NULL,
    -- Encrypted.
    api_key TEXT NOT NULL,
    timeout_seconds BIGINT NOT NULL,
    -- JSON object.
    params TEXT NOT NULL,
    -- What a million tokens cost, in millionths of the administrator's currency. NULL: it is not
    -- known.
    input_price BIGINT,
    output_price BIGINT,
    is_default BIGINT NOT NULL,
    -- active or inactive.
    status TEXT NOT NULL,
    -- Calls, also those whose rows retention has removed.
    success_count BIGINT NOT NULL DEFAULT 0,
    failed_count BIGINT NOT NULL DEFAULT 0,
    -- How long the successful calls took together, in milliseconds.
    total_ms BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX models_name ON models (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX models_default ON models (is_default)
    WHERE is_default = 1 AND deleted_at IS NULL;

-- What models are asked, and how their answers are named: those of users, and those that the server
-- brings along.
CREATE TABLE prompts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    -- codeview or message.
    type TEXT NOT NULL,
    scene TEXT,
    -- The programming language that it is for.
    language TEXT,
    -- The channel that a message prompt is for.
    target_type TEXT,
    -- The language that the prompt is written in: zh-CN or en-US.
    locale TEXT,
    owner_id BIGINT,
    team_id BIGINT,
    content TEXT NOT NULL,
    -- JSON lists: what an issue can be called. NULL: the usual ones.
    categories TEXT,
    severities TEXT,
    model_id BIGINT,
    -- 1: the server brings it along, with a key by which a newer release finds it again.
    is_system BIGINT NOT NULL DEFAULT 0,
    system_key TEXT,
    version BIGINT NOT NULL,
    usage_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX prompts_name ON prompts (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX prompts_system_key ON prompts (system_key) WHERE system_key IS NOT NULL;

-- What prompts were, version by version.
CREATE TABLE prompt_versions (
    prompt_id BIGINT NOT NULL REFERENCES prompts (id),
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    -- The user's name.
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (prompt_id, version)
);
