-- Why: a subscription says how much of each story its digest prints. Digests ordered before this printed everything, and
-- go on doing so; new orders always name their style.

ALTER TABLE subscriptions ADD COLUMN style TEXT NOT NULL DEFAULT 'full';
