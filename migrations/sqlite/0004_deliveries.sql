-- The way of a delivery: an event, the pushes that tell of it, and what is sent again.
-- 0001_users.sql has the conventions.
--
-- Ids of events and pushes are counted by the server, which owns the file.

-- One accepted webhook delivery.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    repo_id BIGINT NOT NULL,
    -- Random; the stable part of message ids.
    uid TEXT NOT NULL,
    -- accepted, parked, replayed (parked first, accepted later) or discarded (parked first, refused
    -- when it was taken up).
    state TEXT NOT NULL,
    reason TEXT,
    -- The host's id, or a digest of the body. It is unique in a repository, which makes a
    -- redelivery harmless.
    delivery_key TEXT NOT NULL,
    -- The host's id.
    delivery_id TEXT,
    -- Set where a host announces one action twice: deliveries with one key from different sources
    -- are one event.
    effect_key TEXT,
    effect_source TEXT,
    kind TEXT,
    -- The key of what it is about. NULL: there is nothing that more events could be about.
    subject TEXT,
    -- Why it is recorded and told to nobody: bookkeeping (of a kind that never is), unchanged (its
    -- subject is as it was told), muted (by a rule) or unrouted (no rule and no target took it).
    -- NULL: it is told.
    untold TEXT,
    received_at BIGINT NOT NULL,
    -- When a parked one is taken up again by itself.
    retry_at BIGINT,
    -- The repository's settings when a parked one came, encrypted: it is judged as it would have
    -- been then.
    parked_settings TEXT,
    -- The trace that the event is a part of, as the header `traceparent` of W3C Trace Context.
    -- NULL: it is not traced.
    traceparent TEXT,
    -- Encrypted.
    headers TEXT NOT NULL,
    -- The delivery, and the event (JSON) that was read from it, as lz4 blocks with their length in
    -- front.
    body BLOB NOT NULL,
    event BLOB
);
CREATE UNIQUE INDEX events_delivery ON events (repo_id, delivery_key);
CREATE INDEX events_effect ON events (repo_id, effect_key, received_at)
    WHERE effect_key IS NOT NULL;
CREATE INDEX events_parked ON events (repo_id) WHERE state = 'parked';
CREATE INDEX events_repo ON events (repo_id, id);
CREATE INDEX events_subject ON events (repo_id, subject, id) WHERE subject IS NOT NULL;

-- The highest id of an event that was ever deleted. Ids go on from there after a restart: an
-- event's id is also its review's, and stands in logs.
CREATE TABLE deleted_events (highest_id BIGINT NOT NULL);
INSERT INTO deleted_events (highest_id) VALUES (0);
CREATE TRIGGER events_highest AFTER DELETE ON events BEGIN
    UPDATE deleted_events SET highest_id = OLD.id WHERE highest_id < OLD.id;
END;

-- What events are about: a merge request, an issue, the pipelines of a ref, a group of alerts. A row
-- has the number of its first event, and is kept with each event in the same transaction.
CREATE TABLE subjects (
    id INTEGER PRIMARY KEY,
    repo_id BIGINT NOT NULL,
    -- As in `events.subject`.
    key TEXT NOT NULL,
    -- merge_request, issue, pipeline and so on.
    kind TEXT NOT NULL,
    title TEXT,
    url TEXT,
    -- What it is now, in a word.
    state TEXT,
    -- JSON list of texts.
    labels TEXT,
    -- Of a merge request.
    draft BIGINT,
    -- The name of who acted last.
    actor TEXT,
    -- What its last event of consequence said, and when it came: the next one is told if it says
    -- something else. Those `before` are what was known before the newest transaction.
    mark TEXT,
    marked_at BIGINT,
    mark_before TEXT,
    marked_before BIGINT,
    event_count BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX subjects_key ON subjects (repo_id, key);
CREATE INDEX subjects_last ON subjects (last_at, id);

-- The message at a target that follows a subject, changed or answered by what comes after it.
CREATE TABLE cards (
    target_id BIGINT NOT NULL,
    repo_id BIGINT NOT NULL,
    -- As in `events.subject`.
    subject TEXT NOT NULL,
    -- By what its channel finds it again. NULL: it was not sent yet, or cannot be found.
    handle TEXT,
    -- The push whose message it is.
    push_id BIGINT,
    -- The push whose event it shows, and when that event came: it is never changed back.
    shown_by BIGINT,
    shown_at BIGINT,
    -- Why the message before it could not be followed any more.
    gone TEXT,
    -- The push that is being sent, and its lease then: it holds the card for as long as it has that.
    holder BIGINT,
    lease BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (target_id, repo_id, subject)
);
CREATE INDEX cards_subject ON cards (repo_id, subject);

-- One event for one target. A push is due when it is pending and `run_at` has passed. A worker that
-- takes it writes its lease and moves `run_at` to the lease's end, so that what a dead worker held
-- comes due again.
CREATE TABLE pushes (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    -- Repository, target and `created_at` never change.
    repo_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    template_id BIGINT,
    -- The push that this one sends again.
    retry_of BIGINT,
    -- The replay that made it.
    replay_id BIGINT,
    -- The replay whose form of the event it tells of. NULL: the event's own form.
    form_id BIGINT,
    scene TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    commit_msg TEXT NOT NULL,
    -- pending, parked, delivered, failed (attempts exhausted), rejected, misconfigured, partial or
    -- cancelled.
    state TEXT NOT NULL,
    reason TEXT,
    -- 1: it ended without success.
    failed BIGINT GENERATED ALWAYS AS (
        CASE WHEN state = 'delivered' OR state = 'pending' OR state = 'parked' THEN 0 ELSE 1 END
    ) VIRTUAL,
    -- The push that was made in the place of one that ended without success.
    superseded_by BIGINT,
    attempts BIGINT NOT NULL,
    -- Fewer tries than the configuration gives. A test message has one: what its sender was told
    -- must stay true.
    most_attempts BIGINT,
    run_at BIGINT NOT NULL,
    -- The token of the worker that has it.
    lease BIGINT,
    -- What a pending push waits for besides its time: quiet_hours.
    waits_for TEXT,
    -- The push whose message carries this one; the one whose message it is names itself. Pushes
    -- with one number stay together until they have ended or each is to go by itself.
    carried_by BIGINT,
    -- JSON list: the recipients still to be served, when some have the message.
    only_to TEXT,
    -- JSON object: the rules that sent it here, and what they say of the message; `rule/choice.rs`
    -- has its fields. NULL: the target hears of the repository anyway.
    choice TEXT,
    pushed_at BIGINT,
    created_at BIGINT NOT NULL,
    -- What was sent; they come with the outcome.
    title TEXT,
    body TEXT
);
CREATE INDEX pushes_parked ON pushes (target_id) WHERE state = 'parked';
CREATE INDEX pushes_event ON pushes (event_id);
-- Lists go by the time of creation. Their first columns are what lists are filtered by; those with
-- a condition serve a status.
CREATE INDEX pushes_created ON pushes (created_at, id);
CREATE INDEX pushes_repo ON pushes (repo_id, created_at, id);
CREATE INDEX pushes_target ON pushes (target_id, created_at, id);
CREATE INDEX pushes_delivered ON pushes (created_at, id) WHERE state = 'delivered';
CREATE INDEX pushes_waiting ON pushes (created_at, id) WHERE state IN ('pending', 'parked');
-- What is due is looked for target by target and repository by repository, so that none of them is
-- in another's way.
CREATE INDEX pushes_due ON pushes (target_id, repo_id, run_at) WHERE state = 'pending';
CREATE INDEX pushes_carried ON pushes (carried_by) WHERE carried_by IS NOT NULL;
CREATE INDEX pushes_carried_due ON pushes (run_at)
    WHERE state = 'pending' AND carried_by IS NOT NULL;
-- Those that could be merged. What is sent as soon as it is stored has its first attempt by then,
-- and is not among them.
CREATE INDEX pushes_mergeable ON pushes (target_id, run_at)
    WHERE state = 'pending' AND attempts = 0 AND carried_by IS NULL;
CREATE INDEX pushes_replay ON pushes (replay_id, state) WHERE replay_id IS NOT NULL;
CREATE INDEX pushes_failed ON pushes (created_at, id) WHERE failed = 1;
CREATE INDEX pushes_repo_failed ON pushes (repo_id, created_at, id) WHERE failed = 1;
CREATE INDEX pushes_target_failed ON pushes (target_id, created_at, id) WHERE failed = 1;
-- Dead letters.
CREATE INDEX pushes_dead ON pushes (created_at, id)
    WHERE failed = 1 AND superseded_by IS NULL AND most_attempts IS NULL;

-- The pushes by what is asked of those that have not ended; on PostgreSQL they are a table of their
-- own. Here an update leaves alone the indexes whose columns and conditions stay the same, and the
-- queue is `pushes` itself: each query says which state.
CREATE VIEW push_queue AS
SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by, waits_for,
    most_attempts, replay_id, created_at
FROM pushes;

-- As `deleted_events`: an id that is given again would repeat a message id.
CREATE TABLE deleted_pushes (highest_id BIGINT NOT NULL);
INSERT INTO deleted_pushes (highest_id) VALUES (0);
CREATE TRIGGER pushes_highest AFTER DELETE ON pushes BEGIN
    UPDATE deleted_pushes SET highest_id = OLD.id WHERE highest_id < OLD.id;
END;

-- What came of each time that a push was sent.
CREATE TABLE push_attempts (
    push_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    -- delivered, retry, rejected, misconfigured, partial, parked, or interrupted (the worker died).
    outcome TEXT NOT NULL,
    detail TEXT,
    started_at BIGINT NOT NULL,
    -- In microseconds.
    duration_us BIGINT NOT NULL,
    PRIMARY KEY (push_id, attempt)
);

-- What is sent again: dead letters by a user's selection, and events from their stored deliveries.
CREATE TABLE replays (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- dead_letters or event.
    kind TEXT NOT NULL,
    -- running, completed or cancelled.
    state TEXT NOT NULL,
    -- JSON object: which dead letters are meant.
    selection TEXT NOT NULL,
    event_id BIGINT,
    -- The event as it was normalised for this replay, packed as `events.event`, which stays as it
    -- was.
    event BLOB,
    -- JSON object: the review that another one took the place of.
    earlier_review TEXT,
    -- Dead letters that there were when it began; those sent again so far, and those passed over.
    matched BIGINT NOT NULL,
    replayed BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    -- Dead letters are taken up in the order of `created_at` and `id`: the last one that was.
    mark_at BIGINT NOT NULL,
    mark_id BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    -- The user who asked for it.
    username TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX replays_running ON replays (run_at) WHERE state = 'running';
CREATE INDEX replays_event ON replays (event_id, id) WHERE event_id IS NOT NULL;
