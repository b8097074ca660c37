-- Why: members order for themselves. Besides a paper there are saved searches and stories that somebody follows; a
-- followed story is kept as it was then (JSON), so that later headlines can be compared with it.

ALTER TABLE subscriptions ADD COLUMN purpose TEXT NOT NULL DEFAULT 'paper';
ALTER TABLE subscriptions ADD COLUMN story TEXT;
