-- Who hears of what: rules, and how the subjects of events stand to them. 0001_users.sql has the
-- conventions.

-- A rule says which events go where. Rules are asked in the order of `place`.
CREATE TABLE rules (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    place BIGINT NOT NULL,
    -- Without an owner, or with an administrator as owner, it is about all repositories; else about
    -- those that its owner may change.
    owner_id BIGINT,
    team_id BIGINT,
    -- active or inactive.
    status TEXT NOT NULL,
    -- JSON object: what it asks and what it does; `rule/types.rs` has its fields.
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX rules_name ON rules (name) WHERE deleted_at IS NULL;
CREATE INDEX rules_place ON rules (place, id) WHERE deleted_at IS NULL;
CREATE INDEX rules_owner ON rules (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX rules_team ON rules (team_id) WHERE team_id IS NOT NULL;

-- How a subject stands to a rule that tells of it when it comes to meet what the rule asks. The
-- committer keeps them with each event in the same transaction.
CREATE TABLE rule_edges (
    rule_id BIGINT NOT NULL,
    repo_id BIGINT NOT NULL,
    -- As in `events.subject`.
    subject TEXT NOT NULL,
    -- 1: it met the rule at its last event.
    inside BIGINT NOT NULL,
    -- The commit that it was at, and the time, when the rule last told of it.
    head TEXT,
    fired_at BIGINT,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (rule_id, repo_id, subject)
);
CREATE INDEX rule_edges_seen ON rule_edges (seen_at);
