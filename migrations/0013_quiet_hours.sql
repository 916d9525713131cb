-- When nothing is to be sent to a target, who answers for it, and where to tell that it fails.

-- JSON object; NULL: none. `target/quiet.rs` has its fields.
ALTER TABLE targets ADD COLUMN quiet_hours TEXT;
-- The user that made it, or was given it.
ALTER TABLE targets ADD COLUMN owner_id BIGINT;
-- Another target.
ALTER TABLE targets ADD COLUMN notice_target_id BIGINT;

-- What a pending push waits for besides its time: quiet_hours.
ALTER TABLE pushes ADD COLUMN waits_for TEXT;

-- A node is about to tell of it, and has until then.
ALTER TABLE target_health ADD COLUMN notice_until BIGINT;
