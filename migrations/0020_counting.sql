-- The counts of pushes on PostgreSQL, each batch in one statement: a function in SQL is parsed and planned anew each time that a
-- statement calls it.

-- postgres
CREATE OR REPLACE FUNCTION count_pushes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    sign BIGINT := TG_ARGV[0];
BEGIN
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), sign * COUNT(*), sign * COUNT(*) FILTER (WHERE c.state = 'delivered'),
        sign * COUNT(*) FILTER (WHERE c.state NOT IN ('delivered', 'pending', 'parked'))
    FROM changed c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id), ('template', c.template_id),
        ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total, success = t.success + excluded.success,
        failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

-- What the rows are now counts, what they were is taken off; most of it is the same and counts for nothing, and then no slot is taken.
CREATE OR REPLACE FUNCTION recount_pushes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO push_tallies AS t (part, id, slot, total, success, failed)
    SELECT k.part, k.id, tally_slot(), SUM(c.sign), COALESCE(SUM(c.sign) FILTER (WHERE c.state = 'delivered'), 0),
        COALESCE(SUM(c.sign) FILTER (WHERE c.state NOT IN ('delivered', 'pending', 'parked')), 0)
    FROM (
        SELECT 1 AS sign, repo_id, target_id, template_id, created_at, state FROM fresh
        UNION ALL SELECT -1, repo_id, target_id, template_id, created_at, state FROM stale
    ) c CROSS JOIN LATERAL (VALUES ('repo', c.repo_id), ('target', c.target_id), ('template', c.template_id),
        ('quarter', c.created_at / 900000000)) AS k (part, id)
    WHERE k.id IS NOT NULL
    GROUP BY k.part, k.id
    HAVING SUM(c.sign) <> 0 OR SUM(c.sign) FILTER (WHERE c.state = 'delivered') <> 0
        OR SUM(c.sign) FILTER (WHERE c.state NOT IN ('delivered', 'pending', 'parked')) <> 0
    ON CONFLICT (part, id, slot) DO UPDATE SET total = t.total + excluded.total, success = t.success + excluded.success,
        failed = t.failed + excluded.failed;
    RETURN NULL;
END $$;

DROP FUNCTION count_pushes_of(TEXT, BIGINT, BIGINT, BIGINT, BIGINT);
-- end
