-- The trace that an event is a part of, as the header `traceparent` of W3C Trace Context has it; NULL: it is not traced.
ALTER TABLE events ADD COLUMN traceparent TEXT;

-- Health writes here when the road has not written for a while, to see whether it could. A row for each node.
CREATE TABLE write_checks (
    node BIGINT PRIMARY KEY,
    checked_at BIGINT NOT NULL
);
