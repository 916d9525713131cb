-- Prompts that say what a review's issues can be called, and prompts that the server brings along.

ALTER TABLE prompts ADD COLUMN description TEXT;
-- zh-CN or en-US: the language that the prompt is written in.
ALTER TABLE prompts ADD COLUMN locale TEXT;
-- Those that the server brings along have 1 and a key, by which a newer release finds them again.
ALTER TABLE prompts ADD COLUMN is_system BIGINT NOT NULL DEFAULT 0;
ALTER TABLE prompts ADD COLUMN system_key TEXT;
-- JSON lists; NULL: the usual ones.
ALTER TABLE prompts ADD COLUMN categories TEXT;
ALTER TABLE prompts ADD COLUMN severities TEXT;
CREATE UNIQUE INDEX prompts_system_key ON prompts (system_key) WHERE system_key IS NOT NULL;
