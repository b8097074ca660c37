-- Why: how many stories of one topic or one provider a digest holds is each subscription's choice; NULL is the
-- configured limit.

ALTER TABLE subscriptions ADD COLUMN per_topic INTEGER;
ALTER TABLE subscriptions ADD COLUMN per_provider INTEGER;
