-- Why: the cache of the corpus folders. It can be deleted at any time; the next load makes it again.
-- Times are Unix seconds, UTC. Lists are JSON text.

CREATE TABLE articles (
    -- Follows publication time (minutes since 1970 * 64 + n; undated articles from 1 up), so that
    -- "newest first" is "highest row id first" in the full-text index, and stays a small delta there.
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    -- 64-bit hash of the key: a short handle for buttons, and a narrow index (`digests.urls.reference`).
    ref INTEGER NOT NULL,
    aliases TEXT NOT NULL DEFAULT '[]',
    url TEXT,
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    -- Words of provider, topics and related titles as the full-text index reads them.
    provider TEXT NOT NULL DEFAULT '',
    topics TEXT NOT NULL DEFAULT '',
    related TEXT NOT NULL DEFAULT '',
    provider_name TEXT,
    provider_domain TEXT,
    topic_list TEXT NOT NULL DEFAULT '[]',
    related_list TEXT NOT NULL DEFAULT '[]',
    image_list TEXT NOT NULL DEFAULT '[]',
    kind TEXT NOT NULL DEFAULT 'article',
    category TEXT NOT NULL DEFAULT '',
    quality INTEGER,
    heat INTEGER,
    published INTEGER NOT NULL,
    published_at INTEGER,
    arrived_at INTEGER,
    UNIQUE (folder, path)
);
CREATE INDEX articles_by_ref ON articles (ref);
CREATE INDEX articles_by_arrival ON articles (arrived_at) WHERE arrived_at IS NOT NULL;
CREATE INDEX articles_by_publication ON articles (published_at) WHERE published_at IS NOT NULL;
-- Covers the count of each provider's names, so that a reload need not walk the articles for it.
CREATE INDEX articles_by_provider ON articles (provider_domain, provider_name, published_at);

-- The other addresses of an article.
CREATE TABLE aliases (
    key TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article_id)
) WITHOUT ROWID;
CREATE INDEX aliases_by_article ON aliases (article_id);

-- What the folder looked like at the last reload: an unchanged size and mtime is not read again.
-- `mtime_ns` is 0 where the file was too young to trust its mtime: it is hashed again next time.
CREATE TABLE files (
    folder TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest BLOB NOT NULL,
    rejected INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, path)
) WITHOUT ROWID;

CREATE INDEX files_rejected ON files (folder, path) WHERE rejected = 1;

CREATE TABLE problems (
    folder TEXT NOT NULL,
    path TEXT NOT NULL,
    line INTEGER,
    reason TEXT NOT NULL,
    rejected INTEGER NOT NULL,
    -- 1: met while listing the folder (a folder that can't be opened), so judged anew with every reload.
    listing INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX problems_by_path ON problems (folder, path);

-- A provider's name is the one that most of its articles use.
CREATE TABLE providers (
    domain TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    article_count INTEGER NOT NULL
) WITHOUT ROWID;

-- A topic's name is spelt as most of its articles spell it; `folded` is that name case-folded.
CREATE TABLE topics (
    folded TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    article_count INTEGER NOT NULL
) WITHOUT ROWID;

-- How often each spelling of a topic occurs, kept up by adding and taking away.
CREATE TABLE topic_spellings (
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    article_count INTEGER NOT NULL,
    PRIMARY KEY (folded, name)
) WITHOUT ROWID;

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
