-- Webhook secrets that were replaced. 0001_schema.sql and 0002_admin.sql say how one text serves both databases.

-- Each lets deliveries in that were received before `valid_until`: a Git host is given the new one by hand, some time later. A delivery that
-- is parked is judged by when it was received, so a row stays for as long as one waits that may need it.
CREATE TABLE former_webhook_secrets (
    id BIGSERIAL PRIMARY KEY,
    repo_id BIGINT NOT NULL REFERENCES repos (id),
    -- Encrypted; the associated data names the repository in place of the row.
    secret TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    valid_until BIGINT NOT NULL
);
CREATE INDEX former_webhook_secrets_repo ON former_webhook_secrets (repo_id);
