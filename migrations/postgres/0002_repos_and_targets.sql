-- Where messages come from and where they go to: repositories and targets. 0001_users.sql has the
-- conventions.
--
-- A repository or target belongs to a user (`owner_id`) or to a team (`team_id`); without either,
-- to the administrators.

-- The repositories whose deliveries are received.
CREATE TABLE repos (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- Its page at the Git host.
    url TEXT NOT NULL,
    -- The provider plugin's id.
    type TEXT NOT NULL,
    owner_id BIGINT,
    team_id BIGINT,
    -- The random part of the address that deliveries are sent to.
    webhook_id TEXT NOT NULL,
    -- Encrypted.
    webhook_secret TEXT NOT NULL,
    -- JSON list: the kinds of events that are wanted.
    webhook_events TEXT NOT NULL,
    -- Encrypted.
    access_token TEXT,
    -- The user who gave the access token. NULL: it is not known.
    access_token_by BIGINT,
    -- JSON object: what the provider plugin declares, without secrets.
    config TEXT NOT NULL,
    -- JSON object of encrypted values: the secrets among what the provider plugin declares.
    secrets TEXT NOT NULL,
    -- The model that reviews. NULL: none is named.
    model_id BIGINT,
    -- JSON object: what the repository asks of reviews; `review/settings.rs` has its fields. NULL:
    -- nothing was said.
    review TEXT,
    -- 1: every run of a pipeline and every repeat of an alert is told, also when nothing changed.
    tell_repeats BIGINT NOT NULL DEFAULT 0,
    -- active or inactive.
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX repos_name ON repos (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX repos_webhook_id ON repos (webhook_id);
CREATE INDEX repos_owner ON repos (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX repos_team ON repos (team_id) WHERE team_id IS NOT NULL;
CREATE SEQUENCE repos_id;

-- Webhook secrets that were replaced. Each lets deliveries in that were received before
-- `valid_until`, since a Git host is given the new one by hand, some time later. A parked delivery
-- is judged by when it was received, so a row stays for as long as one waits that may need it.
CREATE TABLE former_webhook_secrets (
    id BIGSERIAL PRIMARY KEY,
    repo_id BIGINT NOT NULL REFERENCES repos (id),
    -- Encrypted; the associated data names the repository in place of the row.
    secret TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    valid_until BIGINT NOT NULL
);
CREATE INDEX former_webhook_secrets_repo ON former_webhook_secrets (repo_id);

-- Repositories that rest because their parser failed on their deliveries again and again, and
-- whether their owner was told.
CREATE TABLE repo_rests (
    repo_id BIGINT PRIMARY KEY,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    told_at BIGINT,
    -- A server is about to tell, and has until then.
    telling_until BIGINT
);

-- How much the deliveries of a repository take up in `events`, with their messages in `pushes`.
-- Each server adds every few seconds what it stored.
CREATE TABLE repo_storage (
    repo_id BIGINT PRIMARY KEY,
    stored_bytes BIGINT NOT NULL
);

-- Where messages are sent: a chat, a list of mail addresses, and the like.
CREATE TABLE targets (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The channel plugin's id.
    type TEXT NOT NULL,
    -- The user that made it, or was given it.
    owner_id BIGINT,
    team_id BIGINT,
    -- JSON objects, as in `repos`.
    config TEXT NOT NULL,
    secrets TEXT NOT NULL,
    -- global (it gets what every repository sends), repo (what those send that are in
    -- `repo_targets`) or rules (what rules send to it).
    scope TEXT NOT NULL,
    -- active or inactive.
    status TEXT NOT NULL,
    -- IANA name of the time zone in which messages tell times. NULL: the installation's.
    timezone TEXT,
    -- zh-CN or en-US: the language in which messages speak. NULL: the installation's.
    language TEXT,
    -- JSON object: when nothing is sent; `target/quiet.rs` has its fields. NULL: there is no such
    -- time.
    quiet_hours TEXT,
    -- JSON object: when pushes over the target's rate become one message; `target/digest.rs` has
    -- its fields. NULL: never.
    digest TEXT,
    -- Whether what follows about one thing is a message of its own: new, update, thread or
    -- update+thread.
    conversation TEXT NOT NULL DEFAULT 'new',
    -- Another target, which is told when this one fails.
    notice_target_id BIGINT,
    -- Whose own it is: what rules tell this person goes here.
    person_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX targets_type_name ON targets (type, name) WHERE deleted_at IS NULL;
CREATE INDEX targets_owner ON targets (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX targets_team ON targets (team_id) WHERE team_id IS NOT NULL;
CREATE SEQUENCE targets_id;

-- Which targets get what a repository sends, besides the global ones.
CREATE TABLE repo_targets (
    repo_id BIGINT NOT NULL REFERENCES repos (id),
    target_id BIGINT NOT NULL REFERENCES targets (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (repo_id, target_id)
);
CREATE INDEX repo_targets_target ON repo_targets (target_id);

-- What is remembered of a target that had trouble. One that never had any has no row, and one that
-- is well costs nothing.
CREATE TABLE target_health (
    target_id BIGINT PRIMARY KEY,
    -- Sends that failed in a row for passing reasons, and since when.
    failures BIGINT NOT NULL,
    failing_since BIGINT,
    -- Its breaker is open since `opened_at` and lets nothing through until `open_until`; after that
    -- one push tries whether the target is well again. `openings`: how often in a row it opened.
    opened_at BIGINT,
    open_until BIGINT,
    openings BIGINT NOT NULL,
    -- The far side asked to be left alone until then.
    paused_until BIGINT,
    misconfigured_since BIGINT,
    last_error TEXT,
    -- When it last got well.
    last_success_at BIGINT,
    -- Its owner ought to look at it since then, and was told then.
    flagged_at BIGINT,
    notified_at BIGINT,
    -- A server is about to tell, and has until then.
    notice_until BIGINT,
    -- It grows with each change: the newest row wins.
    updated_at BIGINT NOT NULL
);
CREATE INDEX target_health_untold ON target_health (flagged_at) WHERE notified_at IS NULL;
