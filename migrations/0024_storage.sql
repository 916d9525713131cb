-- How many bytes the deliveries of a repository take up in `events`, with their messages in `pushes`. Each server adds every few seconds
-- what it stored.
CREATE TABLE repo_storage (
    repo_id BIGINT PRIMARY KEY,
    stored_bytes BIGINT NOT NULL
);
INSERT INTO repo_storage (repo_id, stored_bytes)
SELECT repo_id, SUM(bytes) FROM (
    SELECT repo_id, OCTET_LENGTH(headers) + OCTET_LENGTH(body) + COALESCE(OCTET_LENGTH(event), 0) AS bytes FROM events
    UNION ALL SELECT repo_id, 1024 + COALESCE(OCTET_LENGTH(title), 0) + COALESCE(OCTET_LENGTH(body), 0) FROM pushes
) stored WHERE repo_id > 0 GROUP BY repo_id;
