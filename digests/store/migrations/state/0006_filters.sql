-- Why: an order can say what it does not want ("topics:-AI" used to subscribe to exactly what should stay out), and its
-- keywords are a query in the language of /news. Orders made before keep their list of keywords and its meaning.

ALTER TABLE subscriptions ADD COLUMN excluded_topics TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN excluded_providers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN query TEXT NOT NULL DEFAULT '';

-- A pause that a person set for a day or a week ends by itself.
ALTER TABLE subscriptions ADD COLUMN paused_until INTEGER;
-- Who paused it: a number, not a name. The names that older reasons hold go.
ALTER TABLE subscriptions ADD COLUMN paused_by INTEGER;
UPDATE subscriptions SET paused_reason = '' WHERE pause_cause = 'person';
