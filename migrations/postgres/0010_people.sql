-- Whom messages call by name, and who hears directly. 0001_users.sql has the conventions.

-- Somebody who writes code or answers for it, or a team of them; they need no account here.
CREATE TABLE people (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- person or team.
    kind TEXT NOT NULL,
    -- mention, direct or none.
    notify TEXT NOT NULL,
    -- JSON object, as of a target, for targets of their own that have none. NULL: there is no such
    -- time.
    quiet_hours TEXT,
    -- zh-CN or en-US, for targets of their own that have none. NULL: the installation's.
    language TEXT,
    -- Their account, if they have one.
    user_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE SEQUENCE people_id;
CREATE UNIQUE INDEX people_name ON people (LOWER(name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX people_user ON people (user_id) WHERE deleted_at IS NULL AND user_id IS NOT NULL;

CREATE INDEX targets_person ON targets (person_id) WHERE person_id IS NOT NULL;

-- What they are called elsewhere. Those of a person who is deleted are removed.
CREATE TABLE person_identities (
    person_id BIGINT NOT NULL,
    -- email (of commits), login (at a host), or the id of a channel plugin that calls people.
    kind TEXT NOT NULL,
    -- Of a login, in small letters; else empty.
    host TEXT NOT NULL,
    value TEXT NOT NULL,
    -- `value` as it is compared: of an email and a login in small letters.
    folded TEXT NOT NULL,
    -- 1: somebody made sure of it.
    verified BIGINT NOT NULL,
    PRIMARY KEY (kind, host, folded)
);
CREATE INDEX person_identities_person ON person_identities (person_id);
