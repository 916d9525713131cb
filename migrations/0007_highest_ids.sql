-- sqlite
-- The highest id of a push that was ever deleted. Ids go on from there after a restart: one that is given again would repeat
-- a message id. PostgreSQL's sequence remembers by itself.
CREATE TABLE deleted_pushes (highest_id BIGINT NOT NULL);
INSERT INTO deleted_pushes (highest_id) VALUES (0);
CREATE TRIGGER pushes_highest AFTER DELETE ON pushes BEGIN
    UPDATE deleted_pushes SET highest_id = OLD.id WHERE highest_id < OLD.id;
END;
-- end
