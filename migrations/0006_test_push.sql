-- Fewer tries than the configuration gives. A test message has one: what its sender was told must stay true.
ALTER TABLE pushes ADD COLUMN most_attempts BIGINT;
