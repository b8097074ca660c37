-- Why: full-text search over the articles, kept in step by the reload's own transaction (no row triggers:
-- they make a bulk load three times slower).

CREATE VIRTUAL TABLE article_index USING fts5 (
    title, excerpt, body, provider, topics, related,
    content = 'articles',
    content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- What ranking and filters need of an article, without walking past its body.
CREATE INDEX articles_by_rank ON articles (id, published_at, quality, published, provider_domain);

-- bm25 counts every hit of every term, however few rows are asked for. In a large corpus the newest articles
-- are therefore indexed once more by themselves: a common word is ranked among those alone.
CREATE TABLE search_bounds (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE VIEW recent_articles AS
SELECT id, title, excerpt, body, provider, topics, related
FROM articles
WHERE id >= (SELECT value FROM search_bounds WHERE name = 'recent_floor');

CREATE VIRTUAL TABLE recent_index USING fts5 (
    title, excerpt, body, provider, topics, related,
    content = 'recent_articles',
    content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- The words as they are written (the other indexes hold stems): what a misspelt word is compared with.
CREATE VIRTUAL TABLE word_index USING fts5 (
    title, excerpt, provider, topics,
    content = 'articles',
    content_rowid = 'id',
    detail = 'none',
    columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE word_counts USING fts5vocab ('word_index', 'row');
