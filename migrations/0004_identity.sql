-- Names that differ in their case only are one name.
CREATE UNIQUE INDEX users_name ON users (LOWER(username)) WHERE deleted_at IS NULL;

-- What was the newest refresh token before, and since when it no longer is: two tabs may refresh at the same time.
ALTER TABLE sessions ADD COLUMN previous_digest TEXT;
ALTER TABLE sessions ADD COLUMN rotated_at BIGINT;
