-- The clocks by which messages to a target tell times.

-- IANA name; NULL: the installation's.
ALTER TABLE targets ADD COLUMN timezone TEXT;
