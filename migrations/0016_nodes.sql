-- The servers that share a PostgreSQL. 0001_schema.sql and 0002_admin.sql say how one text serves both databases; SQLite has one
-- server, and needs none of this.

-- postgres
-- The numbers under which leases are taken. A number that is here and that no session holds (an advisory lock) is a dead server's; the
-- row goes when its work is taken over.
CREATE TABLE nodes (
    number BIGINT PRIMARY KEY,
    since BIGINT NOT NULL
);
-- end
