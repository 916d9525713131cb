-- Bursts over a target's rate become one message.

-- JSON object: when pushes are merged; NULL: never. `target/digest.rs` has its fields.
ALTER TABLE targets ADD COLUMN digest TEXT;

-- The push whose message carries this one; the one whose message it is names itself. Pushes with one number stay together until
-- they have ended or each is to go by itself.
ALTER TABLE pushes ADD COLUMN carried_by BIGINT;
CREATE INDEX pushes_carried ON pushes (carried_by) WHERE carried_by IS NOT NULL;
CREATE INDEX pushes_carried_due ON pushes (run_at) WHERE state = 'pending' AND carried_by IS NOT NULL;
-- Those that could be merged. What is sent as soon as it is stored has its first attempt by then, and is not among them.
CREATE INDEX pushes_mergeable ON pushes (target_id, run_at) WHERE state = 'pending' AND attempts = 0 AND carried_by IS NULL;
