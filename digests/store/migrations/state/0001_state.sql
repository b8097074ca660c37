-- Why: everything that can't be made again from the corpus folders: who wants what, what was told to whom, and
-- what is on its way. This is the file a backup has to hold.
-- Times are Unix seconds, UTC. Lists are JSON text.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE subscriptions (
    -- Never given twice: markers, nonces and people's lists name a subscription by it.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Stays the same through export and import.
    uid TEXT NOT NULL UNIQUE,
    guild_id INTEGER,
    channel_id INTEGER NOT NULL,
    channel_kind TEXT NOT NULL,
    channel_name TEXT NOT NULL DEFAULT '',
    creator_id INTEGER NOT NULL,
    times TEXT NOT NULL,
    weekdays TEXT NOT NULL,
    timezone TEXT NOT NULL,
    topics TEXT NOT NULL DEFAULT '[]',
    providers TEXT NOT NULL DEFAULT '[]',
    keywords TEXT NOT NULL DEFAULT '[]',
    min_quality INTEGER,
    max_stories INTEGER,
    quiet_day TEXT NOT NULL,
    mention_role_id INTEGER,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    paused_reason TEXT,
    -- Who or what paused it: person, access (may come back by itself) or final.
    pause_cause TEXT,
    creator_told INTEGER NOT NULL DEFAULT 0,
    -- The maker has still to be told why it was paused.
    notice_due INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    -- Cutoff of the last edition: articles that arrived up to it are dealt with.
    covered_until INTEGER,
    -- Due times up to it are dealt with, made or passed over.
    settled_until INTEGER NOT NULL,
    -- First due time after `settled_until`; NULL only at the end of the calendar.
    next_due_at INTEGER,
    -- Running hash of the compositions told: equal histories were told the same and can share the next one.
    history TEXT NOT NULL DEFAULT '',
    -- Grows with every change, so that an edition composed for an older state of the row is not written.
    version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX subscriptions_by_due ON subscriptions (next_due_at) WHERE state = 'active';
CREATE INDEX subscriptions_by_guild ON subscriptions (guild_id);
CREATE INDEX subscriptions_by_creator ON subscriptions (creator_id);
CREATE INDEX subscriptions_by_coverage ON subscriptions (covered_until);
CREATE INDEX subscriptions_by_settlement ON subscriptions (settled_until);
CREATE INDEX subscriptions_paused ON subscriptions (pause_cause) WHERE state = 'paused';

-- A digest as it was told, shared by every subscription with the same filters, window and history. The id is random:
-- buttons in old messages name it, and after a restore it must not come to mean another digest.
CREATE TABLE compositions (
    id INTEGER PRIMARY KEY,
    -- Compressed JSON of the digest; NULL once it is too old for its buttons to matter.
    digest BLOB,
    -- What a forum post is called, and the topics it is tagged by.
    title TEXT NOT NULL,
    topics TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX compositions_by_age ON compositions (created_at);

-- The messages of a composition, rendered once.
CREATE TABLE parts (
    composition_id INTEGER NOT NULL REFERENCES compositions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (composition_id, number)
) WITHOUT ROWID;

-- The stories a composition told, by their leads, with the providers that had carried the event.
CREATE TABLE told_stories (
    composition_id INTEGER NOT NULL REFERENCES compositions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    lead_key TEXT NOT NULL,
    domains TEXT NOT NULL,
    PRIMARY KEY (composition_id, number)
) WITHOUT ROWID;

-- Every address a composition told, once a story. `member` = lead or folded into it, else a round-up link.
CREATE TABLE told (
    composition_id INTEGER NOT NULL REFERENCES compositions (id) ON DELETE CASCADE,
    story INTEGER NOT NULL,
    key TEXT NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (composition_id, story, key)
) WITHOUT ROWID;

CREATE TABLE editions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    due_at INTEGER NOT NULL,
    since_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    early INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    -- NULL for a quiet day that was skipped.
    composition_id INTEGER REFERENCES compositions (id) ON DELETE SET NULL,
    -- 0 once the edition was withdrawn unsent: what it would have told counts as not told.
    counted INTEGER NOT NULL DEFAULT 1,
    part_count INTEGER NOT NULL DEFAULT 0,
    -- The forum post that further parts go into.
    thread_id INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (subscription_id, due_at, early)
);
CREATE INDEX editions_by_composition ON editions (composition_id);
CREATE INDEX editions_pending ON editions (subscription_id, id) WHERE state = 'pending';
CREATE INDEX editions_by_age ON editions (created_at);

CREATE TABLE deliveries (
    edition_id INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    marker INTEGER NOT NULL,
    nonce TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Place in the queue and earliest time; NULL while an earlier part is under way or the subscription is paused.
    ready_at INTEGER,
    attempt_count INTEGER NOT NULL DEFAULT 0,
    -- Start of the first attempt whose outcome is unknown; NULL when the part has certainly not arrived.
    attempted_at INTEGER,
    message_id INTEGER,
    sent_at INTEGER,
    error TEXT,
    -- Announcement channels: due, done or failed; NULL elsewhere.
    publish_state TEXT,
    publish_at INTEGER,
    PRIMARY KEY (edition_id, number)
) WITHOUT ROWID;
CREATE INDEX deliveries_ready ON deliveries (ready_at) WHERE state = 'pending' AND ready_at IS NOT NULL;
CREATE INDEX deliveries_claimed ON deliveries (edition_id) WHERE state = 'claimed';
CREATE INDEX deliveries_to_publish ON deliveries (publish_at) WHERE publish_state = 'due';

-- What a button refers to that doesn't fit into its custom_id (a search as it was typed).
CREATE TABLE remembered (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (kind, value)
);
CREATE INDEX remembered_by_age ON remembered (created_at);
