-- Whom things belong to: a user (`owner_id`) or a team (`team_id`); without either, the administrators.
-- 0001_schema.sql and 0002_admin.sql say how one text serves both databases.

CREATE TABLE teams (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
-- Names that differ in their case only are one name.
CREATE UNIQUE INDEX teams_name ON teams (LOWER(name)) WHERE deleted_at IS NULL;

CREATE TABLE team_members (
    team_id BIGINT NOT NULL REFERENCES teams (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    -- manager or member.
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_members_user ON team_members (user_id, team_id);

-- postgres
CREATE SEQUENCE teams_id;
-- end

ALTER TABLE repos ADD COLUMN owner_id BIGINT;
ALTER TABLE repos ADD COLUMN team_id BIGINT;
-- The user who gave the access token. NULL: nobody knows.
ALTER TABLE repos ADD COLUMN access_token_by BIGINT;
ALTER TABLE targets ADD COLUMN team_id BIGINT;
ALTER TABLE templates ADD COLUMN owner_id BIGINT;
ALTER TABLE templates ADD COLUMN team_id BIGINT;
ALTER TABLE prompts ADD COLUMN owner_id BIGINT;
ALTER TABLE prompts ADD COLUMN team_id BIGINT;

-- What there is already belongs to who made it, as far as the log of operations knows and they are still there.
UPDATE repos SET owner_id = (
    SELECT l.user_id FROM operation_logs l JOIN users u ON u.id = l.user_id AND u.deleted_at IS NULL
    WHERE l.action = 'repo.create' AND l.object_id = repos.id ORDER BY l.id DESC LIMIT 1
);
UPDATE templates SET owner_id = (
    SELECT l.user_id FROM operation_logs l JOIN users u ON u.id = l.user_id AND u.deleted_at IS NULL
    WHERE l.action = 'template.create' AND l.object_id = templates.id ORDER BY l.id DESC LIMIT 1
);
UPDATE prompts SET owner_id = (
    SELECT l.user_id FROM operation_logs l JOIN users u ON u.id = l.user_id AND u.deleted_at IS NULL
    WHERE l.action IN ('prompt.create', 'prompt.import', 'prompt.duplicate') AND l.object_id = prompts.id
    ORDER BY l.id DESC LIMIT 1
);
UPDATE targets SET owner_id = NULL WHERE owner_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL);

CREATE INDEX repos_owner ON repos (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX repos_team ON repos (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX targets_owner ON targets (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX targets_team ON targets (team_id) WHERE team_id IS NOT NULL;

-- 0: somebody who registered, and whom no administrator has confirmed yet.
ALTER TABLE users ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 1;
