-- A parked delivery is judged as it would have been when it came.

-- Of a parked event: the repository's settings when it came, encrypted.
ALTER TABLE events ADD COLUMN parked_settings TEXT;
