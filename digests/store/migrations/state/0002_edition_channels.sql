-- Why: an edition belongs to the channel that it was written for. While the channel was read from the subscription,
-- moving that one tore digests in two, looked for parts in doubt where they had never been sent to, and published
-- messages in the wrong channel.

ALTER TABLE editions ADD COLUMN channel_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE editions ADD COLUMN channel_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE editions ADD COLUMN guild_id INTEGER;

UPDATE editions SET channel_id = s.channel_id, channel_kind = s.channel_kind, guild_id = s.guild_id
FROM subscriptions AS s WHERE s.id = editions.subscription_id;
