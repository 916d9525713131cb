-- The logs' rows are shown and exported by time, and picked by one more column: each such order has its index. Those of
-- 0002_admin.sql had the time or the order, not both.
DROP INDEX system_logs_level;
DROP INDEX system_logs_created;
CREATE INDEX system_logs_created ON system_logs (created_at, id);
CREATE INDEX system_logs_level ON system_logs (level, created_at, id);

DROP INDEX operation_logs_user;
DROP INDEX operation_logs_action;
DROP INDEX operation_logs_created;
CREATE INDEX operation_logs_created ON operation_logs (created_at, id);
CREATE INDEX operation_logs_user ON operation_logs (user_id, created_at, id);
CREATE INDEX operation_logs_action ON operation_logs (action, created_at, id);

DROP INDEX ai_calls_model;
DROP INDEX ai_calls_created;
CREATE INDEX ai_calls_created ON ai_calls (created_at, id);
CREATE INDEX ai_calls_model ON ai_calls (model_id, created_at, id);
CREATE INDEX ai_calls_failed ON ai_calls (created_at, id) WHERE status = 'failed';
