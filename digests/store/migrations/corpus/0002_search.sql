-- Why: full-text search over the articles, kept in step by the reload's own transaction (no row triggers:
-- they make a bulk load three times slower).

CREATE VIRTUAL TABLE article_index USING fts5 (
    title, excerpt, body, provider, topics, related,
    content = 'articles',
    content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
