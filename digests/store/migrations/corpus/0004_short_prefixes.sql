-- Why: without an index of its own the beginning `st*` is put together from all words that begin so, twice: tens of
-- milliseconds. Only `recent_index` gets it, where so many articles hold such words that it answers alone; a corpus
-- too small to have one pays nothing. Longer beginnings are fast enough without.

DROP TABLE recent_index;

CREATE VIRTUAL TABLE recent_index USING fts5 (
    title, excerpt, body, provider, topics, related,
    content = 'recent_articles',
    content_rowid = 'id',
    prefix = '2',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

INSERT INTO recent_index (recent_index) VALUES ('rebuild');
