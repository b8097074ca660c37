-- Why: the tokenizer takes a run of Chinese, Japanese, Korean or Thai for one word, drops what tells C++ from C, and
-- knows no compatibility forms. `extras` holds what it has to read beside the texts to find those, mostly nothing;
-- the next load fills it, as every file is read again then.

ALTER TABLE articles ADD COLUMN extras TEXT NOT NULL DEFAULT '';

DROP TABLE article_index;
DROP TABLE recent_index;
DROP VIEW recent_articles;

CREATE VIEW recent_articles AS
SELECT id, title, excerpt, body, provider, topics, related, extras
FROM articles
WHERE id >= (SELECT value FROM search_bounds WHERE name = 'recent_floor');

CREATE VIRTUAL TABLE article_index USING fts5 (
    title, excerpt, body, provider, topics, related, extras,
    content = 'articles',
    content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE recent_index USING fts5 (
    title, excerpt, body, provider, topics, related, extras,
    content = 'recent_articles',
    content_rowid = 'id',
    prefix = '2',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

INSERT INTO article_index (article_index) VALUES ('rebuild');
INSERT INTO recent_index (recent_index) VALUES ('rebuild');

-- How many articles hold a stem.
CREATE VIRTUAL TABLE article_terms USING fts5vocab ('article_index', 'row');
CREATE VIRTUAL TABLE recent_terms USING fts5vocab ('recent_index', 'row');
