-- Reviews by models. 0001_users.sql has the conventions.

-- The review of an event by a model, under the event's id. The queue is this table: a row with a
-- `step` is due when `run_at` has passed. A worker that takes it writes its lease and moves
-- `run_at` to the lease's end, as with pushes.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    -- The replay whose form of the event is reviewed. NULL: the event's own form.
    form_id BIGINT,
    repo_id BIGINT NOT NULL,
    -- push or merge_request.
    kind TEXT NOT NULL,
    -- The commit that is reviewed.
    head_sha TEXT NOT NULL,
    branch TEXT,
    title TEXT,
    author TEXT,
    url TEXT,
    -- The merge request's.
    number BIGINT,
    -- webhook or retry.
    triggered_by TEXT NOT NULL,
    -- pending, completed, skipped or failed; the last two have a reason.
    state TEXT NOT NULL,
    reason TEXT,
    -- A digest of the diffs that were reviewed.
    digest TEXT,
    -- The review of the same commit, about the same diffs, whose result this one has.
    same_as BIGINT,
    -- What is to be done next: review, publish, or nothing.
    step TEXT,
    -- Tries of this step.
    attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    -- The token of the worker that has it.
    lease BIGINT,
    -- The notification waits no longer than this.
    due_by BIGINT NOT NULL,
    -- APPROVED, REQUEST_CHANGES or COMMENT.
    decision TEXT,
    -- 0 to 100.
    score BIGINT,
    summary TEXT,
    -- JSON list.
    issues TEXT NOT NULL DEFAULT '[]',
    issue_count BIGINT NOT NULL DEFAULT 0,
    -- JSON list: models that did not answer, and why.
    fallbacks TEXT NOT NULL DEFAULT '[]',
    -- JSON object: what was not reviewed, and why.
    coverage TEXT,
    prompt_id BIGINT,
    model_id BIGINT,
    -- What the vendor calls the model.
    model TEXT,
    input_tokens BIGINT NOT NULL DEFAULT 0,
    output_tokens BIGINT NOT NULL DEFAULT 0,
    -- What the Git host shows of it: pending, published, superseded by a newer one, or failed (with
    -- a reason). NULL: it was not asked to.
    publication TEXT,
    publication_reason TEXT,
    -- The host's id of the summary comment.
    summary_ref TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    completed_at BIGINT
);
CREATE INDEX reviews_due ON reviews (run_at) WHERE step IS NOT NULL;
CREATE INDEX reviews_head ON reviews (repo_id, head_sha);
CREATE INDEX reviews_number ON reviews (repo_id, number) WHERE number IS NOT NULL;
CREATE INDEX reviews_created ON reviews (created_at, id);
CREATE INDEX reviews_repo ON reviews (repo_id, created_at, id);
